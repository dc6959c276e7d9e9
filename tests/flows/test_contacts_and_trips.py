"""Calls and letters that are no repairs, and coming back to base (INT-2, INT-4, INT-9, CLS-3, CLS-4)."""

from types import SimpleNamespace

from rules.sheets import Sheet
from storage import cases, people, roster
from tests import plays
from tests.flows.test_the_clock import sweeps
from tests.room import at


def sheet(cast: SimpleNamespace) -> Sheet:
    return cases.every(cast.room.connection, Sheet)[-1]


def test_a_letter_is_registered_by_its_kind_and_closed_with_its_reply_or_a_reason(cast: SimpleNamespace) -> None:
    """INT-4, INT-9."""
    people.change_person(cast.room.connection, cast.zhang.id, phone="+886912345678")
    cast.chen.says("表單").presses("＋ 來電來函").presses("來函").presses("建議").presses("急").says("張先生 0912-345-678")
    cast.chen.says("希望週日也能維修").presses("沒問題，送出").sees("CO26-001", "類別：建議", "期限")
    cast.wang.presses_token(f"g.{sheet(cast).id}.close").sees("查不到")
    cast.chen.presses("回覆").presses("回覆客戶").says("下個月起週日上午有人值班").sees("CO26-001 結束了")
    cast.zhang.sees("您的來訊（CO26-001）回覆如下：下個月起週日上午有人值班")
    cast.chen.says("表單").presses("＋ 來電來函").presses("來電").presses("詢問").presses("一般").says("林太太 0987-654-321")
    cast.chen.says("問展示間幾點開").presses("沒問題，送出")
    cast.chen.presses("回覆").presses("不用回覆").says("電話中已答")

    assert (sheet(cast).is_open, sheet(cast).found) == (False, {"how": "no_reply", "reason": "電話中已答"})
    assert [one.number for one in cases.every(cast.room.connection, Sheet)] == ["CO26-001", "CO26-002"]


def test_a_letter_that_nobody_answers_is_asked_for_in_the_time_of_answers(cast: SimpleNamespace) -> None:
    """SLA-12: four working hours from Friday at four."""
    cast.chen.says("表單").presses("＋ 來電來函").presses("來電").presses("詢問").presses("一般").says("林太太 0987-654-321")
    cast.chen.says("問保養價").presses("沒問題，送出").sees("期限：11月28日 週六 11:00")

    sweeps(cast, "週六 11:00")

    cast.chen.sees("CO26-001")


def test_who_asks_for_a_person_is_answered_in_chat_though_he_has_no_order(cast: SimpleNamespace) -> None:
    cast.zhang.says("找真人").says("你們收信用卡嗎").sees("已轉給同事")
    cast.li.sees("張先生 想找真人（—）：你們收信用卡嗎")
    cast.chen.sees("想找真人").presses("回覆").presses("回覆客戶").says("收，各家都可以")
    cast.zhang.sees("收，各家都可以")

    assert not sheet(cast).is_open


def test_an_answer_under_an_order_is_that_order_s_answer(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    cast.zhang.presses("找真人").says("大概幾點到")
    cast.chen.presses("回覆").presses("回覆客戶").says("下午三點前")

    cast.zhang.sees("2611-0001", "下午三點前")


def test_back_at_base_the_supervisor_reads_what_was_done_on_the_way(cast: SimpleNamespace) -> None:
    """CLS-4."""
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    cast.wang.says("回到公司").sees("2611-0001 大金 FTXV50：通管並清洗").presses("跳過").presses("直接上班").presses(
        "沒問題，送出"
    )
    cast.wang.presses_token(f"g.{sheet(cast).id}.close").sees("不能核准自己做的事", "CLS-4")
    cast.li.sees("王師傅 回到公司", "行程：2611-0001 大金 FTXV50：通管並清洗").presses("看過了").sees("TR26-001 結束了")

    cast.wang.sees("返回報告 TR26-001，李主任 看過了")


def test_after_a_trip_nobody_rests_without_his_superior_s_word(cast: SimpleNamespace) -> None:
    """CLS-3: until then he is sent like anybody, afterwards dispatch sees that he rests."""
    cast.wang.says("回到公司").says("跑了兩天高雄").presses("申請休息").presses("明天下班").presses("沒問題，送出")
    assert roster.away(cast.room.connection, cast.room.now) == set()
    cast.li.presses("看過了").presses("准").sees("TR26-001 結束了")

    cast.wang.sees("李主任 准您休息")
    assert roster.away(cast.room.connection, cast.room.now) == {cast.wang.id}


def test_a_rest_that_is_granted_later_ends_when_it_was_asked_for(cast: SimpleNamespace) -> None:
    cast.wang.says("回到公司").says("跑了兩天高雄").presses("申請休息").presses("今天下班").presses("沒問題，送出")
    cast.zhao.says("回到公司").says("跑了三天屏東").presses("申請休息").presses("明天下班").presses("沒問題，送出")
    cast.room.now = at("週六 10:00")
    for one in cases.every(cast.room.connection, Sheet):
        cast.li.presses_token(f"g.{one.id}.close").presses("准").sees("結束了")

    assert roster.away(cast.room.connection, cast.room.now) == {cast.zhao.id}
    assert roster.away(cast.room.connection, at("週日 09:00")) == set()


def test_a_rest_that_is_refused_says_why(cast: SimpleNamespace) -> None:
    cast.wang.says("回到公司").says("跑了一趟淡水").presses("申請休息").presses("今天下班").presses("沒問題，送出")
    cast.li.presses("看過了").presses("不准").says("下午有兩張急單")

    cast.wang.sees("沒准休息", "下午有兩張急單", "照常上班")
    assert roster.away(cast.room.connection, cast.room.now) == set()


def test_whoever_hears_nothing_ten_minutes_after_leaving_is_free(cast: SimpleNamespace) -> None:
    """CLS-1."""
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    plays.has_read(cast.li)
    sweeps(cast, "週五 16:10")  # left at one minute past four
    cast.wang.sees("離場")
    sweeps(cast, "週五 16:11")

    cast.wang.sees("您先自由安排")
    cast.li.sees_nothing_new()


def test_whoever_was_told_where_to_go_next_is_not_called_free(cast: SimpleNamespace) -> None:
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    cast.li.presses("給下一站").presses("沒有，可以回來")
    plays.has_read(cast.wang)

    sweeps(cast, "週五 16:30")

    cast.wang.sees_nothing_new()
