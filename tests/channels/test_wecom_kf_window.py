"""Five messages after each word of the customer's: what goes, what is joined, what waits, and who hears of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot import auditor
from bot.counted import Counted
from bot.limits import Bucket
from bot.parcels import Preparer, Ready, no_paper
from handlers.events import Event, Kind
from handlers.said import button
from handlers.undelivered import told
from storage import people, windows
from storage.outbox import Parcel, parcels_of
from storage.tables import outbox
from storage.unit import Unit
from tests.channels.kf_desk import KfDesk, called, kf_desk, menu_of
from tests.channels.kf_shop import Shop, opened
from tests.channels.telegram_desk import desk as telegram_desk
from tests.stubs.wecom_kf import Fault, Visitor


@pytest.fixture
async def at(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[KfDesk]:
    async with kf_desk(sqlite_template, tmp_path) as desk, called(desk):
        yield desk


@pytest.fixture
async def shop(at: KfDesk, tmp_path: Path) -> AsyncIterator[Shop]:
    async with opened(at, tmp_path) as shop:
        yield shop


@pytest.fixture
async def zhang(shop: Shop) -> Visitor:
    """A customer who has asked for help, and got an answer: four more messages may be said."""
    zhang = shop.stub.customer("張先生")
    await zhang.says("說明")
    await zhang.sees("報修")
    await shop.until(lambda: shop.rows(zhang.id)[-1].state == "sent")
    zhang.seen()
    return zhang


def held(shop: Shop, visitor: Visitor) -> list[str]:
    return [row.body["facts"]["answer"] for row in shop.rows(visitor.id) if row.reason == "window" and row.state == "waiting"]


async def say_until_full(shop: Shop, zhang: Visitor) -> None:
    """Use up what may be said."""
    for n in range(4):
        shop.notice(zhang, f"第 {n + 1} 則")
        shop.goes()
        await zhang.sees(f"第 {n + 1} 則")


# Joined


async def test_what_waits_together_is_one_message_with_the_buttons_of_each(shop: Shop, zhang: Visitor) -> None:
    for words, label in (("師傅是王師傅", "button.copy"), ("他出發了", "button.details"), ("他到了", "")):
        shop.notice(zhang, words, rows=[[button(label, f"o.1.{label}")]] if label else [])
    shop.goes()

    said = "回覆您：師傅是王師傅\n\n回覆您：他出發了\n\n回覆您：他到了\n我簽的報告\n詳情"
    assert await zhang.sees("王師傅", "出發", "到了") == said
    assert menu_of(zhang.messages[-1]) == ["我簽的報告", "詳情"]
    assert len(zhang.messages) == 2
    await shop.until(lambda: shop.read(lambda c: windows.of(c, "kf", zhang.id)).n_said == 2)


async def test_of_two_notices_about_one_order_the_card_is_shown_once(shop: Shop, zhang: Visitor) -> None:
    order = shop.order_of(zhang)
    shop.card(zhang, order, "notice.registered")
    shop.card(zhang, order, "notice.visit-ended")
    shop.goes()

    shown = await zhang.sees("已收到您的報修", "今天的服務結束了")
    assert shown.count("● 正在安排") == 1


# Room


async def test_the_sixth_message_is_held_and_the_supervisor_hears_of_it_once(shop: Shop, zhang: Visitor) -> None:
    await say_until_full(shop, zhang)

    for words in ("師傅改成明天來", "也可能後天"):
        shop.notice(zhang, words)
        shop.goes()
        await shop.until(lambda words=words: words in held(shop, zhang))  # type: ignore[misc]

    assert shop.told() == ["trouble.window-closed"]
    facts = shop.rows("li")[0].body["facts"]
    assert facts["what"] == {"text": "notice.answer", "facts": {"number": "—", "answer": "師傅改成明天來"}}
    assert len(shop.stub.wecom.calls("kf/send_msg")) == 5
    assert shop.account(zhang).is_reachable


async def test_what_is_held_worries_nobody_but_the_supervisor(shop: Shop, zhang: Visitor) -> None:
    await say_until_full(shop, zhang)
    shop.notice(zhang, "師傅改成明天來")
    shop.goes()
    await shop.until(lambda: held(shop, zhang) != [])

    tomorrow = datetime.now(UTC) + timedelta(days=1)
    n_for_li = len(shop.rows("li"))  # nobody fetches what is for her in this shop
    assert n_for_li == 1
    assert shop.read(lambda c: auditor.findings(c, tomorrow)) == {"trouble.stuck-outbox": n_for_li}


async def test_the_next_word_brings_what_was_held_and_its_own_answer_in_one_message(shop: Shop, zhang: Visitor) -> None:
    await say_until_full(shop, zhang)
    for words in ("師傅改成明天來", "大約十點"):
        shop.notice(zhang, words)
    shop.goes()
    await shop.until(lambda: len(held(shop, zhang)) == 2)
    n_before = len(zhang.messages)

    await zhang.says("說明")

    await zhang.sees("師傅改成明天來", "大約十點", "報修")
    assert len(zhang.messages) == n_before + 1


async def test_courtesies_leave_room_for_what_must_arrive(shop: Shop, zhang: Visitor) -> None:
    for n in range(2):
        shop.notice(zhang, f"客氣話 {n}", is_must=False)
        shop.goes()
        await zhang.sees(f"客氣話 {n}")
    shop.notice(zhang, "再一句客氣話", is_must=False)
    shop.goes()
    await shop.until(lambda: held(shop, zhang) == ["再一句客氣話"])
    assert shop.told() == []

    shop.notice(zhang, "師傅來了")
    shop.goes()
    await shop.until(lambda: held(shop, zhang) == ["再一句客氣話", "師傅來了"])


async def test_a_courtesy_goes_along_with_what_must_arrive(shop: Shop, zhang: Visitor) -> None:
    for n in range(3):
        shop.notice(zhang, f"第 {n} 則")
        shop.goes()
        await zhang.sees(f"第 {n} 則")
    shop.notice(zhang, "客氣話", is_must=False)
    shop.notice(zhang, "師傅來了")
    shop.goes()

    await zhang.sees("客氣話", "師傅來了")


async def test_after_two_days_of_silence_nobody_is_asked_whether_it_may_be_said(shop: Shop, zhang: Visitor) -> None:
    shop.was_heard(zhang, timedelta(hours=48))
    n_before = len(shop.stub.wecom.calls("kf/send_msg"))

    shop.notice(zhang, "師傅改成明天來")
    shop.goes()
    await shop.until(lambda: held(shop, zhang) != [])

    assert len(shop.stub.wecom.calls("kf/send_msg")) == n_before
    assert shop.told() == ["trouble.window-closed"]


async def test_pictures_give_way_to_words(shop: Shop, zhang: Visitor) -> None:
    shop.notice(zhang, "現場照片", photos=[one * 64 for one in "abcd"])
    shop.goes()

    await zhang.sees("現場照片", "還有 1 個附件")
    await shop.until(lambda: shop.read(lambda c: windows.of(c, "kf", zhang.id)).n_said == 5)
    assert [one.kind for one in zhang.messages[1:]] == ["text", "image", "image", "file"]


# Asking for a word


async def test_before_the_room_is_gone_the_customer_is_asked_for_a_word_and_a_tap_will_do(shop: Shop, zhang: Visitor) -> None:
    order = shop.order_of(zhang)
    for text in ("notice.registered", "notice.visit-ended", "notice.closed"):
        shop.card(zhang, order, text)
        shop.goes()
        await shop.until(lambda: {row.state for row in shop.rows(zhang.id)} == {"sent"})
    await zhang.sees("已結案", "我們才能繼續傳給您")

    await zhang.presses("🔔 繼續通知我")

    await zhang.sees("有進度就通知您")
    await shop.until(lambda: shop.read(lambda c: windows.of(c, "kf", zhang.id)).n_said == 1)


async def test_a_closed_order_asks_for_no_word(shop: Shop, zhang: Visitor) -> None:
    await say_until_full(shop, zhang)

    assert not zhang.shows("繼續傳給您")


# When the messenger counts otherwise


async def test_a_messenger_that_takes_no_more_is_believed_and_the_account_stays_good(shop: Shop, zhang: Visitor) -> None:
    zhang.customer.n_left = 0
    shop.notice(zhang, "師傅改成明天來")
    shop.goes()
    await shop.until(lambda: held(shop, zhang) != [])
    assert shop.account(zhang).is_reachable
    assert shop.told() == ["trouble.window-closed"]

    await zhang.says("說明")

    await zhang.sees("師傅改成明天來", "報修")


async def test_while_a_colleague_has_the_session_notices_are_held_and_answers_dropped(shop: Shop, zhang: Visitor) -> None:
    await shop.stub.takes_over(zhang)
    await zhang.says("說明")
    await shop.until(lambda: shop.rows(zhang.id)[-1].reason == "window")
    shop.notice(zhang, "師傅改成明天來")
    shop.goes()
    await shop.until(lambda: "師傅改成明天來" in str([row.body for row in shop.rows(zhang.id) if row.reason == "window"]))
    await shop.stub.ends(zhang)

    await zhang.says("說明")

    shown = await zhang.sees("師傅改成明天來")
    assert shown.count("其他事情直接打字說就好") <= 1
    assert [row.state for row in shop.rows(zhang.id) if row.reason == "superseded"] == ["dropped"]


@pytest.mark.parametrize("fail_type", [4, 6])
async def test_what_was_taken_and_then_did_not_arrive_for_lack_of_room_is_held(
    shop: Shop, zhang: Visitor, fail_type: int
) -> None:
    zhang.customer.fail_type = fail_type
    shop.notice(zhang, "師傅改成明天來")
    shop.goes()
    await shop.until(lambda: len(shop.stub.wecom.calls("kf/send_msg")) == 2)
    await shop.stub.calls_back()
    await shop.until(lambda: held(shop, zhang) == ["師傅改成明天來"])
    assert shop.told() == ["trouble.window-closed"]

    zhang.customer.fail_type = 0
    await zhang.says("說明")

    await zhang.sees("師傅改成明天來", "報修")


@pytest.mark.parametrize("fail_type", [1, 2, 10])
async def test_who_refuses_or_is_gone_is_out_of_reach_and_the_supervisor_hears_of_it(
    shop: Shop, zhang: Visitor, fail_type: int
) -> None:
    zhang.customer.fail_type = fail_type
    shop.notice(zhang, "師傅改成明天來")
    shop.goes()
    await shop.until(lambda: len(shop.stub.wecom.calls("kf/send_msg")) == 2)
    await shop.stub.calls_back()

    await shop.until(lambda: shop.told() == ["trouble.unreachable"])

    assert not shop.account(zhang).is_reachable
    assert [row.state for row in shop.rows(zhang.id)][-1] == "dead"


@pytest.mark.parametrize(("problem", "stirred"), [("window", "kf"), ("fail-10", "another")])
async def test_what_did_not_arrive_is_seen_to_at_once_and_not_at_the_next_look(
    shop: Shop, zhang: Visitor, problem: str, stirred: str
) -> None:
    shop.notice(zhang, "師傅改成明天來")
    shop.goes()
    await shop.until(lambda: [row.state for row in shop.rows(zhang.id)][-1:] == ["sent"] and len(shop.rows(zhang.id)) == 2)
    ref = shop.rows(zhang.id)[-1].ref
    event = Event("kf", zhang.id, zhang.id, "k", Kind.UNDELIVERED, datetime.now(UTC), message=ref, problem=problem)
    person, found = shop.account(zhang).person, set[tuple[str, str]]()

    def tell(unit: Unit) -> None:
        people.add_account(unit.connection, person, channel="another", address="zhang", chat="zhang", now=unit.now)
        told(unit, shop.company, event)
        found.update(unit.lines)

    shop.write(tell)

    assert [channel for channel, _chat in found] == [stirred]


async def test_what_has_arrived_though_nobody_said_so_comes_once_and_what_came_meanwhile_after_it(
    shop: Shop, zhang: Visitor
) -> None:
    shop.stub.wecom.fails("kf/send_msg", Fault.CLOSE)
    shop.notice(zhang, "師傅是王師傅")
    shop.goes()
    await zhang.sees("王師傅")
    shop.notice(zhang, "他出發了")
    shop.goes()

    await zhang.sees("他出發了")
    await shop.until(lambda: {row.state for row in shop.rows(zhang.id)} == {"sent"})

    assert [one.text for one in zhang.messages[1:]] == ["回覆您：師傅是王師傅", "回覆您：他出發了"]


# Coming in


async def test_who_comes_in_is_greeted_with_what_was_held(shop: Shop, zhang: Visitor) -> None:
    await say_until_full(shop, zhang)
    shop.notice(zhang, "師傅改成明天來")
    shop.goes()
    await shop.until(lambda: held(shop, zhang) != [])
    zhang.customer.spoke_at = zhang.customer.welcomed_at = None

    await zhang.enters()

    await zhang.sees("師傅改成明天來", "機器壞了嗎")
    assert len(shop.stub.wecom.calls("kf/send_msg_on_event")) == 1


async def test_looking_in_once_more_is_answered_with_nothing(shop: Shop, zhang: Visitor) -> None:
    n_before = len(shop.rows(zhang.id))

    await zhang.enters()
    await zhang.says("說明")

    await shop.until(lambda: len(shop.rows(zhang.id)) == n_before + 1)


async def test_a_machine_s_sticker_opens_its_report_with_model_and_serial(shop: Shop) -> None:
    lin = shop.stub.customer("林太太")

    await lin.enters("sticker", "m_FTXV50_E123")
    await lin.sees("哪裡壞了")
    await lin.says("不冷")
    await lin.sees("照片")
    await lin.presses("就這些")

    assert "型號" not in await lin.sees("完整地址")


# Another way


async def test_a_must_goes_by_another_messenger_when_there_is_no_room_here(at: KfDesk, tmp_path: Path) -> None:
    async with telegram_desk() as other:
        on_telegram = other.stub.user("張先生")
        await on_telegram.starts()
        async with opened(at, tmp_path, {"telegram": other.channel}) as shop:
            zhang = shop.stub.customer("張先生")
            await zhang.says("說明")
            await zhang.sees("報修")
            person, now = shop.account(zhang).person, datetime.now(UTC)
            address = str(on_telegram.id)
            shop.store.write_now(
                lambda c: people.add_account(c, person, channel="telegram", address=address, chat=address, now=now)
            )
            shop.was_heard(zhang, timedelta(hours=50))
            kf_chat = {"channel": "kf", "chat": zhang.id}
            for words, priority in (("師傅改成明天來", 1), ("客氣話", 2)):
                body = {"text": "notice.answer", "facts": {"number": "—", "answer": words}}
                shop.write(lambda unit, b=body, p=priority: unit.say(person, b, priority=p, **kf_chat))  # type: ignore[misc]
            shop.goes()

            await on_telegram.sees("師傅改成明天來")
            await shop.until(lambda: held(shop, zhang) == ["客氣話"])

    assert shop.told() == []


async def test_a_word_that_comes_while_a_message_is_about_to_be_held_lets_it_go(shop: Shop, zhang: Visitor) -> None:
    shop.was_heard(zhang, timedelta(hours=49))
    shop.notice(zhang, "我們會換新品給您")
    account, prepare = shop.account(zhang), Preparer(lambda: shop.company, no_paper)
    waiting = select(outbox).where(outbox.c.chat == zhang.id, outbox.c.state == "waiting")
    line = shop.read(lambda c: parcels_of(c, waiting))

    def meanwhile(connection: Connection, parcel: Parcel, **how: bool) -> Ready:
        now = datetime.now(UTC)
        shop.store.write_now(lambda c: windows.heard(c, account, at=now, now=now))
        return prepare(connection, parcel, **how)

    bucket = Bucket(shop.channel.abilities)
    await Counted(shop.store, shop.channel, lambda: shop.company, bucket, meanwhile, elsewhere=frozenset()).send(line)

    assert held(shop, zhang) == []
    shop.goes()
    await zhang.sees("我們會換新品給您")
