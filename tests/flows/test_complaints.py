"""Complaints about goods in chat: each department's card, the decision, the answer, the slips (CMP, ESC-7, story 7)."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import tools
from handlers.undelivered import hold
from rules.clocks import Clock
from rules.complaint_records import CaseStage
from rules.people import Role
from rules.tasks import Errand, Task
from rules.terms import Terms
from storage import cases, deadlines, journal, living_cards, outbox, people
from storage.unit import Unit
from storage.windows import Window
from tests import affairs
from tests.affairs import case_of, sweeps
from tests.room import CHANNEL, Phone, at


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    with affairs.factory() as cast:
        yield cast


def labels(phone: Phone) -> list[str]:
    return [one.label for row in phone.last().rows for one in row]


def tasks_of(cast: SimpleNamespace) -> list[Task]:
    return cases.about(cast.room.connection, Task, case_of(cast).subject)


def test_sales_files_the_form_and_the_office_has_it_at_once(cast: SimpleNamespace) -> None:
    affairs.files_form(cast.qian)

    cast.qian.sees("已登記，編號 261101")
    cast.fang.sees("客訴 261101", "總經理室收案", "料號 PCB-4L-02", "不良 40", "業務意見：建議退換（錢業務）", "[收案分類]")
    assert case_of(cast).form.samples


def test_each_department_gets_a_card_with_its_own_button_first(cast: SimpleNamespace) -> None:
    affairs.to_quality(cast)
    cast.ke.sees("品管調查", "[填調查結果]")
    assert labels(cast.ke)[0] == "填調查結果"
    affairs.investigates(cast.ke)
    cast.xu.sees("製造分析", "鍍層過薄", "[填製造分析]")
    affairs.analyses(cast.xu)
    cast.du.sees("研發意見", "每班量測")
    cast.du.presses("填研發意見").says("同意")
    cast.qian.sees("業務洽談", "[填洽談結果]")
    cast.qian.presses("填洽談結果").says("客戶同意退 40 片").says("退貨")
    cast.fang.sees("總經理室綜合意見", "[寫綜合意見]")

    affairs.proposes(cast.fang)

    cast.guo.sees("待核決", "擬：成立，退貨，金額 8,000", "製造 70%、品管 30%", "核決：總經理以上", "[核決]")


def test_the_living_card_shows_everybody_where_it_stands(cast: SimpleNamespace) -> None:
    affairs.to_quality(cast)

    cast.qian.says("261101").sees("品管調查", "輪到：品管", "這一關最晚：11月24日 週二 09:00", "全案最晚：12月6日 週日 09:00")


def test_research_is_left_out_with_a_reason(cast: SimpleNamespace) -> None:
    affairs.to_quality(cast)
    affairs.investigates(cast.ke)

    affairs.analyses(cast.xu, needs_rnd=False)

    cast.qian.sees("業務洽談", "【研發意見】略過：與設計無關")


def test_without_a_loss_an_anomaly_sheet_to_the_unit_is_enough(cast: SimpleNamespace) -> None:
    """CMP-1."""
    cast.qian.says("客訴").presses("否").says("張先生 0912-345-678").says("PCB-4L-02").says("標籤貼歪").presses("就這些")
    cast.qian.presses("品管").presses("沒問題，送出").sees("已登記，編號 A261101")

    cast.ke.sees("異常處理").presses("回報處理").says("已更正治具")

    cast.qian.sees("異常處理單 A261101 已處理")
    assert not case_of(cast, "A261101").is_open


def test_a_customer_s_own_complaint_goes_to_sales_for_the_form_first(cast: SimpleNamespace) -> None:
    cast.zhang.says("我要投訴").presses("是").says("板子焊不上").presses("就這些").presses("跳過").presses("否").presses(
        "沒問題，送出"
    )
    cast.zhang.sees("已收到您的投訴，編號 261101")
    cast.qian.sees("業務填表", "板子焊不上")

    cast.qian.presses("填抱怨處理表").says("S-881").says("PCB-4L-02").says("11/2").says("1000").says("1001").sees("0 到 1000")
    cast.qian.says("40").says("退").presses("加工中，未確定").says("焊盤氧化").presses("否").presses("就這些").says("建議退換")
    cast.qian.presses("沒問題，送出")

    cast.fang.sees("總經理室收案", "客戶加工中，未確定")


def test_the_customer_sees_number_and_answer_and_never_the_form(cast: SimpleNamespace) -> None:
    """ROL-2, CMP-17."""
    affairs.to_decision(cast)
    case = case_of(cast)
    customer = Phone(cast.room, "張先生", case.customer)
    shown = cast.zhang.transcript()
    assert customer.id != cast.zhang.id  # who was entered by telephone has no chat yet
    assert "S-881" not in shown

    cast.guo.presses("核決")
    cast.qian.presses("答覆客戶").sees("我們會換 40 片新品給您").presses("就這樣答覆").sees("沒有聊天帳號").presses("函告")

    assert (case_of(cast).answer.medium, case_of(cast).answer.words) == ("letter", "我們會換 40 片新品給您")


def chatting_customer(cast: SimpleNamespace) -> None:
    """張先生 complains himself, up to the decision."""
    cast.zhang.says("我要投訴").presses("是").says("板子焊不上").presses("就這些").presses("跳過").presses("否").presses(
        "沒問題，送出"
    )
    cast.qian.presses("填抱怨處理表").says("S-881").says("PCB-4L-02").says("11/2").says("1000").says("40").says("退 40 片")
    cast.qian.presses("確定了").says("40").says("焊盤氧化").presses("否").presses("就這些").says("建議退換").presses(
        "沒問題，送出"
    )
    cast.fang.presses("收案分類").presses("品質異常")
    affairs.investigates(cast.ke)
    affairs.analyses(cast.xu, needs_rnd=False)
    cast.qian.presses("填洽談結果").says("客戶同意").says("退貨")
    affairs.proposes(cast.fang)


def test_an_answer_goes_out_after_the_decision_only_and_the_customer_takes_it(cast: SimpleNamespace) -> None:
    chatting_customer(cast)
    cast.qian.presses_token(f"c.{case_of(cast).id}.answer").sees("現在是「待核決」")
    cast.guo.presses("核決").sees("已核決")

    cast.qian.presses("答覆客戶").presses("就這樣答覆")
    cast.zhang.sees("關於您的投訴 261101", "我們會換 40 片新品給您", "[接受結果]", "[不能接受]")
    for secret in ("製程失控", "8,000", "PCB-4L-02", "70%", "電鍍", "建議退換"):
        assert secret not in cast.zhang.transcript(), secret

    cast.zhang.presses("接受結果").sees("結案")
    assert case_of(cast).result == "accepted"
    cast.qian.sees("客戶接受結果")


def test_who_does_not_accept_gets_a_new_number_and_the_old_case_stays_closed(cast: SimpleNamespace) -> None:
    """CMP-15."""
    chatting_customer(cast)
    cast.guo.presses("核決")
    cast.qian.presses("答覆客戶").presses("我改一下").says("我們換新品，並道歉")

    cast.zhang.presses("不能接受").says("換來的一樣壞").sees("261102")

    old, new = case_of(cast), case_of(cast, "261102")
    assert (old.is_open, old.next_number, new.previous_number, new.stage) == (False, "261102", "261101", CaseStage.OFFICE)
    cast.fang.sees("客訴 261102", "前案：261101")
    cast.zhang.presses_token(f"c.{old.id}.accept_result").sees("已結案")


def test_a_remedy_becomes_a_task_and_its_effect_is_checked(cast: SimpleNamespace) -> None:
    """CMP-10."""
    affairs.to_decision(cast)
    cast.guo.presses("核決")
    cast.xu.sees("改善事項", "電鍍液每班量測", "12月15日")

    cast.xu.presses("完成，回報").says("已裝量測器")
    cast.ke.sees("請看改善有沒有效", "已裝量測器")
    cast.ke.presses("完成，回報").presses("沒效，再改").says("仍有 2 片")

    assert [(one.number, one.errand) for one in tasks_of(cast)] == [
        ("261101-I1", Errand.IMPROVEMENT),
        ("261101-E1", Errand.EFFECT),
        ("261101-I2", Errand.IMPROVEMENT),
    ]
    cast.xu.sees("仍有 2 片")


def test_what_is_not_upheld_is_answered_with_its_reason_and_collected(cast: SimpleNamespace) -> None:
    """CMP-19, CMP-31."""
    affairs.to_synthesis(cast)
    cast.fang.presses("寫綜合意見").presses("不成立").says("存放超過六個月").says("客戶存放不當").says(
        "很抱歉，存放過久不在保固"
    )
    cast.fang.presses("沒問題，送出")
    cast.he.sees("待核決", "不成立", "理由：存放超過六個月").presses("核決")

    cast.qian.sees("照正常條件收款")
    assert [one.errand for one in tasks_of(cast)] == [Errand.COLLECTION]


def test_five_copies_go_out_and_each_department_says_that_it_has_its_own(cast: SimpleNamespace) -> None:
    """CMP-14."""
    affairs.to_decision(cast)
    cast.guo.presses("核決")

    for n, phone in enumerate((cast.ke, cast.xu, cast.qian, cast.zhou, cast.fang), 1):
        phone.sees(f"第 {n} 聯").presses("收到這一聯")
    cast.ke.presses_token(f"c.{case_of(cast).id}.copy").sees("已經收到了")

    assert all(copy.acknowledged_by for copy in case_of(cast).copies)
    cast.fang.says("261101").sees("分發 5 聯，已收 5 聯")


def test_each_copy_is_a_paper_for_its_department_and_for_nobody_else(cast: SimpleNamespace) -> None:
    """CMP-14, ROL-2."""
    chatting_customer(cast)
    cast.guo.presses("核決")
    case = case_of(cast)

    cast.fang.presses("🖨 抱怨處理表").sees("只供內部使用")
    cast.zhang.presses_token(f"c.{case.id}.form_paper").sees("身分不能做")

    def who_has(copy: int) -> list[str]:
        wanted = f"SELECT group_concat(chat) FROM outbox WHERE body LIKE '%complaint-form:{case.id}:{copy}%'"
        return str(cast.room.raw(wanted)).split(",")

    assert [who_has(n) for n in range(1, 6)] == [["柯品管"], ["許課長"], ["錢業務"], ["周會計"], ["方小姐", "方小姐"]]


def test_a_late_stage_gets_a_numbered_slip_each_day_and_its_head_as_well(cast: SimpleNamespace) -> None:
    """Story 7, CMP-13, ESC-7."""
    affairs.to_quality(cast)
    sweeps(cast, "週二 08:59")
    assert "催辦單" not in cast.ke.transcript()

    sweeps(cast, "週二 09:01")
    cast.ke.sees("催辦單 R261101", "客訴 261101", "品管調查逾時")
    cast.he.sees("催辦單 R261101")
    assert "催辦單" not in cast.xu.transcript()
    sweeps(cast, "週二 09:02")
    sweeps(cast, "週三 09:01")

    cast.ke.sees("催辦單 R261102", "已晚 1 天")
    assert [slip.number for slip in case_of(cast).slips] == ["R261101", "R261102"]


def test_a_reminder_waits_for_the_end_of_the_night(cast: SimpleNamespace) -> None:
    """Never at midnight for what a day more does no harm."""
    cast.room.now = at("週一 22:00")
    affairs.to_quality(cast)
    newest = cast.room.newest()

    sweeps(cast, "週二 22:01")

    waits = cast.room.raw(f"SELECT min(not_before) FROM outbox WHERE id > {newest} AND body LIKE '%escalation.slip%'")
    assert str(waits).startswith("2026-11-24 23:30")  # half past seven in Taipei


def test_somebody_takes_a_slip_on_and_it_is_quiet_until_the_next_day(cast: SimpleNamespace) -> None:
    affairs.to_quality(cast)
    sweeps(cast, "週二 09:01")

    cast.ke.presses("我來處理").sees("由您處理")

    cast.he.sees("由 柯品管 處理中")
    sweeps(cast, "週二 15:00")
    cast.ke.says("說明")
    sweeps(cast, "週三 10:02")
    cast.ke.sees("催辦單 R261102")


def test_a_case_over_its_days_goes_to_the_gm(cast: SimpleNamespace) -> None:
    affairs.to_decision(cast)
    cast.guo.says("說明")
    sweeps(cast, "週一 09:01", catching_up=False)
    sweeps(cast, days=13)

    cast.guo.sees("客訴 261101 全案客訴結案期限 12月6日 週日 09:00")


def test_a_new_policy_is_for_what_begins_and_not_for_what_runs(cast: SimpleNamespace) -> None:
    """RULEBOOK 23, for complaints as for orders."""
    affairs.to_quality(cast)
    old = cast.room.company.terms
    slow = replace(old.policy, complaint=replace(old.policy.complaint, manufacturing_days=Decimal(9)), version="new")
    cast.room.company = replace(cast.room.company, terms=Terms(slow, old.calendar, earlier={old.policy.version: old}))

    affairs.investigates(cast.ke)
    affairs.files_form(cast.qian)
    cast.fang.presses("收案分類").presses("品質異常")
    affairs.investigates(cast.ke)

    running = [deadlines.of(cast.room.connection, case_of(cast, one).subject) for one in ("261101", "261102")]
    assert [one[Clock.MANUFACTURING].watch.promise.limit.length.days for one in running] == [1, 9]


def test_an_answer_that_finds_no_room_is_told_to_the_office_with_the_complaint(cast: SimpleNamespace) -> None:
    affairs.to_execution(cast)
    case = case_of(cast)
    unit = Unit(cast.room.connection, cast.room.now, cast.room.company.terms)
    unit.show_card(
        cast.zhang.id,
        case.subject,
        headline={"text": "notice.complaint-answer", "facts": {"number": "261101", "answer": "換新"}},
        is_reply=False,
    )
    card = max(outbox.claim(cast.room.connection, [CHANNEL], holder="me", now=cast.room.now), key=lambda one: one.id)

    hold(unit, cast.room.company, [card], Window(), elsewhere=(), is_refused=False)

    cast.he.sees("張先生（261101）要先傳訊息", "[261101]")
    cast.he.presses("261101").sees("客訴 261101")


def test_after_days_without_power_each_gets_one_digest_and_one_slip_is_written(cast: SimpleNamespace) -> None:
    """Story 12 for complaints: caught up with, without a storm."""
    affairs.to_quality(cast)
    cast.room.later(minutes=1)
    affairs.files_form(cast.qian)
    newest = cast.room.newest()

    sweeps(cast, "下週三 08:00", catching_up=True)

    n_told = cast.room.raw(f"SELECT count(*) FROM outbox WHERE id > {newest} AND chat = '何經理' AND kind = 'say'")
    assert n_told == 1
    cast.he.sees("停機期間", "261101", "261102")
    assert len(case_of(cast).slips) == 1


def test_a_late_department_is_asked_why_at_close_and_answers_in_words(cast: SimpleNamespace) -> None:
    """CMP-13, story 7."""
    affairs.to_quality(cast)
    sweeps(cast, "週二 10:00")
    affairs.investigates(cast.ke)
    affairs.analyses(cast.xu, needs_rnd=False)
    cast.qian.presses("填洽談結果").says("客戶同意").says("退貨")
    affairs.proposes(cast.fang)
    cast.guo.presses("核決")

    cast.fang.sees("有逾時的關卡：品管調查").presses("發洽辦單")
    cast.ke.sees("洽辦單 261101-Q1", "請說明原因").presses("答覆洽辦單").says("儀器送修")

    cast.fang.sees("洽辦單 261101-Q1", "柯品管 說明：儀器送修")


def test_a_complaint_is_not_decided_by_one_without_the_authority(cast: SimpleNamespace) -> None:
    affairs.to_decision(cast)

    cast.he.presses_token(f"c.{case_of(cast).id}.decide").sees("核決權限表還沒設定", "complaint.limits", "規則 ROL-2")

    assert not case_of(cast).is_decided


def test_a_memo_reaches_the_approver_and_may_send_the_case_back(cast: SimpleNamespace) -> None:
    """CMP-18."""
    affairs.to_decision(cast)
    cast.guo.presses("核決")

    cast.xu.presses_token(f"c.{case_of(cast).id}.object").says("責任在供應商").sees("執行照常")
    cast.guo.sees("許課長 上簽呈：責任在供應商").presses("准簽呈")

    assert case_of(cast).stage is CaseStage.SYNTHESIS
    cast.xu.sees("您的簽呈，郭總 裁示：是")


def test_a_decision_is_sent_back_with_a_reason(cast: SimpleNamespace) -> None:
    affairs.to_decision(cast)

    cast.guo.presses("退回重擬").says("金額太高")

    cast.fang.sees("核決退回（郭總）：金額太高", "[寫綜合意見]")


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
