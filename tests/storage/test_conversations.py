"""Conversations belong to a person; one is live at a time, the others wait."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import IntegrityError

from rules.people import Person, Role
from storage import conversations
from storage.conversations import Conversation
from storage.tables import conversations as rows
from tests.storage.making import NOW, after, an_order, somebody


@pytest.fixture
def wang(connection: Connection) -> Person:
    return somebody(connection, "王師傅", Role.TECHNICIAN)


def begin(connection: Connection, person: Person, flow: str = "listen", *, at: float = 0, **others: object) -> Conversation:
    values = {"subject": "", "args": {}, "answers": {}} | others
    return conversations.begin(connection, person.id, flow, now=after(at), **values)


def test_a_conversation_comes_back_with_its_answers_in_the_order_they_were_given(connection: Connection, wang: Person):
    order = an_order(connection)
    answers = {"zebra": "z", "account": "不冷", "hours": 120, "mileage": None, "photos": ["aa", "bb"]}

    begun = begin(connection, wang, subject=order.subject, args={"step": "listen"}, answers=answers)

    found = conversations.live(connection, wang.id)
    assert found == begun
    assert (found.person, found.flow, found.order, found.args, found.turn) == (
        wang.id,
        "listen",
        order.id,
        {"step": "listen"},
        0,
    )
    assert list(found.answers) == list(answers)
    assert found.answers == answers


def test_an_answer_that_was_stored_is_there_after_a_restart(connection: Connection, wang: Person):
    begun = begin(connection, wang)
    answered = replace(begun, answers={"b": 1, "a": 2}, turn=2, asked="photos", args={"edit": True})

    conversations.keep(connection, answered, now=after(1))

    assert conversations.live(connection, wang.id) == answered
    assert list(conversations.by_id(connection, begun.id).answers) == ["b", "a"]


def test_beginning_another_parks_the_one_that_is_live(connection: Connection, wang: Person):
    first, second = begin(connection, wang, "listen"), begin(connection, wang, "report", at=1)
    third = begin(connection, wang, "look", at=2)

    assert conversations.live(connection, wang.id) == third
    assert [one.id for one in conversations.parked(connection, wang.id)] == [second.id, first.id]


def test_a_parked_conversation_that_is_resumed_changes_places_with_the_live_one(connection: Connection, wang: Person):
    first, second = begin(connection, wang, "listen"), begin(connection, wang, "report", at=1)

    conversations.resume(connection, first, now=after(2))

    assert conversations.live(connection, wang.id).id == first.id
    assert [one.id for one in conversations.parked(connection, wang.id)] == [second.id]


def test_one_persons_conversation_is_nobody_elses(connection: Connection, wang: Person):
    zhang = somebody(connection)
    mine, theirs = begin(connection, wang), begin(connection, zhang)

    assert conversations.live(connection, wang.id) == mine
    assert conversations.live(connection, zhang.id) == theirs


@pytest.mark.parametrize("end", ["done", "cancelled"])
def test_a_conversation_that_has_ended_is_neither_live_nor_parked(connection: Connection, wang: Person, end: str):
    begun = begin(connection, wang)

    conversations.keep(connection, replace(begun, state=end), now=after(1))

    assert conversations.live(connection, wang.id) is None
    assert conversations.parked(connection, wang.id) == []
    assert conversations.by_id(connection, begun.id).state == end


def test_the_database_itself_refuses_a_second_live_conversation(engine: Engine):
    with engine.begin() as connection:
        wang = somebody(connection, "王師傅", Role.TECHNICIAN)
        begin(connection, wang)
    row = {"person_id": wang.id, "flow": "report", "args": {}, "answers": [], "turn": 0, "state": "live"}

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(rows).values(row | {"created_at": NOW, "updated_at": NOW}))


def test_an_order_that_has_moved_on_ends_the_conversations_about_it(connection: Connection, wang: Person):
    zhang, order = somebody(connection), an_order(connection)
    other = begin(connection, wang, subject=an_order(connection, "2611-0002").subject)
    mine, theirs = begin(connection, wang, subject=order.subject, at=1), begin(connection, zhang, subject=order.subject)

    conversations.drop_about(connection, order.subject)

    assert conversations.live(connection, wang.id) is None
    assert {conversations.by_id(connection, one.id).state for one in (mine, theirs)} == {"cancelled"}
    assert [one.id for one in conversations.parked(connection, wang.id)] == [other.id]


def test_what_is_done_stays_done_when_its_order_moves_on(connection: Connection, wang: Person):
    order = an_order(connection)
    done = replace(begin(connection, wang, subject=order.subject), state="done")
    conversations.keep(connection, done, now=after(1))

    conversations.drop_about(connection, order.subject)

    assert conversations.by_id(connection, done.id).state == "done"
