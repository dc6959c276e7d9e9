"""Rounds: a route of machines walked in time, its results booked, its findings made into orders (MNT-4, MNT-5, MNT-7)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from rules.cases import Case, require_open
from rules.clocks import Clock, Promise, promised_at
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.duty_policy import Point, parse_point
from rules.orders import FaultReport
from rules.people import Deed, Person, may, require
from rules.periods import period_at
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms

KEPT = 60
"""How many rounds a route remembers; the journal knows of all."""
MOST_MACHINES = 30
LUBRICATION = "lubrication"
"""The checklist whose lines are `spot / quality / quantity`, such as `main bearing / CLP 220 / 0.5 L` (MNT-6)."""
FINDING = "finding"
"""The kind of the report that a finding becomes."""


@dataclass(frozen=True)
class Finding:
    """Something on a machine that is not as it should be."""

    machine: str
    point: str
    words: str = ""
    photo: str = ""


@dataclass(frozen=True)
class Walk:
    """One round: when, by whom, what was measured, what was found."""

    at: datetime
    by: int
    values: Mapping[str, str]  # machine/point -> number
    findings: tuple[Finding, ...] = ()
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Route(Case):
    """A checklist over some machines, due once in each period."""

    kind: ClassVar[str] = "route"
    stage: str = "walked"
    checklist: str
    machines: tuple[str, ...]
    person: int | None = None  # who walks it; empty: whoever is there, and the supervisor answers
    due_at: datetime | None = None
    walks: tuple[Walk, ...] = ()
    n_missed: int = 0

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (self.person,) if self.person is not None else (Audience.SUPERVISOR,)

    def seen_by(self, person: Person) -> bool:
        """Whoever walks rounds in the branch."""
        return person.id == self.person or (may(person, Deed.WALK_ROUND) and person.branch == self.branch)


def every(route: Route, policy: Policy) -> str:
    """How often a route is due."""
    return policy.rounds.checklists[route.checklist][0]


def points_of(route: Route, policy: Policy) -> tuple[Point, ...]:
    """What is looked at on each machine; a checklist that the profile gave up has none."""
    return tuple(parse_point(one) for one in policy.rounds.checklists.get(route.checklist, ("",))[1:])


def _promise(route: Route, at: datetime, terms: Terms) -> tuple[datetime, Promise]:
    """When the round is due that a moment belongs to."""
    start, end = period_at(every(route, terms.policy), at, terms.calendar)
    return end, promised_at(Clock.ROUND, end, start, "MNT-4")


def open_route(route: Route, *, by: Person, now: datetime, terms: Terms) -> Ruling[Route]:
    """A route is walked from now on; the period that runs is due already (MNT-4)."""
    require(by, Deed.KEEP_ROUTES, route.ties)
    if route.checklist not in terms.policy.rounds.checklists:
        raise Refused("no-such-item", rule="MNT-4")
    if not route.machines or len(route.machines) > MOST_MACHINES:
        raise Refused("route-machines", rule="MNT-4", most=MOST_MACHINES)
    _require_five(route)
    due_at, clock = _promise(route, now, terms)
    entry = Entry("route.opened", {"list": route.checklist, "n": len(route.machines)}, "MNT-4")
    told = (Notice("notice.route", route.owners, {"number": route.number, "due": due_at}),) if route.person != by.id else ()
    return Ruling(replace(route, due_at=due_at, stage="due"), (entry,), told, {Clock.ROUND: Deadline(clock)})


def _require_five(route: Route) -> None:
    """Lubrication has five fixed points: spot, quality and quantity in each line, the time by the list, the person (MNT-6)."""
    if route.checklist != LUBRICATION:
        return
    wrong = [one for one in route.machines if len([part for part in one.split("/") if part.strip()]) != 3]
    if wrong:
        raise Refused("five-points", rule="MNT-6", line=wrong[0])
    if route.person is None:
        raise Refused("five-points-person", rule="MNT-6")


def out_of_limits(route: Route, values: Mapping[str, str], policy: Policy) -> tuple[Finding, ...]:
    """Measured values that are findings by themselves."""
    found = []
    for point in points_of(route, policy):
        for machine in route.machines:
            told = values.get(f"{machine}/{point.name}")
            if told is None:
                continue
            value = Decimal(told)
            too_much = point.at_most is not None and value > point.at_most
            if too_much or (point.at_least is not None and value < point.at_least):
                found.append(Finding(machine, point.name, told))
    return tuple(found)


def walk(
    route: Route, values: Mapping[str, str], findings: tuple[Finding, ...], *, by: Person, now: datetime, terms: Terms
) -> Ruling[Route]:
    """The round was walked: results are booked, and the next period's round is what is due now (MNT-4)."""
    if by.id != route.person:
        require(by, Deed.WALK_ROUND)
        if by.branch != route.branch:
            raise Refused("no-such-case", rule="ROL-1")
    require_open(route)
    for point in points_of(route, terms.policy):
        missing = [one for one in route.machines if point.is_number and f"{one}/{point.name}" not in values]
        if missing:
            raise Refused("round-incomplete", rule="MNT-4", machines=missing)
    every_finding = (*out_of_limits(route, values, terms.policy), *findings)
    is_late = route.due_at is not None and now > route.due_at
    done = Walk(now, by.id, dict(values), every_finding, is_late)
    due_at, clock = _promise(route, max(route.due_at or now, now), terms)
    entry = Entry("route.walked", {"n_findings": len(every_finding), "is_late": is_late}, "MNT-4")
    told: tuple[Notice, ...] = ()
    if every_finding:
        facts = {"number": route.number, "by_id": by.id, "machines": list(dict.fromkeys(one.machine for one in every_finding))}
        told = (Notice("notice.round-findings", (Audience.SUPERVISOR,), facts, is_must=False),)
    kept = replace(route, walks=(*route.walks, done)[-KEPT:], due_at=due_at, stage="walked")
    return Ruling(kept, (entry,), told, {Clock.ROUND: Deadline(clock)})


def miss(route: Route, *, now: datetime, terms: Terms) -> Ruling[Route]:
    """Nobody walked it in its period: written down, and the next one is what is due (MNT-4)."""
    due_at, clock = _promise(route, max(route.due_at or now, now), terms)
    entry = Entry("route.missed", {"due": route.due_at}, "MNT-4")
    kept = replace(route, due_at=due_at, n_missed=route.n_missed + 1, stage="missed")
    return Ruling(kept, (entry,), (), {Clock.ROUND: Deadline(clock)})


def close_route(route: Route, *, by: Person, now: datetime, terms: Terms) -> Ruling[Route]:
    """It is walked no more."""
    require(by, Deed.KEEP_ROUTES, route.ties)
    require_open(route)
    return Ruling(replace(route, stage="closed", closed_at=now), (Entry("route.closed", {}, "MNT-4"),), (), {Clock.ROUND: None})


def report_of(finding: Finding, route: Route, by: Person) -> FaultReport:
    """A finding as the call that it becomes (MNT-7): action follows, and the supervisor's approval verifies it."""
    return FaultReport(
        customer_name=by.name, address=route.branch, phone=by.phone or "—", contact=by.name, model=finding.machine,
        fault=finding.words, photos=(finding.photo,) if finding.photo else (), kind=FINDING, zone="urban",
    )  # fmt: skip
