"""RULEBOOK 26's story 13: goods brought back to the shop, day by day, and a special offer that is refused (RET, X-8)."""

from typing import Any

from tests import story
from tests.journeys.stages import Stage


async def a_fault_is_answered_by_its_day(stage: Stage) -> None:
    """Story 13. The stage begins on Friday, November 27, in a shop; all was bought on November 12."""
    li, _wang, zhang = await stage.opens()
    lin = await stage.joins("店員小林", "store_staff", li)
    wu = await stage.joins("吳店長", "manager", li)
    await _asks_beforehand(zhang)

    await _a_special_offer_is_refused(zhang, lin, wu)
    for n, (days, outcome, rule, ground) in enumerate(DAYS, 1):
        if days:
            stage.days_pass(days)
        await _brings(lin, f"電鍋 R{n}")
        await lin.sees(f"判定：{outcome}", f"規則 {rule}", ground)
        await zhang.sees(f"電鍋 R{n}", f"結果是：{outcome}", ground)
        await lin.presses("客戶同意")
        await lin.sees("已開維修單" if "維修" in outcome else "處理完成")
    await lin.says("退換修")
    await lin.sees("沒有待處理的退換修")
    await stage.closes_well()


async def _a_special_offer_is_refused(zhang: Any, lin: Any, wu: Any) -> None:
    """In plain words with the rule; who does not agree has the manager's word at once (RET-10..12)."""
    await _brings(lin, "電鍋 S1", is_special=True)
    await lin.sees("判定：不能退換", "特價品和贈品不退不換（規則 RET-10）")
    await zhang.sees("電鍋 S1", "不能退換：特價品和贈品不退不換", "免費維修", "馬上請主管決定")
    await lin.presses("客戶不同意")
    await story.asked(lin, ("客戶要怎麼處理", "標示不清楚，要退錢"))
    await lin.sees("已請主管決定")
    await wu.sees("應「不能退換」，客戶不同意：標示不清楚")
    await wu.presses("做決定")
    await story.asked(wu, ("怎麼處理", "▸換貨"), ("原因", "標示確實不清楚，換一個給他"))
    await lin.sees("決定：換貨", "標示確實不清楚")
    await zhang.sees("電鍋 S1", "決定是：換貨", "標示確實不清楚")
    await lin.presses("客戶同意")
    await lin.sees("處理完成")


DAYS = (
    (0, "退貨退款", "RET-2", "十五天內"),  # day 15
    (1, "換貨", "RET-3", "超過十五天"),  # day 16
    (14, "換貨", "RET-18", "從寬辦理"),  # day 30
    (62, "免費維修", "RET-18", "從寬辦理"),  # three months to the day
    (1, "收費維修", "RET-5", "超過三個月"),
)
"""Days after the one before, what the shop and the customer are told, the rule and its words."""


async def _asks_beforehand(zhang: Any) -> None:
    """He writes first, so the desk knows who has this telephone."""
    await zhang.says("電鍋煮不熟")
    await zhang.sees("照片")
    await zhang.presses("就這些")
    await story.asked(
        zhang,
        ("品牌和型號", "電鍋 R1"),
        ("完整地址", "台北市大安區和平東路一段 1 號"),
        ("找哪一位", "張先生"),
        ("聯絡電話", "0912-345-678"),
        ("對不對", "▸沒問題，送出"),
    )
    await zhang.sees("已收到您的報修")


async def _brings(lin: Any, article: str, *, is_special: bool = False) -> None:
    await lin.says("退換修")
    await lin.presses("＋ 退換修")
    await story.asked(
        lin,
        ("客戶是誰", "張先生 0912-345-678"),
        ("什麼商品", article),
        ("哪一天買的", "2026/11/12"),
        ("請拍下收據", f"📷收據 {article}"),
        ("客戶怎麼說", "煮不熟"),
        ("特價品或贈品", "▸是" if is_special else "▸否"),
    )
    if not is_special:
        await story.asked(lin, ("客戶弄壞", "▸否"))
    await story.asked(lin, ("是品質問題嗎", "▸是品質問題"))
    if not is_special:
        await story.asked(lin, ("都齊嗎", "▸是"))
    await story.asked(lin, ("請拍商品", "▸就這些"), ("請核對", "▸沒問題，送出"))
