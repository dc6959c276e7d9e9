"""What the command line does besides running: people, papers, looks."""

import asyncio
import csv
import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select, update

from bot.accounting import export_money
from bot.channels.base import Stickers
from bot.channels.every import open_channels
from bot.channels.parts import Parts
from bot.channels.wecom_errors import WecomError
from bot.company import load_company
from bot.settings import Settings
from bot.shelves import open_shelf
from bot.spreadsheets import as_text
from handlers.questions import Misread, clean, read_phone
from rules.complaint_closing import holds_up_receivables
from rules.complaints import Complaint
from rules.orders import WorkOrder
from rules.people import Person, Role
from rules.refusals import Refused
from storage import cases, files, openings, people
from storage.codec import dump, load
from storage.errors import ShelfUnavailable
from storage.tables import inbox, orders
from storage.tables import people as people_table
from storage.writer import Store


class ImportProblem(Exception):
    """A line that can't be read; nothing of the file was taken."""


def import_people(connection: Connection, path: Path, *, region: str, branch: str, now: datetime) -> int:
    """Customers from a CSV file with the columns name and phone; those known by telephone are renamed. Returns how many.

    Raises ImportProblem that names the line.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"name", "phone"} <= set(rows[0]):
        raise ImportProblem(f"{path.name}: line 1 has to name the columns: name,phone")
    for number, row in enumerate(rows, 2):
        name = clean(row["name"] or "")[:60]
        try:
            phone = read_phone(row["phone"] or "", region)
        except Misread:
            raise ImportProblem(f"{path.name}: line {number}: the telephone can't be read; nothing was imported") from None
        if not name:
            raise ImportProblem(f"{path.name}: line {number}: the name is empty; nothing was imported")
        known = people.customer_by_phone(connection, phone)
        if known is None:
            people.add_person(connection, name=name, roles=[Role.CUSTOMER], phone=phone, now=now)
        else:
            people.change_person(connection, known.id, name=name)
    return len(rows)


def export(connection: Connection, folder: Path) -> int:
    """Orders, complaints and money as CSV for spreadsheets and as JSON lines (DLY-13, FEE-10); returns how many orders."""
    folder.mkdir(parents=True, exist_ok=True)
    n_orders = 0
    with (
        (folder / "orders.csv").open("w", encoding="utf-8-sig", newline="") as table,
        (folder / "orders.jsonl").open("w", encoding="utf-8") as lines,
    ):
        writer = csv.writer(table)
        writer.writerow(["number", "stage", "customer", "model", "serial", "fault", "reported_at", "arrived_at"])
        for plain in connection.execute(select(orders.c.order).order_by(orders.c.id)).scalars():
            order = load(WorkOrder, plain)
            told = order.report
            cells = [order.number, order.stage, told.customer_name, told.model, told.serial, told.fault]
            writer.writerow([*map(as_text, cells), order.reported_at.isoformat(), _iso(order.arrived_at)])
            lines.write(json.dumps(plain, ensure_ascii=False, default=str) + "\n")
            n_orders += 1
    _export_complaints(connection, folder)
    export_money(connection, folder)
    return n_orders


def _export_complaints(connection: Connection, folder: Path) -> None:
    """Complaints as CSV and whole as JSON lines (CMP-7, CMP-24)."""
    with (
        (folder / "complaints.csv").open("w", encoding="utf-8-sig", newline="") as table,
        (folder / "complaints.jsonl").open("w", encoding="utf-8") as lines,
    ):
        writer = csv.writer(table)
        named = ["number", "stage", "route", "customer", "outcome", "amount", "opened_at", "decided_at"]
        writer.writerow([*named, "holds_up_receivables"])
        for case in cases.every(connection, Complaint):
            opinion = case.opinion
            cells = [case.number, case.stage, case.route, case.customer_name, opinion.outcome if opinion else ""]
            moments = [case.opened_at.isoformat(), _iso(case.verdict.at if case.verdict else None)]
            money = opinion.amount if opinion else ""
            writer.writerow([*map(as_text, cells), money, *moments, int(holds_up_receivables(case))])
            lines.write(json.dumps(dump(case), ensure_ascii=False) + "\n")


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def replay(connection: Connection) -> int:
    """Messages that were set aside wait again; the desk handles them at its next start. Returns how many."""
    aside = inbox.c.state == "set_aside"
    return connection.execute(update(inbox).where(aside).values(state="waiting", attempts=0, error="")).rowcount


def staff(connection: Connection) -> list[Person]:
    """Everybody who is or was staff."""
    everyone = (people.person(connection, one) for one in connection.execute(select(people_table.c.id)).scalars())
    return [person for person in everyone if person.is_staff]


def leave(connection: Connection, person_id: int, *, now: datetime) -> Person:
    """End somebody's rights at once. Raises Refused for strangers, the last administrator, who has anything open (STF-11)."""
    found = {one.id: one for one in staff(connection)}.get(person_id)
    if found is None:
        raise Refused("no-such-person")
    return openings.end_service(connection, found, by=None, now=now)


def check(settings: Settings) -> Iterator[tuple[bool, str]]:
    """(is well, what) of each thing that a start needs. Raises SettingsError."""
    company = load_company(settings)
    policy = company.terms.policy
    yield True, f"POLICY_FILE: {policy.profile} ({policy.name}), version {policy.version}"
    free = shutil.disk_usage(settings.data_dir if settings.data_dir.exists() else Path()).free
    yield free >= files.LEAST_FREE, f"DATA_DIR: {free // 2**20} MB free, {files.LEAST_FREE // 2**20} MB wanted"
    if settings.files_url:
        yield _check_files(settings)
    yield from asyncio.run(_ask_messengers(settings))
    if not settings.has_messenger:
        yield True, "no messenger is set: web chat alone"


def _check_files(settings: Settings) -> tuple[bool, str]:
    """Put a small file and read it back."""
    shelf, probe = open_shelf(settings), b"fieldhand check"
    try:
        is_kept = shelf.get(shelf.put(probe)) == probe
    except (ShelfUnavailable, FileNotFoundError) as error:
        return False, f"FILES_URL: a file can't be kept there ({error}); look at FILES_ENDPOINT, FILES_KEY_ID and FILES_SECRET"
    return is_kept, "FILES_URL: files can be kept and read there"


class StickerProblem(Exception):
    """There is no address for a sticker; the message says why in one line."""


def stickers(settings: Settings, model: str, serial: str) -> list[str]:
    """Addresses for a machine's sticker, one a messenger: who scans it reports about that machine. Raises StickerProblem."""
    payload = "_".join(["m", model.strip().replace("_", "-"), *([serial.strip()] if serial.strip() else [])])
    try:
        found = asyncio.run(_ask_for_stickers(settings, payload))
    except (ValueError, WecomError) as error:
        raise StickerProblem(f"sticker: {error}") from None
    if not found:
        raise StickerProblem("sticker: set up 微信客服 first (WECOM_KF_OPEN_ID), a sticker leads there")
    return found


async def _ask_for_stickers(settings: Settings, payload: str) -> list[str]:
    store = Store(settings.database_url)
    try:
        parts = Parts(settings, store, open_shelf(settings).get, on_fatal=lambda _reason: None)
        return [await one.sticker(payload) for one in open_channels(parts).values() if isinstance(one, Stickers)]
    finally:
        store.close()


async def _ask_messengers(settings: Settings) -> list[tuple[bool, str]]:
    """What each messenger says of its settings."""
    store = Store(settings.database_url)
    try:
        parts = Parts(settings, store, open_shelf(settings).get, on_fatal=lambda _reason: None)
        return [line for channel in open_channels(parts).values() for line in await channel.check()]
    finally:
        store.close()
