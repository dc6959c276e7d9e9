"""Papers of the store and of a month by name, such as `requisition:12` or `volume:2026-11:a:1` (PRT-1, PRT-7, PRT-9, CLS-7)."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.reports.month_lists import CashMonth, OldPartsList
from bot.reports.month_volume import MonthVolume
from bot.reports.press import Press
from bot.reports.scribe import Album, LoadFile, Scribe
from bot.reports.store_papers import GoodsInPaper, RequisitionPaper
from handlers.turn import Company
from rules.figure_scopes import read_scope
from rules.filing import GOODS_IN, OLD_PARTS, REQUISITION, VOLUME
from rules.months import Period, read_period
from rules.receipts import GoodsReceipt
from rules.requisitions import Requisition
from storage import cases, figures, stock


class FilingPapers:
    """Makes them as things stand now."""

    def __init__(self, company: Callable[[], Company], press: Press, load_file: LoadFile, now: Callable[[], datetime]) -> None:
        self._company, self._press, self._load_file, self._now = company, press, load_file, now

    def made(self, connection: Connection, paper: str, language: str) -> tuple[bytes, str] | None:
        """(content, file name); None for what there is not. Raises ValueError for what names nothing, typst.TypstError."""
        scribe = Scribe(connection, self._company(), language)
        kind, _, rest = paper.partition(":")
        if f"{kind}:" in (REQUISITION, GOODS_IN):
            return self._of_store(scribe, f"{kind}:", int(rest))
        key, token, *part = rest.split(":")
        stores = (one.branch for one in stock.stores(connection))
        period, scope = read_period(key), read_scope(token, {*figures.branches(connection), *stores})
        number = f"{period.key}-{part[0]}" if part and part[0] != "1" else period.key
        content = self._of_month(scribe, f"{kind}:", period, scope.branch, int(part[0]) if part else 1)
        return content, f"{scribe.say(f'paper.{kind}-file', number=number)}.pdf"

    def _of_store(self, scribe: Scribe, kind: str, number: int) -> tuple[bytes, str] | None:
        album = Album(self._load_file)
        made: RequisitionPaper | GoodsInPaper
        if kind == REQUISITION and (asked := cases.by_id(scribe.connection, Requisition, number)):
            made, name = RequisitionPaper(scribe, asked), asked.number
        elif kind == GOODS_IN and (came := cases.by_id(scribe.connection, GoodsReceipt, number)):
            made, name = GoodsInPaper(scribe, came, album), came.number
        else:
            return None
        content = self._press.pdf("sheet", made.facts(), album.kept, at=made.made_at())
        return content, f"{scribe.say(f'paper.{kind[:-1]}-file', number=name)}.pdf"

    def _of_month(self, scribe: Scribe, kind: str, period: Period, branch: str | None, part: int) -> bytes:
        now = self._now()
        if kind == VOLUME:
            volume = MonthVolume(scribe, period, branch, part)
            return self._press.pdf("volume", volume.facts(now), {}, at=now, is_long=True)
        made = (OldPartsList if kind == OLD_PARTS else CashMonth)(scribe, period, branch)
        return self._press.pdf("sheet", made.facts(now), {}, at=now)
