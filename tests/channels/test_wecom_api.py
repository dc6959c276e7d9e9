"""WeCom's REST interface: one token for everybody, fetched anew when it is over; what each refusal means; files."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from wecomkit import AsyncWeComClient, WeComConfig
from wecomkit.exceptions import WeComAPIError

from bot.channels.base import Later, MediaGone, MediaLater, Never
from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_errors import WecomError, WecomRefusal, WecomSilence, advice, is_setup, verdict
from storage.tables import channel_notes
from storage.writer import Store
from tests.stubs.wecom import AGENT_ID, AMR, SECRET, Fault, Member, WecomStub

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256))
SEND = "/cgi-bin/message/send"


@pytest.fixture
async def stub() -> AsyncIterator[WecomStub]:
    server = await WecomStub.start()
    yield server
    await server.stop()


@pytest.fixture
def api(stub: WecomStub, store: Store) -> WecomApi:
    return opened(stub, store)


@pytest.fixture
def wang(stub: WecomStub) -> Member:
    return stub.member("王師傅")


def opened(stub: WecomStub, store: Store, *, secret: str = SECRET, base: str = "", patience: float = 1.0) -> WecomApi:
    return WecomApi(store, base=base or stub.origin, corp_id=stub.world.corp_id, secret=secret, name="wecom", patience=patience)


def text(words: str, user: str = "Member001", **more: Any) -> dict[str, Any]:
    return {"touser": user, "msgtype": "text", "agentid": AGENT_ID, "text": {"content": words}, **more}


async def test_one_token_is_fetched_however_many_ask_at_once(
    stub: WecomStub, store: Store, api: WecomApi, wang: Member
) -> None:
    await asyncio.gather(*(api.call(SEND, text(f"第 {n} 句")) for n in range(20)))
    await opened(stub, store).call(SEND, text("別的程序也用它"))

    assert len(stub.calls("gettoken")) == 1
    assert [one.text for one in wang.messages][-1] == "別的程序也用它"


@pytest.mark.parametrize("is_forgotten", [False, True])
async def test_a_token_that_is_over_is_fetched_anew_once(
    stub: WecomStub, api: WecomApi, wang: Member, is_forgotten: bool
) -> None:
    await api.call(SEND, text("一"))
    stub.expires_tokens()
    if is_forgotten:
        stub.world.tokens.clear()

    await asyncio.gather(*(api.call(SEND, text(f"二 {n}")) for n in range(5)))

    assert len(wang.messages) == 6
    assert len(stub.calls("gettoken")) == 2


async def test_a_process_takes_over_the_token_that_another_has_fetched(
    stub: WecomStub, store: Store, api: WecomApi, wang: Member
) -> None:
    other = opened(stub, store)
    await asyncio.gather(api.call(SEND, text("一")), other.call(SEND, text("二")))
    stub.expires_tokens()
    await other.call(SEND, text("三"))
    before = len(stub.calls("gettoken"))

    await api.call(SEND, text("四"))

    assert len(stub.calls("gettoken")) == before


async def test_a_token_that_is_never_taken_is_not_asked_for_again_and_again(
    stub: WecomStub, api: WecomApi, wang: Member
) -> None:
    stub.world.token_seconds = 0

    with pytest.raises(WecomRefusal) as refused:
        await api.call(SEND, text("一"))

    assert refused.value.code == 42001
    assert len(stub.calls("gettoken")) == 2


async def test_another_secret_does_not_use_the_old_ones_token(
    stub: WecomStub, store: Store, api: WecomApi, wang: Member
) -> None:
    await api.call(SEND, text("一"))

    with pytest.raises(WecomRefusal) as refused:
        await opened(stub, store, secret="old").call(SEND, text("二"))

    assert refused.value.code == 40001


async def test_nobody_there_is_never_and_others_are_later(stub: WecomStub, api: WecomApi, wang: Member) -> None:
    async def said_of(body: dict[str, Any]) -> Later | Never:
        with pytest.raises(WecomError) as error:
            await api.call(SEND, body)
        return verdict(error.value)

    assert await said_of(text("x", "nobody")) == Never("unknown-address")
    assert await said_of(text("")) == Never("refused-44004")
    stub.fails("message/send", Fault.BUSY)
    assert await said_of(text("x")) == Later(3.0, "busy")
    stub.fails("message/send", Fault.ERROR)
    assert await said_of(text("x")) == Later(3.0, "status-500", is_unknown=True)
    for fault, reason in ((Fault.CUT, "RemoteProtocolError"), (Fault.CLOSE, "RemoteProtocolError"), (Fault.GARBAGE, "garbled")):
        stub.fails("message/send", fault)
        assert await said_of(text("x")) == Later(3.0, reason, is_unknown=True)
    stub.world.is_trusted = False
    assert await said_of(text("x")) == Later(60.0, "set-up-60020")


async def test_no_answer_is_waited_for_only_so_long(stub: WecomStub, store: Store, wang: Member) -> None:
    stub.fails("message/send", Fault.HANG)

    with pytest.raises(WecomSilence) as silence:
        await opened(stub, store, patience=0.3).call(SEND, text("x"))

    assert verdict(silence.value) == Later(3.0, "ReadTimeout", is_unknown=True)


async def test_a_machine_without_network_is_sure_that_nothing_arrived(stub: WecomStub, store: Store) -> None:
    api = opened(stub, store, base="http://127.0.0.1:9")

    with pytest.raises(WecomSilence) as silence:
        await api.call(SEND, text("x"))

    assert verdict(silence.value) == Later(3.0, "ConnectError")


async def test_trouble_with_the_token_means_that_nothing_was_sent(stub: WecomStub, api: WecomApi) -> None:
    stub.fails("gettoken", Fault.GARBAGE)

    with pytest.raises(WecomSilence) as silence:
        await api.call(SEND, text("x"))

    assert verdict(silence.value) == Later(3.0, "garbled")


async def test_whoever_asked_too_often_leaves_that_path_alone_for_a_minute(
    stub: WecomStub, api: WecomApi, wang: Member
) -> None:
    stub.fails("message/send", Fault.TOO_OFTEN)
    waits = []
    for _ in range(3):
        with pytest.raises(WecomRefusal) as refused:
            await api.call(SEND, text("x"))
        waits.append(verdict(refused.value).seconds)

    assert len(stub.calls("message/send")) == 1
    assert all(59 < wait <= 60 for wait in waits)
    await api.call("/cgi-bin/user/get", userid="Member001")


async def test_capitals_chinese_and_emoji_arrive_as_they_are(api: WecomApi, wang: Member) -> None:
    await api.call(SEND, text('李主任："冷氣" 🥶 \\u4e00\n第二行', "MEMBER001"))

    assert wang.messages[-1].text == '李主任："冷氣" 🥶 \\u4e00\n第二行'


async def test_a_file_is_uploaded_once_in_three_days(stub: WecomStub, api: WecomApi) -> None:
    first = await api.upload("image", JPEG, "a.jpg")

    assert await api.upload("image", JPEG, "b.jpg") == first
    assert await api.upload("file", JPEG, "a.jpg") != first
    assert await api.upload("image", JPEG, "a.jpg", again=True) != first
    assert [one["type"] for one in stub.calls("media/upload")] == ["image", "file", "image"]


async def test_a_media_id_is_forgotten_before_it_is_three_days_old(api: WecomApi, store: Store) -> None:
    await api.upload("voice", AMR, "a.amr")

    media = select(channel_notes.c.until).where(channel_notes.c.key.like("media:%"))
    until = store.read_now(lambda c: c.execute(media).scalar_one())
    assert timedelta(hours=69) < until - datetime.now(UTC) < timedelta(hours=71)


async def test_a_file_comes_back_byte_by_byte_and_not_above_the_limit(stub: WecomStub, api: WecomApi) -> None:
    media_id = stub.world.keep("image", JPEG, "photo.jpg")

    assert await api.download(media_id, len(JPEG)) == JPEG
    with pytest.raises(MediaGone, match="too-large"):
        await api.download(media_id, len(JPEG) - 1)


async def test_a_file_after_three_days_is_gone_though_the_status_is_200(stub: WecomStub, api: WecomApi) -> None:
    media_id = stub.world.keep("image", JPEG, "photo.jpg")
    stub.passes(3 * 86400 + 1)

    with pytest.raises(MediaGone, match="gone"):
        await api.download(media_id, 10_000)


async def test_a_file_that_does_not_come_this_time_is_asked_for_again_later(stub: WecomStub, api: WecomApi) -> None:
    media_id = stub.world.keep("image", JPEG, "photo.jpg")
    for fault in (Fault.BUSY, Fault.ERROR, Fault.CUT, Fault.CLOSE, Fault.GARBAGE, Fault.TOO_OFTEN):
        stub.fails("media/get", fault)
        with pytest.raises(MediaLater):
            await api.download(media_id, 10_000)

    stub.expires_tokens()
    assert await api.download(media_id, 10_000) == JPEG


async def test_an_administrator_is_told_which_setting_is_wrong(stub: WecomStub, store: Store) -> None:
    with pytest.raises(WecomRefusal) as refused:
        await opened(stub, store, secret="wrong").check_secret()
    assert is_setup(refused.value)
    assert advice(refused.value, "WECOM_KF").startswith("WECOM_KF_SECRET: WeCom refuses it; copy the Secret")
    stub.world.corp_id = "another"
    with pytest.raises(WecomRefusal) as refused:
        await WecomApi(store, base=stub.origin, corp_id="x", secret=SECRET, name="wecom").check_secret()
    assert advice(refused.value).startswith("WECOM_CORP_ID: ")
    assert "企業可信IP" in advice(WecomRefusal(60020))
    with pytest.raises(WecomSilence) as silence:
        await opened(stub, store, base="http://127.0.0.1:9").check_secret()
    assert advice(silence.value).startswith("WECOM_API_BASE: WeCom can't be reached (ConnectError)")


async def test_the_check_writes_nothing_and_knows_the_other_clock(stub: WecomStub, store: Store, api: WecomApi) -> None:
    await api.check_secret()

    assert abs(api.clock_seconds) < 3
    assert store.read_now(lambda c: c.execute(select(channel_notes)).all()) == []


async def test_no_token_secret_or_word_is_ever_logged(stub: WecomStub, api: WecomApi, wang: Member, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    await api.call(SEND, text("客廳冷氣漏水"))
    stub.fails("message/send", Fault.ERROR)
    stub.expires_tokens()
    with pytest.raises(WecomError) as error:
        await api.call(SEND, text("客廳冷氣漏水"))

    said = f"{caplog.text} {error.value!r} {verdict(error.value)}"
    assert all(secret not in said for secret in (SECRET, "漏水", *stub.world.tokens))


async def test_a_client_that_others_wrote_gets_along_with_the_stub(stub: WecomStub, wang: Member) -> None:
    stub.app.hook = "http://127.0.0.1:9/wecom/app"
    config = WeComConfig(corp_id=stub.world.corp_id, corp_secret=SECRET, base_url=stub.origin)
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": "工單 #1"},
        "task_id": "t1",
        "button_list": [{"text": "接單", "style": 1, "key": "take"}],
    }
    async with AsyncWeComClient(config) as theirs:
        await theirs.messages.send_text(AGENT_ID, "您好", to_user=wang.id)
        assert wang.messages[-1].shown == "您好"
        told = await theirs.messages.send_template_card(AGENT_ID, card, to_user=wang.id)
        assert (wang.messages[-1].shown, wang.messages[-1].labels) == ("工單 #1", ["接單"])
        code, who = told["response_code"], [wang.id]
        await theirs.messages.update_template_card(AGENT_ID, code, userids=who, button={"replace_name": "已接"})
        assert (wang.messages[-1].shown, wang.messages[-1].labels) == ("工單 #1\n已接", [])
        with pytest.raises(WeComAPIError):
            await theirs.messages.update_template_card(AGENT_ID, code, userids=who, button={"replace_name": "又"})
        media = await theirs.media.upload_bytes(JPEG, "image", "a.jpg")
        await theirs.messages.send_image(AGENT_ID, media["media_id"], to_user=wang.id)
        assert wang.messages[-1].data == JPEG
        assert (await theirs.users.get(wang.id))["name"] == "王師傅"
