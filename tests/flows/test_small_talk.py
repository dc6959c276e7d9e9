"""What people say that is about no order: hello, thanks, a way out of nothing, and "how long yet?" (DESIGN 10.7)."""

from types import SimpleNamespace

import pytest

from rules.people import Role
from tests import plays
from tests.room import played


@pytest.mark.parametrize("word", ["你好！", "在嗎", "您好", "Hello", "请问"])
def test_whoever_says_hello_is_greeted_and_has_reported_no_fault(cast: SimpleNamespace, word: str) -> None:
    cast.zhang.says(word)

    cast.zhang.sees("您好，這裡是 測試家電", "[🛠 報修]")
    cast.zhang.says("冷氣漏水").sees("有照片的話")


def test_a_colleague_who_says_hello_sees_his_menu_whatever_he_has_in_hand(cast: SimpleNamespace) -> None:
    plays.on_site(cast)

    cast.wang.says("早安")

    cast.wang.sees("王師傅 您好", "[📋 我的案件]")


@pytest.mark.parametrize("word", ["謝謝", "好的", "OK", "知道了。"])
def test_thanks_after_a_job_begin_no_report(cast: SimpleNamespace, word: str) -> None:
    cast.zhang.says(word)

    cast.zhang.sees("有需要隨時傳訊息來", "[🛠 報修]")


def test_thanks_while_somebody_is_on_the_way_reach_him(cast: SimpleNamespace) -> None:
    plays.on_site(cast)

    cast.zhang.says("謝謝")

    cast.wang.sees("客戶 張先生：謝謝")


def test_a_customer_who_asks_how_long_yet_sees_the_promise_and_the_technician_his_question(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.zhang.says("請問還要多久？")

    cast.zhang.sees("已轉給負責的同事", "最晚到場")
    cast.li.sees("客戶 張先生：請問還要多久？")


def test_a_long_story_with_a_question_of_time_in_it_is_a_note(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.zhang.says("上次也是這樣，修了兩天又壞，我真的不知道什麼時候才能好好吹冷氣，麻煩請有經驗的師傅來看，謝謝你們的幫忙。")

    cast.zhang.sees("✓ 已加到 2611-0001")


def test_a_customer_who_types_cancel_is_asked_whether_the_order_is_meant(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.zhang.says("取消")

    cast.zhang.sees("為什麼要取消這張單", "[不取消了]")
    cast.zhang.presses("不取消了").sees("沒有取消，這張單照常進行")
    assert cast.room.order().is_open


def test_a_way_out_of_nothing_begins_no_report(cast: SimpleNamespace) -> None:
    cast.zhang.says("取消").sees("沒有做到一半的事情")

    cast.zhang.says("上一題").sees("沒有做到一半的事情")


def test_whoever_finds_nothing_to_change_goes_back_to_the_summary(cast: SimpleNamespace) -> None:
    cast.zhang.says("冷氣漏水").presses("就這些").says("大金 FTXV50").says("台北市大安區和平東路一段 1 號").says("張先生")
    cast.zhang.says("0912-345-678").presses("市區")

    cast.zhang.presses("修改").sees("要改哪一項").presses("都不用改")

    cast.zhang.sees("請看一下對不對").presses("沒問題，送出").sees("已收到您的報修")


def test_whoever_begins_with_a_photo_or_with_words_reads_that_they_have_come(cast: SimpleNamespace) -> None:
    cast.zhang.sends_photo("冰箱.jpg").sees("已收到 1 張照片", "哪裡壞了")

    cast.stranger.says("冰箱不冷了").sees("好，幫您報修：「冰箱不冷了」", "有照片的話")


def test_whoever_leaves_the_arrival_s_questions_reads_that_the_time_stands(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    plays.gets_ready(cast.wang)

    cast.wang.presses("出發").presses("到了").presses("取消")

    cast.wang.sees("到場時間已經記下了")


def test_a_customer_s_notes_bear_the_name_that_was_told_with_the_report(cast: SimpleNamespace) -> None:
    newcomer = cast.room.person("")
    plays.reports(newcomer)

    newcomer.says("門鈴壞了")

    cast.li.sees("客戶 張先生：門鈴壞了")


def test_in_a_hotel_the_room_is_asked_for_and_no_map_is_offered() -> None:
    with played("hotel", li=("李主任", Role.SUPERVISOR)) as hotel:
        hotel.zhang.says("冷氣不冷").presses("就這些").sees("是什麼壞了").says("冷氣").sees("樓棟、樓層和房號").says("1208 房")
        hotel.zhang.says("張先生").says("0912-345-678").sees("・地點：1208 房").presses("沒問題，送出")

        hotel.li.sees("📍 1208 房")


def test_the_beginning_of_a_choice_is_enough_where_only_one_begins_so(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    plays.listens(cast.wang)

    cast.wang.says("看").says("已過").sees("被拆過")


def test_a_customer_puts_a_wrong_telephone_right_until_somebody_has_come(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    cast.li.presses("派 王師傅")
    cast.wang.presses("接單")

    cast.zhang.presses("更正資料").presses("電話").says("0922").sees("好像不完整").says("0922-111-222").sees("改好了")

    cast.wang.sees("報修內容有更動", "+886 922 111 222")
    cast.li.sees("報修內容有更動")


def test_the_office_puts_an_address_right_by_a_word(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.chen.says("改地址 2611-0001").presses("地址").says("台北市信義區松仁路 3 號").sees(
        "改好了", "📍 台北市信義區松仁路 3 號"
    )
