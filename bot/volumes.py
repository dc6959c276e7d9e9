"""`fieldhand volume 2026-11 FILE.zip`: a month's service reports and its bound volume, with index and hashes (REC-2, REC-5)."""

import csv
import hashlib
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import typst
from sqlalchemy import Connection

from bot.reports.printer import Printer
from bot.spreadsheets import as_text
from rules.filing import volumes_of
from rules.months import month_of
from rules.terms import Terms
from storage import orders, volumes

_COLUMNS = ("number", "branch", "model", "fault", "cause", "action", "lacking", "file", "sha256")


def month(text: str) -> tuple[date, date]:
    """(first, last) day of a month such as 2026-11. Raises ValueError."""
    first = date.fromisoformat(f"{text}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def bind(connection: Connection, text: str, target: Path, printer: Printer, terms: Terms, language: str) -> int:
    """Write the volume; returns how many reports. Raises ValueError for no month, FileExistsError, typst.TypstError."""
    bound, papers = volumes.bound_in(connection, *month(text), terms), list[str]()
    if bound:
        papers = volumes_of(month_of(month(text)[0]), None, len(bound))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(_COLUMNS)
    hashes = []
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as volume:
        for one in bound:
            order = orders.by_id(connection, one.order)
            assert order is not None  # it was read in this transaction
            paper, name = printer.service_report(connection, order, language), f"{one.number}.pdf"
            digest = hashlib.sha256(paper).hexdigest()
            volume.writestr(name, paper)
            told = (one.number, one.branch, one.model, one.fault, one.cause, one.action, " ".join(one.lacking))
            writer.writerow([*map(as_text, told), name, digest])
            hashes.append(f"{digest}  {name}\n")
        for n, part in enumerate(papers, 1):
            content, name = printer.filed(connection, part, language), f"volume-{n}.pdf"
            volume.writestr(name, content)
            hashes.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        index = ("\ufeff" + table.getvalue()).encode()
        volume.writestr("index.csv", index)
        hashes.append(f"{hashlib.sha256(index).hexdigest()}  index.csv\n")
        volume.writestr("SHA256SUMS", "".join(hashes))
    return len(bound)


PROBLEMS = (ValueError, FileExistsError, typst.TypstError)
