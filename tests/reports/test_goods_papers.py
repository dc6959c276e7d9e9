"""The receipt for goods taken in and their repair card as papers (WKS-2, WKS-4, WKS-7)."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from bot.reports.goods_papers import code_of
from bot.reports.printer import Printer
from rules.check_ins import SIDES, CheckIn, Compared
from rules.goods import CARD, RECEIPT, Fitted, Goods, GoodsStage, Work
from rules.orders import Seal
from rules.people import Role
from storage import cases
from tests.room import Room, at

WORDS = {
    "zh-Hant": (
        ("客戶商品領取收據", "有效", "領取簽認", "預定修好", "照片無法顯示"),
        ("修護卡", "掃描開卡", "實際工時", "主任驗訖"),
    ),
    "zh-Hans": (
        ("客户商品领取收据", "有效", "领取签认", "预定修好", "照片无法显示"),
        ("修护卡", "扫码开卡", "实际工时", "主任验收"),
    ),
    "en": (
        ("Receiptforgoods", "Valid", "Handedover", "photonotavailable"),
        ("Repaircard", "Scantoopen", "Timeused", "Inspectedbythesupervisor"),
    ),
}


def taken(room: Room) -> Goods:
    wang = room.person("王師傅", Role.TECHNICIAN).id
    seal = Seal(1, "a" * 64, "", "b" * 64, "張先生", "self", "", at("週五 16:00"), wang)
    drafted = Goods(
        number="2611-0001-W1", branch="main", opened_at=at("週五 15:50"), what="電視 EM-55", serial="SN-8812", fault="不亮",
        photos=("c" * 64,), due_at=at("下週一 17:00"), customer_name="張先生", taken_by=wang, custody=seal,
        stage=GoodsStage.IN_REPAIR, works=(Work(wang, at("週六 09:00"), at("週六 09:40")),), parts=(Fitted("主機板", 1, wang),),
    )  # fmt: skip
    return cases.add(room.connection, drafted)


def printed(room: Room, paper: str, language: str) -> tuple[str, str]:
    """The words of a paper without spaces, and the name of its file."""
    kept: list[bytes] = []
    printer = Printer(lambda: room.company, keep=lambda content: kept.append(content) or "a" * 64, load_file=_no_file)
    made = printer(room.connection, paper, 0, language)
    assert made is not None
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(kept[0])).pages).split()), made.name


def _no_file(_sha256: str) -> bytes:
    raise LookupError


@pytest.mark.parametrize("language", WORDS)
def test_receipt_and_repair_card_tell_what_they_are_about(language: str) -> None:
    room = Room.open()
    goods = taken(room)

    for paper, words in zip((RECEIPT, CARD), WORDS[language], strict=True):
        told, name = printed(room, f"{paper}{goods.id}", language)
        wanted = (*words, "2611-0001-W1", "電視EM-55", "SN-8812", "張先生")
        assert ([one for one in wanted if one not in told], "2611-0001-W1" in name) == ([], True)
    room.close()


SHEET = CheckIn(tuple((side, "d" * 64) for side in SIDES), 52_300, "half", "右後門刮痕", "", "雨傘一把", is_reminded=True)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hant", ("里程52300km", "油量1/2", "車內無", "已提醒", "交車核對", "右後視鏡裂了")),
        ("zh-Hans", ("里程52300km", "油量1/2", "车内无", "已提醒", "交车核对", "右後視鏡裂了")),
        ("en", ("Mileage52300km", "Fuel1/2", "Insidenone", "Customerreminded", "Atthehand-over", "右後視鏡裂了")),
    ],
)
def test_a_vehicle_s_receipt_has_its_check_in_sheet(language: str, words: tuple[str, ...]) -> None:
    """WKS-14."""
    room = Room.open("dealer4s")
    goods = taken(room)
    cases.change(room.connection, goods, replace(goods, check_in=SHEET, compared=Compared("右後視鏡裂了")))

    told = printed(room, f"{RECEIPT}{goods.id}", language)[0]

    assert [one for one in (*words, "右後門刮痕", "雨傘一把") if one not in told] == []
    room.close()


def test_a_receipt_that_was_taken_back_says_that_it_is_void() -> None:
    room = Room.open()
    goods = taken(room)
    cases.change(room.connection, goods, replace(goods, stage=GoodsStage.RETURNED, receipt="returned"))

    assert "作廢" in printed(room, f"{RECEIPT}{goods.id}", "zh-Hant")[0]
    room.close()


def test_the_code_on_a_card_is_a_link_into_the_chat_where_there_is_one() -> None:
    room = Room.open()
    goods = taken(room)
    linked = replace(room.company, invitation_link="https://t.me/desk_bot?start={code}")

    assert code_of(linked, goods) == "https://t.me/desk_bot?start=wk_2611-0001-W1"
    assert code_of(room.company, goods) == "/start wk_2611-0001-W1"
    room.close()
