"""What each promise, job, opinion card, complaint, task and old part adds to the figures (KPI-1..7, KPI-12, KPI-13)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.clocks import Clock
from rules.complaint_records import CaseStage, Outcome
from rules.complaints import Complaint
from rules.figures import Count, Figure, Source
from rules.part_uses import Used

COUNTED_CLOCKS = (Clock.ARRIVAL, Clock.REPLY, Clock.WRITTEN_CONTACT)
COUNTED_RULES = (*(f"SLA-{n}" for n in range(1, 9)), "SLA-29")
"""KPI-1: arrivals and replies of SLA-1..8, and the arrival limit that a company sets itself for what is far away."""
SATISFIED = 3
"""The lower of the two levels that count as satisfied, of 4 (KPI-2)."""
REPEAT_WITHIN = timedelta(days=30)
"""WKS-17: a call about the same product so soon after was not fixed the first time."""


def count_promise(source: Source, clock: str, *, due_at: datetime, met_at: datetime | None) -> Count:
    """A promise that fell due: kept, late, or still not kept (KPI-1)."""
    is_kept = met_at is not None and met_at <= due_at
    late = met_at - due_at if met_at is not None and not is_kept else None
    return Count(Figure.TIMELINESS, source, due_at, int(is_kept), 1, 1, int(not is_kept), late, f"clock.{clock}")


REPAIR_RULES = ("SLA-9",)
"""KPI-13: repairs of a shop, which are due within a week."""
NOTHING_TO_RETURN = frozenset({"none_existed"})
"""KPI-12: where there was no old part none can come back."""


def count_repair(source: Source, *, due_at: datetime, met_at: datetime | None) -> Count:
    """A shop's repair whose week is over: done in it or not (KPI-13)."""
    return _timed(Figure.REPAIR_WEEK, source, due_at, due_at=due_at, done_at=met_at)


def count_old_parts(source: Source, at: datetime, lines: Iterable[Used]) -> Iterator[Count]:
    """The parts of one order: of the lines whose old part ought to come back, how many lie in the store (KPI-12)."""
    wanted = [one for one in lines if one.old_part not in NOTHING_TO_RETURN]
    n_back = sum(one.received_by is not None for one in wanted)
    if wanted:
        yield Count(Figure.OLD_PARTS, source, at, n_back, len(wanted), len(wanted), len(wanted) - n_back)


def count_card(source: Source, at: datetime, grades: Mapping[str, int], formula: str) -> Count:
    """An opinion card's answers: those in the upper two levels, or by the other formula 100, 75, 50, 25 points (KPI-2)."""
    n, n_satisfied = len(grades), sum(level >= SATISFIED for level in grades.values())
    hits, out_of = (n_satisfied, n) if formula == "top_two" else (25 * sum(grades.values()), 100 * n)
    return Count(Figure.SATISFACTION, source, at, hits, out_of, n, n - n_satisfied)


def count_job(source: Source, at: datetime, *, is_repeated: bool, is_repair: bool = True) -> Iterator[Count]:
    """A completed job: below the line of both complaint rates; a repair fixed the first time or not (KPI-3, KPI-4, KPI-7)."""
    yield Count(Figure.COMPLAINTS, source, at, 0, 1)
    yield Count(Figure.MAJOR, source, at, 0, 1)
    if is_repair:
        yield Count(Figure.FIRST_FIX, source, at, int(not is_repeated), 1, 1, int(is_repeated))


def count_complaint(case: Complaint, source: Source, *, now: datetime) -> Iterator[Count]:
    """Whatever a complaint counts for, each at its own moment (KPI-3..6).

    Upheld and about service, once it is decided; marked major, when it came in, a case begun anew not again; closed in time,
    when it was decided, where it has a limit; each stage with a limit when it was left; answered in time once that is certain.
    """
    opinion, verdict = case.opinion, case.verdict
    if verdict is not None and opinion is not None and opinion.outcome is Outcome.UPHELD and case.route == "service":
        yield Count(Figure.COMPLAINTS, source, verdict.at, 1, 0, 1, 1)
    if case.is_serious and case.previous is None:
        yield Count(Figure.MAJOR, source, case.opened_at, 1, 0, 1, 1)
    if verdict is not None and case.due_at is not None:
        yield _timed(Figure.CLOSING, source, verdict.at, due_at=case.due_at, done_at=verdict.at)
    for one in case.passages:
        if one.due_at is not None and one.left_at is not None and not one.skipped:
            stage = f"stage.case.{one.stage}"
            yield _timed(Figure.STAGES, source, one.left_at, due_at=one.due_at, done_at=one.left_at, what=stage)
    if case.route != "anomaly" and (limit := _answer_limit(case)) is not None:
        yield from count_opinion(source, case.opened_at, due_at=limit, done_at=case.answer.at if case.answer else None, now=now)


def count_opinion(
    source: Source, at: datetime, *, due_at: datetime, done_at: datetime | None, now: datetime
) -> Iterator[Count]:
    """An opinion that came in: answered within its limit or not; while neither is certain it is not counted (KPI-6)."""
    if done_at is not None or due_at < now:
        yield _timed(Figure.OPINIONS, source, at, due_at=due_at, done_at=done_at)


def _answer_limit(case: Complaint) -> datetime | None:
    """By when its customer is to be answered: the whole case's limit, else that of carrying the decision out."""
    if case.due_at is not None:
        return case.due_at
    return next((one.due_at for one in reversed(case.passages) if one.stage is CaseStage.EXECUTION), None)


def _timed(
    figure: Figure, source: Source, at: datetime, *, due_at: datetime, done_at: datetime | None, what: str = ""
) -> Count:
    is_kept = done_at is not None and done_at <= due_at
    late = done_at - due_at if done_at is not None and not is_kept else None
    return Count(figure, source, at, int(is_kept), 1, 1, int(not is_kept), late, what)


@dataclass(frozen=True, slots=True)
class Call:
    """One call about one product; `at` is when it was reported, or when its job was completed."""

    order: int
    at: datetime
    customer: int
    model: str
    serial: str


def repeats(jobs: Iterable[Call], calls: Iterable[Call]) -> dict[int, frozenset[int]]:
    """Orders whose product was called about again within 30 days of their completion, with those calls' orders (WKS-17)."""
    by_serial: defaultdict[str, list[Call]] = defaultdict(list)
    by_owner: defaultdict[tuple[int, str], list[Call]] = defaultdict(list)
    for call in calls:
        by_serial[_folded(call.serial)].append(call)
        by_owner[call.customer, _folded(call.model)].append(call)
    found = {}
    for job in jobs:
        serial, owner = _folded(job.serial), (job.customer, _folded(job.model))
        known = [*(by_serial[serial] if serial else ()), *by_owner[owner]]
        soon = (one for one in known if one.order != job.order and timedelta() < one.at - job.at <= REPEAT_WITHIN)
        if again := frozenset(one.order for one in soon if is_same_product(job, one)):
            found[job.order] = again
    return found


def repeated(found: Mapping[int, frozenset[int]], components: Mapping[int, str]) -> frozenset[int]:
    """Those of them that were about the same component, as far as it was written down both times (KPI-7, WKS-17)."""
    return frozenset(
        job
        for job, again in found.items()
        if any(is_same_component(components.get(job, ""), components.get(one, "")) for one in again)
    )


def is_same_product(one: Call, other: Call) -> bool:
    """The same product has the same serial number; where a serial number is missing, the same customer and model."""
    first, second = _folded(one.serial), _folded(other.serial)
    if first and second:
        return first == second
    return one.customer == other.customer and bool(_folded(one.model)) and _folded(one.model) == _folded(other.model)


def is_same_component(one: str, other: str) -> bool:
    """Whether two jobs were about one component: also where one names it more exactly, or nobody wrote it down."""
    first, second = _folded(one), _folded(other)
    return first in second or second in first


def _folded(name: str) -> str:
    return name.strip().casefold()
