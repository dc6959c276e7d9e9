"""What is written while photos are asked for, and photos that come while words are: nothing of it is lost (DESIGN 10.2)."""

from hashlib import sha256
from types import SimpleNamespace

from rules.orders import Stage, Step
from tests import plays


def test_words_and_captions_beside_a_report_s_photos_stand_in_the_report(cast: SimpleNamespace) -> None:
    cast.zhang.says("冷氣漏水").sends_photo("一.jpg", caption="漏在插座旁").sees("已收到 1 張照片，說明也記下了")
    cast.zhang.says("還有怪聲").sees("說明記下了", "[就這些]")
    cast.zhang.presses("就這些").says("大金 FTXV50").says("台北市大安區和平東路一段 1 號").says("張先生").says("0912-345-678")
    cast.zhang.presses("市區").sees("1 張照片，說明：漏在插座旁").presses("沒問題，送出")

    report = cast.room.order().report
    assert report.fault == "冷氣漏水\n漏在插座旁\n還有怪聲"
    assert report.photos == (sha256("一.jpg".encode()).hexdigest(),)


def test_a_technician_s_captions_are_kept_with_the_step_and_what_is_signed(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    cast.wang.presses("聽：記客戶說的").says("昨晚開始滴水").presses("跳過").presses("跳過").presses("跳過")
    cast.wang.sends_photo("管.jpg", caption="接頭鬆了").says("牆面也濕了").presses("就這些").presses("沒問題，送出")

    found = cast.room.order().found(Step.LISTEN)
    assert found["photo_words"] == "接頭鬆了\n牆面也濕了"
    assert len(found["photos"]) == 1

    for step in (plays.looks, plays.checks, plays.acts, plays.tries_it):
        step(cast.wang)
    cast.wang.presses("簽名").sees("照片說明：接頭鬆了")


def test_a_step_that_is_put_right_keeps_what_was_written_beside_its_photos(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    cast.wang.presses("聽：記客戶說的").says("昨晚開始滴水").presses("跳過").presses("跳過").presses("跳過")
    cast.wang.sends_photo("管.jpg", caption="接頭鬆了").presses("就這些").presses("沒問題，送出")

    cast.wang.says("聽").presses("✎ 修改").presses("客戶說").says("今早才滴水").presses("沒問題，送出")

    found = cast.room.order().found(Step.LISTEN)
    assert (found["account"], found["photo_words"], len(found["photos"])) == ("今早才滴水", "接頭鬆了", 1)


def test_a_photo_that_comes_before_the_fault_is_told_is_kept_and_its_caption_tells_it(cast: SimpleNamespace) -> None:
    cast.zhang.says("報修").sends_photo("一.jpg").sees("已收到 1 張照片")
    cast.zhang.sends_photo("二.jpg", caption="冷氣漏水").sees("已收到 2 張照片", "[就這些]")
    cast.zhang.presses("就這些").sees("型號")
    cast.zhang.sends_photo("銘牌.jpg").sees("已收到 3 張照片", "型號").says("大金 FTXV50").sees("完整地址")
    cast.zhang.says("台北市大安區和平東路一段 1 號").presses("張先生").says("0912-345-678").presses("市區").presses(
        "沒問題，送出"
    )

    assert len(cast.room.order().report.photos) == 3


def test_menu_words_and_deeds_stay_what_they_are_while_photos_are_asked_for(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.zhang.says("報修").says("洗衣機不轉").says("我的案件")

    cast.zhang.sees("2611-0001")
    cast.zhang.says("繼續").sees("照片")
    assert cast.room.order("2611-0001").stage is Stage.ASSIGNED


def test_who_asks_for_a_person_in_the_middle_of_a_report_gets_one_and_can_go_on(cast: SimpleNamespace) -> None:
    cast.zhang.says("冷氣漏水").presses("就這些").sees("是什麼機器").says("找真人").says("問了三次都不知道型號")

    cast.li.sees("問了三次都不知道型號")
    cast.zhang.presses("繼續：報修").sees("是什麼機器")


def test_who_was_met_and_who_signs_are_one_tap(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    plays.gets_ready(cast.wang)
    cast.wang.presses("出發").presses("到了").presses("跳過").presses("張先生")
    for step in (plays.listens, plays.looks, plays.checks, plays.acts, plays.tries_it):
        step(cast.wang)
    cast.room.later(minutes=1)
    cast.wang.presses("簽名").presses("跳過").presses("張先生").presses("客戶本人").sends_photo("簽名.jpg")

    seal = cast.room.order().seal
    assert seal is not None and seal.signer == "張先生"
