"""RULEBOOK 26's story 5: two pumps from the requisition to the write-off; no paper, no part (PRT)."""

from typing import Any

from tests import story
from tests.journeys.stages import Stage

CATALOGUE = "料號,品名,規格,單位,庫位\nP-100,泵浦,24V,個,A-1\nH-16,排水管,16mm,條,B-3\n"


async def two_pumps_go_out_and_both_are_accounted_for(stage: Stage) -> None:
    """Story 5. The stage begins on a day of November 2026."""
    li, wang, zhang = await stage.opens()
    lin = await stage.joins("林倉管", "warehouse", li)
    he = await stage.joins("何經理", "manager", li)
    await _goods_come_in(stage, lin)
    await story.is_at_the_door(zhang, li, wang)
    for step in (story.listens, story.looks, story.checks):
        await step(wang)

    await _nothing_is_issued_before_it_is_approved(stage, li, wang, lin, he)
    await _one_is_used_and_its_old_one_not_answered_for(wang, lin)
    await _the_write_off_says_what_is_missing(li, lin)
    await _the_other_one_comes_back(li, lin)
    await stage.closes_well()


async def _goods_come_in(stage: Stage, lin: Any) -> None:
    file = stage.folder / "parts.csv"
    file.write_text(CATALOGUE, encoding="big5")
    assert await stage.desk.run("import", "parts", str(file)) == (0, "2 new parts, 0 known ones brought up to date (big5)\n")
    await lin.says("倉庫")
    await lin.presses("📥 收貨")
    await story.asked(
        lin,
        ("料從哪裡來", "▸供應商"),
        ("廠商名稱", "大同 8841"),
        ("收到什麼料件", "p-100"),
        ("收下幾個良品", "２"),
        ("不良拒收", "▸跳過"),
        ("還有別的料件", "▸否"),
        ("接收單如下", "▸沒問題，送出"),
    )
    await lin.sees("接收單 GR26-001", "P-100 泵浦：收 2")


async def _nothing_is_issued_before_it_is_approved(stage: Stage, li: Any, wang: Any, lin: Any, he: Any) -> None:
    """PRT-2: no override, not even for the manager; PRT-3: nobody approves what he asked for."""
    await wang.says("申請零件")
    await story.asked(wang, ("要什麼料件", "2.5 個 P-100"), ("要什麼料件", "2 個 P-100"))
    await story.asked(wang, ("還要別的", "▸否"), ("處理建議", "更換泵浦"), ("領料單如下", "▸沒問題，送出"))
    await wang.sees("領料單 L26-001 已送主管核准")
    requisition = f"j.{stage.case_id('L26-001')}"
    for phone in (lin, he):
        await phone.presses_token(f"{requisition}.issue")
        await phone.sees("L26-001 還沒核准", "PRT-2")
    await wang.presses_token(f"{requisition}.approve")
    await wang.sees("這件事由主管、經理處理")
    await li.sees("王師傅 的領料單 L26-001", "P-100 泵浦 × 2")
    await li.presses("核准")
    await li.sees("L26-001 已核准")
    await lin.sees("請備料發料")
    await lin.presses("全部發料")
    await lin.sees("發料已入帳")
    await wang.sees("發料了", "P-100 泵浦 × 2")


async def _one_is_used_and_its_old_one_not_answered_for(wang: Any, lin: Any) -> None:
    """PRT-5: neither signed nor left before the old pump is answered for."""
    await wang.says("2611-0001")
    await story.handles(wang, parts=True)
    await wang.presses("＋ 用料")
    await story.asked(wang, ("用了什麼零件", "▸P-100 泵浦（2）"), ("舊件怎麼了", "▸磨損"), ("舊件去向", "▸跳過"))
    await wang.sees("用料存好了")
    await story.tries_it(wang)
    await wang.says("簽名")
    await wang.sees("還有舊件沒交代：P-100 泵浦 × 1", "PRT-5")
    await lin.says("倉庫")
    await lin.presses("2611-0001-P")
    await lin.sees("P-100 泵浦 × 1（舊件：還沒答）")
    await lin.presses("銷帳")
    await lin.sees("還不能銷帳", "客戶簽名的報告", "主管核准報告", "P-100 泵浦 × 1 的舊件", "PRT-4")

    await wang.says("用料")
    await story.asked(wang, ("舊件去向", "▸帶回公司"), ("用料如下", "▸沒問題，送出"))
    await wang.sees("用料存好了")
    await story.signs(wang)
    await wang.sees("簽名收到")
    await story.leaves(wang)


async def _the_write_off_says_what_is_missing(li: Any, lin: Any) -> None:
    """PRT-4: approval and the old part are missing still; PRT-6: and so is the second pump."""
    await _tries_to_write_off(lin)
    refused = await lin.sees("還不能銷帳", "主管核准報告", "P-100 泵浦 × 1 的舊件", "未對平：L26-001: P-100 泵浦 × 1")
    assert "客戶簽名的報告" not in str(refused)
    await li.presses("核准")
    await li.sees("領的料還沒對平", "PRT-6")


async def _the_other_one_comes_back(li: Any, lin: Any) -> None:
    await lin.says("倉庫")
    await lin.presses("L26-001")
    await lin.presses("收到退料")
    await story.asked(lin, ("退回幾個", "2"))
    await lin.sees("還在手上的是 1 個")
    await lin.says("倉庫")
    await lin.presses("L26-001")
    await lin.presses("收到退料")
    await story.asked(lin, ("退回幾個", "1"))
    await lin.sees("用 1、退 1", "已對平")
    await li.says("核准 2611-0001")
    await li.sees("已核准")
    await _tries_to_write_off(lin)
    refused = await lin.sees("還不能銷帳", "缺：P-100 泵浦 × 1 的舊件")
    assert "核准報告" not in str(refused)
    await lin.says("倉庫")
    await lin.presses("2611-0001-P")
    await lin.presses("收到舊件")
    await lin.sees("舊件已入庫")
    await lin.presses("銷帳")
    await lin.sees("2611-0001-P 已銷帳")
    await lin.presses("處置舊件")
    await story.asked(lin, ("舊件怎麼處置", "▸報廢"))
    await lin.sees("處置：報廢")
    await lin.says("倉庫")
    await lin.sees("倉庫沒有待辦")
    await lin.presses("📋 庫存")
    await lin.sees("P-100 泵浦：1")


async def _tries_to_write_off(lin: Any) -> None:
    await lin.says("倉庫")
    await lin.presses("2611-0001-P")
    await lin.presses("銷帳")
