"""Every paper in every language says what it has to, weighs little, and is the one that docs/samples shows (issue 6)."""

import io
import re

import pytest
from pypdf import PdfReader

from tests.reports import samples
from tests.stage import ROOT
from texts.catalog import LANGUAGES

FOLDER = ROOT / "docs" / "samples"
SAID: dict[str, dict[str, tuple[str, ...]]] = {
    "service-report": {
        "zh-Hant": (
            "服務報告",
            "已簽名",
            "排水泵浦",
            "帶回公司",
            "同意金額2,050.00TWD",
            "未付0.00TWD",
            "RC26-001",
            "掃碼驗證",
            "處理得很快",
        ),
        "zh-Hans": ("服务报告", "已签名", "排水泵", "同意金额2,050.00TWD", "扫码验证", "处理得很快"),
        "en": ("Servicereport", "Signed", "Agreed2,050.00TWD", "Open0.00TWD", "Scantoverify", "Quick,andwellexplained"),
    },
    "quote": {
        "zh-Hant": ("報價單", "Q26-001", "零件·排水泵浦", "1,250.00", "合計2,050.00TWD", "張先生·2026年11月27日09:50"),
        "zh-Hans": ("报价单", "工费·拆装与试水", "合计2,050.00TWD"),
        "en": ("Quote", "Total2,050.00TWD", "AcceptedbyMrZhang"),
    },
    "receipt": {
        "zh-Hant": ("收據", "RC26-001", "2,050.00TWD", "轉帳", "未付0.00TWD"),
        "zh-Hans": ("收据", "2,050.00TWD", "转账"),
        "en": ("Receipt", "2,050.00TWD", "Transfer"),
    },
    "goods-receipt": {
        "zh-Hant": ("客戶商品領取收據", "2611-0001-W1", "遙控器、電源線", "有效"),
        "zh-Hans": ("客户商品领取收据", "有效", "遥控器"),
        "en": ("Receiptforgoods", "Valid", "Remotecontrol"),
    },
    "repair-card": {
        "zh-Hant": ("修護卡", "掃描開卡", "換主機板電容", "電容470μF", "李主任", "75"),
        "zh-Hans": ("修护卡", "扫码开卡", "李主任"),
        "en": ("Repaircard", "Scantoopen", "Capacitor470μF", "MrLi"),
    },
    "requisition": {
        "zh-Hant": (
            "備用件領料單",
            "L26-001",
            "更換排水泵浦",
            "P-100",
            "24V",
            "發料",
            "退料",
            "王師傅",
            "李主任",
            "林倉管",
            "已對平",
        ),
        "zh-Hans": ("备用件领料单", "审批", "林仓管"),
        "en": ("Spare-partrequisition", "Approved", "Issued", "Received", "P-100", "MrLin"),
    },
    "goods-in": {
        "zh-Hant": ("備用件接收單", "GR26-001", "大同泵業8841", "軸心鏽蝕", "實收合計12", "驗收", "一式二份"),
        "zh-Hans": ("备用件接收单", "轴心锈蚀", "实收合计12"),
        "en": ("Goodsreceipt", "Takeninall12", "Refused", "Shaftrusted"),
    },
    "old-parts": {
        "zh-Hant": ("舊件月清單", "2026年11月", "2611-0001", "P-100", "已入庫、待處理", "本月已處理", "沒有。"),
        "zh-Hans": ("旧件月清单", "已入库、待处理"),
        "en": ("Oldpartsofthemonth", "Inthestore", "None."),
    },
    "cash-month": {
        "zh-Hant": ("收款對帳單", "2026年11月", "全公司", "王師傅", "RC26-001", "2,050.00", "未繳回", "會計"),
        "zh-Hans": ("收款对账单", "未上交"),
        "en": ("Cashreconciliation", "Nothandedin", "Accountant"),
    },
    "volume": {
        "zh-Hant": (
            "服務月冊",
            "2026年11月",
            "2611-0002",
            "泵浦軸心鏽蝕",
            "濾網堵塞",
            "缺：叫修登記註銷",
            "全冊封存碼",
            "封存碼清單",
        ),
        "zh-Hans": ("服务月册", "封存码清单", "滤网堵塞"),
        "en": ("Monthlyservicevolume", "Listofseals", "lacks:registerline", "Thefilterisclogged"),
    },
    "handover-list": {
        "zh-Hant": ("移交清冊", "H26-001", "2611-0012", "真空泵2號", "趙師傅", "監交人李主任", "存證"),
        "zh-Hans": ("移交清单", "万用表", "监交人李主任"),
        "en": ("Handoverlist", "Takenoverby", "WitnessMrLi"),
    },
    "figures": {"zh-Hant": ("服務月報", "2026年10月"), "zh-Hans": ("服务月报",), "en": ("Monthlyfigures", "October2026")},
}

PERSONAL = ("張先生", "許小姐", "和平東路", "南京東路", "912345678", "912-345", "地板濕了", "處理得很快", "Mr Zhang", "MrZhang")


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_samples_of_a_language_are_made_light_and_say_what_they_have_to(language: str) -> None:
    """REC-6 besides: the volume outlasts that somebody is forgotten."""
    papers = dict(samples.printed(language))
    listed = re.findall(rf"\]\(([\w.-]+\.{language}\.pdf)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    told = {name: words(papers[f"{name}.{language}.pdf"]) for name in SAID}

    assert sorted(listed) == sorted(papers) == sorted(file.name for file in FOLDER.glob(f"*.{language}.pdf"))
    assert set(papers) == {f"{name}.{language}.pdf" for name in SAID}
    assert [(name, one) for name in SAID for one in SAID[name][language] if one not in told[name]] == []
    assert {name: len(content) for name, content in papers.items() if len(content) > 300_000} == {}
    assert [one for one in PERSONAL if one in told["volume"]] == []
