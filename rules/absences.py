"""Leave: asked for, granted or refused by the superior, and then seen at dispatch (STF-6, DSP-3)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from rules.people import Deed, Person, Ties, require
from rules.refusals import Refused

LONGEST = timedelta(days=366)


class LeaveState(StrEnum):
    """What became of a request."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Absence:
    """Somebody is not there from `start` to before `end`. `kind` is leave, or leaving: then nobody comes back (STF-10)."""

    person: int
    start: datetime
    end: datetime
    reason: str = ""
    state: LeaveState = LeaveState.ASKED
    kind: str = "leave"
    decided_by: int | None = None
    id: int = 0


def require_askable(new: Absence, known: Iterable[Absence], *, now: datetime) -> None:
    """Raise Refused for leave that is backwards, over already, endless, or asked for twice (STF-6)."""
    if new.end <= new.start:
        raise Refused("leave-backwards", rule="STF-6", start=new.start, end=new.end)
    if new.end <= now:
        raise Refused("leave-over", rule="STF-6", end=new.end)
    if new.end - new.start > LONGEST:
        raise Refused("leave-too-long", rule="STF-6", most=LONGEST)
    counts = (LeaveState.ASKED, LeaveState.GRANTED)
    for one in known:
        if one.state in counts and one.start < new.end and new.start < one.end:
            raise Refused("leave-overlaps", rule="STF-6", start=one.start, end=one.end)


def decide(absence: Absence, of: Person, *, is_granted: bool, by: Person) -> Absence:
    """The superior's word on somebody's leave, never on his own (STF-6)."""
    require(by, Deed.DECIDE_LEAVE, Ties(of.branch, 0, kind="leave"))
    if by.id == absence.person:
        raise Refused("not-your-own", rule="STF-6")
    if absence.state is not LeaveState.ASKED:
        raise Refused("leave-decided", rule="STF-6", state={"text": f"leave.state.{absence.state}"})
    return replace(absence, state=LeaveState.GRANTED if is_granted else LeaveState.REFUSED, decided_by=by.id)


def withdraw(absence: Absence, *, by: Person, now: datetime) -> Absence:
    """Take one's own request back, or come back from leave before its end."""
    if by.id != absence.person or absence.kind != "leave":
        raise Refused("no-such-case", rule="STF-6")
    if absence.state not in (LeaveState.ASKED, LeaveState.GRANTED) or absence.end <= now:
        raise Refused("leave-decided", rule="STF-6", state={"text": f"leave.state.{absence.state}"})
    return replace(absence, state=LeaveState.WITHDRAWN)
