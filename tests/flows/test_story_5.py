"""RULEBOOK 26's story 5, played to its end on either engine: parts from the requisition to the write-off."""

from types import SimpleNamespace

from rules.part_uses import PartUse
from rules.requisitions import Requisition
from storage import journal, stock
from tests import depot, plays
from tests.depot import in_store, in_van, newest


def test_story_5_two_pumps_from_the_requisition_to_the_write_off(database_url: str) -> None:
    with depot.branch(database_url) as cast:
        goods_come_in(cast)
        nobody_issues_before_it_is_approved(cast)
        one_is_used_and_the_old_one_is_not_answered_for(cast)
        the_write_off_says_what_is_missing(cast)
        the_other_one_comes_back(cast)
        assert list(journal.flaws(cast.room.connection)) == []
        assert stock.flaws(cast.room.connection) == []


def goods_come_in(cast: SimpleNamespace) -> None:
    """Three pumps, one of them bad: two copies, and the store has two."""
    lin = cast.lin
    lin.says("倉庫").presses("📥 收貨").presses("供應商").says("大同 8841").says("p-100").says("2").says("1").says("軸心鏽蝕")
    lin.sends_photo("鏽蝕.jpg").presses("否").presses("沒問題，送出")
    lin.sees("接收單 GR26-001", "P-100 泵浦：收 2", "拒收 1：軸心鏽蝕")
    cast.gu.sees("有拒收：P-100 泵浦 × 1", "軸心鏽蝕")
    assert in_store(cast, "P-100") == 2


def nobody_issues_before_it_is_approved(cast: SimpleNamespace) -> None:
    """PRT-2: no override, not even for the manager."""
    depot.diagnosed(cast)
    depot.asks(cast, "2 個 p-100")
    cast.wang.sees("領料單 L26-001 已送主管核准")
    requisition = newest(cast, Requisition)
    for phone in (cast.lin, cast.he):
        phone.presses_token(f"j.{requisition.id}.issue")
        phone.sees("L26-001 還沒核准", "PRT-2")
    cast.wang.presses_token(f"j.{requisition.id}.approve")
    cast.wang.sees("這件事由主管、經理處理")
    cast.li.sees("王師傅 的領料單 L26-001", "P-100 泵浦 × 2").presses("核准")
    cast.lin.sees("請備料發料").presses("全部發料")
    cast.wang.sees("發料了", "申請 2、發 2")
    assert (in_store(cast, "P-100"), in_van(cast, "P-100")) == (0, 2)


def one_is_used_and_the_old_one_is_not_answered_for(cast: SimpleNamespace) -> None:
    """PRT-5: neither signed nor left before the old pump is answered for; three taps to record the new one."""
    wang = cast.wang
    plays.acts(wang, parts=True)
    wang.presses("＋ 用料").presses("P-100 泵浦（2）").presses("磨損").presses("跳過")
    wang.sees("用料存好了")
    assert in_van(cast, "P-100") == 1
    plays.tries_it(wang)
    wang.presses("簽名").sees("還有舊件沒交代：P-100 泵浦 × 1", "PRT-5")
    wang.presses("用料").presses("帶回公司").presses("否").presses("沒問題，送出")
    cast.room.later(minutes=1)
    plays.signs(wang)
    wang.presses("離場簡報").presses("就這樣回報")


def the_write_off_says_what_is_missing(cast: SimpleNamespace) -> None:
    """PRT-4: signed report, approval, old part; PRT-6: the second pump."""
    lin = cast.lin
    lin.says("倉庫").presses("2611-0001-P").presses("銷帳")
    lin.sees("還不能銷帳", "主管核准報告", "P-100 泵浦 × 1 的舊件", "未對平：L26-001: P-100 泵浦 × 1")
    cast.li.presses_token(f"o.{cast.room.order().id}.approve")
    cast.li.sees("領的料還沒對平", "PRT-6")


def the_other_one_comes_back(cast: SimpleNamespace) -> None:
    lin, li = cast.lin, cast.li
    lin.says("倉庫").presses("L26-001").presses("收到退料").says("2").sees("還在手上的是 1 個")
    lin.says("倉庫").presses("L26-001").presses("收到退料").says("1").sees("用 1、退 1", "已對平")
    assert (in_store(cast, "P-100"), in_van(cast, "P-100")) == (1, 0)
    li.presses_token(f"o.{cast.room.order().id}.approve")
    lin.says("倉庫").presses("2611-0001-P").presses("銷帳").sees("缺：P-100 泵浦 × 1 的舊件")
    lin.presses("收到舊件").presses("銷帳").sees("2611-0001-P 已銷帳")
    lin.presses("處置舊件").presses("報廢").sees("處置：報廢")
    assert not newest(cast, PartUse).is_open
    assert not newest(cast, Requisition).is_open
