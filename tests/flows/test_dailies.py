"""Daily reports in chat and by the clock (DLY-1..3, DLY-6, DLY-7, DLY-12, ESC-11)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from sqlalchemy import insert

from rules.branch_reports import BranchReport
from rules.decisions import Entry
from rules.people import Role
from scheduler import dailies, shop_days
from storage import cases, journal, roster, timebook
from storage.tables import payments
from tests import plays
from tests.flows.test_story_13 import brings
from tests.room import Room, at, played

ASKED = "是哪一類"


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    """A branch from Friday at ten on, for which 趙師傅 has a turn of duty."""
    room = Room.open("appliance", start="週五 10:00")
    found = SimpleNamespace(
        room=room,
        zhang=room.person("張先生"),
        li=room.person("李主任", Role.SUPERVISOR),
        wang=room.person("王師傅", Role.TECHNICIAN),
        zhao=room.person("趙師傅", Role.TECHNICIAN),
    )
    roster.add(room.connection, [room.duty(found.zhao, Role.TECHNICIAN, "週五 08:30", "週五 17:30")], by=None)
    yield found
    room.close()


def looks(cast: SimpleNamespace, when: str) -> int:
    """The clock looks after reports."""
    cast.room.now = at(when)
    return dailies.look(cast.room.connection, cast.room.company.terms, now=cast.room.now)


def works(cast: SimpleNamespace) -> None:
    """王師傅 sets off at ten and is away again ninety minutes later."""
    plays.dispatched(cast)
    plays.gets_ready(cast.wang)
    plays.arrives(cast.wang)
    for step in (plays.listens, plays.looks, plays.checks, plays.acts, plays.tries_it):
        step(cast.wang)
    cast.room.later(hours=1, minutes=30)
    plays.signs(cast.wang)
    cast.wang.presses("離場簡報").presses("就這樣回報")


def reports_day(cast: SimpleNamespace) -> None:
    cast.wang.says("日報").presses("對，交出去").sees("日報交出去了")


def branch_reports_of(cast: SimpleNamespace) -> list[BranchReport]:
    return cases.every(cast.room.connection, BranchReport)


def test_the_report_is_filled_in_from_the_timers_mended_and_filed(cast: SimpleNamespace) -> None:
    works(cast)

    cast.wang.says("日報").sees("C　2611-0001", "90 分鐘", "這樣對嗎")
    cast.wang.presses("改分鐘").presses("2611-0001").says("95").presses("加一項自己的工作（D）").says("整理倉庫").says("30")
    cast.wang.sees("C　2611-0001　95 分鐘", "D　整理倉庫　30 分鐘").presses("對，交出去").sees("日報交出去了", "待審閱")

    cast.li.sees("王師傅 交了", "C 95・D 30 分鐘").presses("歸檔").sees("已歸檔")
    assert timebook.report_of(cast.room.connection, cast.wang.id, at("週五 10:00").date()).filed_by == cast.li.id
    cast.wang.says("日報").sees("已經歸檔了")


def test_a_kind_that_nobody_knows_is_asked_for(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    plays.gets_ready(cast.wang)
    cast.wang.presses("出發")
    cast.room.later(minutes=20)

    cast.wang.says("日報").sees("2611-0001 做了 20 分鐘", ASKED).presses("A 收費").sees("A　2611-0001　20 分鐘")
    cast.wang.presses("改分鐘").presses("2611-0001").says("0").sees("做了什麼？")


def test_what_comes_back_is_mended_by_its_writer(cast: SimpleNamespace) -> None:
    works(cast)
    reports_day(cast)

    cast.li.presses("↩️ 退回").says("少了路上的時間").sees("已退回")
    cast.wang.sees("李主任 退回您", "少了路上的時間").presses("修改").presses("改分鐘").presses("2611-0001").says("120")
    cast.wang.presses("對，交出去").sees("120 分鐘", "待審閱")

    cast.zhao.presses_token("y.1.file").sees("查不到")
    cast.zhao.presses_token("y.1.again").sees("查不到")
    cast.li.says("日報").sees("王師傅", "120 分鐘").presses("全部歸檔").sees("已歸檔 1 份")
    cast.wang.presses_token("y.1.again").sees("已經歸檔了")


def test_who_has_not_reported_is_reminded_at_the_end_of_his_shift_and_once_more(cast: SimpleNamespace) -> None:
    works(cast)
    reports_day(cast)
    assert looks(cast, "週五 17:29") == 0
    assert looks(cast, "週五 17:31") == 1
    assert looks(cast, "週五 17:40") == 0
    cast.zhao.sees("下班了", "[📝 寫日報]")

    assert looks(cast, "週五 18:01") == 1
    cast.zhao.sees("還沒交")
    cast.zhao.presses("寫日報").says("備料").says("45").presses("對，交出去").sees("D　備料　45 分鐘")
    assert looks(cast, "週五 18:40") == 0


def test_who_had_neither_work_nor_duty_is_not_asked(cast: SimpleNamespace) -> None:
    assert looks(cast, "週五 17:31") == 1  # 趙師傅, who had a turn of duty
    cast.wang.sees_nothing_new()

    looks(cast, "週六 08:31")

    cast.li.sees("趙師傅 沒交日報")
    assert "王師傅" not in cast.li.last().text
    assert looks(cast, "週六 23:00") == 0


def test_a_shift_ends_when_the_roster_says_so_and_nobody_on_leave_is_asked(cast: SimpleNamespace) -> None:
    roster.add(cast.room.connection, [cast.room.duty(cast.wang, Role.TECHNICIAN, "週五 18:00", "週六 02:00")], by=None)
    cast.zhao.says("請假").presses("＋ 請假").says("今天").says("今天").says("家裡有事").presses("沒問題，送出")
    cast.li.presses("准假")

    assert looks(cast, "週五 18:00") == 0
    assert looks(cast, "週六 02:00") == 1

    cast.wang.sees("請交 2026年11月27日").presses("寫日報").says("待命").says("480").presses("對，交出去").sees(
        "2026年11月27日"
    )


def test_the_morning_after_the_supervisor_signs_the_table_and_the_manager_countersigns(cast: SimpleNamespace) -> None:
    manager, lin = cast.room.person("何經理", Role.MANAGER), cast.room.person("林科長", Role.SERVICE_DEPT)
    works(cast)
    reports_day(cast)
    assert looks(cast, "週六 08:29") == 0

    assert looks(cast, "週六 08:31") == 1
    assert looks(cast, "週六 09:31") == 0
    cast.li.sees(
        "服務主任日報表已彙整", "未交日報：1 人", "王師傅：A 0・B 0・C 90・D 0 分鐘", "趙師傅 沒交日報", "來電 1・完成 1"
    )
    one = branch_reports_of(cast)[0]
    cast.li.presses_token(f"b.{one.id}.send").sees("要分公司經理先會簽", "規則 DLY-3")
    cast.li.presses_token(f"b.{one.id}.countersign").sees("身分不能做")
    cast.li.presses("簽名").says("趙師傅支援外區").sees("等分公司經理會簽")
    lin.sees_nothing_new()

    manager.sees("李主任 已簽", "趙師傅支援外區").presses("退回").says("趙師傅要補交").sees("已退回")
    cast.li.sees("何經理 退回", "趙師傅要補交").presses("簽名").presses("跳過").sees("等分公司經理會簽")
    cast.li.presses_token(f"b.{one.id}.send").sees("要分公司經理先會簽")
    manager.presses("會簽送出").sees("已送服務部", "會簽：何經理")

    lin.sees("的報表送到了", "王師傅：A 0・B 0・C 90・D 0 分鐘", "簽名：李主任", "會簽：何經理")
    assert not branch_reports_of(cast)[0].is_open


def test_a_branch_without_a_manager_sends_its_report_directly(cast: SimpleNamespace) -> None:
    lin = cast.room.person("林科長", Role.SERVICE_DEPT)
    looks(cast, "週六 08:31")

    cast.li.says("日報").sees("日報表：待主管簽名").presses("日報表").presses("簽名").presses("跳過").sees("已送服務部")

    lin.sees("的報表送到了")


def test_on_monday_the_week_is_drafted_and_needs_words_for_the_company(cast: SimpleNamespace) -> None:
    works(cast)
    reports_day(cast)

    looks(cast, "下週一 08:31")

    week = [one for one in branch_reports_of(cast) if one.period == "week"]
    assert [(one.first, one.last) for one in week] == [(at("週五 10:00").date().replace(day=23), at("週日 10:00").date())]
    cast.li.sees("週報已起草", "最常叫修：大金 FTXV50 × 1", "準時到場 1/1")
    cast.li.presses_token(f"b.{week[0].id}.sign").sees("市場上有什麼").says("大家問變頻").sees("已送服務部", "大家問變頻")


def test_each_has_his_month_and_the_supervisor_everybody_s(cast: SimpleNamespace) -> None:
    works(cast)
    reports_day(cast)
    cast.wang.says("月表").sees("工作月表", "王師傅：1 單・A 0・B 0・C 90・D 0 分鐘・日報 1 份，缺 0 份")
    assert "趙師傅" not in cast.wang.last().text
    cast.li.says("月表").sees("王師傅：1 單", "趙師傅：0 單", "缺 1 份").presses("上個月").sees("工作月表")
    cast.zhang.says("月表").sees("身分不能做")

    looks(cast, "下週二 08:31")

    cast.wang.sees("工作月表", "11月30日", "王師傅：1 單")
    cast.li.sees("工作月表", "趙師傅：0 單")


@pytest.fixture
def shop() -> Iterator[SimpleNamespace]:
    """A shop from Friday at ten on, with a manager and somebody at the counter."""
    staff = {"li": ("李主任", Role.SUPERVISOR), "wu": ("吳店長", Role.MANAGER), "lin": ("店員小林", Role.STORE_STAFF)}
    with played("retail", start="週五 10:00", wang=("王師傅", Role.TECHNICIAN), **staff) as cast:
        yield cast


def closes(shop: SimpleNamespace, when: str) -> int:
    """The clock looks after the shop's day."""
    shop.room.now = at(when)
    return shop_days.look(shop.room.connection, shop.room.company.terms, now=shop.room.now)


def test_after_closing_time_a_shop_has_its_day(shop: SimpleNamespace) -> None:
    """DLY-12."""
    plays.brought_on_site(shop.room, shop.zhang, shop.li, shop.wang)
    for bought in ("2026/11/12", "2026/11/11"):  # a refund on day 15, an exchange on day 16
        brings(shop.lin, bought)
        shop.lin.presses("客戶同意")
    brings(shop.lin, "2026/11/20", special=True)
    shop.lin.presses("客戶不同意").says("要退錢")
    shop.room.connection.execute(insert(payments).values(
        number="RC26-001", order_id=shop.room.order().id, branch="main", person_id=shop.wang.id, currency="TWD", minor=18000,
        method="cash", at=shop.room.now, day="2026-11-27",
    ))  # fmt: skip
    assert closes(shop, "週五 20:59") == 0

    assert closes(shop, "週五 21:01") == 2
    assert closes(shop, "週五 22:00") == 0

    for head in (shop.li, shop.wu):
        head.sees("門市日結", "收件 4：退換修 3・叫修 1・櫃檯送修 0", "退貨 1・換貨 1・不受理 0・待主管決定 1", "修好 0")
        head.sees("收款 1 筆，共 180 TWD；還沒繳回 180 TWD", "缺貨登記 0")


def test_a_day_that_closed_while_nobody_looked_is_told_in_the_morning_and_none_from_before_the_shop(
    shop: SimpleNamespace,
) -> None:
    assert closes(shop, "週五 10:30") == 0

    assert closes(shop, "週六 08:00") == 2
    assert closes(shop, "週六 08:01") == 0

    shop.wu.sees("2026年11月27日", "這天沒有收費")


def test_a_report_that_was_sent_back_shows_in_the_month(cast: SimpleNamespace) -> None:
    """DLY-10: report sheets are audited, and the audit is part of the appraisal."""
    works(cast)
    line = list(journal.lines(cast.room.connection, "order:1"))
    sent_back = Entry("order.returned", {"length": 3}, "CLS-5")
    journal.append(cast.room.connection, "order:1", (sent_back,), by=cast.li.id, at=cast.room.now)

    cast.room.later(minutes=1)
    cast.wang.says("月表").sees("王師傅：1 單", "退回 1 次")

    assert len(line) + 1 == len(list(journal.lines(cast.room.connection, "order:1")))
