"""On site in special lines of business: temporary fixes, public fittings, important guests, analyses (VIS-10, VIS-18 to 20)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

from rules import dispatch, visits
from rules.decisions import Decision
from rules.orders import Step, WorkOrder
from rules.people import Role
from rules.tasks import Errand, Task
from scheduler.sweep import sweep
from storage import cases, orders
from storage.unit import Unit
from tests import plays
from tests.room import Room, played
from tests.rules.job import FINDINGS

STAFF = {"li": ("李主任", Role.SUPERVISOR), "chen": ("陳小姐", Role.CLERK), "wang": ("王師傅", Role.TECHNICIAN)}


@contextmanager
def checked(profile: str) -> Iterator[SimpleNamespace]:
    """王師傅 is on site and knows the cause."""
    with played(profile, **STAFF) as cast:
        plays.brought_on_site(cast.room, cast.zhang, cast.li, cast.wang)
        room = cast.room
        for step in (Step.LISTEN, Step.LOOK, Step.CHECK):
            saved = visits.save(room.order(), step, FINDINGS[step], by=cast.wang.who(), now=room.now, terms=room.company.terms)
            Unit(room.connection, room.now, room.company.terms).record(room.order(), saved, by=cast.wang.id)
        yield cast


def tasks(room: Room, errand: Errand) -> list[Task]:
    return [one for one in cases.every(room.connection, Task) if one.errand is errand]


def test_a_temporary_fix_is_approved_and_on_its_day_everything_is_normal_or_another_order() -> None:
    """VIS-18."""
    with checked("plant") as cast:
        cast.wang.says("2611-9001").presses("🦺 安全檢查").presses("是").presses("是").presses("處理：記做了什麼").says(
            "綁緊皮帶"
        )
        cast.wang.presses("無（自然損耗）").presses("同意").presses("暫時可用").sees("安全措施").says("單機運轉，負載六成")
        cast.wang.sees("恢復正常").says("2026/11/30").presses("否").presses("跳過").presses("就這些")
        cast.wang.sees("臨時安全措施：單機運轉").presses("沒問題，送出")

        cast.li.sees("只能暫時使用到", "單機運轉，負載六成").presses("核准臨時措施").sees("臨時措施核准了")
        cast.wang.sees("李主任 核准了臨時措施").presses("🦺 安全檢查").presses("是")
        plays.tries_it(cast.wang)
        cast.room.later(minutes=1)
        cast.wang.presses("簽名").presses("跳過").says("周班長").presses("班組長").sends_photo("簽名.jpg")
        assert "單機運轉，負載六成" in cast.room.order().seal.summary

        (task,) = tasks(cast.room, Errand.RESTORE)
        cast.room.later(days=3)
        cast.li.presses_token(f"t.{task.id}.done").sees("恢復正常了嗎").presses("還沒有，再開單").says("皮帶還沒到貨")
        order = cast.room.order()
        assert (order.number != "2611-9001", order.report.fault, order.follows) == (True, "皮帶還沒到貨", task.subject)
        assert order.customer == cast.zhang.id


def test_damage_to_a_public_fitting_names_who_is_responsible_and_the_office_tells_those_concerned() -> None:
    """VIS-20: asked only where somebody did it, and skipped with one tap where nothing public is broken."""
    with checked("campus") as cast:
        cast.wang.says("2611-9001").presses("處理：記做了什麼").says("換燈罩").presses("第三方").sees("公共設施是誰弄壞的")
        cast.wang.says("三年二班 陳同學").sees("要通知誰").says("林老師 分機 2301").presses("同意").presses("修好了").presses(
            "否"
        )
        cast.wang.presses("跳過").presses("就這些").presses("沒問題，送出")

        cast.li.sees("責任人：三年二班 陳同學", "林老師 分機 2301")
        cast.zhang.sees("會通知有關的人")
        cast.chen.sees("林老師 分機 2301").presses("完成，回報").says("林老師知道了，會通知家長")
        (task,) = tasks(cast.room, Errand.INFORM)
        assert (task.is_open, task.result) == (False, "林老師知道了，會通知家長")


def test_an_important_room_comes_first_and_is_left_with_an_apology_and_the_guest_s_word() -> None:
    """VIS-19."""
    with played("hotel", start="週五 10:00", **STAFF) as cast:
        cast.chen.says("表單").presses("＋ 貴賓接待").says("1208").presses("跳過").presses("王師傅").says("2026/11/27")
        cast.chen.says("2026/11/29").presses("沒問題，送出").sees("VP26-001")
        cast.wang.sees("貴賓接待 VP26-001").presses("查看").presses("還沒，看過了").says("都好").says("2026/11/28")
        cast.li.sees("VP26-001 查看過了")

        cast.zhang.says("1208 房冷氣不冷").presses("就這些").says("FCU-3").says("12 樓 1208").says("房務部").says(
            "0912-345-678"
        )
        cast.zhang.presses("沒問題，送出")
        cast.li.sees("🔴 急件", "★ 貴賓（VP26-001）")
        order = cast.room.order()
        assert (order.vip, order.is_urgent) == ("VP26-001", True)
        other = replace(order, id=0, number="2611-0009", vip="", reported_at=order.reported_at - timedelta(hours=2))
        orders.add(cast.room.connection, other)
        queue = orders.queue(cast.room.connection, visible_to=cast.li.who())
        assert [one.number for one in queue] == [order.number, "2611-0009"]


def goes_with_an_analysis(cast: SimpleNamespace) -> None:
    """王師傅 is sent to a machine with an analysis, and has heard and seen."""
    plays.brought_on_site(cast.room, cast.zhang, cast.li, cast.wang)
    room, wang = cast.room, cast.wang
    unit, by = Unit(room.connection, room.now, room.company.terms), {"now": room.now, "terms": room.company.terms}
    order = room.order()
    sent = dispatch.dispatch(order, (wang.id,), briefing="主軸軸承磨損", reason="已和生產協調", by=cast.li.who(), **by)
    order = unit.record(order, sent, by=cast.li.id)
    decided: list[Callable[[WorkOrder], Decision]] = [
        lambda one: dispatch.accept(one, by=wang.who(), **by),
        lambda one: dispatch.override(one, "趕時間", by=wang.who(), **by),
        lambda one: dispatch.depart(one, by=wang.who(), **by),
        lambda one: visits.arrive(one, {"met": "張先生"}, by=wang.who(), **by),
        lambda one: visits.save(one, Step.LISTEN, FINDINGS[Step.LISTEN], by=wang.who(), **by),
        lambda one: visits.save(one, Step.LOOK, FINDINGS[Step.LOOK], by=wang.who(), **by),
    ]
    for decide in decided:
        order = unit.record(order, decide(order), by=wang.id)


def test_an_analysis_that_does_not_fit_is_answered_on_the_order() -> None:
    """PRE-4, VIS-10: asked with the cause, and every two hours by the clock."""
    with played("machinery", start="週五 10:00", **STAFF) as cast:
        goes_with_an_analysis(cast)

        cast.room.later(hours=2)
        sweep(cast.room.connection, cast.room.company.terms, now=cast.room.now)
        cast.wang.sees("情況如何").presses("和分析相符").sees("記下了")
        cast.wang.says("查").says("馬達").presses("跳過").says("馬達過熱").sees("主軸軸承磨損").presses("不符").presses(
            "自然磨損"
        )
        cast.wang.presses("就這些").presses("沒問題，送出")

        cast.li.sees("主軸軸承磨損 ≠ 馬達 馬達過熱").presses("完成，回報").says("先量三相電流，換接觸器")
        cast.wang.sees("先量三相電流，換接觸器").says("2611-9001").sees("原分析：不符", "💡 李主任：先量三相電流")
        assert cast.room.order().advice[0].by == cast.li.id


def test_furniture_is_brought_and_assembled_like_a_repair_without_looking_for_a_cause() -> None:
    """DSP-9: one tap more when it is reported, in lines of business that do more than repairs; fewer on site."""
    with played("mall", start="週五 10:00", **STAFF) as cast:
        cast.zhang.says("報修").sees("[修理] [送貨] [組裝]").presses("組裝").sees("要我們做什麼").says("餐桌一張，四腳要調平")
        cast.zhang.presses("就這些").says("T8").says("台北市大安區和平東路一段 1 號").says("張先生").says("0912-345-678")
        cast.zhang.presses("沒問題，送出")
        cast.li.sees("組裝").presses("派 王師傅")
        cast.wang.presses("接單").presses("出發前準備").presses("看過單子").presses("打過電話給客戶").presses("打通了")
        cast.wang.presses("墊布帶了").presses("出發").presses("到了").presses("跳過").says("張先生").sees(
            "接下來：處理", "進度：作出處理…、客戶試機…", "要求：餐桌一張"
        )
        cast.wang.presses("處理：記做了什麼").says("桌腳鎖好，水平調好").presses("否").presses("跳過").presses(
            "就這些"
        ).presses("沒問題，送出")
        cast.wang.sees("客戶試機")
        plays.tries_it(cast.wang)
        cast.room.later(minutes=1)
        plays.signs(cast.wang)

        order = cast.room.order()
        assert (order.report.kind, sorted(order.findings)) == ("assemble", ["act", "arrive", "test"])
        assert "桌腳鎖好" in order.seal.summary


def test_the_office_makes_a_call_urgent_and_says_why() -> None:
    """INT-16."""
    with played("plant", start="週五 10:00", **STAFF) as cast:
        cast.zhang.says("皮帶斷了").presses("就這些").says("C-3").says("三號線").says("張班長").says("0912-345-678")
        cast.zhang.presses("沒問題，送出")
        cast.chen.says("改急件 2611-0001").says("整條線停了").sees("先後次序改好了", "🔴 急件", "先後次序：整條線停了")
        cast.li.sees("改為急件（陳小姐）：整條線停了")
