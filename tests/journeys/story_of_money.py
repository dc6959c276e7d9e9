"""RULEBOOK 26's story 4: no fee under the guarantee; another class, a quote, a receipt at once, and cash by noon (FEE)."""

from tests import story
from tests.journeys.stages import Stage


async def nothing_is_charged_that_was_not_agreed_to(stage: Stage) -> None:
    """Story 4. The stage begins on Friday morning."""
    li, wang, zhang = await stage.opens()
    zhou = await stage.joins("周會計", "accountant", li)
    await story.is_at_the_door(zhang, li, wang)
    await story.listens(wang)
    await story.looks(wang)

    for words in ("收款", "報價"):
        await wang.says(words)
        await wang.sees("C 免費服務", "不能向客戶收費", "FEE-1")

    await wang.says("類別")
    await story.asked(
        wang,
        ("什麼時候買的", "2023/6/1"),
        ("保固內", "▸A 有費服務"),
        ("請說明原因", "保證書上是 2023 年買的"),
    )
    await wang.sees("已請主管決定")
    await wang.says("收款")
    await wang.sees("不能向客戶收費", "FEE-1")
    await li.sees("王師傅 要改為「A 有費服務」", "保證書上是 2023 年買的")
    await li.presses("同意改類別")
    await li.sees("同意改類別")
    await zhang.sees("不在保固範圍", "同意了才開始")

    await story.checks(wang)
    await wang.says("處理")
    await wang.sees("要先報價", "FEE-3")
    await wang.says("報價")
    await story.asked(
        wang,
        ("這一項是什麼", "▸工資"),
        ("名稱", "檢修工資"),
        ("數量", "1"),
        ("單價", "１８０元"),
        ("還有其他項目", "▸否"),
        ("為什麼要收費", "已過保固兩年"),
        ("合計 180 TWD", "▸沒問題，送出"),
    )
    await wang.sees("送主管核准了")
    assert not zhang.shows("180")
    await li.sees("報價 Q26-001：180 TWD", "王師傅 提出")
    await li.presses("核准報價")
    await li.sees("已核准")
    await zhang.sees("報價：180 TWD", "檢修工資", "已過保固兩年")
    await zhang.presses("接受報價")
    await zhang.sees("已接受")
    await wang.sees("客戶接受報價 Q26-001")

    await story.acts(wang, parts=False)
    await story.tries_it(wang)
    await wang.says("收款")
    await story.asked(wang, ("收多少", "500"))
    await story.asked(wang, ("怎麼付的", "▸現金"))
    await wang.sees("客戶同意而未付的是 180 TWD", "不能多收")
    await wang.says("收款")
    await story.asked(wang, ("收多少", "▸180 TWD"), ("怎麼付的", "▸現金"))
    await wang.sees("收到 180 TWD，收據 RC26-001 已給客戶")
    await zhang.sees("已收到 180 TWD，收據編號 RC26-001")
    await story.signs(wang)
    await wang.sees("簽名收到")
    await story.leaves(wang)
    await li.presses("核准")
    await li.sees("已核准")

    stage.turns_to("週六 11:55")
    await wang.sees("RC26-001 現金繳回時限已過 80%", "11月28日 週六 12:00")
    assert not li.shows("現金繳回")
    stage.turns_to("週六 12:01")
    await li.sees("RC26-001 現金繳回逾時", "11月28日 週六 12:00")

    await zhou.says("款項")
    await zhou.sees("王師傅 手上現金 180 TWD", "RC26-001")
    await zhou.presses("點收 王師傅")
    await story.asked(zhou, ("點到多少", "170"))
    await zhou.sees("收據合計 180 TWD", "相差 -10 TWD")
    await zhou.says("１８０元")
    await zhou.sees("相符")
    await wang.sees("收據 RC26-001 的 180 TWD 已繳回", "周會計")
    await stage.closes_well()
