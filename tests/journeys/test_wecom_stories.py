"""RULEBOOK 26's stories with staff on WeCom's app and the customer on 微信客服; WeCom's clock is turned with the program's."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

from tests.journeys import stories
from tests.journeys.stages import NINE_TO_FIVE, WecomStage
from tests.stubs.wecom import App, Letter, Member, seal
from tests.stubs.wecom_callback import xml
from tests.stubs.wecom_kf import Visitor


async def test_story_1_a_leak_on_friday_is_promised_watched_and_escalated(tmp_path: Path) -> None:
    await stories.a_leak_on_friday_is_watched(WecomStage(tmp_path, "週五 15:50", week=NINE_TO_FIVE))


async def test_story_1_in_the_suburbs_it_is_an_hour_more(tmp_path: Path) -> None:
    await stories.in_the_suburbs_it_is_an_hour_more(WecomStage(tmp_path, "週五 15:50", week=NINE_TO_FIVE))


async def test_story_3_what_was_signed_is_what_was_done(tmp_path: Path) -> None:
    await stories.what_was_signed_is_what_was_done(WecomStage(tmp_path, "週一 10:00"))


async def test_story_3_a_signature_picture_used_twice_is_flagged(tmp_path: Path) -> None:
    await stories.a_signature_picture_used_twice_is_flagged(WecomStage(tmp_path, "週一 10:00"))


async def test_story_11_a_stranger_gets_nothing_and_the_attempt_is_written_down(tmp_path: Path) -> None:
    stage = WecomStage(tmp_path, "週一 10:00")
    wang, zhang = await stories.somebody_elses_order_is_accepted(stage)
    accepted = stage.kf.wecom.caller.letters[-1]
    stranger, idler = await stage.customer("外人"), await stage.phone("沒有身分的人").opens()
    await idler.sees("機器壞了嗎")

    await stories.guesses(stranger)
    await _taps_what_another_was_offered(stranger, zhang)
    tapped = stage.kf.wecom.caller.letters[-1]
    await _presses_a_forwarded_card(idler, wang)
    await _is_replayed(stage, accepted, tapped)
    await _is_forged(stage, wang)
    for one in (stranger, idler):
        await one.says("說明")
        await one.sees("報修")
        assert not any(one.shows(word) for word in stories.OF_THE_ORDER)
    await stage.closes()

    written = stories.refusals(tmp_path)
    assert written.count("no-such-order") >= len(stories.GUESSES) + len(stories.BUTTONS) + 2
    assert written.count("not-your-button") >= 2


async def _taps_what_another_was_offered(stranger: Visitor, zhang: Visitor) -> None:
    """Every line of 張先生's menus that is about his order or his answers."""
    offered = {line["id"] for one in zhang.messages for line in one.menu if line["id"].startswith(("o.", "q."))}
    assert {one[0] for one in offered} == {"o", "q"}
    for token in sorted(offered):
        await stranger.presses_token(token)
        await stranger.sees("查不到這張單" if token.startswith("o.") else "已經過了")


async def _presses_a_forwarded_card(idler: Member, wang: Member) -> None:
    """A member of the corp who is no staff; the card stays good for whom it was meant."""
    card = next(one for one in reversed(wang.messages) if "出發前準備" in one.labels)
    key = next(one["key"] for one in card.buttons if one["text"] == "出發前準備")
    idler.presses_key(card, key)
    await idler.sees("查不到這張單")
    await wang.presses("出發前準備")
    await wang.sees("還差 4 項")


async def _is_replayed(stage: WecomStage, *letters: Letter) -> None:
    """Letters to the app and to 微信客服, caught and posted again: at first a repeat like WeCom's own, later refused."""
    kf, n_before = stage.kf, _n_stored(stage.folder)
    caught = list(zip((kf.wecom.app, kf.kf.app), letters, strict=True))
    assert [(await kf.wecom.caller.post(*one)).status for one in caught] == [200, 200]
    stage.turns_to("週一 10:30")
    assert [(await kf.wecom.caller.post(*one)).status for one in caught] == [403, 403]
    assert _n_stored(stage.folder) == n_before
    refused = (_refused(stage, "wecom.refused"), _refused(stage, "kf.callback_refused"))
    assert [set(reasons) for reasons in refused] == [{"age"}, {"age"}]  # WeCom itself may repeat one that took long


async def _is_forged(stage: WecomStage, wang: Member) -> None:
    """In 王師傅's name and in 微信客服's: with a guessed token, for another corp, and with another's signature."""
    kf, n_before = stage.kf, _n_stored(stage.folder)
    for app in (kf.wecom.app, kf.kf.app):
        assert [(await kf.wecom.caller.post(app, one)).status for one in _forgeries(stage, app, wang.id)] == [403] * 3
    reasons = ["signature", "receiver", "signature"]
    for event in ("wecom.refused", "kf.callback_refused"):
        assert [one for one in _refused(stage, event) if one != "age"] == reasons
    assert _n_stored(stage.folder) == n_before


def _forgeries(stage: WecomStage, app: App, user: str) -> list[Letter]:
    world = stage.kf.world
    told = {"ToUserName": world.corp_id, "FromUserName": user, "CreateTime": int(world.clock()), "MsgType": "event"}
    plain = xml(told | {"Event": "click", "EventKey": "o.1.reject", "AgentID": app.agent_id})
    genuine, other = seal(world, app, plain), seal(world, app, plain.replace("reject", "accept"))
    another_corp = seal(world, app, plain, receiver="ww0000000000000000")
    return [seal(world, app, plain, token="guessedToken"), another_corp, replace(genuine, body=other.body)]


def _n_stored(folder: Path) -> int:
    with sqlite3.connect(folder / "data" / "fieldhand.db") as connection:
        return int(connection.execute("SELECT count(*) FROM inbox").fetchone()[0])


def _refused(stage: WecomStage, event: str) -> list[str]:
    """Reasons in the log."""
    lines = (json.loads(line) for line in stage.desk.log().splitlines() if line.startswith("{"))
    return [one["reason"] for one in lines if one["event"] == event]
