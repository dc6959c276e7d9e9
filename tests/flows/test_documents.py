"""Documents lent by procedure, and all that is known of a machine (REC-1, REC-4, REC-8, MNT-16)."""

from types import SimpleNamespace

from rules.documents import Document
from storage import cases
from tests import plays
from tests.flows.test_contracts import signs_contract
from tests.flows.test_the_clock import sweeps


def kept(cast: SimpleNamespace) -> None:
    cast.chen.says("資料").presses("＋ 登記資料").says("FTXV50 維修手冊").presses("說明書").says("大金 FTXV50").says("A 櫃")
    cast.chen.presses("跳過").sees("DO26-001 登記好了", "商品：大金 FTXV50", "位置：A 櫃")


def document(cast: SimpleNamespace) -> Document:
    return cases.every(cast.room.connection, Document)[-1]


def test_a_document_is_asked_for_lent_by_its_keeper_and_taken_back(cast: SimpleNamespace) -> None:
    kept(cast)
    cast.wang.says("資料").presses("DO26-001").presses("申請借閱").sees("已申請借閱 DO26-001")
    cast.wang.presses_token(f"l.{document(cast).id}.lend").sees("身分不能做")
    cast.chen.sees("王師傅 想借 DO26-001").presses("借給申請人").sees("DO26-001 借出了")
    cast.wang.sees("請在 12月11日 週五 16:00 前歸還")

    cast.zhao.presses_token(f"l.{document(cast).id}.ask").sees("已申請借閱")
    cast.chen.presses_token(f"l.{document(cast).id}.lend").sees("規則 REC-4")
    sweeps(cast, "下週五 16:00")
    cast.room.later(days=7)
    cast.chen.says("資料").presses("DO26-001").presses("收回").sees("DO26-001 收回了", "申請借閱：趙師傅")

    assert [(one.person, one.lent_by, one.back_at) for one in document(cast).loans] == [
        (cast.wang.id, cast.chen.id, cast.room.now)
    ]


def test_nobody_lends_to_himself_and_a_customer_sees_no_document(cast: SimpleNamespace) -> None:
    kept(cast)
    cast.chen.presses_token(f"l.{document(cast).id}.ask").sees("已申請借閱")

    cast.chen.presses_token(f"l.{document(cast).id}.lend").sees("規則 REC-4")
    cast.zhang.presses_token(f"l.{document(cast).id}.ask").sees("查不到")
    cast.zhang.says("資料庫").sees("身分不能做")
    assert document(cast).holder is None


def test_a_machine_s_card_has_its_calls_its_contract_and_its_papers(cast: SimpleNamespace) -> None:
    kept(cast)
    signs_contract(cast.chen)
    plays.reports(cast.zhang)

    cast.li.says("/machine ftxv50").sees("「ftxv50」的履歷（3）", "2611-0001", "M26-001", "FTXV50 維修手冊")
    cast.li.says("設備履歷").says("沒有這台").sees("還沒有任何記錄")
    cast.zhang.says("/machine ftxv50").sees("身分不能做")


def test_a_technician_who_scans_a_sticker_reads_the_machine_s_history(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)

    cast.wang.starts("m_大金 FTXV50").sees("「大金 FTXV50」的履歷", "2611-0001")
    cast.stranger.starts("m_大金 FTXV50").sees("哪裡")


def test_orders_are_found_by_model(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.li.says("/find ftxv50").sees("2611-0001")
    cast.li.says("/find ftx_50").sees("找不到")
