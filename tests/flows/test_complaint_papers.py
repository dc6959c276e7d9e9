"""What goes along with a complaint: inspections, goods, sanctions, the month's table, the register (CMP)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import tools
from rules.people import Role
from storage import cases, journal, living_cards, people
from tests import affairs
from tests.affairs import case_of, sweeps
from tests.room import CHANNEL, at


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    with affairs.factory() as cast:
        yield cast


def test_a_joint_inspection_is_arranged_held_and_reported_to_the_gm(cast: SimpleNamespace) -> None:
    """CMP-5, CMP-6."""
    affairs.files_form(cast.qian)
    cast.qian.presses("安排會勘").says("週三 10:00 客戶廠內").presses("否")
    cast.guo.sees("品管不能及時會勘").presses("指派會勘人員").presses("杜工程師")
    cast.du.sees("請一起會勘")
    cast.qian.presses("會勘完了")
    sweeps(cast, days=3, minutes=1)
    cast.guo.sees("會勘報告逾時")

    cast.qian.presses("寫會勘報告").says("焊盤氧化").presses("就這些")

    cast.guo.sees("會勘報告：焊盤氧化")


def test_goods_come_back_are_counted_and_proved(cast: SimpleNamespace) -> None:
    """CMP-21..23."""
    affairs.to_decision(cast)
    cast.guo.presses("核決")
    cast.qian.presses("開單據").says("40").says("焊盤氧化")
    cast.lin.sees("261101-P1").presses("點收退貨").says("41").sees("先不要簽收")
    cast.guo.sees("核准 40，實收 41").presses("照實收數量")
    cast.qian.presses("附憑證").presses("發票影本註記").sends_photo("憑證.jpg")

    (paper,) = case_of(cast).papers
    assert (paper.match, paper.proof) == ("decided", "invoice_copy")
    cast.qian.sees("已裁示，照實收", "發票影本註記")


def test_nothing_is_taken_back_before_the_quantity_is_known(cast: SimpleNamespace) -> None:
    """CMP-4: refused with the button that helps."""
    affairs.files_form(cast.qian, is_known=False)
    cast.fang.presses("收案分類").presses("品質異常")
    affairs.investigates(cast.ke)
    affairs.analyses(cast.xu, needs_rnd=False)
    cast.qian.presses("填洽談結果").says("還在加工").presses("跳過").says("退貨")
    affairs.proposes(cast.fang)
    cast.guo.presses("核決")

    cast.qian.presses("開單據").says("40").says("焊盤氧化").sees("退換數量還沒確定")
    cast.qian.presses("補退換數量").says("38")

    assert case_of(cast).form.demand_quantity == "38"


def test_a_sanction_is_proposed_decided_and_published_by_nobody(cast: SimpleNamespace) -> None:
    """CMP-25, CMP-28."""
    affairs.to_decision(cast)
    cast.guo.presses("核決")
    before = cast.xu.transcript()

    cast.fang.presses("提懲處案").presses("未依製造規範").presses("製造").says("甲班").says("900")
    cast.guo.sees("懲處提案：未依製造規範", "系統不會自行公布").presses("准提案")

    cast.fang.sees("您的懲處提案，准：是")
    cast.qian.sees("261101 退回的貨最晚 12月2", "甲班")  # SLA-24: a month to sell what came back
    assert cast.xu.transcript() == before


def test_on_the_1st_the_month_is_totalled_reminded_of_and_confirmed(cast: SimpleNamespace) -> None:
    """CMP-16, SLA-23."""
    affairs.to_decision(cast)
    cast.guo.presses("核決")
    assert affairs.day_begins(cast, "下週一 09:00") >= 0
    assert "統計表" not in cast.ke.transcript()

    affairs.day_begins(cast, "下週二 08:00")  # December has begun
    cast.ke.sees("2026-11 客訴統計表擬好了，共 1 件", "261101", "[品管確認]")
    affairs.day_begins(cast, "下週二 08:10")
    cast.ke.presses("品管確認").sees("品管已確認")
    sweeps(cast, days=4, hours=2)
    cast.xu.sees("2026-11 客訴統計表還沒確認")
    assert "還沒確認" not in cast.ke.transcript()
    sweeps(cast, days=5)
    cast.guo.sees("2026-11 客訴統計表還沒確認")

    for phone, label in ((cast.xu, "製造確認"), (cast.du, "研發確認"), (cast.qian, "業務確認")):
        phone.presses(label)
    cast.guo.sees("各部門都確認了")


def test_a_month_without_complaints_has_no_table_and_one_without_closed_ones_says_so(cast: SimpleNamespace) -> None:
    assert affairs.day_begins(cast, "下週二 08:00") == 0
    cast.room.now = at("週一 09:00")
    affairs.files_form(cast.qian)

    affairs.day_begins(cast, "下週二 08:00")

    cast.fang.sees("2026-11 沒有結案的客訴")


def test_december_begins_at_one_again(cast: SimpleNamespace) -> None:
    """CMP-3."""
    affairs.files_form(cast.qian)
    cast.room.now = at("下週二 09:00")

    affairs.files_form(cast.qian)

    assert case_of(cast, "261201").number == "261201"


def test_a_stranger_sees_nothing_of_somebody_else_s_complaint(cast: SimpleNamespace) -> None:
    """Story 11."""
    affairs.files_form(cast.qian)
    case = case_of(cast)

    for token in (f"c.{case.id}.card", f"c.{case.id}.decide", "c.999.card", f"c.{case.id}.details"):
        cast.stranger.presses_token(token).sees("查不到這個案子")
    cast.stranger.says("261101").sees("查不到這個案子")

    lines = journal.lines(cast.room.connection, f"person:{cast.stranger.id}")
    assert [line.kind for line in lines] == ["refused"] * 5


def test_words_and_pictures_in_reply_to_the_card_are_kept_with_the_case(cast: SimpleNamespace) -> None:
    affairs.files_form(cast.qian)
    case = case_of(cast)
    kept = {"ref": "m1", "body_hash": "", "headline": None, "now": at("週一 09:00")}
    living_cards.keep_card(cast.room.connection, cast.qian.id, case.subject, CHANNEL, "錢業務", **kept)

    cast.qian.replies("m1", "客戶催了")

    assert [note.words for note in case_of(cast).notes] == ["客戶催了"]
    cast.fang.sees("錢業務：客戶催了")


def test_the_register_lists_what_is_open_and_whose_turn_it_is(cast: SimpleNamespace) -> None:
    """CMP-7."""
    affairs.to_quality(cast)

    cast.ke.says("待辦").sees("客訴與待辦 1 件，輪到您 1 件", "▶261101", "品管調查")
    cast.guo.says("客訴清單").sees("輪到您 0 件", "・261101")
    cast.zhang.says("待辦")
    assert "261101" not in cast.zhang.transcript()


def test_in_the_morning_each_department_hears_what_waits_for_it(cast: SimpleNamespace) -> None:
    """ESC-18."""
    affairs.to_quality(cast)
    affairs.day_begins(cast, "週一 16:00")
    assert "早安" not in cast.ke.transcript(), "he was told of it when it came"

    affairs.day_begins(cast, "週二 08:31")

    cast.ke.sees("早安 柯品管", "輪到您的客訴和待辦 1 件", "261101　張先生")
    assert "早安" not in cast.xu.transcript()


def test_roles_may_be_invited_and_the_head_office_only_by_an_administrator(cast: SimpleNamespace) -> None:
    cast.he.presses_token("m.invite").presses("品管").sees("管理員")
    boss = cast.room.person("管理員", Role.ADMINISTRATOR)

    boss.presses_token("m.invite").presses("品管").sees("/start")


def test_another_language_has_its_own_words(cast: SimpleNamespace) -> None:
    english = cast.room.person("Quality", Role.QUALITY, language="en")

    affairs.to_quality(cast)

    english.sees("Complaint 261101 has come to you", "[Write findings]")


def test_complaints_are_exported_and_say_which_receivables_they_hold_up(cast: SimpleNamespace, tmp_path: Path) -> None:
    """CMP-24; people's text never becomes a formula."""
    affairs.to_decision(cast)
    case = case_of(cast)
    cases.change(cast.room.connection, case, replace(case, customer_name="=1+1"))

    tools.export(cast.room.connection, tmp_path)

    head, line = (tmp_path / "complaints.csv").read_text(encoding="utf-8-sig").splitlines()
    exported = dict(zip(head.split(","), line.split(","), strict=True))
    assert (exported["number"], exported["holds_up_receivables"], exported["amount"]) == ("261101", "1", "8000")
    assert exported["customer"] == "'=1+1"
    assert '"number": "261101"' in (tmp_path / "complaints.jsonl").read_text(encoding="utf-8")


def test_a_customer_s_file_holds_what_the_company_wants_to_know_and_his_complaints_by_article(cast: SimpleNamespace) -> None:
    """INT-12."""
    affairs.files_form(cast.qian)
    customer = case_of(cast).customer
    phone = people.person(cast.room.connection, customer).phone

    cast.qian.says("客戶檔案").says(phone).sees("客戶檔案", "每月用量：—", "以往品質客訴　PCB-4L-02（1）：261101")
    cast.qian.presses("寫入檔案").presses("每月用量").says("8000 片").sees("每月用量：8000 片")
    cast.qian.presses_token("m.customer.99999").sees("沒有這位客戶的檔案")
    lines = journal.lines(cast.room.connection, f"person:{customer}")
    assert [one.kind for one in lines][-1:] == ["customer.noted"]
