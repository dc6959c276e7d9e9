"""The catalogue of parts from a spreadsheet: all of it or nothing, with every line that is wrong (PRT-8)."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from sqlalchemy import Connection

from bot.sheets import SheetProblem, read_sheet
from handlers.questions import clean
from rules.stock import Part, PartKind, folded
from storage import stock

COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("number", "part number", "part no", "part no.", "no", "料號", "料号", "零件號", "零件号", "編號", "编号"),
    "name": ("name", "品名", "名稱", "名称", "零件名稱", "零件名称"),
    "spec": ("spec", "specification", "規格", "规格", "型號", "型号"),
    "unit": ("unit", "單位", "单位"),
    "kind": ("kind", "類別", "类别"),
    "bin": ("bin", "庫位", "库位", "儲位", "储位"),
    "least": ("least", "min", "minimum", "最低", "最低庫存", "最低库存", "安全庫存", "安全库存"),
    "most": ("most", "max", "maximum", "最高", "最高庫存", "最高库存"),
    "supplier": ("supplier", "供應商", "供应商", "廠商", "厂商"),
    "price": ("price", "單價", "单价", "價格", "价格"),
    "codes": (
        "codes", "barcode", "bar code", "ean", "upc", "gtin", "條碼", "条码", "國際條碼", "国际条码", "supplier number",
        "maker's number", "oem", "oem number", "原廠料號", "原厂料号", "供應商料號", "供应商料号",
    ),
}  # fmt: skip
_KINDS = {
    "": PartKind.PART, "零件": PartKind.PART, "配件": PartKind.PART, "材料": PartKind.MATERIAL, "工具": PartKind.TOOL,
    "油料": PartKind.OIL, "油": PartKind.OIL,
} | {str(one): one for one in PartKind}  # fmt: skip
_KNOWN = {folded(word): column for column, words in COLUMNS.items() for word in words}
_SEPARATORS = re.compile(r"[;；、,，\s]+")
_LENGTHS = {"number": 64, "name": 200, "spec": 200, "unit": 16, "bin": 32, "supplier": 100}
_MOST_TOLD = 50


class CatalogueProblem(Exception):
    """What is wrong with a catalogue, line by line; nothing of it was taken."""


@dataclass(frozen=True)
class Catalogue:
    """Parts as they were read, and how the file was written."""

    parts: tuple[Part, ...]
    encoding: str


def read_catalogue(path: Path) -> Catalogue:
    """The parts of a CSV or XLSX file; number and name are wanted, the other columns may be there. Raises CatalogueProblem."""
    try:
        sheet = read_sheet(path, knows=lambda row: {"number", "name"} <= set(_columns(row)))
    except SheetProblem as problem:
        raise CatalogueProblem(f"{problem}; nothing was imported") from None
    columns = _columns(sheet.rows[0]) if sheet.rows else {}
    if not {"number", "name"} <= set(columns):
        raise CatalogueProblem(f"{path.name}: line 1 has to name the columns: number,name (料號,品名); nothing was imported")
    parts: list[Part] = []
    wrong: list[str] = []
    lines = defaultdict[str, list[int]](list)
    for n, row in enumerate(sheet.rows[1:], 2):
        if not any(row):
            continue
        told = {column: clean(row[at]) if at < len(row) else "" for column, at in columns.items()}
        lines[folded(told["number"])].append(n)
        try:
            parts.append(_part(told))
        except ValueError as error:
            wrong.append(f"line {n}: {error}")
    wrong += [f"lines {', '.join(map(str, ns))}: the same number twice" for key, ns in lines.items() if key and len(ns) > 1]
    wrong += _codes_twice(parts)
    if wrong:
        more = [f"and {len(wrong) - _MOST_TOLD} more"] if len(wrong) > _MOST_TOLD else []
        raise CatalogueProblem("; ".join([f"{path.name}: nothing was imported", *wrong[:_MOST_TOLD], *more]))
    return Catalogue(tuple(parts), sheet.encoding)


def _codes_twice(parts: list[Part]) -> list[str]:
    """A code that stands for two parts leads to neither."""
    owners = defaultdict[str, list[str]](list)
    for part in parts:
        for key in {folded(one) for one in part.codes}:
            owners[key].append(part.number)
    return [f"code {key}: it stands for {' and '.join(numbers)}" for key, numbers in owners.items() if len(numbers) > 1]


def keep(connection: Connection, catalogue: Catalogue, *, now: datetime) -> tuple[int, int]:
    """Put the parts into the catalogue; (how many are new, how many were known)."""
    n_new = sum(stock.keep_part(connection, part, now=now) for part in catalogue.parts)
    return n_new, len(catalogue.parts) - n_new


def _columns(row: tuple[str, ...]) -> dict[str, int]:
    """column -> where it stands."""
    return {_KNOWN[folded(cell)]: n for n, cell in enumerate(row) if folded(cell) in _KNOWN}


def _part(told: dict[str, str]) -> Part:
    """One line as a part. Raises ValueError that says what is wrong."""
    for column in ("number", "name"):
        if not told[column]:
            raise ValueError(f"the {column} is empty")
    if "\ufffd" in told["number"] + told["name"]:
        raise ValueError("characters are broken; save the file as UTF-8")
    for column, most in _LENGTHS.items():
        if len(told.get(column, "")) > most:
            raise ValueError(f"the {column} is longer than {most} characters")
    kind = _KINDS.get(told.get("kind", "").casefold())
    if kind is None:
        raise ValueError(f"kind has to be one of {', '.join(PartKind)}")
    least, most = _whole("least", told), _whole("most", told)
    if most and least > most:
        raise ValueError("least is more than most")
    return Part(
        0, told["number"], told["name"], told.get("spec", ""), told.get("unit", ""), kind, told.get("bin", ""), least, most,
        told.get("supplier", ""), _price(told), _codes(told),
    )  # fmt: skip


def _codes(told: dict[str, str]) -> tuple[str, ...]:
    """Other numbers on the labels, with marks or blanks between them."""
    found = tuple(one for one in _SEPARATORS.split(told.get("codes", "")) if one)
    if any(len(one) > _LENGTHS["number"] for one in found):
        raise ValueError(f"a code is longer than {_LENGTHS['number']} characters")
    return found


def _whole(column: str, told: dict[str, str]) -> int:
    text = told.get(column, "").replace(",", "")
    if not text:
        return 0
    if not text.isdecimal() or int(text) > 999_999:
        raise ValueError(f"{column} is no whole number of 0 or more")
    return int(text)


def _price(told: dict[str, str]) -> Decimal | None:
    text = told.get("price", "").replace(",", "")
    if not text:
        return None
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal("NaN")
    if not price.is_finite() or price < 0:
        raise ValueError("price is no amount")
    return price
