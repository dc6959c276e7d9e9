"""Every promise has its checker, and every checker its line."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, select

from rules.policies import read_policy
from storage import outbox
from storage.engine import open_engine
from storage.tables import outbox as rows
from tests.databases import Postgres
from tests.laws.promises import PROMISES, order_is_kept_in_each_chat
from tests.laws.promises.evidence import Received, gather
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
