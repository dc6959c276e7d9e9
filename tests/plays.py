"""Stretches of the job as the people play it in a room, for tests that begin later."""

from types import SimpleNamespace

from tests.room import Phone


def reports(zhang: Phone, fault: str = "客廳冷氣漏水", *, area: str = "市區") -> None:
    """A customer reports a fault, whole."""
    zhang.says(fault).presses("就這些").says("大金 FTXV50").says("台北市大安區和平東路一段 1 號").says("張先生")
    zhang.says("0912-345-678").presses(area).presses("沒問題，送出")


def gets_ready(wang: Phone) -> None:
    """Accepts and works through the list before leaving."""
    wang.presses("接單").presses("出發前準備").presses("看過單子").presses("打過電話給客戶").presses("打通了")
    wang.presses("零件帶了").presses("鞋套帶了")


def arrives(wang: Phone) -> None:
    wang.presses("出發").presses("到了").presses("跳過").says("張先生")


def listens(wang: Phone) -> None:
    wang.presses("聽：記客戶說的").says("昨晚開始滴水").presses("跳過").presses("跳過").presses("跳過").presses("就這些")
    wang.presses("沒問題，送出")


def looks(wang: Phone) -> None:
    wang.presses("看：外觀與保固").presses("保固內").presses("否").presses("就這些").presses("沒問題，送出")


def checks(wang: Phone) -> None:
    wang.presses("查：找原因").says("排水管").presses("跳過").says("排水管堵塞").presses("自然磨損").presses("就這些")
    wang.presses("沒問題，送出")


def acts(wang: Phone, *, parts: bool = False) -> None:
    wang.presses("處理：記做了什麼").says("通管並清洗").presses("無（自然損耗）").presses("同意").presses("修好了")
    wang.presses("是" if parts else "否").presses("跳過").presses("就這些").presses("沒問題，送出")


def uses_a_part(wang: Phone) -> None:
    wang.says("用了 1 個 排水管 D16").presses("磨損").presses("帶回公司").presses("否").presses("沒問題，送出")


def tries_it(wang: Phone) -> None:
    wang.presses("客戶試機").presses("正常").presses("是")


def signs(wang: Phone, picture: str = "簽名.jpg") -> None:
    wang.presses("簽名").presses("跳過").says("張先生").presses("客戶本人").sends_photo(picture)


def dispatched(cast: SimpleNamespace) -> None:
    """Up to the technician's slip."""
    reports(cast.zhang)
    cast.li.presses("派 王師傅")


def on_site(cast: SimpleNamespace) -> None:
    dispatched(cast)
    gets_ready(cast.wang)
    arrives(cast.wang)


def finished(cast: SimpleNamespace) -> None:
    """Everything but the signature."""
    on_site(cast)
    for step in (listens, looks, checks, acts, tries_it):
        step(cast.wang)


def signed(cast: SimpleNamespace) -> None:
    finished(cast)
    cast.room.later(minutes=1)
    signs(cast.wang)
