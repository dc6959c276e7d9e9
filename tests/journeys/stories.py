"""RULEBOOK 26's stories 1, 3 and 11, the same on whatever messengers a stage has."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests import story
from tests.journeys.leaks import TELEPHONE
from tests.journeys.stages import Player, Stage
from tests.stage import photo
from tests.story import Phone


async def a_leak_on_friday_is_watched(stage: Stage) -> None:
    """Story 1. The stage begins on Friday before 16:00."""
    li, wang, zhang = await stage.opens()
    manager = await stage.joins("何經理", "manager", li)
    stage.turns_to("週五 16:00")
    await story.reports(zhang, with_photo=False)
    await zhang.sees("師傅最晚 11月30日 週一 14:00 到")
    await li.sees("新報修")
    await li.presses("派 王師傅")
    await wang.sees("派給您")

    stage.turns_to("週五 16:16")
    await wang.sees("還沒接單")
    assert not li.shows("師傅還沒接單")
    stage.turns_to("週五 16:31")
    await li.sees("師傅還沒接單")
    await wang.presses("接單")
    await wang.sees("接單了")

    stage.turns_to("下週一 11:01")
    await wang.sees("到場時限已過 50%", "11月30日 週一 14:00")
    assert not li.shows("50%")
    stage.turns_to("下週一 12:49")
    await li.sees("到場時限已過 80%")
    stage.turns_to("下週一 14:01")
    await li.sees("到場逾時", "已晚")
    await manager.sees("到場逾時")
    assert not manager.shows("第 4 次通知")
    stage.turns_to("下週一 14:32")
    await manager.sees("第 4 次通知")

    await li.presses("我來處理")
    await li.sees("由您處理", "1 小時內不再提醒")
    await manager.sees("由 李主任 處理中")
    await stage.closes()


async def in_the_suburbs_it_is_an_hour_more(stage: Stage) -> None:
    """Story 1, its last sentence. The stage begins on Friday at 16:00 at the latest."""
    li, _wang, zhang = await stage.opens()
    stage.turns_to("週五 16:00")

    await story.reports(zhang, area="▸郊區", with_photo=False)

    await zhang.sees("師傅最晚 11月30日 週一 15:00 到")
    await zhang.presses("為什麼是這時間？")
    await zhang.sees("7 小時（工作時間）", "11月30日 週一 09:00 到 11月30日 週一 15:00")
    await li.sees("11月30日 週一 15:00")
    await stage.closes()


async def _signs_again_on_paper(wang: Phone) -> None:
    await story.signs(wang, picture="張先生再簽一次")


async def what_was_signed_is_what_was_done(
    stage: Stage, signs_again: Callable[[Any], Awaitable[None]] = _signs_again_on_paper
) -> None:
    """Story 3 up to the journal that verifies; the second signature may be had in another way."""
    li, wang, zhang = await stage.opens()
    await story.is_at_the_door(zhang, li, wang)
    await story.listens(wang)
    before_the_work = int(stage.now().timestamp())

    await wang.says("簽名")
    await wang.sees("還不能簽名", "看、查、作出處理", "SIG-2")
    for step in (story.looks, story.checks, story.acts, story.tries_it):
        await step(wang)
    await story.brings_the_report(wang)
    await wang.sends_photo(photo("早拍的簽名"), date=before_the_work - 60)
    await wang.sees("早於完工時間")
    await wang.sends_photo(photo("張先生的簽名"))
    await wang.sees("簽名收到")
    await zhang.sees("您簽名的服務報告", "排水管 D16 × 1")

    await wang.presses("改記錄")
    await wang.sees("要改哪一步")
    await wang.presses("用料")
    await wang.sees("用料如下")
    await wang.presses("✎ 修改")
    await story.asked(wang, ("要改哪一項", "▸數量"), ("用了幾個", "2"), ("用料如下", "▸沒問題，送出"))
    await wang.sees("原簽名作廢")
    await zhang.presses("我簽的報告")
    await zhang.sees("這份已作廢", "排水管 D16 × 1")
    await signs_again(wang)
    await wang.sees("簽名收到")
    await zhang.sees("您簽名的服務報告", "排水管 D16 × 2")
    await story.leaves(wang)
    await li.presses("核准")
    await li.sees("已核准")

    await stage.closes_well()


async def a_signature_picture_used_twice_is_flagged(stage: Stage) -> None:
    """Story 3, its last sentence (SIG-4)."""
    li, wang, zhang = await stage.opens()
    for customer in (zhang, await stage.customer("林太太")):
        await story.reports(customer, with_photo=False)
        await li.presses("派 王師傅")
        await story.gets_there(wang)
        await story.works(wang)
        await story.signs(wang, picture="同一張簽名")
        await wang.sees("簽名收到")
        await story.leaves(wang)
        if customer is zhang:
            await li.presses("核准")
            await li.sees("已核准")

    await li.presses("核准")
    await li.sees("簽名有疑點", "別張單用過")
    await li.sees("查明了什麼")
    await li.says("已電話向客戶確認")
    await li.sees("已核准")
    await stage.closes()


async def somebody_elses_order_is_accepted(stage: Stage) -> tuple[Player, Player]:
    """Where story 11 begins: 2611-0001 is 張先生's and in 王師傅's hands. Returns 王師傅 and 張先生."""
    li, wang, zhang = await stage.opens()
    await story.reports(zhang, with_photo=False)
    await li.presses("派 王師傅")
    await wang.sees("派給您")
    await wang.presses("接單")
    await wang.sees("接單了")
    return wang, zhang


GUESSES = ("2611-0001", "/order 2611-0001", "簽名 2611-0001")
BUTTONS = ("o.1.card", "o.1.prepare", "o.1.approve", "o.1.details", "o.1.copy", "d.1.arrival")
OF_THE_ORDER = ("漏水", "和平東路", *TELEPHONE, "王師傅")


async def guesses(stranger: Player) -> None:
    """Numbers, and buttons of which somebody has told: each is refused as if there were no such order."""
    for words in GUESSES:
        await stranger.says(words)
        await stranger.sees("查不到這張單")
    for token in BUTTONS:
        await stranger.presses_token(token)
        await stranger.sees("查不到這張單")
    await stranger.presses_token("q.1.1.0")
    await stranger.sees("已經過了")


def refusals(folder: Path) -> list[str]:
    """Codes of all the refusals in the journal."""
    with sqlite3.connect(folder / "data" / "fieldhand.db") as connection:
        rows = connection.execute("SELECT json_extract(facts, '$.code') FROM journal WHERE kind = 'refused'").fetchall()
    return [row[0] for row in rows]
