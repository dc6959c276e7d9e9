"""How a paper says things: in one language, with the company's name, its time zone and its people."""

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from sqlalchemy import Connection

from bot.pictures import NotAPicture, small
from handlers.turn import Company
from storage import people
from texts import catalog

LoadFile = Callable[[str], bytes]
Cells = list[str]
Facts = dict[str, Any]


@dataclass(frozen=True)
class Scribe:
    """Puts facts into the words of one reader."""

    connection: Connection
    company: Company
    language: str

    def say(self, text: str, **facts: Any) -> str:
        return catalog.say(self.language, text, facts, zone=self.company.zone)

    def dated(self, moment: datetime | None) -> str:
        """A moment with its year; of none nothing."""
        return catalog.dated(self.language, moment, zone=self.company.zone) if moment else ""

    def day(self, moment: datetime | None) -> str:
        """The day of a moment, as lists write it: 2026-11-30."""
        return f"{moment.astimezone(ZoneInfo(self.company.zone)):%Y-%m-%d}" if moment else ""

    def on(self, day: date) -> str:
        """A day with its year, as papers write it."""
        return catalog.on(self.language, day)

    def show(self, value: Any) -> str:
        return catalog.show(self.language, value, zone=self.company.zone)

    def name(self, person: int | None) -> str:
        """Somebody's name, a dash where there is nobody."""
        return (people.name_of(self.connection, person) if person else "") or "—"

    def head(self, title: str, number: str, *, footer: str, state: str = "", is_well: bool = True) -> Facts:
        """What every template wants: `title`, `footer` and `state` are text ids."""
        return {
            "language": self.language,
            "company": self.company.name,
            "title": self.say(title),
            "number": number,
            "state": first_up(self.say(state)) if state else "",
            "is_well": is_well,
            "qr": "",
            "qr_label": "",
            "footer": self.say(footer, company=self.company.name),
        }

    def pairs(self, *found: tuple[str, str]) -> list[Cells]:
        """(text id, value) as label and value, without those that say nothing."""
        return [[self.say(label), value] for label, value in found if value]

    def table(self, title: str, columns: Sequence[tuple[str, int, str]], rows: list[Cells], **more: Any) -> Facts:
        """A section with a table. `columns`: text id, share of the width (0: as wide as it needs), `l` or `r`.

        `more` may hold `note`, a line below it, and `sums`, its last lines as label and value.
        """
        return {
            "title": self.say(title) if title else "",
            "head": [first_up(self.say(label)) for label, _share, _side in columns],
            "shares": [share for _label, share, _side in columns],
            "sides": [side for _label, _share, side in columns],
            "rows": rows,
            "note": "",
            "sums": [],
        } | more


def first_up(words: str) -> str:
    """Words as they begin a cell of a table."""
    return f"{words[:1].upper()}{words[1:]}"


@dataclass
class Album:
    """The pictures of one paper; what can't be had is missing and never an error."""

    load_file: LoadFile
    kept: dict[str, bytes] = field(default_factory=dict)

    def photo(self, sha256: str, side: int) -> str:
        """The name of a picture at most `side` pixels a side; empty when it can't be had."""
        name = f"{hashlib.sha256(f'{sha256}{side}'.encode()).hexdigest()[:16]}.jpg"
        if name not in self.kept:
            try:
                self.kept[name] = small(self.load_file(sha256), side)
            except (OSError, LookupError, NotAPicture):
                return ""
        return name

    def code(self, words: str, name: str = "qr.svg") -> str:
        """The name of a QR code; never of a micro code, which no telephone reads by itself."""
        drawn = io.BytesIO()
        segno.make_qr(words, error="m").save(drawn, kind="svg", border=0, dark="#10201d")
        self.kept[name] = drawn.getvalue()
        return name
