"""What was used on a model before is thought of before leaving, with the same fault above all (DSP-8)."""

import pytest

from rules.usual_parts import PastJob, UsualPart, are_alike, usual

PUMP, HOSE, FAN = 1, 2, 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("客廳冷氣漏水", "冷氣漏水滴到地板 排水管堵塞"),
        ("面板顯示 E7", "e7 閃爍，不啟動"),
        ("Ｅ７", "error E7"),
        ("water leaking from the front", "leaking water"),
    ],
)
def test_faults_with_the_same_code_or_words_are_alike(one: str, other: str) -> None:
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("漏水", "不會轉，有異音"), ("E7", "E9"), ("", "漏水"), ("", ""), ("no power", "？？")]
)
def test_faults_that_share_nothing_are_not(one: str, other: str) -> None:
    assert not are_alike(one, other)


def test_the_same_fault_goes_before_what_is_used_more_often() -> None:
    jobs = [PastJob("異音", {FAN: 1}), PastJob("異音", {FAN: 1}), PastJob("不轉", {FAN: 1}), PastJob("漏水", {HOSE: 2})]

    assert usual("客廳漏水", jobs) == (UsualPart(HOSE, 1, 1, 2), UsualPart(FAN, 3, 0, 1))


def test_what_was_used_once_for_something_else_is_not_worth_a_word() -> None:
    assert usual("漏水", [PastJob("異音", {FAN: 1})]) == ()


def test_pieces_are_what_it_usually_takes() -> None:
    jobs = [PastJob("漏水", {HOSE: n}) for n in (1, 1, 1, 9)]

    assert usual("漏水", jobs)[0].pieces == 1


def test_at_most_five_are_named() -> None:
    assert len(usual("漏水", [PastJob("漏水", dict.fromkeys(range(9), 1))])) == 5
