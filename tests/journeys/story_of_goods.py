"""RULEBOOK 26's story 6: a television is taken back, late, repaired, inspected, not fetched and sent by post (WKS, ESC)."""

from typing import Any

from tests import story
from tests.journeys.stages import Stage

GOODS = "2611-0001-W1"


async def a_television_is_taken_back_and_goes_home_by_post(stage: Stage) -> None:
    """Story 6. The stage begins on Friday morning."""
    li, wang, zhang = await stage.opens()
    chen = await stage.joins("陳小姐", "clerk", li)
    he = await stage.joins("何經理", "manager", li)
    await zhang.says("說明")
    await story.reports(zhang, fault="電視沒有畫面", machine="大同 TV-55", with_photo=False)
    await li.presses("派 王師傅")
    await story.gets_there(wang)
    await story.listens(wang)
    await story.looks(wang)

    await _it_is_taken_with_a_receipt(stage, zhang, wang, chen)
    await _it_will_be_late(stage, zhang, li, wang)
    await _it_is_repaired_and_inspected(stage, zhang, li, wang, chen)
    await _three_notices_are_not_answered(stage, zhang, chen, he)
    await stage.closes_well()


async def _it_is_taken_with_a_receipt(stage: Stage, zhang: Any, wang: Any, chen: Any) -> None:
    """No goods without receipt and custody signature (WKS-2); entered on the same day (WKS-3)."""
    await wang.says("帶回修")
    await story.asked(
        wang,
        ("為什麼要帶回", "主機板要換"),
        ("序號是多少", "▸跳過"),
        ("哪些附件", "遙控器"),
        ("請拍外觀", "📷電視正面"),
        ("已收到 1 張照片", "▸就這些"),
        ("預定哪天修好", "2026/11/30 17:00"),
        ("接著請客戶簽收據", "▸沒問題，送出"),
    )
    await wang.sees(f"{GOODS} 寫好了", "簽了才能收走")
    await chen.presses_token(f"wk.{stage.case_id(GOODS)}.register")
    await chen.sees("等簽收據", "還不能這樣做")
    await wang.presses("客戶簽收據")
    await story.asked(
        wang,
        (f"客戶商品領取收據 {GOODS}", "張先生"),
        ("簽名人的身分", "▸客戶本人"),
        ("簽名照片", "📷領取簽認"),
    )
    await wang.sees("收據簽好了")
    await zhang.sees(f"這是收據 {GOODS}", "大同 TV-55", "11月30日 週一 17:00")
    await chen.says("登記簿")
    await chen.sees(GOODS, "帶回中")
    await chen.presses(GOODS)
    await chen.presses("收到，登記入庫")
    await chen.sees("登記入庫了")
    await wang.says("登記簿")
    await wang.presses(GOODS)
    await wang.presses("開始修")
    await wang.sees("開始計工時")


async def _it_will_be_late(stage: Stage, zhang: Any, li: Any, wang: Any) -> None:
    """The customer hears before the day, the supervisor at once, and again when the day is over (WKS-8, WKS-10, ESC-4)."""
    stage.turns_to("下週一 08:31")
    await wang.sees(f"{GOODS} 答應客戶今天", "還沒修好")
    await wang.presses("改期")
    await story.asked(wang, ("為什麼不能如期", "主機板缺貨"), ("改到什麼時候", "2026/12/2 12:00"))
    await wang.sees("改期了")
    await li.sees("不能如期修好", "主機板缺貨")
    await zhang.sees("要晚一點：主機板缺貨", "12月2日 週三 12:00")

    stage.turns_to("下週三 11:55")
    await wang.sees(f"{GOODS} 答應客戶今天", "12:00")
    assert not li.shows("到了預定日")
    stage.turns_to("下週三 12:01")
    await li.sees(f"{GOODS} 到了預定日", "請馬上協助")


async def _it_is_repaired_and_inspected(stage: Stage, zhang: Any, li: Any, wang: Any, chen: Any) -> None:
    """Time and parts on the card; nothing goes out before somebody else has looked (WKS-4, WKS-5)."""
    goods = f"wk.{stage.case_id(GOODS)}"
    await wang.says("登記簿")
    await wang.presses(GOODS)
    await wang.presses("記換件")
    await story.asked(wang, ("換了哪個零件", "主機板 MB-7"), ("舊件怎麼了", "▸燒毀"), ("舊件去向", "▸帶回公司"))
    await wang.sees("換件記好了", "換件：主機板 MB-7 × 1")
    await wang.presses("修好了")
    await story.asked(wang, ("做了什麼", "換主機板"))
    await wang.sees("等主任驗")
    await chen.presses_token(f"{goods}.back")
    await chen.sees("還沒有主任驗訖", "WKS-5")
    await wang.presses_token(f"{goods}.pass")
    await wang.sees("身分不能做")
    await li.sees("王師傅 修好了", "換主機板", "請驗")
    await li.presses("驗訖")
    await li.sees("已通知客戶來取")
    await zhang.sees("大同 TV-55 修好了（2611-0001），請來取")


async def _three_notices_are_not_answered(stage: Stage, zhang: Any, chen: Any, he: Any) -> None:
    """At once, after three days, after six; then the store and the post, and not before (WKS-11, WKS-12, ESC-8)."""
    pickup = f"e.{stage.case_id(f'{GOODS}-P1')}"
    await chen.presses_token(f"{pickup}.mail")
    await chen.sees("才通知了 1 次", "ESC-8")
    for n in (2, 3):
        stage.days_pass(3)
        await zhang.sees(f"這是第 {n} 次通知")
        assert not zhang.shows(f"第 {n + 1} 次通知")
    stage.days_pass(3)
    for phone in (he, chen):
        await phone.sees("通知了 3 次客戶都沒來取", "和平東路")
    await chen.presses_token(f"{pickup}.mail")
    await story.asked(chen, ("寄件單號", "RR123TW"))
    await chen.sees("記下了")
    await zhang.sees("寄出了", "RR123TW")
    await chen.says("登記簿")
    await chen.sees("沒有客戶的東西")
