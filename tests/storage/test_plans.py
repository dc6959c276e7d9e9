"""What runs at every turn and at every look of the clock is found by an index, however many orders there are."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from rules.complaints import Complaint
from rules.decisions import Audience, Entry
from rules.people import Person, Role, Standing
from storage import cases, claims, conversations, deadlines, inbox, journal, living_cards, orders, outbox, people, usual_parts
from storage.outbox import PARTS
from storage.tables import metadata
from storage.tables import orders as rows
from tests.storage.making import NOW, a_watch, after, an_order, somebody

PHONE = "+886912345678"
CLERK = Person(id=1, name="陳小姐", roles=frozenset({Role.CLERK}), branch="north", standing=Standing.ACTIVE)
WANG = Person(id=2, name="王師傅", roles=frozenset({Role.TECHNICIAN}), branch="north", standing=Standing.ACTIVE)
ONE_CHAT: dict[str, Any] = {"holder": "me", "now": NOW, "parts": range(PARTS), "at_hand": ()}

READS: dict[str, Callable[[Connection], object]] = {
    "what is due": lambda c: deadlines.due(c, after(60)),
    "since when the oldest is due": lambda c: deadlines.oldest_due(c, after(60)),
    "what is due next": deadlines.next_moment,
    "the promises of an order": lambda c: deadlines.of(c, "order:1"),
    "the first promise of an order": lambda c: deadlines.first_due(c, "order:1"),
    "who writes": lambda c: people.who(c, "telegram", "1", NOW),
    "where somebody is reached": lambda c: people.account_for(c, 1),
    "who holds a post": lambda c: people.audience(c, Audience.SUPERVISOR, "north"),
    "an update that is handled": lambda c: inbox.finish(c, 1, now=NOW),
    "updates that wait": inbox.waiting,
    "the live conversation": lambda c: conversations.live(c, 1),
    "conversations about an order": lambda c: conversations.drop_about(c, "order:1"),
    "what one chat is told": lambda c: claims.claim_chat(c, "telegram", "1", **ONE_CHAT),
    "what may go": lambda c: outbox.claim(c, ["telegram"], holder="me", now=NOW),
    "when the next message may go": lambda c: outbox.next_moment(c, ["telegram"]),
    "who has a card": lambda c: living_cards.holders(c, "order:1"),
    "a card that waits": lambda c: outbox.refresh_waits(c, 1, "order:1", channel="telegram", chat="1"),
    "what a message was about": lambda c: living_cards.subject_of(c, "telegram", "1", "7"),
    "an order by its number": lambda c: orders.by_number(c, "2611-0001"),
    "many orders": lambda c: orders.by_ids(c, [1, 2, 3]),
    "what a model usually needs": lambda c: usual_parts.past_jobs(c, "FTXV50", but_not=0),
    "orders by telephone": lambda c: orders.search(c, PHONE, visible_to=CLERK),
    "orders of a day": lambda c: orders.reported_between(c, NOW, after(60), visible_to=CLERK),
    "a customer's calls": lambda c: orders.history(c, customer=1),
    "a machine's calls": lambda c: orders.history(c, customer=1, serial="SN-1"),
    "a technician's orders": lambda c: orders.open_for(c, WANG),
    "a month's grades": lambda c: cases.grades_given(c, NOW, after(60)),
    "a month's complaints": lambda c: cases.closed_between(c, Complaint, NOW, after(60)),
    "a customer's telephone": lambda c: people.customer_by_phone(c, PHONE),
    "a line in one journal": lambda c: journal.append(c, "order:1", (Entry("noted"),), by=None, at=NOW),
    "a line in many journals": lambda c: journal.append_all(c, [("order:1", Entry("noted"))], at=NOW),
}


@pytest.fixture
def desk(connection: Connection) -> Connection:
    """Something of everything, or an engine may not even look."""
    customer = somebody(connection, phone=PHONE)
    people.add_account(connection, customer.id, channel="telegram", address="1", chat="1", now=NOW)
    order = an_order(connection, customer=customer, phone=PHONE, serial="SN-1")
    deadlines.start(connection, order.subject, "arrival", a_watch(), next_at=after(30))
    return connection


@pytest.mark.parametrize("what", READS)
def test_no_table_is_read_through(desk: Connection, what: str):
    read_through = tables_read_through_on_sqlite if desk.dialect.name == "sqlite" else tables_read_through_on_postgresql

    assert read_through(desk, READS[what]) == set()


def test_a_table_that_is_read_through_is_seen(desk: Connection):
    read_through = tables_read_through_on_sqlite if desk.dialect.name == "sqlite" else tables_read_through_on_postgresql

    assert read_through(desk, lambda c: c.execute(select(rows).where(rows.c.customer_name == ""))) == {"orders"}


def tables_read_through_on_sqlite(connection: Connection, read: Callable[[Connection], object]) -> set[str]:
    """Scans in the plans of whatever runs, but for those along a partial index, which holds only what counts.

    To search a whole index for a messenger alone is a scan as well: most of what there is is of one.
    """
    driver: Any = connection.connection.driver_connection
    statements: list[str] = []
    driver.set_trace_callback(statements.append)
    try:
        read(connection)
    finally:
        driver.set_trace_callback(None)
    partial = {index.name for table in metadata.tables.values() for index in table.indexes if _is_partial(index)}
    found = set()
    for statement in statements:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")):
            steps = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()]
            for table, rest in (one.groups() for step in steps if (one := _read_through(step))):
                if table in metadata.tables and not any(name in rest for name in partial):
                    found.add(table)
    return found


def _read_through(step: str) -> re.Match[str] | None:
    return re.fullmatch(r"SCAN (\w+)(.*)", step) or re.fullmatch(r"SEARCH (\w+)( USING .*INDEX \w+ \(channel=\?\))", step)


def _is_partial(index: Any) -> bool:
    return index.dialect_options["sqlite"]["where"] is not None


def tables_read_through_on_postgresql(connection: Connection, read: Callable[[Connection], object]) -> set[str]:
    """Tables for which the server, told to read none through where it can help it, knew no other way."""
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    counted = text("SELECT relname, seq_scan FROM pg_stat_xact_user_tables")
    before = dict(connection.execute(counted).all())
    read(connection)
    return {name for name, n in connection.execute(counted) if n > before.get(name, 0)}
