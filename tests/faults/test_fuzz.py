"""Whatever comes in, from whomever: it is answered or means nothing, and it breaks nothing (RELIABILITY, F)."""

import json
import os
import random
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.telegram_read import chat_of, key_of, read_update
from handlers.events import Event, Kind
from handlers.router import handle
from rules.people import Role
from rules.policies import PROFILES
from storage import conversations, files
from storage.tables import outbox
from storage.unit import Unit
from tests.faults.beginnings import Beginning
from tests.faults.conftest import Figures
from tests.faults.payloads import Mutator, Update, real_updates
from tests.faults.soak import TURNS, TURNS_A_ROUND, rounds
from tests.laws.promises import every_move_is_legal, the_journal_follows
from tests.laws.promises.evidence import Received, gather
from tests.laws.walker import Walk
from tests.room import Room

SHORT = 8_000
TURNS_A_ROOM = 2_000
ROLES = (
    *((Role.SUPERVISOR, Role.ADMINISTRATOR), (Role.CLERK,), (Role.TECHNICIAN,), (Role.MANAGER,), (Role.SERVICE_DEPT,), ()),
    *((Role.ADMINISTRATOR,), (Role.WAREHOUSE,), (Role.GM,)),
)
STRANGER = 77_000


class Fuzzed:
    """A room in which everybody of every role sends mutated updates."""

    def __init__(self, updates: list[Update], seed: int) -> None:
        self.updates, self.seed, self.n_turns = updates, seed, 0

    def _open(self) -> None:
        self.room = Room.open()
        begin = Beginning(self.room.connection, self.room.company.terms, self.room.now)
        cast = [begin.joins(f"某人{n}", str(1000 + n), roles) for n, roles in enumerate(ROLES)]
        supervisor, _clerk, technician, *_ = cast
        customer = cast[5]
        begin.reported(customer)
        begin.dispatched(customer, supervisor, technician)
        begin.on_site(customer, supervisor, technician)
        everybody = [1000 + n for n in range(len(ROLES))]
        self.mutator = Mutator(self.updates, [*everybody, everybody[2], everybody[5], STRANGER], self.seed + self.n_turns)

    def run(self, n_turns: int) -> None:
        """So many turns, in one room after the other."""
        for n in range(n_turns):
            if n % TURNS_A_ROOM == 0:
                if n:
                    self.ends()
                self._open()
            self.n_turns += 1
            self.turn(self.mutator.next())
        self.ends()

    def turn(self, update: Update) -> None:
        """As reception does it: read, fetch, handle; and it must have been answered."""
        chat_of(update), key_of(update)
        event = read_update({"update": update, "received_at": self.room.now.isoformat()}, "telegram")
        if event is None:
            return
        event = self._fetched(event)
        before, live = self.room.newest(), self._live(event)
        unit = Unit(self.room.connection, self.room.later(seconds=1), self.room.company.terms, event.key[:96])
        handle(unit, self.room.company, event)
        needs_answer = event.kind not in (Kind.BLOCKED, Kind.GROUP)
        is_second_tap = event.kind is Kind.PRESS and live is not None and live == self._live(event)
        assert not needs_answer or is_second_tap or self.room.newest() > before, f"no answer to {json.dumps(update)}"

    def _fetched(self, event: Event) -> Event:
        if event.media is None:
            return event
        if random.Random(self.n_turns).random() < 0.3:
            return replace(event, media=replace(event.media, problem="gone"))
        digest = sha256(event.media.handle.encode("utf-8", "replace")).hexdigest()
        files.note(self.room.connection, sha256=digest, mime="image/jpeg", size=10, near_hash=digest, now=self.room.now)
        return replace(event, media=replace(event.media, sha256=digest))

    def _live(self, event: Event) -> object:
        known = self.room.raw_row("SELECT person_id FROM accounts WHERE channel = ? AND address = ?", "telegram", event.address)
        return conversations.live(self.room.connection, known[0]) if known else None  # type: ignore[index]

    def ends(self) -> None:
        """Everything that was said can be shown, and the records hold."""
        for body in self.room.connection.execute(select(outbox.c.body)).scalars():
            json.dumps(body).encode()
        must_hold(self.room)
        self.room.close()


def must_hold(room: Room) -> None:
    """Every move was legal, and every journal line follows from the one before."""
    policy = room.company.terms.policy
    left = gather(room.connection, shelf=Path(), policy=policy, received=Received(), at=room.now)
    assert [what for promise in (every_move_is_legal, the_journal_follows) for what in promise(left)] == []


async def test_mutated_updates_of_every_role_are_answered_or_mean_nothing() -> None:
    fuzzed = Fuzzed(await real_updates(), 41)

    fuzzed.run(SHORT)

    assert fuzzed.n_turns == SHORT


@pytest.mark.soak
@pytest.mark.parametrize(("n", "n_turns"), rounds(TURNS // 2, TURNS_A_ROUND))
async def test_half_a_million_mutated_updates(figures: Figures, n: int, n_turns: int) -> None:
    fuzzed = Fuzzed(await real_updates(), 500 + n * n_turns)
    fuzzed.run(n_turns // 5)
    before = megabytes()

    fuzzed.run(n_turns - n_turns // 5)

    figures("F", "mutated updates", turns=fuzzed.n_turns, most_megabytes_grown=max(0.0, megabytes() - before))
    assert megabytes() - before < 60


@pytest.mark.soak
@pytest.mark.parametrize(("n", "n_turns"), rounds(TURNS // 2, TURNS_A_ROUND))
def test_half_a_million_turns_of_random_walks(figures: Figures, n: int, n_turns: int) -> None:
    profile = PROFILES[n % len(PROFILES)] if n % 2 else "appliance"
    walk = Walk(6000 + 2 * n, profile=profile)
    walk.run(n_turns // 5)
    before = megabytes()

    again = Walk(6001 + 2 * n, profile=profile)
    again.run(n_turns - n_turns // 5)

    figures("F", "random walks", turns=walk.n_turns + again.n_turns, most_megabytes_grown=max(0.0, megabytes() - before))
    assert megabytes() - before < 60


def megabytes() -> float:
    """Memory of this process that is in use."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
