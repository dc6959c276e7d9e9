"""The callback of the WeCom app: what is genuine is stored once and answered in time, what is not leaves no trace."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.channels.base import ChannelRefused, MediaGone
from bot.channels.parts import Parts
from bot.channels.wecom_app import build
from bot.channels.wecom_crypto import MOST_BODY
from bot.settings import Settings, SettingsError
from handlers.events import Kind
from storage.writer import Store
from tests.channels.telegram_desk import JPEG
from tests.channels.wecom_desk import Desk, desk
from tests.stubs.wecom import AMR, Fault, Letter, Member, envelope, seal
from tests.stubs.wecom_callback import encrypted, signature, xml


@pytest.fixture
async def at(store: Store) -> AsyncIterator[Desk]:
    async with desk(store) as found:
        yield found


@pytest.fixture
async def wang(at: Desk) -> Member:
    await at.start()
    return at.stub.member("王師傅")


def text_xml(at: Desk, words: str = "到了", **more: Any) -> str:
    head = {"ToUserName": at.stub.world.corp_id, "FromUserName": "Member001", "CreateTime": int(at.stub.clock())}
    return xml(head | {"MsgType": "text", "Content": words, "MsgId": 1, "AgentID": at.stub.app.agent_id} | more)


async def test_the_console_is_answered_with_the_bare_word(at: Desk) -> None:
    await at.channel.start(at.inbox.accept)

    assert await at.stub.caller.check(at.stub.app, at.url) == (200, "1616140317555161061")


async def test_a_message_that_was_caught_is_not_decrypted_for_whoever_asks(at: Desk) -> None:
    app, world = at.stub.app, at.stub.world
    query = dict(seal(world, app, text_xml(at)).query) | {"echostr": encrypted(world, app, text_xml(at))}
    query["msg_signature"] = signature(app.token, query["timestamp"], query["nonce"], query["echostr"])

    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.get(at.url, params=query)

    assert (answer.status_code, answer.text) == (400, "")


async def test_everything_that_members_send_arrives_in_order(at: Desk, wang: Member) -> None:
    await wang.says("客廳冷氣 <漏水> ]]> & 🥶")
    await wang.sends_photo(JPEG)
    await wang.sends_voice()
    await wang.shares_place(39.908692, 116.397477, "天安門")
    await wang.sends_video()
    await wang.sends_link("http://x.example")
    await wang.taps_menu("報修")

    events = [await at.nth(n) for n in range(1, 8)]
    kinds = [Kind.TEXT, Kind.PHOTO, Kind.VOICE, Kind.LOCATION, Kind.UNSUPPORTED, Kind.UNSUPPORTED, Kind.PRESS]
    assert [one.kind for one in events] == kinds
    assert (events[0].text, events[0].name, events[0].address) == ("客廳冷氣 <漏水> ]]> & 🥶", "王師傅", wang.id)
    assert events[1].media is not None and await at.channel.fetch(events[1].media, 10_000) == JPEG
    assert events[2].media is not None and await at.channel.fetch(events[2].media, 10_000) == AMR
    assert events[6].token == "m.report"
    assert all(one.at.timestamp() == pytest.approx(datetime.now(UTC).timestamp(), abs=60) for one in events)
    assert [one.status for one in at.stub.caller.delivered] == [200] * 7
    assert {one.text for one in at.stub.caller.delivered} == {""}


async def test_a_file_that_is_too_old_is_gone(at: Desk, wang: Member) -> None:
    await wang.sends_photo(JPEG)
    event = await at.nth(1)
    at.stub.passes(3 * 86400)

    assert event.media is not None
    with pytest.raises(MediaGone):
        await at.channel.fetch(event.media, 10_000)


async def test_what_could_not_be_stored_is_not_confirmed_and_comes_again(at: Desk, wang: Member) -> None:
    at.inbox.n_refusals = 2
    await wang.says("到了")

    await at.inbox.has(1)
    await at.stub.caller.idle()
    assert [(one.status, one.n_attempts) for one in at.stub.caller.delivered] == [(200, 3)]
    assert at.inbox.n_offered == 3


async def test_a_repeat_and_a_replay_are_answered_and_change_nothing(at: Desk, wang: Member) -> None:
    at.stub.caller.copies = 2
    await wang.says("到了")
    await at.stub.caller.idle()
    replayed = await at.stub.caller.post(at.stub.app, at.stub.caller.letters[0])

    assert replayed.status == 200
    assert len(at.inbox.stored) == 1


async def test_messages_in_the_wrong_order_are_all_taken(at: Desk, wang: Member) -> None:
    at.stub.caller.is_holding = True
    for words in ("一", "二", "三"):
        await wang.says(words)
    at.stub.caller.release(reverse=True)

    assert [(await at.nth(n)).text for n in (1, 2, 3)] == ["三", "二", "一"]


async def test_two_quick_presses_on_one_card_are_two_events(at: Desk, wang: Member) -> None:
    at.stub.world.put(
        wang.chat,
        is_bots=True,
        kind="template_card",
        app=at.stub.app,
        card={"card_type": "button_interaction", "task_id": "ab-0"},
    )
    for _ in range(2):
        wang.presses_key(wang.messages[-1], "o.1.accept")

    await at.inbox.has(2)
    assert (await at.nth(2)).token == "o.1.accept"


async def test_forged_callbacks_are_refused_and_leave_no_trace(
    at: Desk, wang: Member, capsys: pytest.CaptureFixture[str]
) -> None:
    world, app = at.stub.world, at.stub.app
    good = seal(world, app, text_xml(at, "客廳冷氣漏水"))
    now = int(world.clock())
    truncated = good.body.replace(b"]]></Encrypt>", b"")[:-30]
    half = encrypted(world, app, text_xml(at))[:-12]
    cases: dict[int, list[Letter]] = {
        403: [
            Letter(dict(good.query) | {"msg_signature": "0" * 40}, good.body),
            Letter({}, good.body),
            seal(world, app, text_xml(at), token="guessed"),
            seal(world, app, text_xml(at), receiver="ww0000000000000000"),
            seal(world, app, text_xml(at), timestamp=now - 700),
            seal(world, app, text_xml(at), timestamp=now + 400),
            Letter(dict(good.query), envelope(world, app, "")),
        ],
        400: [
            Letter(dict(good.query), truncated),
            Letter(dict(good.query), b""),
            Letter(
                dict(good.query), b'<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>'
            ),
            Letter(_signed(at, half), envelope(world, app, half)),
            Letter(_signed(at, "客廳!"), envelope(world, app, "客廳!")),
            seal(world, app, '<!DOCTYPE xml [<!ENTITY a "b">]><xml><FromUserName>&a;</FromUserName></xml>'),
            seal(world, app, "no xml at all"),
            seal(world, app, text_xml(at, AgentID=999)),
            seal(world, app, text_xml(at, FromUserName="")),
            seal(world, app, text_xml(at, FromUserName="x" * 65)),
        ],
        413: [Letter(dict(good.query), b"<xml>" + b"A" * MOST_BODY)],
    }
    for status, letters in cases.items():
        assert [(await at.stub.caller.post(app, one)).status for one in letters] == [status] * len(letters)

    assert at.inbox.stored == {}
    assert (await at.stub.caller.post(app, good)).status == 200
    said = capsys.readouterr().out
    assert said.count("wecom.refused") == 17
    assert all(secret not in said for secret in ("漏水", app.token, app.aes_key, "Member001", good.query["msg_signature"]))


def _signed(at: Desk, encrypt: str) -> dict[str, str]:
    query = dict(seal(at.stub.world, at.stub.app, "x").query)
    return query | {"msg_signature": signature(at.stub.app.token, query["timestamp"], query["nonce"], encrypt)}


async def test_other_methods_are_not_served(at: Desk) -> None:
    async with httpx.AsyncClient(verify=False) as client:
        assert (await client.put(at.url)).status_code == 405


async def test_events_that_nobody_has_heard_of_are_stored_and_mean_nothing(at: Desk, wang: Member) -> None:
    wang.happens("template_card_menu_event", EventKey="x", TaskId="y")
    wang.happens("from_the_future")

    for raw in await at.inbox.has(2):
        assert at.channel.read(raw) is None


async def test_only_the_first_entering_is_greeted(at: Desk, wang: Member) -> None:
    wang.enters()
    assert (await at.nth(1)).kind is Kind.START
    wang.enters()
    await wang.says("您好")
    await at.inbox.has(2)
    at.channel = at.open()  # as after a restart
    wang.enters()
    await at.stub.caller.idle()
    assert len(at.inbox.stored) == 2

    wang.unsubscribes()
    assert (await at.nth(3)).kind is Kind.BLOCKED
    at.stub.passes(2)
    wang.enters()
    assert (await at.nth(4)).kind is Kind.START


async def test_whoever_wrote_first_is_not_greeted_in_the_middle_of_it(at: Desk, wang: Member) -> None:
    await wang.says("到了")
    wang.enters()
    await at.stub.caller.idle()

    assert [at.channel.read(raw).kind for raw in await at.inbox.has(1)] == [Kind.TEXT]  # type: ignore[union-attr]


async def test_a_directory_that_does_not_answer_holds_nobody_up(at: Desk, wang: Member) -> None:
    at.stub.fails("user/get", Fault.HANG)
    li = at.stub.member("李主任")

    await wang.says("到了")
    await at.stub.caller.idle()
    await li.says("好")

    assert [(await at.nth(n)).name for n in (1, 2)] == [wang.id, "李主任"]
    assert at.stub.caller.delivered[0].n_attempts == 1


async def test_names_are_asked_for_once(at: Desk, wang: Member) -> None:
    for words in ("一", "二", "三"):
        await wang.says(words)
    await at.inbox.has(3)

    assert [one["userid"] for one in at.stub.calls("user/get")] == [wang.id]


async def test_before_the_start_and_after_the_end_nothing_is_confirmed(at: Desk) -> None:
    at.stub.app.hook = at.url
    early = await at.stub.caller.post(at.stub.app, seal(at.stub.world, at.stub.app, text_xml(at)))
    await at.start()
    await at.channel.stop()
    late = await at.stub.caller.post(at.stub.app, seal(at.stub.world, at.stub.app, text_xml(at)))

    assert (early.status, late.status, at.inbox.stored) == (503, 503, {})


# Starting


async def test_the_app_gets_its_menu(at: Desk) -> None:
    await at.start()

    menu = at.stub.app.menu
    assert [one["name"] for one in menu] == ["mine", "queue", "更多"]
    assert [one["key"] for one in menu[2]["sub_button"]] == ["m.report", "m.resume", "m.language", "m.help"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"wecom_secret": "wrong"}, "WECOM_SECRET: WeCom refuses it"),
        ({"wecom_corp_id": "ww0"}, "WECOM_CORP_ID: WeCom does not know it"),
        ({"wecom_agent_id": 7}, "WECOM_AGENT_ID: the secret is not this app's"),
    ],
)
async def test_a_wrong_setting_ends_the_start_with_words_that_name_it(at: Desk, told: dict[str, Any], words: str) -> None:
    with pytest.raises(ChannelRefused, match=words):
        await at.open(**told).start(at.inbox.accept)


def parts(store: Store, **told: Any) -> Parts:
    whole = {"corp_id": "ww1", "agent_id": 7, "secret": "s", "token": "t", "aes_key": "a" * 43} | told
    plain = {f"wecom_{name}": value for name, value in whole.items()}
    return Parts(Settings(_env_file=None, **plain), store, dict[str, bytes]().__getitem__, lambda _reason: None)  # type: ignore[call-arg]


def test_a_half_filled_set_names_what_is_missing(store: Store) -> None:
    for name, nothing in {"agent_id": None, "secret": None, "token": None, "aes_key": None, "corp_id": ""}.items():
        with pytest.raises(SettingsError, match=f"^WECOM_{name.upper()}: is missing"):
            build(parts(store, **{name: nothing}))


def test_a_key_that_is_none_is_said_without_showing_it(store: Store) -> None:
    with pytest.raises(SettingsError, match="WECOM_AES_KEY: the EncodingAESKey has 43") as error:
        build(parts(store, aes_key="tooShortKey"))
    assert "tooShortKey" not in str(error.value)


def test_without_any_of_its_settings_there_is_no_app(store: Store) -> None:
    assert build(parts(store, agent_id=None, secret=None, token=None, aes_key=None)) is None


async def test_an_address_that_is_not_trusted_yet_is_no_reason_not_to_start(at: Desk, caplog: Any) -> None:
    at.stub.world.is_trusted = False
    await at.start()
    wang = at.stub.member("王師傅")

    await wang.says("到了")

    assert (await at.nth(1)).text == "到了"
    assert at.inbox.fatal == []


async def test_a_network_that_is_down_is_waited_for(at: Desk) -> None:
    channel = at.open(wecom_api_base="http://127.0.0.1:9")

    await channel.start(at.inbox.accept)

    await channel.stop()
    assert at.inbox.fatal == []


# fieldhand check


async def test_the_check_finds_everything_right(at: Desk) -> None:
    at.stub.member("王師傅")
    found = await at.open().check()

    assert [is_well for is_well, _ in found] == [True, True, True]
    assert [words.split(":")[0] for _, words in found] == ["WECOM_SECRET", "WECOM_AGENT_ID", "PUBLIC_URL"]
    assert "seen by 1 members" in found[1][1]


async def test_the_check_says_what_to_mend(at: Desk) -> None:
    async def wrong(**told: Any) -> list[str]:
        return [words for is_well, words in await at.open(**told).check() if not is_well]

    assert (await wrong(wecom_secret="x"))[0].startswith("WECOM_SECRET: ")
    assert (await wrong(wecom_agent_id=7))[0].startswith("WECOM_AGENT_ID: the secret is not")
    assert (await wrong(public_url=""))[-1].startswith("PUBLIC_URL: set the https address")
    assert (await wrong(public_url=f"{at.stub.origin}/elsewhere"))[-1].startswith("PUBLIC_URL: something else answers")
    assert (await wrong())[0].startswith("WECOM_AGENT_ID: nobody sees the app")
    at.stub.world.is_trusted = False
    assert "企業可信IP" in (await wrong())[0]
    unreachable = await at.open(public_url="http://127.0.0.1:9").check()
    assert unreachable[-1][0] and "did not answer from here" in unreachable[-1][1]
