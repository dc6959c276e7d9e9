"""One person on several messengers: joined by a code that only he has (ROL-5)."""

import re
from types import SimpleNamespace

from rules.people import Standing
from storage import people
from tests import plays
from tests.room import Phone

_CODE = re.compile(r"^[A-Za-z0-9_-]{22}$", re.MULTILINE)


def code_of(phone: Phone) -> str:
    phone.says("綁定")
    found = _CODE.search(phone.last().text)
    assert found is not None, phone.transcript()
    return found[0]


def test_a_technician_goes_on_at_another_messenger(cast: SimpleNamespace) -> None:
    code = code_of(cast.wang)
    other = cast.room.stranger("王師傅的另一支")

    other.says(code).sees("王師傅 您好", "接好了")

    assert other.id != cast.wang.id or other.who().name == "王師傅"
    cast.wang.sees("剛剛接上了")
    plays.reports(cast.zhang)
    cast.li.presses("派 王師傅")
    other.sees("派給您")


def test_a_conversation_begun_on_one_goes_on_on_the_other(cast: SimpleNamespace) -> None:
    other = cast.room.stranger("張先生的另一支")
    other.says(code_of(cast.zhang)).sees("接好了")
    cast.zhang.says("冷氣漏水").sees("照片")
    cast.zhang.presses("就這些").sees("品牌和型號")

    other.says("繼續").sees("品牌和型號")
    other.says("大金 FTXV50").sees("完整地址")


def test_what_a_customer_reported_before_comes_along(cast: SimpleNamespace) -> None:
    plays.reports(cast.stranger)
    number = cast.room.order().number

    cast.stranger.says(code_of(cast.zhang)).sees("張先生 您好")

    assert cast.room.order(number).customer == cast.zhang.id
    cast.zhang.says(number).sees(number)


def test_a_code_serves_once_and_half_an_hour(cast: SimpleNamespace) -> None:
    first, second = code_of(cast.wang), code_of(cast.wang)
    cast.room.stranger("甲").says(first).sees("接好了")
    cast.room.stranger("乙").says(first).sees("用過了")

    cast.room.later(minutes=31)

    cast.room.stranger("丙").says(second).sees("已過期")


def test_a_colleague_s_account_never_becomes_somebody_else_s(cast: SimpleNamespace) -> None:
    code = code_of(cast.wang)

    cast.zhao.says(code).sees("已經是同事", "ROL-5")

    assert people.account_of(cast.room.connection, "test", "趙師傅").person == cast.zhao.id


def test_orders_never_change_hands_to_a_colleague(cast: SimpleNamespace) -> None:
    plays.reports(cast.stranger)

    cast.stranger.says(code_of(cast.wang)).sees("不能接到同事的帳號上")

    assert cast.room.order().customer == cast.stranger.id


def test_nobody_joins_somebody_who_has_left(cast: SimpleNamespace) -> None:
    code = code_of(cast.wang)
    cast.room.has_standing(cast.wang, Standing.LEFT)

    cast.room.stranger("甲").says(code).sees("不能用了")


def test_one_s_own_code_in_one_s_own_chat_changes_nothing(cast: SimpleNamespace) -> None:
    cast.wang.says(code_of(cast.wang)).sees("本來就是您的帳號")
