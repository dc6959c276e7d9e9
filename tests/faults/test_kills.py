"""Whatever moment a process dies at, no promise is broken (RELIABILITY, K)."""

import asyncio
import random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import Postgres, running_postgres
from tests.faults.conftest import Figures
from tests.faults.designs import DESIGNS
from tests.faults.soak import (
    KILLS,
    KILLS_A_ROUND,
    MUTANT_KILLS,
    POSTGRES_KILLS,
    PROCESSES,
    RESTARTED_KILLS,
    rounds,
)
from tests.faults.tampering import TAMPERINGS
from tests.faults.town import Plan, Town
from tests.laws.promises import PROMISES, broken
from tests.laws.promises.evidence import Evidence

SHORT = 50


async def lived(plan: Plan, folder: Path, database_url: str) -> Evidence:
    """What is left of a town."""
    async with Town(plan, folder, database_url) as town:
        await town.lives_through_it()
        return town.evidence()


def told(figures: Figures, what: str, plan: Plan, evidence: Evidence) -> None:
    received = evidence.received
    figures(
        "K",
        what,
        kills=plan.n_kills,
        updates=len(received.confirmed) + len(received.acknowledged),
        messages=sum(map(len, received.shown.values())),
        climbs=sum(line.kind.startswith("escalation") for line in evidence.journal),
        broken=len(broken(evidence)),
    )


async def test_fifty_deaths_break_no_promise_and_a_broken_one_would_be_seen(tmp_path: Path) -> None:
    evidence = await lived(Plan(SHORT, 1, longest_life=0.2), tmp_path, f"sqlite:///{tmp_path}/data/fieldhand.db")

    assert broken(evidence) == []
    assert len(evidence.received.confirmed) > SHORT
    assert len(evidence.received.acknowledged) > 0
    assert any(line.kind == "escalation.breached" for line in evidence.journal)
    unseen = [promise.__name__ for promise, tamper in TAMPERINGS.items() if not list(promise(tamper(evidence)))]
    assert (unseen, set(TAMPERINGS)) == ([], set(PROMISES)), "a checker does not see what it is for"


@pytest.mark.soak
@pytest.mark.parametrize(("n", "n_kills"), rounds(KILLS, KILLS_A_ROUND))
async def test_a_thousand_deaths_break_no_promise(tmp_path: Path, figures: Figures, n: int, n_kills: int) -> None:
    plan = Plan(n_kills, 100 + n, first=n * KILLS_A_ROUND)

    evidence = await lived(plan, tmp_path, f"sqlite:///{tmp_path}/data/fieldhand.db")

    told(figures, "deaths on SQLite", plan, evidence)
    assert broken(evidence) == []


@pytest.mark.soak
@pytest.mark.parametrize(("n", "n_kills"), rounds(POSTGRES_KILLS, KILLS_A_ROUND))
async def test_deaths_on_postgresql_break_no_promise(
    tmp_path: Path, figures: Figures, postgres: Postgres, n: int, n_kills: int
) -> None:
    plan = Plan(n_kills, 200 + n, n_processes=PROCESSES, first=n * KILLS_A_ROUND)

    evidence = await lived(plan, tmp_path, postgres.url(postgres.make()))

    told(figures, f"deaths on PostgreSQL, {PROCESSES} processes", plan, evidence)
    assert broken(evidence) == []


@pytest.mark.soak
async def test_deaths_while_postgresql_itself_is_restarted_break_no_promise(tmp_path: Path, figures: Figures) -> None:
    with running_postgres() as server:
        plan = Plan(RESTARTED_KILLS, 290, n_processes=PROCESSES, longest_life=2.0)
        async with Town(plan, tmp_path, server.url(server.make())) as town:
            restarting = asyncio.create_task(restarted_again_and_again(server, random.Random(290)))
            await town.lives_through_it(before_it_rests=restarting.cancel)
            with suppress(asyncio.CancelledError):
                await restarting
            evidence = town.evidence()

    told(figures, f"deaths while PostgreSQL is restarted, {PROCESSES} processes", plan, evidence)
    assert broken(evidence) == []


async def restarted_again_and_again(server: Postgres, dice: random.Random) -> None:
    """Every few seconds; a restart that has begun is ended before anything else happens."""
    while True:
        await asyncio.sleep(dice.uniform(3, 8))  # the moments of the fault
        await asyncio.shield(asyncio.to_thread(lambda: (server.stop(), server.start())))


async def kills_until_caught(plan: Plan, folder: Path, most: int) -> tuple[int, list[str]]:
    """Rounds of a worse design until the checkers see it: how many deaths that took, and what they saw."""
    n_kills = 0
    while n_kills < most:
        home = folder / f"{n_kills}"
        home.mkdir()
        again = replace(plan, seed=plan.seed + n_kills, first=n_kills)
        evidence = await lived(again, home, f"sqlite:///{home}/data/fieldhand.db")
        n_kills += plan.n_kills
        if found := broken(evidence):
            return n_kills, found
    return n_kills, []


SEEN_BY = {
    "confirms_before_it_stores": "nothing_acknowledged_is_lost",
    "marks_before_it_sends": "everything_said_arrives_or_somebody_is_told",
    "tells_in_a_second_transaction": "each_is_answered",
    "marks_the_clock_before_it_tells": "every_climb_is_told",
    "takes_everything_for_new": "each_has_its_effect_once",
}


WEAK_POINTS = {
    "confirms_before_it_stores": Plan(4, 21, at_points=1, points=("accept.before",)),
    "marks_before_it_sends": Plan(1, 22, at_points=1, points=("send.before",)),
    "tells_in_a_second_transaction": Plan(3, 23, at_points=1, points=("tick.write",)),
    "marks_the_clock_before_it_tells": Plan(3, 24, at_points=1, points=("tick.write",)),
    "takes_everything_for_new": Plan(3, 25, at_points=1, points=("accept.after",)),
}


@pytest.mark.parametrize("design", DESIGNS)
async def test_a_worse_design_is_caught_at_its_weak_point(tmp_path: Path, design: str) -> None:
    plan = replace(WEAK_POINTS[design], design=design)

    _n_kills, found = await kills_until_caught(plan, tmp_path, MUTANT_KILLS)

    assert found


@pytest.mark.soak
@pytest.mark.parametrize("design", DESIGNS)
async def test_each_worse_design_is_caught(tmp_path: Path, figures: Figures, design: str) -> None:
    plan = Plan(10, 300, design=design)

    n_kills, found = await kills_until_caught(plan, tmp_path, MUTANT_KILLS)

    figures("K-mut", design.replace("_", " "), most_kills_until_caught=n_kills)
    assert any(one.startswith(SEEN_BY[design]) for one in found), found
