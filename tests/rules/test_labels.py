"""What the codes on labels may stand for, in the ways in which makers write them (PRT-1)."""

import pytest

from rules.labels import MOST_NUMBER, numbers, serials


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("P-100", "P-100"),
        ("  P-100\r\n", "P-100"),
        ("*P-100*", "P-100"),
        ("P-100;泵浦;24V", "P-100"),
        ("料號\tP-100", "P-100"),
        ("https://parts.example/catalogue/P-100/", "P-100"),
        ("https://parts.example/?pn=P-100&lang=tw", "P-100"),
        ("1PP-100", "P-100"),
        ("[)>\x1e06\x1d1PP-100\x1dQ5\x1dSA77\x1e\x04", "P-100"),
        ("[)>␞06␝PP-100␝Q5␞␄", "P-100"),
        ("(01)04711234567899(21)A77", "4711234567899"),
        ("(240)P-100(21)A77", "P-100"),
        ("04711234567899", "4711234567899"),
        ("4711234567899", "04711234567899"),
        ("036000291452", "0036000291452"),
    ],
)
def test_a_number_is_found_in_what_a_label_says(code: str, number: str) -> None:
    assert number in numbers(code)


def test_the_whole_code_comes_first() -> None:
    assert numbers("P-100")[0] == "P-100"


@pytest.mark.parametrize("code", ["", "  ", "x" * 501, "\x00\x01", "http://[broken"])
def test_what_says_nothing_names_nothing_that_is_too_long_or_hidden(code: str) -> None:
    assert all(one.isprintable() and len(one) <= MOST_NUMBER for one in numbers(code))
    assert len(numbers(";".join(map(str, range(300))))) <= 24


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (("E123456",), ("E123456",)),
        (("E123456", "E123456 "), ("E123456",)),
        (("S123456",), ("S123456",)),
        (("SN-77", "4711234567899"), ("SN-77", "4711234567899")),
        (("[)>\x1e06\x1dSA77\x1e\x04",), ("A77",)),
        (("(01)04711234567899(21)A77",), ("A77",)),
        (("1PFTXV50", "SE123456", "4711234567899"), ("E123456",)),
        (("https://work.example/kf?scene_param=m_FTXV50_E123", "4711234567899"), ("E123",)),
        (("m_FTXV50_E123",), ("E123",)),
        (("4711234567899", "E123456"), ("4711234567899", "E123456")),
        (("x" * 65,), ()),
        ((), ()),
    ],
)
def test_a_serial_number_is_what_is_marked_as_one_or_what_stands_alone(codes: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert serials(codes) == found
