"""微信客服 calls when there is something: answered at once, believed only when it is WeCom's."""

import itertools

import httpx

from tests.channels.kf_desk import KfDesk, called
from tests.stage import PATIENCE
from tests.stubs.wecom import seal
from tests.stubs.wecom_callback import encrypted, signature
from tests.stubs.wecom_kf import Visitor


async def test_a_callback_is_answered_at_once_and_brings_its_token(at: KfDesk, zhang: Visitor) -> None:
    async with called(at):
        await at.start()
        await at.stub.wecom.asked("kf/sync_msg")
        await zhang.says("有人在嗎")
        await at.inbox.has(1)
        is_told = await at.stub.world.wait_for(
            lambda: at.stub.wecom.calls("kf/sync_msg")[-1].get("token") in at.stub.kf.tokens, PATIENCE
        )

    assert is_told
    assert [(one.status, one.text, one.n_attempts) for one in at.stub.wecom.caller.delivered] == [(200, "success", 1)]


async def test_a_callback_that_was_caught_is_not_decrypted_for_whoever_asks(at: KfDesk) -> None:
    app, world, told = at.stub.kf.app, at.stub.world, "<xml><Token><![CDATA[ENCtoken]]></Token></xml>"
    query = dict(seal(world, app, told).query) | {"echostr": encrypted(world, app, told)}
    query["msg_signature"] = signature(app.token, query["timestamp"], query["nonce"], query["echostr"])

    async with called(at) as url, httpx.AsyncClient(verify=False) as client:
        answer = await client.get(url, params=query)

    assert (answer.status_code, answer.text) == (400, "")


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


async def test_a_forged_callback_is_refused(at: KfDesk) -> None:
    async with called(at) as url, httpx.AsyncClient(verify=False) as client:
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
    async with called(at) as url, httpx.AsyncClient(verify=False) as client:
        await at.start()
        await at.stub.wecom.asked("kf/sync_msg")
        told = "<xml><Event>kf_msg_or_event</Event><Token>T</Token><OpenKfId>wkOther</OpenKfId></xml>"
        letter = seal(at.stub.world, at.stub.kf.app, told)
        assert (await client.post(url, params=dict(letter.query), content=letter.body)).text == "success"
        await at.stub.calls_back()
        await at.stub.wecom.asked("kf/sync_msg", 2)

    assert len(at.stub.wecom.calls("kf/sync_msg")) == 2
