"""微信客服: pulled with a cursor, called when there is something, customers greeted within the twenty seconds."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.channels.base import ChannelRefused, MediaGone, Sent
from bot.channels.parts import Parts
from bot.channels.wecom_kf import build
from bot.settings import SettingsError, read_settings
from handlers.bubbles import Bubble, Button
from handlers.events import Event, Kind, Media
from storage import notes
from storage.tables import channel_notes
from tests.channels.kf_desk import KfDesk, called, kf_desk, menu_of
from tests.channels.telegram_desk import JPEG
from tests.stubs.wecom import AMR, Fault, seal
from tests.stubs.wecom_callback import encrypted, signature
from tests.stubs.wecom_kf import OPEN_KFID, Visitor
from tests.stubs.wecom_kf_world import SYSTEM

WELCOME = Bubble("您好，機器壞了嗎？", rows=((Button("🔧 報修", "m.report"),),))


@pytest.fixture
async def at(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[KfDesk]:
    async with kf_desk(sqlite_template, tmp_path) as desk:
        yield desk


@pytest.fixture
def zhang(at: KfDesk) -> Visitor:
    return at.stub.customer("張先生")


# Receiving


async def test_what_customers_send_comes_in_its_order_with_their_names(at: KfDesk, zhang: Visitor) -> None:
    await at.start()
    async with called(at):
        await at.start()
        await zhang.says("冷氣漏水")
        await zhang.sends_photo(JPEG)
        await zhang.sends_voice()
        await zhang.shares_place(39.910126, 116.403743, address="北京市东城区")
        await zhang.presses_token("q.1.2.0", "就這些")

        kinds = [(await at.nth(n)).kind for n in range(1, 6)]

    assert kinds == [Kind.TEXT, Kind.PHOTO, Kind.VOICE, Kind.LOCATION, Kind.PRESS]
    first = await at.nth(1)
    assert (first.text, first.address, first.name) == ("冷氣漏水", zhang.id, "張先生")


async def test_without_a_callback_a_start_finds_what_is_there(at: KfDesk, zhang: Visitor) -> None:
    await zhang.says("一")
    await at.start()

    assert (await at.nth(1)).text == "一"
    assert at.channel.routes() == []


async def test_a_callback_is_answered_at_once_and_brings_its_token(at: KfDesk, zhang: Visitor) -> None:
    async with called(at):
        await at.start()
        await at.stub.wecom.asked("kf/sync_msg")
        await zhang.says("有人在嗎")
        await at.inbox.has(1)
        is_told = await at.stub.world.wait_for(
            lambda: at.stub.wecom.calls("kf/sync_msg")[-1].get("token") in at.stub.kf.tokens, 10
        )

    assert is_told
    assert [(one.status, one.text, one.n_attempts) for one in at.stub.wecom.caller.delivered] == [(200, "success", 1)]


async def test_a_callback_that_was_caught_is_not_decrypted_for_whoever_asks(at: KfDesk) -> None:
    app, world, told = at.stub.kf.app, at.stub.world, "<xml><Token><![CDATA[ENCtoken]]></Token></xml>"
    query = dict(seal(world, app, told).query) | {"echostr": encrypted(world, app, told)}
    query["msg_signature"] = signature(app.token, query["timestamp"], query["nonce"], query["echostr"])

    async with called(at) as url, httpx.AsyncClient() as client:
        answer = await client.get(url, params=query)

    assert (answer.status_code, answer.text) == (400, "")


async def test_pages_are_read_to_their_end_also_over_empty_ones(at: KfDesk, zhang: Visitor) -> None:
    for n in range(7):
        await zhang.says(f"第 {n} 句")
    at.stub.kf.page, at.stub.kf.gaps = 2, 1
    await at.start()

    assert [one["text"]["content"] for one in await at.inbox.has(7)] == [f"第 {n} 句" for n in range(7)]


async def test_the_cursor_goes_on_where_the_last_program_ended(at: KfDesk, zhang: Visitor) -> None:
    await zhang.says("一")
    await at.start()
    await at.inbox.has(1)
    await at.channel.stop()
    await zhang.says("二")
    n_before = at.inbox.n_offered

    at.channel = at.open()
    await at.start()
    await at.inbox.has(2)

    assert at.inbox.n_offered == n_before + 1
    assert at.stub.wecom.calls("kf/sync_msg")[-1]["cursor"] == "4gw7Mep1"


@pytest.mark.parametrize("is_refused", [False, True])
async def test_a_lost_cursor_loses_nothing_and_doubles_nothing(at: KfDesk, zhang: Visitor, is_refused: bool) -> None:
    await zhang.says("一")
    await at.start()
    await at.inbox.has(1)
    await at.channel.stop()
    await zhang.says("二")
    note = {"cursor": "of another account"}
    if is_refused:
        at.store.write_now(lambda c: notes.put(c, "kf", f"cursor:{OPEN_KFID}", note))
    else:
        at.store.write_now(lambda c: notes.drop(c, "kf", f"cursor:{OPEN_KFID}"))

    at.channel = at.open()
    await at.start()
    await at.inbox.has(2)

    assert [raw["text"]["content"] for _channel, _chat, raw in at.inbox.stored.values()] == ["一", "二"]


async def test_a_token_that_is_refused_costs_nothing_but_the_token(at: KfDesk, zhang: Visitor) -> None:
    at.stub.kf.is_strict = True
    async with called(at):
        await at.start()
        await zhang.says("一")
        await at.inbox.has(1)
        at.stub.wecom.caller.is_holding = True
        await zhang.says("二")
        at.stub.kf.tokens.clear()
        at.stub.wecom.caller.release()
        await at.inbox.has(2)

    asked = [(one.get("token") is not None, one.get("cursor")) for one in at.stub.wecom.calls("kf/sync_msg")]
    assert ((True, "4gw7Mep1"), (False, "4gw7Mep1")) in itertools.pairwise(asked)


async def test_what_can_not_be_stored_now_is_stored_before_the_cursor_moves(at: KfDesk, zhang: Visitor) -> None:
    await zhang.says("一")
    await zhang.says("二")
    at.inbox.n_refusals = 1
    await at.start()

    await at.inbox.has(2)

    assert "cursor" not in at.stub.wecom.calls("kf/sync_msg")[1]


async def test_at_the_very_first_start_old_messages_have_had_their_answer(at: KfDesk, zhang: Visitor) -> None:
    await zhang.says("昨天的事")
    at.stub.kf.log[0].message["send_time"] -= 3600
    await zhang.says("現在的事")
    await at.start()

    (only,) = await at.inbox.has(1)
    assert only["text"]["content"] == "現在的事"


async def test_what_came_while_we_were_away_is_never_old(at: KfDesk, zhang: Visitor) -> None:
    at.stub.wecom.fails("kf/sync_msg", Fault.ERROR)
    await at.start()
    await at.stub.wecom.asked("kf/sync_msg")
    await at.channel.stop()
    begun = datetime.now(UTC) - timedelta(hours=5)
    at.store.write_now(lambda c: notes.put(c, "kf", f"begun:{OPEN_KFID}", {"at": begun.isoformat()}))
    await zhang.says("四小時前的事")
    at.stub.kf.log[0].message["send_time"] -= 4 * 3600

    at.channel = at.open()
    await at.start()

    assert (await at.nth(1)).text == "四小時前的事"


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.ERROR, Fault.CUT, Fault.GARBAGE])
async def test_a_pull_that_fails_is_tried_again(at: KfDesk, zhang: Visitor, fault: Fault) -> None:
    await zhang.says("一")
    at.stub.wecom.fails("kf/sync_msg", fault)
    async with called(at):
        await at.start()
        await at.stub.wecom.asked("kf/sync_msg")
        await at.stub.calls_back()

        await at.inbox.has(1)


async def test_colleagues_words_and_system_news_of_no_customer_are_left_alone(at: KfDesk, zhang: Visitor) -> None:
    await at.stub.takes_over(zhang)
    at.stub.kf.log.append(at.stub.kf.log[0].__class__(at.stub.kf.now(), {"msgtype": "event", "origin": SYSTEM, "event": {}}))
    await zhang.says("好")
    await at.start()

    raws = await at.inbox.has(3)
    events = [at.channel.read(raw) for raw in raws]
    assert [event and event.kind for event in events] == [Kind.SHUT, None, Kind.TEXT]


# The callback


async def test_a_forged_callback_is_refused(at: KfDesk) -> None:
    async with called(at) as url, httpx.AsyncClient() as client:
        app, world = at.stub.kf.app, at.stub.world
        letters = [
            seal(world, app, "<xml></xml>", token="other"),
            seal(world, app, "<xml></xml>", receiver="ww0"),
            seal(world, app, "<xml></xml>", timestamp=1_600_000_000),
        ]
        for letter in letters:
            assert (await client.post(url, params=dict(letter.query), content=letter.body)).status_code == 403
        good = seal(world, app, "no xml")
        assert (await client.post(url, params=dict(good.query), content=good.body)).status_code == 400
        assert (await client.post(url, params=dict(good.query), content=b"x" * 70_000)).status_code == 413
        assert (await client.get(url)).status_code == 403
    assert at.stub.wecom.calls("kf/sync_msg") == []


async def test_a_call_for_another_account_moves_nothing(at: KfDesk) -> None:
    async with called(at) as url, httpx.AsyncClient() as client:
        await at.start()
        await at.stub.wecom.asked("kf/sync_msg")
        told = "<xml><Event>kf_msg_or_event</Event><Token>T</Token><OpenKfId>wkOther</OpenKfId></xml>"
        letter = seal(at.stub.world, at.stub.kf.app, told)
        assert (await client.post(url, params=dict(letter.query), content=letter.body)).text == "success"
        await at.stub.calls_back()
        await at.stub.wecom.asked("kf/sync_msg", 2)

    assert len(at.stub.wecom.calls("kf/sync_msg")) == 2


# Greeting


async def test_who_comes_in_is_greeted_at_no_cost(at: KfDesk, zhang: Visitor) -> None:
    async with called(at):
        await at.start()
        await zhang.enters()
        event = await at.nth(1)
        assert isinstance(await at.channel.send(event.chat, WELCOME), Sent)

    assert (await zhang.sees("機器壞了嗎")).endswith("🔧 報修")
    assert menu_of(zhang.messages[0]) == ["🔧 報修"]
    assert (len(at.stub.wecom.calls("kf/send_msg_on_event")), at.stub.wecom.calls("kf/send_msg")) == (1, [])
    assert event.n_said == 4


async def test_a_greeting_code_serves_once_and_not_after_its_time(at: KfDesk, zhang: Visitor) -> None:
    async with called(at):
        await at.start()
        await zhang.enters()
        event = await at.nth(1)
        await at.channel.send(event.chat, WELCOME)
        await zhang.says("漏水")
        assert isinstance(await at.channel.send(event.chat, Bubble("收到")), Sent)

    assert [one.text for one in zhang.messages] == ["您好，機器壞了嗎？\n🔧 報修", "收到"]
    assert len(at.stub.wecom.calls("kf/send_msg_on_event")) == 1


async def test_too_late_to_greet_it_is_said_like_anything_else(at: KfDesk, zhang: Visitor) -> None:
    code = await zhang.enters()
    until = datetime.now(UTC) + timedelta(minutes=1)
    at.store.write_now(lambda c: notes.put(c, "kf", f"welcome:{zhang.id}", {"code": code}, until=until))
    await zhang.says("漏水")
    at.stub.wecom.passes(30)

    assert isinstance(await at.channel.send(zhang.id, WELCOME), Sent)

    assert len(zhang.messages) == 1


async def test_a_sticker_on_a_machine_leads_to_its_report(at: KfDesk, zhang: Visitor) -> None:
    link = httpx.URL(await at.channel.sticker("m_大金 FTXV50_E123"))
    await zhang.enters(link.params["enc_scene"].removeprefix("ENC"), link.params["scene_param"])
    await at.start()

    assert (await at.nth(1)).text == "m_大金 FTXV50_E123"
    with pytest.raises(ValueError, match="128"):
        await at.channel.sticker("m_" + "機" * 50)


# Files


async def test_files_come_whole_or_are_too_large_or_gone(at: KfDesk, zhang: Visitor) -> None:
    await zhang.sends_voice(AMR)
    await at.start()
    media = (await at.nth(1)).media
    assert media is not None

    assert await at.channel.fetch(media, 10_000) == AMR
    with pytest.raises(MediaGone, match="too-large"):
        await at.channel.fetch(media, 10)
    at.stub.wecom.passes(4 * 86_400)
    with pytest.raises(MediaGone, match="gone"):
        await at.channel.fetch(Media(media.handle), 10_000)


# Settings


async def test_a_secret_that_is_wrong_ends_the_start_with_its_name(at: KfDesk) -> None:
    at.channel = at.open(secret="wrong")

    with pytest.raises(ChannelRefused, match="WECOM_KF_SECRET"):
        await at.start()


async def test_an_account_that_is_not_there_ends_the_start_with_its_name(at: KfDesk) -> None:
    at.channel = at.open(open_kfid="wkOther")

    with pytest.raises(ChannelRefused, match="WECOM_KF_OPEN_ID"):
        await at.start()


async def test_a_network_that_is_down_at_the_start_is_waited_for(at: KfDesk, zhang: Visitor) -> None:
    at.stub.wecom.fails("*", Fault.ERROR, times=2)
    await zhang.says("一")
    await at.start()

    await at.inbox.has(1)


def settings(**told: str) -> Parts:
    return Parts(read_settings(_env_file=None, **told), None, lambda _sha256: b"", lambda _reason: None)  # type: ignore[arg-type]


def test_an_empty_setting_switches_it_off() -> None:
    assert build(settings(wecom_corp_id="ww1", wecom_secret="app's")) is None


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"wecom_kf_secret": "s"}, "WECOM_CORP_ID"),
        ({"wecom_corp_id": "ww1", "wecom_kf_secret": "s"}, "WECOM_KF_OPEN_ID"),
        ({"wecom_corp_id": "ww1", "wecom_kf_open_id": "wk"}, "WECOM_KF_SECRET"),
        ({"wecom_corp_id": "ww1", "wecom_kf_secret": "s", "wecom_kf_open_id": "wk", "wecom_kf_token": "t"}, "WECOM_KF_AES_KEY"),
        ({"wecom_corp_id": "ww1", "wecom_kf_secret": "s", "wecom_kf_open_id": "wk", "wecom_kf_aes_key": "k"}, "WECOM_KF_TOKEN"),
        (
            {"wecom_corp_id": "ww1", "wecom_kf_secret": "s", "wecom_kf_open_id": "wk", "wecom_kf_token": "t"}
            | {"wecom_kf_aes_key": "too short"},
            "WECOM_KF_AES_KEY",
        ),
    ],
)
def test_half_of_the_settings_end_the_start_with_what_is_missing(told: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=f"^{named}: "):
        build(settings(**told))


async def test_check_says_what_is_right_and_where_customers_come_in(at: KfDesk) -> None:
    lines = await at.channel.check()

    assert [is_well for is_well, _line in lines] == [True, True, True]
    assert "every 20 seconds" in lines[1][1]
    assert "https://work.weixin.qq.com/kf/" in lines[2][1]


async def test_check_says_what_is_wrong(at: KfDesk) -> None:
    (line,) = await at.open(secret="wrong").check()
    assert (line[0], line[1].split(":")[0]) == (False, "WECOM_KF_SECRET")
    (line,) = await at.open(open_kfid="wkOther").check()
    assert (line[0], OPEN_KFID in line[1]) == (False, True)
    at.stub.world.is_trusted = False
    (line,) = await at.channel.check()
    assert (line[0], "trusted IP" in line[1]) == (False, True)
    assert [is_well for is_well, _line in await at.open(origin="http://127.0.0.1:9").check()] == [False]


async def test_nothing_that_people_said_is_noted(at: KfDesk, zhang: Visitor) -> None:
    async with called(at):
        await at.start()
        await zhang.enters()
        await zhang.says("我家冷氣漏水")
        await at.inbox.has(2)

    kept = str(at.store.read_now(lambda c: c.execute(select(channel_notes)).all()))
    assert "漏水" not in kept
    assert "張先生" not in kept


def event_of(chat: str) -> Event:
    return Event("kf", chat, chat, "k", Kind.PRESS, datetime.now(UTC))


async def test_a_press_needs_no_answer_of_the_channel_s_own(at: KfDesk, zhang: Visitor) -> None:
    await asyncio.wait_for(at.channel.acknowledge(event_of(zhang.id), "好"), 1)
    assert await at.channel.settle(zhang.id, "2a") == Sent("2a")
    assert at.stub.wecom.calls("kf/send_msg") == []
