"""People are forgotten: particulars go, numbers and figures stay, and no chain of hashes is touched (REC-6, RELIABILITY 11)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, or_, select, update

from rules.decisions import Entry
from rules.refusals import Refused
from storage import books, journal, people
from storage.duty_tables import punches
from storage.engine import insert
from storage.tables import (
    accounts,
    cards,
    cases,
    contacts,
    conversations,
    files,
    findings,
    inbox,
    meta,
    orders,
    outbox,
    remarks,
    seals,
    web_messages,
    web_sessions,
)

NOBODY = "—"
"""What stands in the place of a name."""
_TEXTS = frozenset(
    ("customer_name", "address", "phone", "contact", "customer", "signer", "met", "tampered_by", "late_reason", "fault",
     "account", "user_words", "comment", "customer_comment", "summary", "preview", "words", "excuse", "insists", "demand",
     "objection_words", "state_when_failed", "usage_conditions", "before_fault", "after_fault",
     "photo_words", "zone_reason", "attendant", "hand_off", "hand_off_words", "damage_responsible", "damage_tell")
)  # fmt: skip
_LISTS = frozenset({"photos", "voices", "disputes", "talks"})
_PLACES = frozenset({"latitude", "longitude", "place"})
_PICTURES = frozenset({"photo", "picture", "signature", "sha256", "voice", "evidence", "declaration"})
_AT_ONCE = 50
"""How many old records an hour are looked at, so that nobody waits for it."""


def erase(connection: Connection, person: int, *, now: datetime, by: int | None = None) -> int:
    """Forget a customer who asks for it; returns how many of his orders and cases were cleared.

    Raises Refused for staff, and for somebody with an order or case that is still open.
    """
    found = people.person(connection, person)
    if found.is_staff:
        raise Refused("no-such-person")
    numbers = _open_numbers(connection, person)
    if numbers:
        raise Refused("still-has-orders", rule="REC-6", numbers=numbers)
    n_cleared = sum(_clear(connection, row, now, by) for row in _records(connection, person))
    _clear_talk(connection, person, now)
    books.forget(connection, found.name, NOBODY)
    people.change_person(connection, person, name=NOBODY, phone="", facts={}, language="")
    journal.append(connection, f"person:{person}", (Entry("person.erased", {"n": n_cleared}, "REC-6"),), by=by, at=now)
    return n_cleared


def forget_old(connection: Connection, *, years: int, places_days: int, now: datetime) -> int:
    """What has been closed for so many years keeps its number and its figures; places go much sooner. Returns how many."""
    before = now - timedelta(days=365 * years + years // 4)
    connection.execute(
        update(punches)
        .where(punches.c.at < now - timedelta(days=places_days), punches.c.latitude.is_not(None))
        .values(latitude=None, longitude=None)
    )
    old_orders = ~orders.c.is_open & (orders.c.reported_at < before) & orders.c.order["erased"].as_string().is_(None)
    old_cases = ~cases.c.is_open & (cases.c.closed_at < before) & cases.c.body["erased"].as_string().is_(None)
    rows = [(orders, row.id) for row in connection.execute(select(orders.c.id).where(old_orders).limit(_AT_ONCE))]
    rows += [(cases, row.id) for row in connection.execute(select(cases.c.id).where(old_cases).limit(_AT_ONCE))]
    return sum(_clear(connection, row, now, None) for row in rows)


def loose(connection: Connection) -> list[str]:
    """Files that nothing names any more since somebody was forgotten; their bytes may go from the shelf."""
    marked = connection.execute(select(meta.c.key).where(meta.c.value == _ERASED)).scalars().all()
    return [one for one in marked if connection.execute(select(files.c.sha256).where(files.c.sha256 == one)).first() is None]


def forget_files(connection: Connection, gone: list[str]) -> list[str]:
    """Their bytes were taken from the shelf; gives them back."""
    for sha256 in gone:
        connection.execute(delete(meta).where(meta.c.key == sha256, meta.c.value == _ERASED))
    return gone


def erased_orders(connection: Connection) -> frozenset[int]:
    """Orders whose particulars are gone, the pictures of their signatures with them; the seals stay."""
    kept = select(orders.c.id).where(orders.c.order["erased"].as_string().is_not(None))
    return frozenset(connection.execute(kept).scalars())


def _open_numbers(connection: Connection, person: int) -> list[str]:
    open_orders = select(orders.c.number).where(orders.c.customer_id == person, orders.c.is_open)
    open_cases = select(cases.c.number).where(cases.c.customer_id == person, cases.c.is_open, cases.c.kind != "survey")
    return [*connection.execute(open_orders).scalars(), *connection.execute(open_cases).scalars()]


def _records(connection: Connection, person: int) -> Iterator[tuple[Table, int]]:
    for table in (orders, cases):
        for row in connection.execute(select(table.c.id).where(table.c.customer_id == person)).all():
            yield table, row.id


def _clear(connection: Connection, record: tuple[Table, int], now: datetime, by: int | None) -> int:
    """One order or case; 1 when there was something to clear."""
    table, number = record
    body = table.c.order if table is orders else table.c.body
    row = connection.execute(select(body, table.c.version).where(table.c.id == number)).one()
    plain: dict[str, Any] = dict(row[0])
    if plain.get("erased"):
        return 0
    _mark_files(connection, plain)
    cleared = {**scrubbed(plain), "version": row.version + 1, "erased": now.isoformat()}
    values: dict[str, Any] = {body.name: cleared, "version": row.version + 1}
    if table is orders:
        values |= {"customer_name": "", "phone": "", "phone_end": ""}
        _clear_beside(connection, number)
    connection.execute(update(table).where(table.c.id == number, table.c.version == row.version).values(values))
    kind = (
        "order" if table is orders else str(connection.execute(select(cases.c.kind).where(cases.c.id == number)).scalar_one())
    )
    subject = f"{kind}:{number}"
    _clear_messages(connection, subject, number if table is orders else None)
    journal.append(connection, subject, (Entry("record.erased", {}, "REC-6"),), by=by, at=now)
    return 1


def _clear_beside(connection: Connection, order: int) -> None:
    """Versions of steps, what was signed, and what people added to an order. Digests and hashes stay."""
    for row in connection.execute(select(findings.c.id, findings.c.answers).where(findings.c.order_id == order)).all():
        _mark_files(connection, row.answers)
        connection.execute(update(findings).where(findings.c.id == row.id).values(answers=scrubbed(row.answers)))
    for picture in connection.execute(
        select(seals.c.signature).where(seals.c.order_id == order, seals.c.signature != "")
    ).scalars():
        _mark(connection, picture)
    connection.execute(update(seals).where(seals.c.order_id == order).values(summary="", signer="", near_hash=""))
    for sent in connection.execute(
        select(remarks.c.sha256).where(remarks.c.order_id == order, remarks.c.sha256 != "")
    ).scalars():
        _mark(connection, sent)
    connection.execute(update(remarks).where(remarks.c.order_id == order).values(text="", sha256=""))
    connection.execute(update(contacts).where(contacts.c.order_id == order).values(text="", answer=""))


def _clear_messages(connection: Connection, subject: str, order: int | None) -> None:
    """What was said about it, to whomever, once it was said."""
    about = outbox.c.subject.like(f"{subject}:%") | (outbox.c.subject == subject)
    which = or_(about, outbox.c.order_id == order) if order is not None else about
    connection.execute(update(outbox).where(which, outbox.c.state != "waiting").values(body={}, frozen=None))


def _clear_talk(connection: Connection, person: int, now: datetime) -> None:
    """A person's chats: where he is reached, what he said and was told, what he was in the middle of."""
    for one in people.accounts_of(connection, person):
        here = (inbox.c.channel == one.channel) & (inbox.c.chat == one.chat)
        connection.execute(update(inbox).where(here, inbox.c.state == "done").values(raw=""))
        connection.execute(delete(web_messages).where(web_messages.c.address == one.address))
        connection.execute(delete(web_sessions).where(web_sessions.c.address == one.address))
    mine = outbox.c.person_id == person
    connection.execute(update(outbox).where(mine, outbox.c.state == "waiting").values(state="dropped", done_at=now))
    connection.execute(update(outbox).where(mine).values(body={}, frozen=None))
    for sent in connection.execute(
        select(remarks.c.sha256).where(remarks.c.person_id == person, remarks.c.sha256 != "")
    ).scalars():
        _mark(connection, sent)
    connection.execute(update(remarks).where(remarks.c.person_id == person).values(text="", sha256=""))
    connection.execute(update(contacts).where(contacts.c.person_id == person).values(text="", answer=""))
    for table in (conversations, cards, accounts):
        connection.execute(delete(table).where(table.c.person_id == person))


def scrubbed(plain: Any) -> Any:
    """A stored record without what says who somebody is, what he said and where he was; figures and days as they were."""
    if isinstance(plain, Mapping):
        return {key: _scrub(key, value) for key, value in plain.items()}
    return [scrubbed(one) for one in plain] if isinstance(plain, list) else plain


def _scrub(key: str, value: Any) -> Any:
    if key in _PLACES:
        return None
    if key in _LISTS and isinstance(value, list):
        return []
    if (key in _TEXTS or key in _PICTURES) and isinstance(value, str | dict):
        return ""
    return scrubbed(value)


def _mark_files(connection: Connection, plain: Any, key: str = "") -> None:
    """Note every picture and voice note that a record names."""
    if isinstance(plain, Mapping):
        for name, value in plain.items():
            _mark_files(connection, value, name)
    elif isinstance(plain, list):
        for value in plain:
            _mark_files(connection, value, key)
    elif isinstance(plain, str) and len(plain) == 64 and key in _PICTURES | _LISTS:
        _mark(connection, plain)


def _mark_column(connection: Connection, column: Column[str], which: ColumnElement[bool]) -> None:
    for sha256 in connection.execute(select(column).where(which, column != "")).scalars():
        _mark(connection, sha256)


_ERASED = "erased"


def _mark(connection: Connection, sha256: str) -> None:
    """A file that may go: no row names it from now on."""
    connection.execute(delete(files).where(files.c.sha256 == sha256))
    connection.execute(insert(connection, meta).values(key=sha256, value=_ERASED).on_conflict_do_nothing())
