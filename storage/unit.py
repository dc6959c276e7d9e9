"""The single writer of decisions: order, journal, deadlines and outbox in one transaction (DESIGN 2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from rules.decisions import Audience, Decision, Entry, Notice
from rules.escalation import Watch, next_moment, quiet_until
from rules.groups import CLOSES, group_body
from rules.orders import WorkOrder
from rules.terms import Terms
from storage import conversations, deadlines, journal, orders, outbox, people, roster, staffing, worktime
from storage.codec import pack

_AWAKE = timedelta(minutes=30)
"""Who did something that short a while ago is not asleep."""


@dataclass(frozen=True)
class Unit:
    """One transaction's view of what is remembered, at one moment, caused by one message."""

    connection: Connection
    now: datetime
    terms: Terms
    message: str = ""

    def record(self, before: WorkOrder | None, decision: Decision, *, by: int | None) -> WorkOrder:
        """Store a decision wholly. Raises StaleOrder when the order was changed since `before` was read."""
        after = decision.order
        if before is None:
            after = orders.add(self.connection, after)
        elif after != before:
            after = orders.change(self.connection, before, after)
        journal.append(self.connection, f"order:{after.id}", decision.journal, by=by, at=self.now, message=self.message)
        self._watch(after, decision)
        worktime.follow(self.connection, before, after, self.now)
        if before is not None and before.is_open and not after.is_open:
            conversations.drop_for_order(self.connection, after.id)
        told = self._tell(after, decision.notices)
        self._refresh_cards(after, but_not=told)
        return after

    def refuse(self, subject: str, code: str, rule: str, *, by: int | None) -> None:
        """Write down that somebody was refused (REC-7)."""
        entry = Entry("refused", {"code": code}, rule)
        journal.append(self.connection, subject, (entry,), by=by, at=self.now, message=self.message)

    def say(
        self,
        person: int,
        body: dict[str, Any],
        *,
        channel: str = "",
        chat: str = "",
        priority: int = outbox.REPLY,
        subject: str = "",
        order: int | None = None,
        dedup: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        """Put a message to a person into the outbox, where he was last active unless a chat is named."""
        if not chat:
            account = people.account_for(self.connection, person)
            if account is None:
                return
            channel, chat = account.channel, account.chat
        outbox.post(
            self.connection,
            channel=channel,
            chat=chat,
            kind="say",
            body=pack(body),
            now=self.now,
            person=person or None,
            priority=priority,
            subject=subject,
            order=order,
            dedup=dedup,
            not_before=not_before,
        )

    def settle(self, person: int, *, channel: str, chat: str, ref: str = "", subject: str = "") -> None:
        """Take the buttons off a message that has had its answer."""
        outbox.post(
            self.connection,
            channel=channel,
            chat=chat,
            kind="settle",
            body={"ref": ref},
            now=self.now,
            person=person,
            priority=outbox.COURTESY,
            subject=subject,
        )

    def show_card(self, person: int, order: int, *, headline: dict[str, Any] | None = None, is_reply: bool = True,
                  channel: str = "", chat: str = "") -> None:  # fmt: skip
        """Bring a person's card of an order down to where he reads."""
        if not chat:
            account = people.account_for(self.connection, person)
            if account is None:
                return
            channel, chat = account.channel, account.chat
        self._post_card(person, channel, chat, order, headline, outbox.REPLY if is_reply else outbox.MUST, is_fresh=True)

    def _watch(self, order: WorkOrder, decision: Decision) -> None:
        for clock, deadline in decision.deadlines.items():
            if deadline is None:
                deadlines.stop(self.connection, order.id, clock, now=self.now, is_met=order.is_open)
            else:
                watch = Watch(deadline.promise)
                moment = next_moment(watch, self.terms.policy)
                deadlines.start(self.connection, order.id, clock, watch, next_at=moment)
        if decision.deadlines:
            deadlines.refresh_next_due(self.connection, order.id)

    def _tell(self, order: WorkOrder, notices: Iterable[Notice]) -> set[int]:
        told: set[int] = set()
        for notice in notices:
            for person in self._whom(order, notice.to):
                self._notify(order, person, notice)
                told.add(person)
            if notice.group:
                self._tell_groups(order, notice)
        return told

    def _tell_groups(self, order: WorkOrder, notice: Notice) -> None:
        """The branch's group chats read it; what was offered there before loses its buttons when it is taken (CND-2)."""
        subject = f"order:{order.id}:group"
        waits = None
        if notice.can_wait and not notice.is_urgent:
            waits = quiet_until(self.now, self.terms.policy, self.terms.calendar.zone, is_urgent=False)
        for group in staffing.groups_of(self.connection, order.branch):
            at = {"channel": group.channel, "chat": group.chat}
            if notice.group in CLOSES:
                outbox.drop_waiting(self.connection, subject=subject, now=self.now, **at)
                for ref in outbox.refs_of(self.connection, subject=subject, **at):
                    self._settle_in_group(ref, subject, **at)
            body = group_body(order, notice.group, notice.facts)
            self.say(0, body, priority=outbox.MUST, subject=subject, order=order.id, not_before=waits, **at)

    def _settle_in_group(self, ref: str, subject: str, *, channel: str, chat: str) -> None:
        body = {"ref": ref}
        outbox.post(self.connection, channel=channel, chat=chat, kind="settle", body=body, now=self.now,
                    priority=outbox.MUST, subject=f"{subject}:done")  # fmt: skip

    def _notify(self, order: WorkOrder, person: int, notice: Notice) -> None:
        account = people.account_for(self.connection, person)
        if account is None:
            if notice.is_must:
                self._tell_of_unreachable(order, person)
            return
        headline = {"text": notice.text, "facts": pack(notice.facts)}
        media = {"photos": list(notice.photos), "voices": list(notice.voices), "papers": list(notice.papers)}
        priority = outbox.MUST if notice.is_must else outbox.COURTESY
        waits = self._waits_until(order, person, account, notice)
        if notice.with_card:
            rings = notice.is_must or person == order.customer  # what only the office should know changes its card in place
            at = (account.channel, account.chat)
            self._post_card(person, *at, order.id, headline | media, priority, is_fresh=rings, not_before=waits)
            return
        self.say(person, headline | media, priority=priority, order=order.id, subject=f"about:{order.id}", not_before=waits)

    def _waits_until(self, order: WorkOrder, person: int, account: people.Account, notice: Notice) -> datetime | None:
        """Until when a notice that can wait does, at night: not for the customer, nor for who is on duty or awake (ESC-17)."""
        if not notice.can_wait or notice.is_urgent or person == order.customer:
            return None
        moment = quiet_until(self.now, self.terms.policy, self.terms.calendar.zone, is_urgent=False)
        if moment <= self.now or self.now - account.seen_at < _AWAKE:
            return None
        return None if roster.has_duty(self.connection, person, self.now) else moment

    def _tell_of_unreachable(self, order: WorkOrder, person: int) -> None:
        """Nobody's phone rings when a must has nowhere to go: the supervisors hear it, once an hour (DESIGN 4)."""
        facts = {"person_id": person, "number": order.number}
        body = {"text": "trouble.unreachable", "facts": facts, "rows": [], "lines": []}
        for one in people.audience(self.connection, Audience.SUPERVISOR, order.branch, now=self.now):
            if one != person:
                dedup = f"unreachable:{person}:{order.id}:{self.now:%Y%m%d%H}:{one}"
                self.say(one, body, priority=outbox.MUST, order=order.id, dedup=dedup)

    def _whom(self, order: WorkOrder, to: Iterable[Audience | int]) -> list[int]:
        found: list[int] = []
        for one in to:
            if isinstance(one, int):
                found.append(one)
            elif one is Audience.CUSTOMER:
                found.append(order.customer)
            elif one is Audience.TECHNICIAN:
                found += order.crew
            else:
                found += people.audience(self.connection, one, order.branch, now=self.now)
        return list(dict.fromkeys(found))

    def _refresh_cards(self, order: WorkOrder, *, but_not: set[int]) -> None:
        """Every living card of the order shows the new state, in place."""
        subject = f"order:{order.id}"
        for person, channel, chat in outbox.holders(self.connection, subject):
            if person not in but_not and not outbox.refresh_waits(self.connection, person, subject):
                self._post_card(person, channel, chat, order.id, None, outbox.COURTESY, is_fresh=False)

    def _post_card(
        self,
        person: int,
        channel: str,
        chat: str,
        order: int,
        headline: dict[str, Any] | None,
        priority: int,
        *,
        is_fresh: bool,
        not_before: datetime | None = None,
    ) -> None:
        outbox.post(
            self.connection,
            channel=channel,
            chat=chat,
            kind="card",
            body={"headline": headline, "is_fresh": is_fresh},
            now=self.now,
            person=person,
            priority=priority,
            order=order,
            subject=f"order:{order}",
            not_before=not_before,
        )
