"""What is filed when a month is over: its services as a bound volume, its money by who took it (CLS-7, REC-2, REC-5, FEE-7)."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from rules.decisions import Audience, Entry
from rules.filing import CASH, of_month, volumes_of
from rules.months import Period, month_of
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from storage import journal, ledger, people, volumes

_MOST_LINES = 30


def daily(connection: Connection, terms: Terms, day: date, *, now: datetime) -> int:
    """Both, once a month, on the first working day on which somebody looks; returns how many messages."""
    period = month_of(day).before
    return _volume(connection, terms, period, now) + _cash(connection, period, now)


def _volume(connection: Connection, terms: Terms, period: Period, now: datetime) -> int:
    """The volume is filed under its seal, and the technical department has its copy, with what each record lacks (CLS-7)."""
    if not terms.policy.close.monthly_export or not first_time(connection, "volume", period.key, 0, now):
        return 0
    bound = volumes.bound_in(connection, period.first, period.last, terms)
    if not bound:
        return 0
    entry = Entry("volume.bound", {"n": len(bound), "digest": volumes.digest((one.number, one.seal) for one in bound)}, "CLS-7")
    journal.append(connection, volumes.subject(period.key), (entry,), by=None, at=now)
    facts = {"month": period.key, "n": len(bound), "n_lacking": sum(bool(one.lacking) for one in bound)}
    body = {"text": "volume.head", "facts": facts, "lines": [_line(one) for one in bound[:_MOST_LINES]], "rows": []}
    body["papers"] = volumes_of(period, None, len(bound))
    readers = people.audience(connection, Audience.RND, bound[0].branch, now=now)
    for reader in readers:
        post(connection, reader, body, now=now, dedup=f"volume:{period.key}:{reader}")
    return len(readers)


def _line(one: volumes.Bound) -> dict[str, Any]:
    facts: dict[str, Any] = {"number": one.number, "what": one.model, "cause": one.cause or "—", "action": one.action or "—"}
    if not one.lacking:
        return {"text": "volume.line", "facts": facts}
    return {
        "text": "volume.line-lacking",
        "facts": facts | {"lacking": [{"text": f"open_point.{name}"} for name in one.lacking]},
    }


def _cash(connection: Connection, period: Period, now: datetime) -> int:
    """Whoever counts the cash has last month's reconciliation, a paper for each branch that took any (FEE-7)."""
    if not first_time(connection, "cash-month", period.key, 0, now):
        return 0
    papers, n_receipts = defaultdict[int, list[str]](list), defaultdict[int, int](int)
    for branch, n in ledger.branches(connection, period.first, period.last).items():
        for reader in people.audience(connection, Audience.ACCOUNTANT, branch, now=now):
            papers[reader].append(of_month(CASH, period, branch))
            n_receipts[reader] += n
    for reader, own in papers.items():
        facts = {"month": period.key, "n": n_receipts[reader]}
        body: dict[str, Any] = {"text": "filing.cash-month", "facts": facts, "lines": [], "rows": [], "papers": own}
        post(connection, reader, body, now=now, dedup=f"cash-month:{period.key}:{reader}")
    return len(papers)
