"""Agendas, shops' days, audits and accounts as both engines count them (STF-17, DLY-12, RET-17, KPI-11)."""

from datetime import timedelta

from sqlalchemy import Connection

from rules.months import month_of, week_of
from rules.people import Person, Role
from scheduler.digests import first_time
from storage import agendas, audits, books, orders, shop_days
from tests.cast import LI, terms_of
from tests.storage.making import NOW, an_order, somebody

TERMS = terms_of("retail")


def test_what_is_old_and_what_a_day_and_a_month_come_to_is_counted_on_either_engine(connection: Connection) -> None:
    order = an_order(connection, "1", somebody(connection), reported_at=NOW - timedelta(days=9))
    day, branch = TERMS.calendar.local_day(NOW), order.branch
    head = Person(LI.id, "李主任", frozenset({Role.SUPERVISOR}), branch)

    agenda = agendas.agenda(connection, branch, week_of(day), TERMS, now=NOW)

    assert [one.days for one in agenda.old] == [9]
    assert [one.number for one in agendas.own_work(connection, head, now=NOW)] == ["1"]
    assert shop_days.shop_day(connection, branch, day, TERMS).numbers["calls"] == 0
    assert audits.audited(connection, branch, NOW - timedelta(days=30), NOW) == ()
    assert books.account_of(connection, month_of(day), branch, TERMS).is_empty


def test_reading_a_month_one_by_one_leaves_the_connection_as_it_was(connection: Connection) -> None:
    """CLS-7: a tick goes on writing after the volume was bound."""
    done = an_order(connection, "1", somebody(connection), finished_at=NOW)

    found = list(orders.each_finished(connection, NOW - timedelta(days=1), NOW + timedelta(days=1)))

    assert [one.id for one in found] == [done.id]
    assert first_time(connection, "volume", "2026-11", 0, NOW)
