"""When staff hear of what can wait, and what a branch's group chats read (ESC-17, CND-2)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from rules.decisions import Notice, Subject
from rules.escalation import quiet_until
from rules.groups import CLOSES, group_body
from rules.orders import WorkOrder
from rules.terms import Terms
from storage import outbox, roster, staffing
from storage.people import Account

_AWAKE = timedelta(minutes=30)
"""Who did something that short a while ago is not asleep."""


def waits_until(
    connection: Connection, terms: Terms, subject: Subject, account: Account, notice: Notice, now: datetime
) -> datetime | None:
    """Until when a notice that can wait does, at night: not for the customer, nor for who is on duty or awake (ESC-17)."""
    if not notice.can_wait or notice.is_urgent or account.person == subject.ties.customer:
        return None
    moment = quiet_until(now, terms.policy, terms.calendar.zone, is_urgent=False)
    if moment <= now or now - account.seen_at < _AWAKE:
        return None
    return None if roster.has_duty(connection, account.person, now) else moment


def tell_groups(connection: Connection, terms: Terms, order: WorkOrder, notice: Notice, now: datetime) -> None:
    """The branch's group chats read it; what was offered there before loses its buttons when it is taken (CND-2)."""
    subject, waits = f"{order.subject}:group", None
    if notice.can_wait and not notice.is_urgent:
        waits = quiet_until(now, terms.policy, terms.calendar.zone, is_urgent=False)
    body = group_body(order, notice.group, notice.facts)
    for group in staffing.groups_of(connection, order.branch):
        at: dict[str, Any] = {"channel": group.channel, "chat": group.chat}
        if notice.group in CLOSES:
            _take_back(connection, subject, now, **at)
        outbox.post(connection, kind="say", body=body, now=now, subject=subject, order=order.id, not_before=waits, **at)


def _take_back(connection: Connection, subject: str, now: datetime, *, channel: str, chat: str) -> None:
    """Nothing is left to be pressed: what waits is not said any more, what stands loses its buttons."""
    at: dict[str, Any] = {"channel": channel, "chat": chat}
    outbox.drop_waiting(connection, subject=subject, now=now, **at)
    for ref in outbox.refs_of(connection, subject=subject, **at):
        outbox.post(connection, kind="settle", body={"ref": ref}, now=now, subject=f"{subject}:done", **at)
