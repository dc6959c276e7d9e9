"""What the rulebook asks of the conversations themselves: what is asked, shown and kept."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from bot import tools
from handlers.cards import card
from rules.orders import Stage, Step
from rules.people import Role, Standing
from rules.refusals import Refused
from storage import people
from storage.tables import journal
from tests import plays
from tests.journeys.leaks import TELEPHONE, found
from tests.room import Phone, Room


def test_the_clerk_registers_a_caller_who_is_known_by_his_telephone(cast: SimpleNamespace) -> None:
    """INT-1, INT-10."""
    for fault in ("電視沒畫面", "冰箱不冷"):
        cast.chen.presses_token("m.register").says("林太太").says("0922-333-444").says(fault).says("新力 KD-55").presses("跳過")
        cast.chen.says("台北市中山區 5 號").presses("就這些").presses("市區").presses("是").presses("沒問題，送出")

    one, other = cast.room.order("2611-0001"), cast.room.order("2611-0002")
    assert one.customer == other.customer
    assert people.person(cast.room.connection, one.customer).name == "林太太"
    assert one.report.is_urgent
    cast.li.sees("冰箱不冷", "急")


def test_in_a_vehicle_line_fault_and_distance_are_asked(cast: SimpleNamespace) -> None:
    """INT-6, INT-7: model, address, contact and telephone, then what picks the clock."""
    room = Room.open("vehicle")
    zhang, li = room.person("張先生"), room.person("李主任", Role.SUPERVISOR)

    zhang.says("異音").presses("就這些").says("大客車 B12").says("桃園市 1 號").says("張先生").says("0912345678")
    zhang.presses("車身").says("85").presses("沒問題，送出")

    report = room.order().report
    assert (report.fault_kind, str(report.distance_km)) == ("body", "85")
    assert (report.model, report.contact, report.phone) == ("大客車 B12", "張先生", "+886912345678")
    li.sees("異音")
    room.close()


def test_the_clerk_says_whether_a_component_maker_has_to_be_asked(cast: SimpleNamespace) -> None:
    """INT-7, SLA-2: then an answer is owed within 12 hours, near as it may be."""
    room = Room.open("vehicle")
    chen = room.person("陳小姐", Role.CLERK)

    chen.presses_token("m.register").says("林太太").says("0922-333-444").says("車門關不上").says("大客車 B12").presses("跳過")
    chen.says("桃園市 1 號").presses("就這些").presses("車身").says("20").sees("零件廠").presses("是")
    chen.presses("否").presses("沒問題，送出").sees("最晚到場", "最晚答覆")

    assert room.order().report.supplier_needed
    room.close()


def test_address_and_telephone_are_for_who_has_accepted_and_as_long_as_it_is_open(cast: SimpleNamespace) -> None:
    """CND-2."""
    plays.dispatched(cast)
    cast.wang.sees("台北市大安區")
    assert "和平東路" not in cast.wang.transcript()
    assert found(cast.wang.transcript(), *TELEPHONE) == []

    cast.wang.presses("接單").sees("和平東路一段 1 號", "+886 912 345 678")

    cast.li.presses("取消案件").presses("報錯了")
    assert found(cast.wang.last().text, "和平東路", *TELEPHONE) == []


def test_a_living_card_tells_nothing_to_who_has_no_part_in_the_order_any_more(cast: SimpleNamespace) -> None:
    """CND-2: it is edited in place for as long as it stands, also with somebody who was taken off."""
    plays.dispatched(cast)
    cast.wang.presses("接單")
    cast.li.presses("改派").presses("趙師傅").presses("跳過").presses("跳過")

    def stands(phone: Phone) -> str:
        bubble = phone.render(card(cast.room.connection, cast.room.order(), phone.who(), cast.room.company, now=cast.room.now))
        return f"{bubble.title} {bubble.text} {bubble.rows}"

    assert "漏水" in stands(cast.zhao)
    assert not any(word in stands(cast.wang) for word in ("漏水", "FTXV50", "張先生", "大安區", "趙師傅", "token"))
    assert "2611-0001" in stands(cast.wang)
    cast.room.leaves(cast.zhao)
    assert not any(word in stands(cast.zhao) for word in ("漏水", "FTXV50", "張先生", "大安區"))


def test_the_technician_reads_what_he_ought_to_know_before_he_goes(cast: SimpleNamespace) -> None:
    """DSP-4."""
    plays.reports(cast.zhang)

    cast.li.presses("派別人／兩人").presses("王師傅").presses("跳過").says("上次也是排水管，帶 D16")

    cast.wang.sees("客廳冷氣漏水", "上次也是排水管，帶 D16")


def test_the_customer_s_words_are_asked_for_before_he_signs_and_kept_as_they_are(cast: SimpleNamespace) -> None:
    """SIG-5, SIG-10: the report is shown, then room for a comment, which is never filled in beforehand."""
    plays.finished(cast)
    cast.room.later(minutes=1)
    cast.wang.presses("簽名").sees("排水管堵塞", "通管並清洗")

    cast.wang.says("師傅很有禮貌，但來晚了").says("張先生").presses("客戶本人").sends_photo("簽名.jpg")

    seal = cast.room.order().seal
    assert (seal.comment, cast.room.order().customer_comment) == ("師傅很有禮貌，但來晚了",) * 2
    assert "排水管堵塞" in seal.summary


def test_the_place_is_left_clean(cast: SimpleNamespace) -> None:
    """VIS-11, VIS-15."""
    plays.finished(cast)

    assert cast.room.order().found(Step.TEST) == {"customer_test": "pass", "site_cleaned": True}


def test_what_was_signed_is_written_out_of_what_was_recorded(cast: SimpleNamespace) -> None:
    """VIS-16: nothing is typed a second time."""
    plays.on_site(cast)
    for step in (plays.listens, plays.looks, plays.checks):
        step(cast.wang)
    plays.acts(cast.wang, parts=True)
    plays.uses_a_part(cast.wang)
    plays.tries_it(cast.wang)
    cast.room.later(minutes=1)
    plays.signs(cast.wang)

    for words in ("昨晚開始滴水", "保固內", "排水管堵塞", "通管並清洗", "排水管 D16 × 1", "帶回公司", "正常"):
        assert words in cast.room.order().seal.summary, words
    cast.zhang.presses("我簽的報告").sees("第 1 版", "排水管 D16 × 1")


def test_who_was_met_where_and_why_so_late_is_asked_on_arrival(cast: SimpleNamespace) -> None:
    """VIS-1: the clock stops with the press, the questions come after."""
    plays.dispatched(cast)
    plays.gets_ready(cast.wang)
    cast.wang.presses("出發")
    cast.room.later(days=3)

    cast.wang.presses("到了").sees("晚")
    assert cast.room.order().arrived_at is not None
    cast.wang.says("前一家拖太久").presses("跳過").says("張太太")

    found = cast.room.order().found(Step.ARRIVE)
    assert (found["late_reason"], found["met"]) == ("前一家拖太久", "張太太")


def test_nobody_leaves_the_company_while_an_open_order_is_his(cast: SimpleNamespace) -> None:
    """STF-11: each open order has a successor first."""
    plays.dispatched(cast)

    with pytest.raises(Refused) as found:
        tools.leave(cast.room.connection, cast.wang.id, now=cast.room.now)
    assert (found.value.code, found.value.rule, found.value.facts) == ("still-has-orders", "STF-11", {"numbers": ["2611-0001"]})
    assert cast.wang.who().standing is Standing.ACTIVE

    cast.li.presses("改派").presses("趙師傅").presses("跳過").presses("跳過")
    assert tools.leave(cast.room.connection, cast.wang.id, now=cast.room.now).standing is Standing.LEFT


def test_only_reasons_that_stop_the_clock_here_are_offered(cast: SimpleNamespace) -> None:
    """SLA-32: nobody types his evidence for nothing."""
    plays.dispatched(cast)

    cast.li.presses("暫停計時").sees("客戶改期", "不可抗力")

    assert [one.label for row in cast.li.last().rows for one in row] == ["客戶改期", "不可抗力", "取消"]


def test_a_machine_that_was_opened_before_is_the_supervisor_s_to_judge(cast: SimpleNamespace) -> None:
    """WAR-3: also when the step is looked at again and left as it was."""
    plays.on_site(cast)
    plays.listens(cast.wang)
    cast.wang.presses("看：外觀與保固").presses("保固內").presses("是").says("隔壁水電行").presses("就這些").presses(
        "沒問題，送出"
    )
    cast.li.sees("曾被拆動")

    cast.wang.presses_token(f"o.{cast.room.order().id}.look").sees("保固內").presses("沒問題，送出")

    found = cast.room.order().found(Step.LOOK)
    assert (found["warranty_verdict"], found["technician_verdict"], found["tampered_by"]) == ("unclear", "in", "隔壁水電行")


def test_what_a_driver_does_not_know_takes_a_reason(cast: SimpleNamespace) -> None:
    """VIS-3."""
    room = Room.open("vehicle")
    wang = room.person("王師傅", Role.TECHNICIAN)
    plays.brought_on_site(room, room.person("張先生"), room.person("李主任", Role.SUPERVISOR), wang)

    wang.presses_token(f"o.{room.order().id}.listen").says("行駛中熄火").presses("跳過").says("42000").says("市區路線").presses(
        "跳過"
    )
    wang.says("拖回").presses("就這些").sees("運轉時數", "為什麼")
    wang.says("儀表壞了").sees("故障前", "為什麼").says("司機是代班的").presses("沒問題，送出")

    found = room.order().found(Step.LISTEN)
    assert (found["operating_time"], found["na1"], found["before_fault"], found["na4"]) == (
        None,
        "儀表壞了",
        None,
        "司機是代班的",
    )
    room.close()


def test_who_may_sign_is_what_the_line_of_business_says() -> None:
    """SIG-9: in a building that is looked after, the resident signs as such."""
    room = Room.open("property")
    zhang, wang = room.person("張先生"), room.person("王師傅", Role.TECHNICIAN)
    plays.brought_on_site(room, zhang, room.person("李主任", Role.SUPERVISOR), wang)
    for step in (plays.listens, plays.looks, plays.checks, plays.acts, plays.tries_it):
        step(wang)

    wang.presses("簽名").presses("跳過").says("林太太").sees("[住戶] [家人]").presses("住戶")
    room.later(minutes=1)
    wang.sends_photo("簽名.jpg")

    assert room.order().seals[-1].signer_role == "resident"
    room.close()


def test_a_signature_in_a_colleague_s_name_is_looked_into_before_approval(cast: SimpleNamespace) -> None:
    """SIG-4."""
    plays.finished(cast)
    cast.room.later(minutes=1)

    cast.wang.presses("簽名").presses("跳過").says("王師傅").presses("客戶本人").sends_photo("簽名.jpg")
    cast.li.sees("王師傅 收的 2611-0001 簽名有疑問：簽名人和同事同名")
    cast.wang.presses("離場簡報").presses("就這樣回報")

    cast.li.presses_token(f"o.{cast.room.order().id}.approve").sees("先不能核准：簽名人和同事同名")


def test_an_approval_is_an_account_s_deed_and_no_picture_of_a_signature_stands_for_it(cast: SimpleNamespace) -> None:
    """SIG-6."""
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    order = cast.room.order()
    cast.li.sees("離場")

    cast.wang.sends_photo("主管簽名.jpg")
    cast.wang.presses_token(f"o.{order.id}.approve").sees("不能做")
    assert cast.room.order().stage is Stage.DEPARTED

    cast.li.presses("核准").sees("已核准")
    found = cast.room.connection.execute(select(journal.c.by).where(journal.c.kind == "order.approved")).scalars().all()
    assert found == [cast.li.id]
