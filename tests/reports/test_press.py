"""The press keeps no long paper in mind: a month's volume of ten files needs no more memory than one (CLS-7)."""

import gc
from datetime import UTC, datetime
from pathlib import Path

from bot.reports.press import Press

AT = datetime(2026, 12, 1, tzinfo=UTC)


def volume(n: int) -> dict[str, object]:
    """A file of a volume with sixty records that no other file has."""
    rows = [["原因", f"第 {n} 冊排水管堵塞，水盤積水溢出"], ["處理", "拆下面板清洗水盤與排水管，重新固定斜度"]] * 4
    records = [{"number": f"{n}-{one}", "machine": f"M{n}{one}", "rows": [*rows, ["編號", f"{n}/{one}"]]} for one in range(60)]
    return {
        "language": "zh-Hant", "company": "晴光家電", "title": "服務月冊", "number": f"{n}", "state": "", "is_well": True,
        "qr": "", "qr_label": "", "footer": "—", "about": [], "proof": [], "sections": [],
        "records_label": "記錄", "records": records, "seals_label": "封存碼", "seals_head": ["單號", "封存碼"], "seals": [],
    }  # fmt: skip


def in_use() -> int:
    """Bytes of memory that this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def test_setting_one_long_paper_after_the_other_takes_no_more_memory_each_time() -> None:
    press = Press()
    for n in range(2):
        press.pdf("volume", volume(n), {}, at=AT, is_long=True)
    before = in_use()

    made = [press.pdf("volume", volume(n), {}, at=AT, is_long=True) for n in range(2, 6)]

    assert len(set(made)) == 4
    assert in_use() - before < 16 * 2**20
