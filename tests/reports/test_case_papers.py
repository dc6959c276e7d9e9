"""The complaint form, its slips and letters, and the opinion card for the pen as papers (CMP-14, CMP-21, SUR-1, X-28)."""

import io
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from pypdf import PdfReader

from bot.reports.printer import Printer
from rules import complaint_papers
from rules.case_papers import card_of, form_of, letter_of, slip_of
from rules.complaint_records import Handling
from rules.complaints import Complaint
from rules.surveys import Survey
from storage import cases
from tests import plays
from tests.cast import SALES
from tests.room import Room, at
from tests.rules import affair

LANGUAGES = ("zh-Hant", "zh-Hans", "en")


@pytest.fixture
def room() -> Iterator[Room]:
    opened = Room.open("factory")
    yield opened
    opened.close()


def printed(room: Room, paper: str, language: str = "zh-Hant") -> tuple[str, str] | None:
    """The words of a paper without spaces, and the name of its file."""
    kept: list[bytes] = []
    printer = Printer(lambda: room.company, keep=lambda content: kept.append(content) or "a" * 64, load_file=_no_file)
    made = printer(room.connection, paper, 0, language)
    if made is None:
        return None
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(kept[0])).pages).split()), made.name


def _no_file(_sha256: str) -> bytes:
    raise LookupError


def kept(room: Room, case: Complaint) -> Complaint:
    return cases.add(room.connection, replace(case, id=0, customer=0))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hant", ("客戶抱怨處理表", "第2聯製造", "不得影印或交給客戶", "品管調查", "原因：鍍層過薄", "退貨", "製造70%")),
        ("zh-Hans", ("客户投诉处理表", "第2联生产", "不得复印或交给客户", "原因：鍍層過薄", "退货", "生产70%")),
        ("en", ("Complaintform", "No.2,manufacturing", "nottobecopied", "Cause:鍍層過薄", "GM'soffice")),
    ],
)
def test_the_form_has_what_each_department_wrote_the_decision_and_the_copies(
    room: Room, language: str, words: tuple[str, ...]
) -> None:
    case = kept(room, affair.decided().case)

    told, name = printed(room, form_of(case.id, 2), language) or ("", "")

    wanted = (*words, "261101", "張先生", "PCB-4L-02", "S-881", "焊盤氧化", "客戶同意退40片", "製程失控，責任在製造", "8,000")
    assert [one for one in wanted if one not in told] == []
    assert name.endswith("261101-2.pdf")


def test_a_return_slip_and_an_allowance_certificate_say_how_much_by_whose_decision_and_who_keeps_them(room: Room) -> None:
    back = affair.decided()
    back.does(complaint_papers.write_paper, Handling.RETURN, Decimal(40), "焊盤氧化", by=SALES)
    allowed = affair.decided(replace(affair.OPINION, handling=Handling.ALLOWANCE))
    allowed.does(complaint_papers.write_paper, Handling.ALLOWANCE, Decimal(8000), "折讓", by=SALES)
    case = kept(room, back.case)
    other = kept(room, replace(allowed.case, number="261102", papers=(replace(allowed.case.papers[0], number="261102-P1"),)))

    slip, certificate = printed(room, slip_of(case.id, "261101-P1")), printed(room, slip_of(other.id, "261102-P1"))

    assert slip is not None and certificate is not None
    wanted = ("成品退貨單", "核准數量40", "總經理", "1業務2成品倉庫3會計4業務", "倉庫簽收")
    assert [one for one in wanted if one not in slip[0]] == []
    wanted = ("銷貨折讓證明單", "核准金額8,000", "1業務2會計", "客戶簽章")
    assert [one for one in wanted if one not in certificate[0]] == []
    assert printed(room, slip_of(case.id, "261101-P2")) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_is_in_the_customer_s_language_and_has_the_answer_and_nothing_of_the_form(room: Room, language: str) -> None:
    """ROL-2, X-28."""
    zhang = room.person("張先生", language="en")
    case = cases.add(room.connection, replace(affair.answered().case, id=0, customer=zhang.id))

    told, _ = printed(room, letter_of(case.id), language) or ("", "")

    assert [one for one in ("Dear張先生,", "我們會換40片新品給您", "261101", "Ourreply") if one not in told] == []
    assert [one for one in ("鍍層過薄", "製程失控", "建議退換", "8,000") if one in told] == []
    unanswered = kept(room, replace(affair.decided().case, number="261102"))
    assert printed(room, letter_of(unanswered.id), language) is None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hant", ("客戶意見調查卡", "很滿意滿意普通不滿意", "態度□□□□", "技術□■□□", "服務人員不得代填", "客戶簽名")),
        ("zh-Hans", ("客户意见调查卡", "态度□□□□", "技术□■□□", "服务人员不得代填", "客户签名")),
        ("en", ("Customeropinioncard", "□□□□", "□■□□", "neverbyourtechnicians", "Customer'ssignature")),
    ],
)
def test_an_opinion_card_for_the_pen_has_four_boxes_an_aspect(language: str, words: tuple[str, ...]) -> None:
    room = Room.open()
    plays.reports(room.person("張先生"))
    order = room.order()
    survey = cases.add(room.connection, Survey(
        number=order.number, branch="main", opened_at=at("週六 08:30"), about=order.subject, customer_name="林太太",
        aspects=("attitude", "technique", "arrival_time", "promises"), grades={"technique": 3},
    ))  # fmt: skip

    told, name = printed(room, card_of(survey.id), language) or ("", "")

    assert [one for one in (*words, "林太太", "2611-0001", "大金FTXV50") if one not in told] == []
    assert "2611-0001" in name
    room.close()


def test_what_there_is_not_is_not_printed(room: Room) -> None:
    assert [printed(room, one) for one in (form_of(7, 1), letter_of(7), card_of(7), slip_of(7, "1"))] == [None] * 4
