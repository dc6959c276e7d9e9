"""How what is due is told: one message a promise, or after downtime one digest a person (ESC-17)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from rules.cases import Case, shown_number
from rules.clocks import Clock
from rules.decisions import Audience
from rules.escalation import Climb, quiet_until
from rules.orders import WorkOrder
from rules.people import Deed, may
from rules.terms import Terms
from storage import outbox, people
from storage.subjects import token
from storage.unit import whom


@dataclass(frozen=True)
class Due:
    """One escalation, for one person. `slip` numbers the 催辦單 that goes with it."""

    person: int
    subject: WorkOrder | Case
    climb: Climb
    clock: str
    late: timedelta
    slip: str = ""

    @property
    def number(self) -> str:
        """The number that people know it by."""
        return shown_number(self.subject)


_TEXT = {
    Clock.RESCUE: "escalation.rescue",
    Clock.DISPATCH: "escalation.undispatched",
    Clock.NEXT: "escalation.free",
    Clock.DECISION: "escalation.decision",
    Clock.READING: "escalation.reading",
    Clock.CASE: "escalation.case",
    Clock.TASK: "escalation.task",
    Clock.FOLLOW_UP: "escalation.follow-up",
    Clock.STATEMENT: "escalation.statement",
    Clock.RENEWAL: "escalation.renewal",
    Clock.ROUND: "escalation.round",
    Clock.CLAIM: "escalation.claim",
    Clock.BACKORDER: "escalation.backorder",
    Clock.HANDOVER: "escalation.handover",
    Clock.HAZARD: "escalation.hazard",
    Clock.CLEAN_UP: "escalation.clean-up",
    Clock.ABOVE: "escalation.above",
    Clock.CHECK_IN: "escalation.check-in",
    Clock.REPAIR: "escalation.repair",
}
MOST_SINGLES = 5
"""More than this at once for one person, and they come together in one message (RELIABILITY 7)."""
MOST_LINES, MOST_DIGESTS = 60, 5
_WARNED = frozenset({Clock.CASE, Clock.TASK, Clock.REPAIR})
"""Before these are late they are warned of in the usual words."""


class Office:
    """Who holds which post, asked once a sweep: hundreds of promises that fall due concern the same few people."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now
        self._known: dict[tuple[object, ...], list[int]] = {}

    def concerned(self, subject: WorkOrder | Case, audience: tuple[str, ...]) -> list[int]:
        """People meant by a rung; where nobody holds a post it falls to the next one up, so somebody always hears (ESC-17)."""
        to = _to(subject, audience)
        if Audience.CUSTOMER in to or Audience.TECHNICIAN in to:
            return whom(self._connection, subject, to, self._now)
        key = (*to, subject.ties.branch, subject.ties.barred)
        if key not in self._known:
            self._known[key] = whom(self._connection, subject, to, self._now)
        return self._known[key]


def _to(subject: WorkOrder | Case, audience: tuple[str, ...]) -> list[Audience | int]:
    to: list[Audience | int] = []
    for role in audience:
        if role == "owner":
            to += subject.owners
        elif role == "technician":
            to += subject.owners or (Audience.SUPERVISOR,)
        else:
            to.append(Audience(role))
    return to


def tell(connection: Connection, terms: Terms, person: int, dues: list[Due], now: datetime, *, catching_up: bool) -> None:
    """Each by itself, or all in one: while catching up, and when a great deal falls due at once (RELIABILITY 7)."""
    if len(dues) > (1 if catching_up else MOST_SINGLES):
        _digest(connection, person, dues, now, head="catch-up.head" if catching_up else "escalation.together")
        return
    for due in dues:
        _single(connection, terms, due, now)


def _single(connection: Connection, terms: Terms, due: Due, now: datetime) -> None:
    rung, subject = due.climb.rung, due.subject
    facts: dict[str, Any] = {
        "number": due.number,
        "clock": {"text": f"clock.{due.clock}"},
        "due": due.climb.watch.promise.due_at,
        "percent": rung.percent,
        "late": due.late,
        "n": due.climb.number + 1,
        "slip": due.slip,
    }
    body = {"text": _text(due), "facts": facts, "rows": _rows(connection, due), "lines": []}
    promised = due.climb.watch.promise.due_at.isoformat()
    dedup = f"esc:{subject.subject}:{due.clock}:{promised}:{due.climb.number}:{due.person}"
    is_urgent = subject.is_urgent or (rung.is_breach and isinstance(subject, WorkOrder))
    not_before = quiet_until(now, terms.policy, terms.calendar.zone, is_urgent=is_urgent)
    post(connection, due.person, body, now=now, subject=subject.subject, dedup=dedup, not_before=not_before)


def _text(due: Due) -> str:
    if due.clock == Clock.MIDWAY:
        return "escalation.midway-silent" if due.climb.rung.is_breach else "escalation.midway"
    if due.clock == Clock.ACCEPTANCE:
        return "escalation.not-accepted" if due.person not in due.subject.owners else "escalation.please-accept"
    if due.clock in _TEXT and (due.climb.rung.is_breach or due.clock not in _WARNED):
        return _TEXT[Clock(due.clock)]
    if due.slip:
        return "escalation.slip"
    return "escalation.breach" if due.climb.rung.is_breach else "escalation.warning"


def _rows(connection: Connection, due: Due) -> list[list[dict[str, Any]]]:
    subject, rows = due.subject, list[list[dict[str, Any]]]()
    if due.clock == Clock.MIDWAY and not due.climb.rung.is_breach:
        rows += [[_press("fits", subject.id, "primary")], [_press("misfit", subject.id, "plain")]]
    if due.climb.rung.is_breach:
        taken = f"d.{subject.id if isinstance(subject, WorkOrder) else subject.subject}.{due.clock}"
        rows.append([{"label": {"text": "button.acknowledge"}, "token": taken, "tone": "primary"}])
        if isinstance(subject, WorkOrder) and _is_assignee(connection, due, subject):
            rows.append([{"label": {"text": "button.breach"}, "token": f"o.{subject.id}.breach.{due.clock}", "tone": "plain"}])
    if not isinstance(subject, WorkOrder) or may(people.person(connection, due.person), Deed.SEE_ORDER, subject.ties):
        text = "button.card" if isinstance(subject, WorkOrder) else "button.case"
        rows.append([{"label": {"text": text}, "token": token(subject, "card"), "tone": "plain"}])
    return rows


def _press(action: str, order: int, tone: str) -> dict[str, Any]:
    return {"label": {"text": f"button.{action}"}, "token": f"o.{order}.{action}", "tone": tone}


def _is_assignee(connection: Connection, due: Due, order: WorkOrder) -> bool:
    """Whether a promise was this person's to keep, who is then asked why it was not (SLA-31)."""
    if due.clock == Clock.ACCEPTANCE:  # nobody was promised that somebody accepts
        return False
    if "clerk" in due.climb.rung.audience:
        return due.person in people.audience(connection, Audience.CLERK, order.branch)
    return "technician" in due.climb.rung.audience and due.person in order.crew


def _digest(connection: Connection, person: int, dues: list[Due], now: datetime, *, head: str) -> None:
    """Everything that is due for a person with its true lateness, in as few messages as can be read; the worst comes first."""
    worst = sorted(dues, key=lambda due: due.late, reverse=True)
    named = worst[: MOST_LINES * MOST_DIGESTS]
    for n in range(0, len(named), MOST_LINES):
        page = named[n : n + MOST_LINES]
        lines = [_line(due) for due in page]
        if n + MOST_LINES >= len(named) and len(worst) > len(named):
            lines.append({"text": "catch-up.more", "facts": {"n": len(worst) - len(named)}})
        cards = list({token(due.subject, "card"): due.number for due in page}.items())[:12]
        buttons = [{"label": {"literal": number}, "token": card, "tone": "plain"} for card, number in cards]
        rows = [buttons[k : k + 3] for k in range(0, len(buttons), 3)]
        text = head if n == 0 else "catch-up.further"
        body = {"text": text, "facts": {"n": len(dues)}, "lines": lines, "rows": rows}
        post(connection, person, body, now=now, dedup=f"catch-up:{now.isoformat()}:{n}:{person}")


def _line(due: Due) -> dict[str, Any]:
    facts: dict[str, Any] = {"number": due.number, "clock": {"text": f"clock.{due.clock}"}, "slip": due.slip}
    facts |= {"due": due.climb.watch.promise.due_at, "late": due.late}
    if due.slip:
        return {"text": "catch-up.slip", "facts": facts}
    return {"text": "catch-up.late" if due.late else "catch-up.soon", "facts": facts}


def post(
    connection: Connection,
    person: int,
    body: dict[str, Any],
    *,
    now: datetime,
    subject: str = "",
    dedup: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Put a must-notice to a person into the outbox; who has shut every door is tried at the last one: it may be open again."""
    account = people.account_for(connection, person) or next(iter(people.accounts_of(connection, person)), None)
    if account is None:
        return
    kind, _, number = subject.partition(":")
    outbox.post(
        connection,
        channel=account.channel,
        chat=account.chat,
        kind="say",
        body=body,
        now=now,
        person=person,
        priority=outbox.MUST,
        order=int(number) if kind == "order" else None,
        dedup=dedup,
        not_before=not_before,
        subject=f"{subject}:esc" if subject else "",
    )
