"""The whole job as three people play it, on phones of whatever messenger: they say, press, send and see."""

from typing import Any, Protocol

from tests.stage import photo


class Phone(Protocol):
    """What the story needs of somebody's phone."""

    async def says(self, words: str) -> None: ...
    async def presses(self, label: str) -> None: ...
    async def sends_photo(self, content: bytes) -> None: ...
    async def sees(self, *words: str) -> Any: ...


async def asked(phone: Phone, *exchange: tuple[str, str]) -> None:
    """Question by question: what is seen, and what is said or, with a `▸` before it, pressed; a photo has a `📷` before it."""
    for question, answer in exchange:
        await phone.sees(question)
        if answer.startswith("▸"):
            await phone.presses(answer.removeprefix("▸"))
        elif answer.startswith("📷"):
            await phone.sends_photo(photo(answer))
        else:
            await phone.says(answer)


async def reports(
    zhang: Phone, *, fault: str = "客廳冷氣漏水", machine: str = "大金 FTXV50", area: str = "▸市區", with_photo: bool = True
) -> None:
    """A customer reports a fault and hears number and promise."""
    await zhang.says(fault)
    await zhang.sees("照片")
    if with_photo:
        await zhang.sends_photo(photo(fault))
        await zhang.sees("1 張照片")
    await zhang.presses("就這些")
    await asked(
        zhang,
        ("品牌和型號", machine),
        ("完整地址", "台北市大安區和平東路一段 1 號"),
        ("找哪一位", "張先生"),
        ("聯絡電話", "0912-345-678"),
        ("哪一區", area),
        ("對不對", "▸沒問題，送出"),
    )
    await zhang.sees("已收到您的報修")


async def gets_there(wang: Phone) -> None:
    """From the slip to the customer's door."""
    await wang.sees("派給您")
    await wang.presses("接單")
    await wang.sees("接單了")
    await wang.presses("出發前準備")
    await asked(
        wang,
        ("還差 4 項", "▸☐ 看過單子"),
        ("還差 3 項", "▸☐ 打過電話給客戶"),
        ("打通了嗎", "▸打通了"),
        ("還差 2 項", "▸☐ 零件帶了"),
        ("還差 1 項", "▸☐ 鞋套帶了"),
        ("都好了", "▸出發"),
    )
    await wang.sees("出發了")
    await wang.presses("到了")
    await asked(wang, ("到場時間已記下", "▸跳過"), ("見到哪一位", "張先生"))
    await wang.sees("到場記錄好了")


async def listens(wang: Phone) -> None:
    await wang.presses("聽：記客戶說的")
    await asked(
        wang,
        ("客戶怎麼說", "昨晚開始滴水"),
        ("平常怎麼使用", "▸跳過"),
        ("故障前", "▸跳過"),
        ("故障後", "▸跳過"),
        ("有照片就傳", "▸就這些"),
        ("【聽】記錄如下", "▸沒問題，送出"),
    )
    await wang.sees("【聽】存好了")


async def looks(wang: Phone, *, verdict: str = "保固內") -> None:
    await wang.presses("看：外觀與保固")
    await asked(
        wang,
        ("保固期內", f"▸{verdict}"),
        ("被拆過", "▸否"),
        ("銘牌", "▸就這些"),
        ("【看】記錄如下", "▸沒問題，送出"),
    )
    await wang.sees("【看】存好了")


async def checks(wang: Phone) -> None:
    await wang.presses("查：找原因")
    await asked(
        wang,
        ("哪個部件", "排水管"),
        ("哪些檢查", "▸跳過"),
        ("真正的原因", "排水管堵塞"),
        ("哪一類", "▸自然磨損"),
        ("拍故障處", "▸就這些"),
        ("【查】記錄如下", "▸沒問題，送出"),
    )
    await wang.sees("【查】存好了")


async def acts(wang: Phone, *, parts: bool = True) -> None:
    """What was done, and with parts a hose that is named in words."""
    await handles(wang, parts=parts)
    if parts:
        await wang.says("用了 1 個 排水管 D16")
        await asked(
            wang, ("舊件怎麼了", "▸磨損"), ("舊件去向", "▸帶回公司"), ("別的零件", "▸否"), ("用料如下", "▸沒問題，送出")
        )
        await wang.sees("用料存好了")


async def handles(wang: Phone, *, parts: bool) -> None:
    """What was done, without saying which parts."""
    await wang.presses("處理：記做了什麼")
    await asked(
        wang,
        ("做了什麼", "通管並換排水管"),
        ("責任歸誰", "▸無（自然損耗）"),
        ("同意這個說法", "▸同意"),
        ("結果如何", "▸修好了"),
        ("用到零件", "▸是" if parts else "▸否"),
        ("建議", "▸跳過"),
        ("處理後", "▸就這些"),
        ("【處理】記錄如下", "▸沒問題，送出"),
    )
    await wang.sees("【處理】存好了")


async def tries_it(wang: Phone) -> None:
    await wang.presses("客戶試機")
    await asked(wang, ("親自試機", "▸正常"), ("收拾", "▸是"))
    await wang.sees("試機存好了")


async def brings_the_report(wang: Phone) -> None:
    """Up to the signature itself."""
    await wang.presses("簽名")
    await asked(wang, ("客戶看這份報告", "▸跳過"), ("由誰簽名", "張先生"), ("簽名人的身分", "▸客戶本人"))
    await wang.sees("拍一張清楚的照片")


async def signs(wang: Phone, *, picture: str = "張先生的簽名") -> None:
    await brings_the_report(wang)
    await wang.sends_photo(photo(picture))


async def is_at_the_door(zhang: Phone, li: Phone, wang: Phone) -> None:
    """Reported, dispatched, and 王師傅 is there."""
    await reports(zhang, with_photo=False)
    await li.presses("派 王師傅")
    await gets_there(wang)


async def leaves(wang: Phone) -> None:
    await wang.presses("離場簡報")
    await asked(wang, ("這樣可以嗎", "▸就這樣回報"))
    await wang.sees("簡報送出了")


async def works(wang: Phone) -> None:
    """聽看查處理, parts, try-out."""
    for step in (listens, looks, checks, acts, tries_it):
        await step(wang)


async def the_whole_job(zhang: Phone, li: Phone, wang: Phone, *, picture: str = "張先生的簽名") -> None:
    """From the first message to the archive."""
    await reports(zhang)
    await li.sees("新報修", "客廳冷氣漏水")
    await li.presses("派 王師傅")
    await gets_there(wang)
    await zhang.sees("王師傅")
    await works(wang)
    await signs(wang, picture=picture)
    await wang.sees("簽名收到")
    await zhang.sees("您簽名的服務報告", "排水管 D16")
    await leaves(wang)
    await li.sees("王師傅 離場")
    await li.presses("核准")
    await li.sees("已核准")
    await zhang.sees("已結案")
