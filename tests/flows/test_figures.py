"""Figures in chat: the month, what is behind a figure, the files, and who is told no (KPI-14, KPI-15)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from rules import intake
from rules.figure_scopes import Scope
from rules.months import month_of
from rules.orders import FaultReport
from rules.people import Role
from scheduler import figures
from storage import figures as counted
from storage.codec import unpack
from storage.tables import outbox
from storage.unit import Unit
from tests import affairs
from tests.a_year import made_up
from tests.affairs import ticks
from tests.room import Phone, Room, at


@pytest.fixture
def cast(database_url: str) -> Iterator[SimpleNamespace]:
    with affairs.dealer(database_url) as cast:
        yield cast


@pytest.fixture
def quick() -> Iterator[SimpleNamespace]:
    with affairs.dealer() as cast:
        yield cast


def papers(phone: Phone) -> list[str]:
    """The papers of the newest message to somebody."""
    newest = select(outbox.c.body).where(outbox.c.chat == phone.name).order_by(outbox.c.id.desc()).limit(1)
    found: dict[str, Any] = unpack(phone.room.connection.execute(newest).scalar_one())
    return list(found.get("papers", ()))


def a_month(cast: SimpleNamespace) -> None:
    """One job in time and rated 4, 3, 2, 4; one call to which nobody ever went."""
    affairs.gets_card(cast)
    for grade in ("很滿意", "滿意", "普通", "很滿意", "否"):
        cast.zhang.presses(grade)
    room, number = cast.room, "2611-0002"
    terms = room.company.terms
    report = FaultReport("張先生", "台北市 1 號", "+886912345678", "大金 FTXV50", fault="又漏水了", zone="urban")
    by = {"by": cast.chen.who(), "now": room.now, "terms": terms}
    told = intake.report_fault(report, number=number, branch="main", customer=cast.zhang.id, asset=None, **by)
    Unit(room.connection, room.now, terms).record(None, told, by=cast.chen.id)
    room.now = at("下週一 17:00")


def test_a_supervisor_asks_for_the_month_opens_a_figure_to_its_orders_and_takes_the_files(cast: SimpleNamespace) -> None:
    a_month(cast)

    cast.li.says("報表").sees("2026 年 11 月", "報修 2 件，完成 1 件", "✗ 服務及時率 50.0%（目標 ≥ 90%，共 2）")
    cast.li.sees("✗ 用戶滿意度 75.0%（目標 ≥ 85%，共 4）", "✓ 用戶抱怨率 0.0%（目標 < 3%，共 1）", "－ 客訴準時結案：沒有資料")
    cast.li.sees("・一次修復率 0.0%（共 1）", "態度 4.00（1）、技術 3.00（1）")
    assert papers(cast.li) == [f"figures-picture:2026-11:{Scope(branch='main').token}"]
    report = cast.li.last()

    cast.li.presses("服務及時率").sees(
        "✗ 服務及時率 50.0%", "未達的 1 件，第 1 至 1 件", "2611-0002 大金 FTXV50 · 到場：逾時，尚未做到"
    )
    cast.li.presses("2611-0002").sees("又漏水了")
    cast.li.presses("✓ 達到的").sees("達到的 1 件", "2611-0001 大金 FTXV50")
    cast.li.presses("2611-0001").sees("王師傅")
    cast.li.presses("📊 回報表")
    assert cast.li.last().text == report.text

    start, end = month_of(date(2026, 11, 1)).bounds("Asia/Taipei")
    assert counted.audits(cast.room.connection, cast.wang.id, start, end) == (1, 0), "KPI-15: his report was approved"
    cast.li.presses("下載檔案").sees("PDF 與 Excel 各一份")
    assert papers(cast.li) == [f"figures-{kind}:2026-11:{Scope(branch='main').token}" for kind in ("pdf", "xlsx")]


def test_figures_are_looked_at_by_technician_by_model_and_month_by_month(quick: SimpleNamespace) -> None:
    a_month(quick)

    quick.li.says("報表").presses("👷 按技師").sees("2026 年 11 月，按技師", "・王師傅：服務及時率 100.0%（1）")
    quick.li.presses("王師傅").sees("2026 年 11 月 · 王師傅", "完成 1 件", "✓ 服務及時率 100.0%")
    quick.li.presses("用戶滿意度").sees("4 題中 1 題不滿意")
    quick.li.says("/figures").presses("🛠 按機型").presses("大金 FTXV50").sees("2026 年 11 月 · 大金 FTXV50", "共 2")
    quick.li.says("kpi").presses("本週").sees("11-30 至 12-06")
    quick.li.presses("本月").presses("◀ 2026-10").sees("2026 年 10 月", "本月沒有案件")
    assert papers(quick.li) == []
    quick.li.presses("2026-11 ▶").sees("報修 2 件")


def test_a_long_list_is_turned_page_by_page_and_names_every_order_once() -> None:
    room = Room.open(start="週五 16:00")
    made_up(room.connection, 900)
    zheng = room.person("鄭小姐", Role.SERVICE_DEPT)

    zheng.says("報表").presses("一次修復率").presses("✓ 達到的").sees("第 1 至 9 件")
    pages = [zheng.last()]
    while "▶" in [one.label for row in pages[-1].rows for one in row]:
        zheng.presses("▶")
        pages.append(zheng.last())
    numbers = [one.label for page in pages for row in page.rows for one in row if one.token.startswith("o.")]

    assert len(pages) > 2
    assert f"達到的 {len(numbers)} 件，第 {9 * (len(pages) - 1) + 1} 至 {len(numbers)} 件" in pages[-1].text
    assert len(set(numbers)) == len(numbers)
    zheng.presses("◀").sees(f"第 {9 * (len(pages) - 2) + 1} 至")
    zheng.presses(numbers[0]).sees(numbers[0])
    room.close()


def test_headquarters_sees_every_branch_and_opens_each(quick: SimpleNamespace) -> None:
    a_month(quick)

    quick.zheng.says("報表").sees("2026 年 11 月 · 全公司", "報修 2 件")
    assert papers(quick.zheng) == ["figures-picture:2026-11:a"]
    quick.zheng.presses("🏢 按據點").presses("本公司").sees("2026 年 11 月 · 本公司", "報修 2 件")


def test_a_technician_has_his_own_sheet_and_nobody_else_s(quick: SimpleNamespace) -> None:
    """KPI-15: also with a button that somebody forwarded; and few grades would say who gave them (SUR-3)."""
    a_month(quick)

    quick.wang.says("報表").sees("2026 年 11 月 · 王師傅", "完成 1 件", "✓ 服務及時率 100.0%", "－ 用戶滿意度：沒有資料")
    quick.wang.presses("服務及時率").sees("沒有一件未達").presses("✓ 達到的").presses("2611-0001").sees("大金 FTXV50")
    whole, other = Scope(branch="main").token, Scope(technician=quick.zhao.id).token
    quick.wang.presses_token(f"m.figures.2026-11.{whole}").sees("2026 年 11 月 · 王師傅")
    quick.wang.presses_token(f"m.figures.2026-11.{other}").sees("由主管、經理", "您的身分不能做", "KPI-15")
    quick.wang.presses_token("m.figures.2026-11.a.satisfaction.x.0").sees("只看合計")
    quick.zhao.says("報表")
    assert "王師傅" not in quick.zhao.last().text


@pytest.mark.parametrize("who", ["chen", "zhang", "stranger"])
def test_whose_business_figures_are_not_is_told_so_kindly(quick: SimpleNamespace, who: str) -> None:
    a_month(quick)
    phone: Phone = getattr(quick, who)

    phone.says("報表").sees("這件事由主管、經理", "您的身分不能做")
    phone.presses_token("m.figures.2026-11.a").sees("您的身分不能做")
    assert [one for one in phone.buttons() if "figures" in one.token] == []
    assert papers(phone) == []


def test_a_supervisor_sees_no_other_branch(quick: SimpleNamespace) -> None:
    a_month(quick)
    sun = quick.room.person("孫主任", Role.SUPERVISOR, branch="高雄")

    sun.says("報表").sees("2026 年 11 月 · 高雄", "本月沒有案件")
    sun.presses_token(f"m.figures.2026-11.{Scope(branch='main').token}").sees("您的身分不能做")
    sun.presses_token(f"m.figures.2026-11.t{quick.wang.id}").sees("2026 年 11 月 · 王師傅", "本月沒有案件")


@pytest.mark.parametrize(
    "arg",
    ["2026-13", "2026-11.zz", "2026-11.a.nothing.x.0", "2026-11.a.timeliness.x.y", "2026-11-24", "2026-11.b00000000", "…"],
)
def test_a_button_that_names_nothing_has_passed(quick: SimpleNamespace, arg: str) -> None:
    quick.li.presses_token(f"m.figures.{arg}").sees("已經過了")


def test_on_the_first_working_morning_the_month_goes_out_once_to_those_entitled(cast: SimpleNamespace) -> None:
    """Tuesday 2026-12-01; the clerk has none, 趙師傅 had nothing to do."""
    a_month(cast)
    ticks(cast, "下週二 08:29")
    assert figures.monthly(cast.room.connection, cast.room.company.terms, now=cast.room.now) == 0

    cast.room.now = at("下週二 08:31")
    told = figures.monthly(cast.room.connection, cast.room.company.terms, now=cast.room.now)

    assert told == 5
    cast.li.sees("2026 年 11 月 · 本公司", "報修 2 件", "✗ 服務及時率")
    assert papers(cast.li) == [f"figures-{kind}:2026-11:{Scope(branch='main').token}" for kind in ("picture", "pdf")]
    cast.li.presses("服務及時率").sees("2611-0002")
    cast.gao.sees("2026 年 11 月 · 全公司")
    cast.wang.sees("2026 年 11 月 · 王師傅", "完成 1 件")
    assert papers(cast.wang)[0] == f"figures-picture:2026-11:o{cast.wang.id}"
    assert not any("📊 2026" in bubble.text for phone in (cast.zhao, cast.chen) for _subject, bubble in phone.bubbles)
    for later in (0, 5, 24 * 60):
        now = cast.room.now + timedelta(minutes=later)
        assert figures.monthly(cast.room.connection, cast.room.company.terms, now=now) == 0


def test_a_sunday_is_no_working_morning_and_a_desk_that_slept_catches_up(quick: SimpleNamespace) -> None:
    a_month(quick)
    terms = quick.room.company.terms

    def looks(day: int, hour: int) -> int:
        now = datetime(2026, 12, day, hour, tzinfo=ZoneInfo("Asia/Taipei"))
        return figures.monthly(quick.room.connection, terms, now=now)

    assert [looks(6, 10), looks(7, 20), looks(8, 10), looks(9, 10)] == [0, 0, 5, 0]


def test_a_desk_that_never_had_an_order_sends_nothing(quick: SimpleNamespace) -> None:
    first = datetime(2026, 12, 1, 10, tzinfo=ZoneInfo("Asia/Taipei"))

    assert figures.monthly(quick.room.connection, quick.room.company.terms, now=first) == 0


def test_a_month_without_orders_says_so_instead_of_dividing(quick: SimpleNamespace) -> None:
    """KPI-14: in February there was nothing at all."""
    affairs.closed_job(quick)
    march = datetime(2027, 3, 2, 10, tzinfo=ZoneInfo("Asia/Taipei"))

    told = figures.monthly(quick.room.connection, quick.room.company.terms, now=march)

    quick.li.sees("2027 年 2 月 · 本公司", "本月沒有案件")
    assert (told, papers(quick.li)) == (4, [])


def test_who_joined_after_the_month_has_no_report_of_it(quick: SimpleNamespace) -> None:
    a_month(quick)
    quick.room.now = at("下週三 09:00")
    new = quick.room.person("吳主任", Role.SUPERVISOR)

    figures.monthly(quick.room.connection, quick.room.company.terms, now=quick.room.now)

    new.sees_nothing_new()
