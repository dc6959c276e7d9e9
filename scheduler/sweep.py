"""The clock's sweep: what is due climbs its ladder, everybody who has to hear of it does (ESC-1..3, 17; DESIGN 4)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from rules.clocks import Clock
from rules.decisions import Audience, Entry
from rules.escalation import Climb, climb, ladder, next_moment, quiet_until
from rules.orders import WorkOrder
from rules.people import Deed, may
from rules.terms import Terms
from storage import deadlines, journal, orders, outbox, people
from storage.codec import pack
from storage.deadlines import Running

log = structlog.get_logger()


@dataclass(frozen=True)
class Due:
    """One escalation, for one person."""

    person: int
    order: WorkOrder
    climb: Climb
    clock: str
    late: timedelta


def sweep(connection: Connection, terms: Terms, *, now: datetime, catching_up: bool = False, limit: int = 500) -> int:
    """Climb what is due; returns how many promises were looked at.

    While catching up each promise is told once, at its highest rung, to everybody whom a skipped rung would have told as well;
    each person gets one digest, and the skipped rungs are journalled (ESC-17).
    """
    told: defaultdict[int, list[Due]] = defaultdict(list)
    found = deadlines.due(connection, now, limit=limit)
    for running in found:
        for due in _climb(connection, terms, running, now, catching_up=catching_up):
            told[due.person].append(due)
    for person, dues in told.items():
        _tell(connection, terms, person, dues, now, catching_up=catching_up)
    return len(found)


def _climb(connection: Connection, terms: Terms, running: Running, now: datetime, *, catching_up: bool) -> list[Due]:
    order = orders.by_id(connection, running.order)
    if order is None or not order.is_open:
        deadlines.stop(connection, running.order, running.clock, now=now, is_met=False)
        return []
    terms = terms.of(order.policy_version)
    step = climb(running.watch, terms.policy, now=now)
    if step is None:
        deadlines.keep(connection, running, running.watch, next_at=next_moment(running.watch, terms.policy))
        return []
    if not deadlines.keep(connection, running, step.watch, next_at=next_moment(step.watch, terms.policy)):
        return []  # another process was first
    late = max(now - running.watch.promise.due_at, timedelta())
    kind = "escalation.breached" if step.rung.is_breach else "escalation.warned"
    facts = {
        "clock": running.clock,
        "rung": step.number,
        "skipped": step.skipped,
        "late_minutes": int(late.total_seconds() // 60),
    }
    journal.append(connection, f"order:{order.id}", (Entry(kind, facts, running.watch.promise.limit.rule),), by=None, at=now)
    log.info(kind, order=order.number, clock=running.clock, rung=step.number, late_minutes=facts["late_minutes"])
    heard = step.rung.audience
    if catching_up:
        rungs = ladder(running.watch, terms.policy)
        heard = tuple(role for number in (*step.skipped, step.number) for role in rungs[number].audience)
    return [Due(person, order, step, running.clock, late) for person in _whom(connection, order, heard, now)]


def _whom(connection: Connection, order: WorkOrder, audience: tuple[str, ...], now: datetime) -> list[int]:
    """People meant by a rung; where nobody holds a post it falls to the next one up, so somebody always hears (ESC-17)."""
    found: list[int] = []
    for role in audience:
        if role == "technician":
            found += order.crew or people.audience(connection, Audience.SUPERVISOR, order.branch, now=now)
        else:
            found += people.audience(connection, Audience(role), order.branch, now=now)
    return list(dict.fromkeys(found))


def _tell(connection: Connection, terms: Terms, person: int, dues: list[Due], now: datetime, *, catching_up: bool) -> None:
    if catching_up and len(dues) > 1:
        _digest(connection, person, dues, now)
        return
    for due in dues:
        _single(connection, terms, due, now)


def _single(connection: Connection, terms: Terms, due: Due, now: datetime) -> None:
    rung = due.climb.rung
    text = "escalation.breach" if rung.is_breach else "escalation.warning"
    if due.clock == "acceptance":
        text = "escalation.not-accepted" if due.person not in due.order.crew else "escalation.please-accept"
    elif due.clock == "dispatch":
        text = "escalation.undispatched"
    elif due.clock == "rescue":
        text = "escalation.rescue"
    elif due.clock == "decision":
        text = "escalation.decision"
    facts: dict[str, Any] = {
        "number": due.order.number,
        "clock": {"text": f"clock.{due.clock}"},
        "due": due.climb.watch.promise.due_at,
        "percent": rung.percent,
        "late": due.late,
        "n": due.climb.number + 1,
    }
    rows = []
    if rung.is_breach:
        token = f"d.{due.order.id}.{due.clock}"
        rows.append([{"label": {"text": "button.acknowledge"}, "token": token, "tone": "primary"}])
        if _is_assignee(connection, due):
            rows.append(
                [{"label": {"text": "button.breach"}, "token": f"o.{due.order.id}.breach.{due.clock}", "tone": "plain"}]
            )
    if may(people.person(connection, due.person), Deed.SEE_ORDER, due.order.ties):
        rows.append([{"label": {"text": "button.card"}, "token": f"o.{due.order.id}.card", "tone": "plain"}])
    is_urgent = due.order.report.is_urgent or rung.is_breach
    dedup = f"esc:{due.order.id}:{due.clock}:{due.climb.watch.promise.due_at.isoformat()}:{due.climb.number}:{due.person}"
    not_before = quiet_until(now, terms.policy, terms.calendar.zone, is_urgent=is_urgent)
    body = {"text": text, "facts": facts, "rows": rows, "lines": []}
    post(connection, due.person, body, now=now, order=due.order.id, dedup=dedup, not_before=not_before)


def _is_assignee(connection: Connection, due: Due) -> bool:
    """Whether a promise was this person's to keep, who is then asked why it was not (SLA-31)."""
    if due.clock == Clock.ACCEPTANCE:  # nobody was promised that somebody accepts
        return False
    if "clerk" in due.climb.rung.audience:
        return due.person in people.audience(connection, Audience.CLERK, due.order.branch)
    return "technician" in due.climb.rung.audience and due.person in due.order.crew


def _digest(connection: Connection, person: int, dues: list[Due], now: datetime) -> None:
    """One message with everything that fell due meanwhile, with its true lateness."""
    lines: list[dict[str, Any]] = []
    worst = sorted(dues, key=lambda due: due.late, reverse=True)
    for due in worst[:30]:
        facts = {
            "number": due.order.number,
            "clock": {"text": f"clock.{due.clock}"},
            "due": due.climb.watch.promise.due_at,
            "late": due.late,
        }
        lines.append({"text": "catch-up.late" if due.late else "catch-up.soon", "facts": facts})
    if len(worst) > 30:
        lines.append({"text": "catch-up.more", "facts": {"n": len(worst) - 30}})
    numbers = list({due.order.id: due.order.number for due in worst}.items())[:12]
    buttons = [{"label": {"literal": number}, "token": f"o.{order}.card", "tone": "plain"} for order, number in numbers]
    rows = [buttons[n : n + 3] for n in range(0, len(buttons), 3)]
    body = {"text": "catch-up.head", "facts": {"n": len(dues)}, "lines": lines, "rows": rows}
    post(connection, person, body, now=now, dedup=f"catch-up:{person}:{now.isoformat()}")


def post(
    connection: Connection,
    person: int,
    body: dict[str, Any],
    *,
    now: datetime,
    order: int | None = None,
    dedup: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Put a must-notice to a person into the outbox."""
    account = people.account_for(connection, person)
    if account is None:
        return
    outbox.post(
        connection,
        channel=account.channel,
        chat=account.chat,
        kind="say",
        body=pack(body),
        now=now,
        person=person,
        priority=outbox.MUST,
        order=order,
        dedup=dedup,
        not_before=not_before,
        subject=f"order:{order}:esc" if order else "",
    )
