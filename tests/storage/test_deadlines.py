"""Promises under watch: none is forgotten, none is climbed twice."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, Engine, select

from rules.clocks import Clock
from rules.escalation import Watch
from storage import deadlines, subjects
from storage.tables import deadlines as rows
from storage.tables import orders
from tests.storage.making import NOW, a_watch, after, an_order


def start(
    connection: Connection, subject: str, watch: Watch | None = None, *, clock: str = Clock.ARRIVAL, at: float = 30
) -> None:
    deadlines.start(connection, subject, clock, watch or a_watch(), next_at=after(at))


def the_one(connection: Connection) -> deadlines.Running:
    (running,) = deadlines.due(connection, after(10_000))
    return running


def test_a_promise_comes_back_as_it_was_made(connection: Connection):
    order = an_order(connection)
    watch = a_watch(90, rung=1, snoozed_until=after(20))

    start(connection, order.subject, watch)

    running = deadlines.of(connection, order.subject)[Clock.ARRIVAL]
    assert (running.subject, running.clock, running.next_at) == (order.subject, "arrival", after(30))
    assert running.watch == watch


def test_a_promise_is_due_when_its_moment_has_come_and_the_oldest_comes_first(connection: Connection):
    late, early = an_order(connection, "2611-0001"), an_order(connection, "2611-0002")
    start(connection, late.subject, at=40)
    start(connection, early.subject, at=30)

    assert deadlines.due(connection, after(29.9)) == []
    assert [one.subject for one in deadlines.due(connection, after(30))] == [early.subject]
    assert [one.subject for one in deadlines.due(connection, after(60))] == [early.subject, late.subject]
    assert [one.subject for one in deadlines.due(connection, after(60), limit=1)] == [early.subject]
    assert deadlines.next_moment(connection) == after(30)
    assert deadlines.oldest_due(connection, after(60)) == after(30)
    assert deadlines.oldest_due(connection, after(10)) is None


def test_a_promise_that_was_kept_is_watched_no_longer(connection: Connection):
    order = an_order(connection)
    start(connection, order.subject)
    start(connection, order.subject, clock=Clock.COMPLETION)

    deadlines.stop(connection, order.subject, Clock.ARRIVAL, now=after(10))

    assert list(deadlines.of(connection, order.subject)) == [Clock.COMPLETION]
    assert [one.clock for one in deadlines.due(connection, after(60))] == [Clock.COMPLETION]
    kept = connection.execute(select(rows.c.state, rows.c.met_at, rows.c.next_at).where(rows.c.clock == Clock.ARRIVAL)).one()
    assert kept == ("met", after(10), None)


def test_the_first_end_of_a_promise_counts(connection: Connection):
    order = an_order(connection)
    start(connection, order.subject)
    deadlines.stop(connection, order.subject, Clock.ARRIVAL, now=after(10))

    deadlines.stop(connection, order.subject, Clock.ARRIVAL, now=after(20), is_met=False)

    assert connection.execute(select(rows.c.state, rows.c.met_at)).one() == ("met", after(10))


def test_a_promise_made_anew_takes_the_place_of_the_old(connection: Connection):
    order = an_order(connection)
    start(connection, order.subject, a_watch(60, rung=3))
    deadlines.stop(connection, order.subject, Clock.ARRIVAL, now=after(10))

    start(connection, order.subject, a_watch(120), at=60)

    assert the_one(connection).watch == a_watch(120)
    assert connection.execute(select(rows.c.state, rows.c.rung, rows.c.met_at)).one() == ("running", 0, None)


def test_a_watch_that_has_moved_on_is_kept(connection: Connection):
    order = an_order(connection)
    start(connection, order.subject)
    running = the_one(connection)

    assert deadlines.keep(connection, running, replace(running.watch, rung=1), next_at=after(48))

    assert the_one(connection).watch.rung == 1
    assert the_one(connection).next_at == after(48)


def test_of_two_sweeps_that_saw_the_same_rung_one_climbs_it(engine: Engine, other_engine: Engine):
    with engine.begin() as connection:
        start(connection, an_order(connection).subject)
        mine = theirs = the_one(connection)

    with engine.begin() as connection:
        assert deadlines.keep(connection, mine, replace(mine.watch, rung=1), next_at=after(48))
    with other_engine.begin() as connection:
        assert not deadlines.keep(connection, theirs, replace(theirs.watch, rung=1), next_at=after(48))


def test_a_sweep_that_did_not_see_the_acknowledgement_is_refused(connection: Connection):
    start(connection, an_order(connection).subject)
    seen = the_one(connection)
    quiet = replace(seen.watch, acknowledged_by=7, acknowledged_at=after(31), snoozed_until=after(61))
    assert deadlines.keep(connection, seen, quiet, next_at=after(61))

    assert not deadlines.keep(connection, seen, replace(seen.watch, rung=1), next_at=after(48))

    assert the_one(connection).watch == quiet


def test_a_sweep_that_did_not_see_the_new_promise_is_refused(connection: Connection):
    order = an_order(connection)
    start(connection, order.subject)
    seen = the_one(connection)
    start(connection, order.subject, a_watch(240))  # the same next look, another promise

    assert not deadlines.keep(connection, seen, replace(seen.watch, rung=1), next_at=after(48))

    assert the_one(connection).watch == a_watch(240)


def test_a_promise_that_was_kept_in_between_is_not_climbed(connection: Connection):
    order = an_order(connection)
    start(connection, order.subject)
    seen = the_one(connection)
    deadlines.stop(connection, order.subject, Clock.ARRIVAL, now=after(29))

    assert not deadlines.keep(connection, seen, replace(seen.watch, rung=1), next_at=after(48))


def test_a_ladder_at_its_end_is_still_running_but_never_due(connection: Connection):
    order = an_order(connection)
    start(connection, order.subject)
    running = the_one(connection)

    assert deadlines.keep(connection, running, replace(running.watch, rung=9), next_at=None)

    assert deadlines.due(connection, NOW + timedelta(days=365)) == []
    ended = deadlines.of(connection, order.subject)[Clock.ARRIVAL]
    assert ended.next_at is None
    assert deadlines.keep(connection, ended, replace(ended.watch, rung=10), next_at=None)


def test_why_a_promise_was_broken_is_kept(connection: Connection):
    order = an_order(connection)
    start(connection, order.subject)

    deadlines.note_reason(connection, order.subject, Clock.ARRIVAL, "颱風")

    assert connection.execute(select(rows.c.breach_reason)).scalar_one() == "颱風"


def test_a_subject_s_place_in_its_queue_follows_its_first_running_promise(connection: Connection):
    order = an_order(connection)
    place = select(orders.c.next_due_at).where(orders.c.id == order.id)
    start(connection, order.subject, a_watch(240), clock=Clock.COMPLETION)
    start(connection, order.subject, a_watch(60))

    subjects.refresh_next_due(connection, order)
    assert connection.execute(place).scalar_one() == after(60) == deadlines.first_due(connection, order.subject)

    deadlines.stop(connection, order.subject, Clock.ARRIVAL, now=after(50))
    subjects.refresh_next_due(connection, order)
    assert connection.execute(place).scalar_one() == after(240)


def test_subjects_of_different_kinds_with_one_number_keep_their_promises_apart(connection: Connection):
    start(connection, "order:12", a_watch(60))
    start(connection, "complaint:12", a_watch(90), clock=Clock.CASE)

    deadlines.stop(connection, "order:12", Clock.ARRIVAL, now=after(10))

    assert deadlines.of(connection, "order:12") == {}
    assert list(deadlines.of(connection, "complaint:12")) == [Clock.CASE]
