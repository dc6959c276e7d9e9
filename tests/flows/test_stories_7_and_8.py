"""RULEBOOK 26's stories 7 and 8, played to their end on either engine with a turned clock."""

from types import SimpleNamespace

from rules.complaint_records import CaseStage, SlipKind
from storage import cases, journal
from tests import affairs
from tests.affairs import case_of, survey_of, ticks
from tests.room import Phone


def heard(phone: Phone, words: str) -> bool:
    phone.last()
    return any(words in bubble.text for _subject, bubble in phone.bubbles)


def test_story_7_a_complaint_about_goods_from_the_form_to_the_new_case(database_url: str) -> None:
    with affairs.factory(database_url) as cast:
        customer_tells(cast)
        quality_is_late(cast)
        the_case_is_late(cast)
        it_is_decided_and_the_late_are_asked(cast)
        the_customer_does_not_accept(cast)
        december_begins_anew(cast)
        assert list(journal.flaws(cast.room.connection)) == []


def customer_tells(cast: SimpleNamespace) -> None:
    """The first complaint of November 2026 is 261101."""
    zhang, qian, fang = cast.zhang, cast.qian, cast.fang
    zhang.says("我要投訴").presses("是").says("板子焊不上").presses("就這些").presses("跳過").presses("否").presses(
        "沒問題，送出"
    )
    zhang.sees("編號 261101")
    qian.presses("填抱怨處理表").says("S-881").says("PCB-4L-02").says("11/2").says("1000").says("40").says("退 40 片")
    qian.presses("確定了").says("40").says("焊盤氧化").presses("否").presses("就這些").says("建議退換").presses("沒問題，送出")
    fang.sees("客訴 261101", "全案最晚：12月6日 週日 09:00").presses("收案分類").presses("品質異常")


def quality_is_late(cast: SimpleNamespace) -> None:
    """Held beyond one day: a numbered 催辦單 to owner and head, again each day."""
    ticks(cast, "週二 08:59")
    assert not heard(cast.ke, "催辦單")
    ticks(cast, "週二 09:01")
    for phone in (cast.ke, cast.he):
        phone.sees("催辦單 R261101", "品管調查逾時")
    ticks(cast, "週三 09:01")
    cast.ke.sees("催辦單 R261102", "已晚 1 天")
    affairs.investigates(cast.ke)
    affairs.analyses(cast.xu, needs_rnd=False)
    cast.qian.presses("填洽談結果").says("客戶要退").says("退貨")
    affairs.proposes(cast.fang)
    ticks(cast, "週四 09:01")
    assert not heard(cast.ke, "R261103")


def the_case_is_late(cast: SimpleNamespace) -> None:
    """Over 13 days at home: the GM."""
    ticks(cast, "下週六 09:01")
    assert not heard(cast.guo, "全案客訴結案期限")
    ticks(cast, "下週日 09:01")
    cast.guo.sees("客訴 261101 全案客訴結案期限 12月6日 週日 09:00")
    ticks(cast, "下週日 12:00")


def it_is_decided_and_the_late_are_asked(cast: SimpleNamespace) -> None:
    """Late stages get a drafted 洽辦單 at close, which is answered in words."""
    cast.guo.presses("核決")
    queries = [slip.stage for slip in case_of(cast).slips if slip.kind is SlipKind.QUERY]
    assert queries == [CaseStage.QUALITY, CaseStage.DECISION]
    cast.fang.sees("有逾時的關卡：品管調查、待核決").presses("發洽辦單").presses("261101-Q1")
    cast.ke.sees("洽辦單 261101-Q1").presses("答覆洽辦單").says("儀器送修")
    cast.fang.sees("柯品管 說明：儀器送修")


def the_customer_does_not_accept(cast: SimpleNamespace) -> None:
    """A new number linked, the old case stays closed (CMP-15); it is December by now."""
    cast.qian.presses("答覆客戶").presses("就這樣答覆")
    cast.zhang.sees("我們會換 40 片新品給您").presses("不能接受").says("換來的一樣壞").sees("261201")
    old, new = case_of(cast), case_of(cast, "261201")
    assert (old.is_open, old.stage, old.next_number) == (False, CaseStage.CLOSED, "261201")
    assert (new.previous, new.previous_number, new.is_open) == (old.id, "261101", True)


def december_begins_anew(cast: SimpleNamespace) -> None:
    """261201 was the first; November's table says how it went."""
    affairs.files_form(cast.qian)
    assert case_of(cast, "261202").is_open
    ticks(cast, "下週日 13:00")
    assert heard(cast.fang, "2026-11 沒有結案的客訴")


def test_story_8_a_low_grade_is_a_visit_and_what_is_serious_is_before_the_deputy_at_once(database_url: str) -> None:
    with affairs.dealer(database_url) as cast:
        affairs.closed_job(cast)
        ticks(cast, "週六 08:29")
        assert not heard(cast.zhang, "您滿意嗎")
        ticks(cast, "週六 08:31")
        ticks(cast, "週六 08:31")
        cast.zhang.sees("您滿意嗎", "態度如何").presses("不滿意").presses("很滿意").presses("滿意").presses("很滿意").presses(
            "否"
        )
        cast.zhang.sees("已登記投訴 261101")

        cast.li.sees("客訴 261101", "請親自或派專人登門拜訪").presses("情節重大")
        cast.gao.sees("重大客訴 261101，請閱示").presses("已閱")
        assert not heard(cast.wang, "客訴") and not heard(cast.wang, "261101")
        cast.li.presses("登門了，回報").says("已向客戶道歉")
        cast.zheng.presses("寫處理意見").presses("成立").presses("說明致歉").says("0").says("師傅承認").says("我們向您道歉")
        cast.zheng.presses("沒問題，送出")
        cast.he.presses("核決")
        cast.zheng.presses("答覆客戶").presses("就這樣答覆")
        cast.zhang.sees("我們向您道歉").presses("接受結果")

        assert not case_of(cast).is_open
        assert survey_of(cast).complaint == case_of(cast).id
        assert not cases.has_open(cast.room.connection, (type(case_of(cast)),))
        assert list(journal.flaws(cast.room.connection)) == []
