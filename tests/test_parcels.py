"""How a message is made ready, how long it waits for its next attempt, and when nobody tries any more."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.channels.base import Later
from bot.limits import PACE
from bot.parcels import Preparer, is_tried_again, no_paper, pause_after
from handlers.said import button, said
from handlers.turn import Company
from rules.people import Role
from storage import claims, living_cards, outbox, people
from storage.engine import open_engine
from storage.outbox import PARTS, Parcel
from tests.room import terms_of

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
COMPANY = Company("測試家電", "Asia/Taipei", "TW", "zh-Hant", "main", terms_of("appliance"))


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def claimed(connection: Connection, body: dict[str, Any], *, language: str = "en", **more: Any) -> Parcel:
    """A message to somebody, as the turn that says it claims it."""
    person = people.add_person(connection, name="張先生", roles=[Role.CUSTOMER], language=language, now=NOW)
    other = people.add_person(connection, name="外人", roles=[Role.CUSTOMER], language="zh-Hans", now=NOW)
    kept: dict[str, Any] = {"body_hash": "", "headline": None, "now": NOW}
    for n, (who, subject, chat) in enumerate([(other, "talk:5", "77"), (person, "talk:6", "77"), (person, "talk:5", "78")]):
        living_cards.keep_card(connection, who.id, subject, "telegram", chat, ref=f"other {n}", **kept)
    living_cards.keep_card(connection, person.id, "talk:5", "telegram", "77", ref="9", **kept)
    outbox.post(connection, channel="telegram", chat="77", person=person.id, subject="talk:5", body=body, now=NOW, **more)
    own: dict[str, Any] = {"holder": "me", "now": NOW, "parts": range(PARTS), "at_hand": ()}
    (parcel,) = claims.claim_chat(connection, "telegram", "77", **own)
    return parcel


@pytest.mark.parametrize("language", ["en", ""])
@pytest.mark.parametrize("kind", ["say", "settle"])
def test_what_is_said_at_once_is_what_a_look_would_say(connection: Connection, kind: str, language: str) -> None:
    body = said("talk.passed", rows=[[button("ask.cancel", "q.5.1.x")]], headline={"text": "talk.parked", "facts": {}})
    parcel, prepare = claimed(connection, body, kind=kind, language=language), Preparer(lambda: COMPANY, no_paper)

    at_once = prepare.at_once(parcel)

    assert at_once is not None
    assert at_once.ref == "9"
    assert at_once == prepare(connection, parcel)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("say", said("card.leader", {"leader_id": 1})),  # somebody's name
        ("say", said("talk.passed") | {"collapses": True}),  # a later one may have come
        ("say", said("talk.passed") | {"papers": ["report"]}),
        ("card", {"headline": None, "is_fresh": True}),
    ],
)
def test_what_needs_a_look_is_not_said_without_one(connection: Connection, kind: str, body: dict[str, Any]) -> None:
    assert Preparer(lambda: COMPANY, no_paper).at_once(claimed(connection, body, kind=kind)) is None


def test_only_the_first_of_several_needs_no_look_for_it_may_become_the_living_message(connection: Connection) -> None:
    for _ in range(2):
        outbox.post(connection, channel="telegram", chat="77", kind="say", body=said("talk.passed"), now=NOW, subject="talk:5")
    own: dict[str, Any] = {"holder": "me", "now": NOW, "parts": range(PARTS), "at_hand": ()}

    first, second = claims.claim_chat(connection, "telegram", "77", **own)

    assert (first.id < second.id, first.beside is None, second.beside) == (True, False, None)


def parcel(age: timedelta, attempts: int) -> Parcel:
    return Parcel(1, 1, "telegram", "1", "say", True, None, "", {}, attempts, NOW - age)


def test_the_pauses_grow_to_a_minute_while_nobody_answers() -> None:
    seconds = [pause_after(Later(2.0, "ConnectError"), n).total_seconds() for n in range(1, 12)]

    assert seconds == sorted(seconds)
    assert seconds[0] == 2.0
    assert seconds[-1] == 60.0


@pytest.mark.parametrize("attempts", [1, 5, 500])
def test_what_the_messenger_asks_for_is_the_least(attempts: int) -> None:
    assert pause_after(Later(300.0, "too-many"), attempts) == timedelta(minutes=5)


def test_our_own_pace_is_exact_however_often_it_was_asked() -> None:
    assert pause_after(Later(7.5, PACE), 40) == timedelta(seconds=7.5)


def test_a_messenger_that_is_out_of_reach_over_a_weekend_loses_nothing() -> None:
    """RULEBOOK story 12 from the other side: sixty hours, tried again every minute."""
    assert is_tried_again(parcel(timedelta(hours=60), 3600), NOW)
    assert not is_tried_again(parcel(timedelta(hours=73), 4300), NOW)
