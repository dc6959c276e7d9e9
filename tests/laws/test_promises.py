"""Every promise has its checker, and every checker its line."""

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from rules.clocks import Clock, promised_at
from rules.escalation import Watch
from rules.policies import read_policy
from storage import outbox
from storage.codec import dump
from storage.engine import open_engine
from storage.outbox import COURTESY, MUST
from storage.tables import metadata
from storage.tables import outbox as rows
from tests.databases import Postgres
from tests.laws.promises import PROMISES, order_is_kept_in_each_chat
from tests.laws.promises.clocks import every_climb_is_told, nothing_is_announced_before_its_time
from tests.laws.promises.evidence import Evidence, Received, gather
from tests.laws.promises.overlaps import keep_notes
from tests.stage import ROOT

POLICY = ROOT / "policies" / "appliance.toml"


def test_the_page_of_promises_names_every_checker_and_no_other() -> None:
    page = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")

    told = re.findall(r"\| `(\w+)\.py:(\w+)` \|", page)

    assert sorted(told) == sorted((one.__module__.rpartition(".")[2], one.__name__) for one in PROMISES)


def post(connection: Connection, words: str) -> None:
    outbox.post(connection, channel="telegram", chat="77", kind="say", body={"text": words}, now=datetime.now(UTC))


def at_the_same_time(first: Engine, second: Engine) -> None:
    with first.begin() as one, second.begin() as other:
        post(one, "first")
        post(other, "second")
        other.commit()


def one_after_the_other(first: Engine, second: Engine) -> None:
    with first.begin() as one:
        post(one, "first")
    with second.begin() as other:
        post(other, "second")


@pytest.mark.parametrize(("put_in", "n_broken"), [(at_the_same_time, 0), (one_after_the_other, 1)])
def test_of_two_messages_put_in_at_the_same_time_either_may_come_first(
    postgres: Postgres, postgres_template: str, put_in: Callable[[Engine, Engine], None], n_broken: int
) -> None:
    url = postgres.url(postgres.make(postgres_template))
    first, second = open_engine(url), open_engine(url)
    with first.begin() as connection:
        keep_notes(connection)
    put_in(first, second)
    with first.begin() as connection:
        low, high = connection.execute(select(rows.c.id).order_by(rows.c.id)).scalars()
        for n, parcel in enumerate((high, low), 1):
            outbox.sent(connection, parcel, ref=str(n), now=datetime.now(UTC))

    with first.connect() as connection:
        policy = read_policy(POLICY.read_text(encoding="utf-8"), POLICY.name)
        left = gather(connection, shelf=Path(), policy=policy, received=Received(), at=datetime.now(UTC))
    first.dispose()
    second.dispose()

    assert len(list(order_is_kept_in_each_chat(left))) == n_broken


def test_what_was_put_off_and_ends_as_a_change_of_an_older_message_was_overtaken_all_the_same(
    sqlite_template: Path, tmp_path: Path
):
    shutil.copy(sqlite_template, tmp_path / "fieldhand.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'fieldhand.db'}")
    start = datetime(2026, 11, 30, 9, tzinfo=UTC)
    said = {"older": MUST, "put off": MUST, "waits behind": COURTESY, "goes past": MUST}
    with engine.begin() as connection:
        for words, priority in said.items():
            at = {"kind": "say", "body": {"text": words}, "now": start, "priority": priority}
            outbox.post(connection, channel="telegram", chat="77", **at)
        older, late, behind, past = connection.execute(select(rows.c.id).order_by(rows.c.id)).scalars()
        outbox.put_off(connection, late, until=start + timedelta(seconds=3))
        for n, (parcel, ref) in enumerate(((older, "5"), (past, "6"), (late, "5"), (behind, "7")), 1):
            outbox.sent(connection, parcel, ref=ref, now=start + timedelta(seconds=n))
        policy = read_policy(POLICY.read_text(encoding="utf-8"), POLICY.name)
        left = gather(connection, shelf=Path(), policy=policy, received=Received(), at=start + timedelta(minutes=1))
    engine.dispose()

    assert list(order_is_kept_in_each_chat(left)) == []


CALL = datetime(2026, 11, 30, 9, tzinfo=UTC)
Rows = Sequence[Any]


def after(seconds: float) -> datetime:
    return CALL + timedelta(seconds=seconds)


def climbed(clock: Clock, rung: int, seconds: float) -> SimpleNamespace:
    facts = {"clock": clock, "rung": rung}
    return SimpleNamespace(subject="order:9", kind="escalation.breached", facts=facts, at=after(seconds))


def rezoned(seconds: float) -> SimpleNamespace:
    return SimpleNamespace(subject="order:9", kind="order.rezoned", facts={}, at=after(seconds))


def told(clock: Clock, rung: int, seconds: float, due: datetime) -> SimpleNamespace:
    dedup = f"esc:order:9:{clock}:{due.isoformat()}:{rung}:1"
    return SimpleNamespace(created_at=after(seconds), dedup=dedup, body={"text": "escalation.breach"}, id=1)


def left_behind(
    clock: Clock, due: datetime, made: datetime, rung: int, journal: Sequence[Any], said: Sequence[Any]
) -> Evidence:
    """What is left of an order with one promise."""
    engine = open_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        policy = read_policy(POLICY.read_text(encoding="utf-8"), POLICY.name)
        empty = gather(connection, shelf=Path(), policy=policy, received=Received(), at=after(60))
    engine.dispose()
    watch = dump(Watch(promised_at(clock, due, made, "SLA-4"), rung=rung))
    row = SimpleNamespace(subject="order:9", clock=clock, rung=rung, state="running", next_at=None, watch=watch)
    return replace(empty, journal=journal, outbox=said, deadlines=[row])


def test_a_slip_that_is_sent_anew_after_the_zone_was_put_right_has_a_ladder_of_its_own():
    journal = [rezoned(1), climbed(Clock.ACCEPTANCE, 0, 2), climbed(Clock.ACCEPTANCE, 0, 4)]
    left = left_behind(Clock.ACCEPTANCE, after(3), after(3), 1, journal, [])

    assert list(nothing_is_announced_before_its_time(left)) == []


def test_what_is_climbed_before_its_moment_is_found():
    left = left_behind(Clock.ACCEPTANCE, after(3), after(0), 1, [rezoned(1), climbed(Clock.ACCEPTANCE, 0, 2)], [])

    assert len(list(nothing_is_announced_before_its_time(left))) == 1


@pytest.mark.parametrize(("zones", "n_broken"), [([rezoned(8), rezoned(9)], 0), ([rezoned(8)], 1), ([], 1)])
def test_a_zone_that_is_put_back_as_it_was_tells_nobody_the_same_once_more(zones: list[Any], n_broken: int):
    journal = [climbed(Clock.ARRIVAL, 6, 7), *zones, climbed(Clock.ARRIVAL, 6, 10)]
    left = left_behind(Clock.ARRIVAL, after(6), after(0), 7, journal, [told(Clock.ARRIVAL, 6, 7, after(6))])

    assert len(list(every_climb_is_told(left))) == n_broken
