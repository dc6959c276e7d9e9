"""Long silences, clocks that jump, time changes, a leap day: all is told once, never early, truly late (RELIABILITY, W)."""

import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import String, cast, select

from storage.tables import deadlines, orders
from tests.faults.conftest import Figures
from tests.faults.office import Office, office, utc
from tests.faults.soak import ORDERS
from tests.laws.promises import nothing_is_announced_before_its_time
from tests.room import at
from texts import catalog

SHORT = 40
_LATE = re.compile(r"🔴 (\d{4}-\d{4}) (\S+)：應在 .+?，已晚 (?:(\d+) 天)?(?:(\d+) 小時)?(?:(\d+) 分鐘)?$", re.MULTILINE)
ABOUT = timedelta(minutes=2)  # how exactly a lateness is told


def overdue(desk: Office) -> dict[tuple[str, str], timedelta]:
    """By number and clock, in words: how late each running promise is."""
    of_it = deadlines.c.subject == "order:" + cast(orders.c.id, String)
    statement = select(orders.c.number, deadlines.c.clock, deadlines.c.due_at).join(orders, of_it)
    running = (deadlines.c.state == "running") & (deadlines.c.due_at <= desk.clock.now())
    with desk.engine.connect() as connection:
        rows = connection.execute(statement.where(running)).all()
    return {(row.number, catalog.say("zh-Hant", f"clock.{row.clock}")): desk.clock.now() - row.due_at for row in rows}


def told(desk: Office, name: str, since: int) -> list[tuple[str, str, timedelta]]:
    """(number, clock, how late) of each promise of which somebody was told after so many messages."""
    fresh = [one.text for one in desk.users[name].messages if one.is_bots][since:]
    found = [match for text in fresh for match in _LATE.findall(text)]
    return [
        (number, clock, timedelta(days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0)))
        for number, clock, days, hours, minutes in found
    ]


async def comes_back(desk: Office, moment: datetime) -> None:
    """The program is started anew at a later moment."""
    await desk.closes()
    desk.clock.turn_to(moment)
    await desk.opens()


async def hears_once_of_what_it_slept_through(desk: Office, moment: datetime) -> tuple[int, int]:
    """Nobody gets many messages or hears of a promise twice, and what fell due meanwhile is told to somebody, truly late.

    Returns the most messages that anybody got, and how many promises fell due.
    """
    asleep_at, before = desk.clock.now(), desk.n_messages()
    await comes_back(desk, moment)
    late, heard, most = overdue(desk), set[tuple[str, str]](), 0
    for user in desk.staff:
        lines = told(desk, user.name, before[user.name])
        most = max(most, desk.n_messages()[user.name] - before[user.name])
        assert [one for one, n in Counter((number, clock) for number, clock, _ in lines).items() if n > 1] == []
        assert [line for line in lines if abs(late[line[0], line[1]] - line[2]) > ABOUT] == []
        heard |= {(number, clock) for number, clock, _ in lines}
    fell_due = {one for one, length in late.items() if desk.clock.now() - length > asleep_at}
    assert fell_due - heard == set(), "nobody heard of it"
    assert most <= 8  # the pages of what is late, the morning's list, the branch's tables of the day and the week, its agenda
    return most, len(fell_due)


async def slept_through(folder: Path, n_orders: int) -> tuple[int, int]:
    """Ten hours of silence, then sixty more, with so many open orders; the most messages, and how many promises fell due."""
    async with office(folder, at("週五 16:00")) as desk:
        desk.is_filled(n_orders)
        await desk.opens()
        first = await hears_once_of_what_it_slept_through(desk, at("週六 02:00"))
        second = await hears_once_of_what_it_slept_through(desk, at("下週一 14:00"))
        await desk.closes()
        assert list(nothing_is_announced_before_its_time(desk.evidence())) == []
        return max(first[0], second[0]), first[1] + second[1]


async def test_after_a_long_silence_each_overdue_promise_is_told_once_and_truly(tmp_path: Path) -> None:
    _most, n_late = await slept_through(tmp_path, SHORT)

    assert n_late >= SHORT


@pytest.mark.soak
async def test_after_a_long_silence_of_many_orders(tmp_path: Path, figures: Figures) -> None:
    most, n_late = await slept_through(tmp_path, ORDERS)

    figures("W", "10 and 60 hours of silence", most_orders=ORDERS, most_overdue=n_late, most_messages_a_person=most)


async def test_a_clock_that_is_put_back_stops_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    async with office(tmp_path, at("週五 16:00")) as desk:
        desk.is_filled(3)
        await desk.opens()
        desk.clock.turn_to(at("週五 15:00"))
        before = desk.n_messages()
        wang = desk.users["師傅1"]
        await wang.says("說明")
        await wang.sees("師傅的一天")
        assert list(nothing_is_announced_before_its_time(desk.evidence())) == []

        desk.clock.turn_to(at("週五 16:14"))
        desk.clock.turn_to(at("週五 16:16"))
        await wang.sees("請按「接單」", timeout=20)  # an acceptance is due after a quarter of an hour
        await desk.rests()
        await desk.closes()

        evidence = desk.evidence()
        assert list(nothing_is_announced_before_its_time(evidence)) == []
        assert desk.n_messages()["師傅1"] - before["師傅1"] == 2


CHANGES = {
    "an hour is left out": ("Europe/Berlin", "2026-03-29 00:30"),
    "an hour comes twice": ("Europe/Berlin", "2026-10-25 00:30"),
    "a leap day": ("Asia/Taipei", "2028-02-28 20:00"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_day_that_is_not_like_others_is_a_day(tmp_path: Path, change: str) -> None:
    """Promises keep to the clock of the world, greetings to the clock on the wall: one each working day."""
    zone, start = CHANGES[change]
    moments = [utc(start) + timedelta(hours=hours) for hours in (1, 2, 36, 60)]
    async with office(tmp_path, utc(start), zone=zone) as desk:
        desk.is_filled(3)
        await desk.opens()
        for moment in moments:
            await comes_back(desk, moment)
        await desk.closes()

        assert list(nothing_is_announced_before_its_time(desk.evidence())) == []
        greeted = {calendar_day for moment in moments if (calendar_day := desk.working_day(moment))}
        assert desk.mornings() == [(day, len(desk.staff)) for day in sorted(greeted)]
        assert greeted
