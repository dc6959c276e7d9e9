"""Whoever comes in to 微信客服 is greeted within the twenty seconds, and a sticker leads to its machine."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.channels.base import Sent
from handlers.bubbles import Bubble, Button
from storage import notes
from tests.channels.kf_desk import KfDesk, called, menu_of
from tests.stubs.wecom_kf import Visitor

WELCOME = Bubble("您好，機器壞了嗎？", rows=((Button("🔧 報修", "m.report"),),))


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
