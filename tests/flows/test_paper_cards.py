"""Opinion cards from the customer's copy and every half year; news for who wants them (SUR-8, SUR-11, SUR-12)."""

from datetime import date
from types import SimpleNamespace

from rules.paper_cards import half_year, is_payload, payload
from rules.people import Role
from rules.surveys import Survey, SurveyStage
from scheduler import campaigns, sweep
from storage import cases, people
from tests import plays
from tests.room import Room


def code(cast: SimpleNamespace) -> str:
    return payload(cast.room.order().seals[-1].digest)


def card(cast: SimpleNamespace) -> Survey:
    return cases.every(cast.room.connection, Survey)[-1]


def test_the_customer_opens_his_card_with_the_code_on_his_copy_and_gets_no_second_one(cast: SimpleNamespace) -> None:
    plays.signed(cast)

    cast.zhang.starts(code(cast)).sees("意見卡", "2611-0001")
    cast.zhang.says("4444")

    assert (card(cast).stage, card(cast).holder, dict(card(cast).grades)["attitude"]) == (SurveyStage.SENT, None, 4)
    cast.zhang.starts(code(cast))
    assert len(cases.every(cast.room.connection, Survey)) == 1


def test_no_colleague_fills_in_a_card_with_the_code(cast: SimpleNamespace) -> None:
    plays.signed(cast)

    for phone in (cast.wang, cast.li, cast.zhao):
        phone.starts(code(cast)).sees("要由客戶自己填", "規則 SUR-8")

    assert cases.every(cast.room.connection, Survey) == []


def test_a_stranger_with_the_paper_answers_only_for_a_customer_who_has_no_chat(cast: SimpleNamespace) -> None:
    plays.signed(cast)
    cast.stranger.starts(code(cast)).sees("在客戶自己的聊天裡")
    people.mark_unreachable(cast.room.connection, "test", "張先生", cast.room.now)

    cast.stranger.starts(code(cast)).sees("意見卡")

    assert card(cast).holder == cast.stranger.id
    cast.stranger.presses_token(f"v.{card(cast).id}.attitude.3").sees("意見卡")
    cast.wang.presses_token(f"v.{card(cast).id}.technique.4").sees("查不到")
    assert dict(card(cast).grades) == {"attitude": 3}


def test_a_guessed_or_voided_code_opens_nothing(cast: SimpleNamespace) -> None:
    plays.signed(cast)
    guessed = payload("0" * 64)
    assert is_payload(guessed) and not is_payload("v_1") and not is_payload(f"v_{'%' * 40}")

    cast.zhang.starts(guessed).sees("查不到")
    old = code(cast)
    cast.wang.presses("改記錄").presses("處理").presses("修改").presses("做了什麼").says("換了排水管").presses("沒問題，送出")
    cast.zhang.starts(old).sees("查不到")


def test_every_half_year_each_customer_who_can_be_reached_is_asked_about_his_latest_call() -> None:
    room = Room.open("mall", start="週五 16:00")
    zhang, li, wang = room.person("張先生"), room.person("李主任", Role.SUPERVISOR), room.person("王師傅", Role.TECHNICIAN)
    plays.brought_on_site(room, zhang, li, wang)
    terms, day = room.company.terms, date(2027, 1, 4)
    room.later(days=38)

    first, again = (campaigns.daily(room.connection, terms, day, now=room.now) for _ in range(2))

    assert (first, again) == (1, 0)
    (asked,) = cases.every(room.connection, Survey)
    assert (asked.number, asked.about) == (f"2026-H2-{zhang.id}", room.order().subject)
    sweep.sweep(room.connection, terms, now=room.now)
    zhang.sees("意見卡", "2026-H2")
    room.close()


def test_a_half_year_is_the_one_before() -> None:
    assert half_year(date(2027, 1, 4)) == ("2026-H2", date(2026, 7, 1), date(2027, 1, 1))
    assert half_year(date(2026, 7, 1)) == ("2026-H1", date(2026, 1, 1), date(2026, 7, 1))
    assert half_year(date(2026, 8, 3)) is None


def test_news_go_to_customers_who_asked_for_them_and_stop_with_one_tap(cast: SimpleNamespace) -> None:
    manager = cast.room.person("孫經理", Role.MANAGER)
    cast.zhang.says("保養訊息").presses("是").sees("會告訴您")

    manager.says("保養訊息").says("冷氣濾網每月洗一次").presses("沒問題，送出").sees("送給 1 位客戶了")

    cast.zhang.sees("冷氣濾網每月洗一次", "[不再收到]")
    cast.stranger.sees_nothing_new()
    cast.zhang.presses("不再收到").sees("不會再收到")
    manager.says("保養訊息").says("新機上市").presses("沒問題，送出").sees("送給 0 位客戶了")
