"""The single writer of rulings: subject, journal, deadlines and outbox in one transaction (DESIGN 2)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from rules.decisions import Audience, Entry, Notice, Ruling, Subject
from rules.errands import following
from rules.escalation import Watch, next_moment
from rules.invoices import ask_invoice, is_left_owing
from rules.orders import WorkOrder
from rules.surveys import Survey, plan
from rules.tasks import Task, follow_ups, open_task
from rules.terms import Terms
from storage import cases, conversations, deadlines, journal, ledger, living_cards, outbox, people, stock, subjects, worktime
from storage.hearing import tell_groups, waits_until
from storage.numbers import yearly_number

S = TypeVar("S", bound=Subject)


@dataclass(frozen=True)
class Unit:
    """One transaction's view of what is remembered, at one moment, caused by one message."""

    connection: Connection
    now: datetime
    terms: Terms
    message: str = ""
    lines: set[tuple[str, str]] = field(default_factory=set, compare=False)
    """(channel, chat) of everybody to whom something is said."""

    def record(self, before: S | None, ruling: Ruling[S], *, by: int | None) -> S:
        """Store a ruling wholly. Raises StaleOrder when its subject was changed since `before` was read."""
        after = subjects.put(self.connection, before, ruling.after)
        journal.append(self.connection, after.subject, ruling.journal, by=by, at=self.now, message=self.message)
        if ruling.moves:
            stock.book(self.connection, ruling.moves, subject=after.subject, by=by, at=self.now)
        self._watch(after, ruling)
        if before is not None and before.is_open and not after.is_open:
            conversations.drop_about(self.connection, after.subject)
        told = self._tell(after, ruling.notices)
        self._refresh_cards(after, but_not=told)
        ledger.follow(self.connection, before, after, self.terms, self.now)
        if isinstance(after, WorkOrder):
            was = before if isinstance(before, WorkOrder) else None
            worktime.follow(self.connection, was, after, self.now)
            self._ask_for_opinion(was, after)
            for task in following(was, after, now=self.now, terms=self.terms):
                if not cases.by_number(self.connection, Task, task.number):
                    self.record(None, open_task(task, now=self.now), by=None)
            if is_left_owing(was, after, self.terms.policy):
                return cast("S", self._ask_for_invoice(after))
        return after

    def _ask_for_opinion(self, before: WorkOrder | None, after: WorkOrder) -> None:
        """A call that is over is owed its opinion card, and follow-up calls where the profile wants them (SUR-1, SUR-9)."""
        planned = plan(before, after, now=self.now, terms=self.terms)
        if planned is not None and not cases.by_number(self.connection, Survey, after.number):
            self.record(None, planned, by=None)
        if before is not None and before.is_open and not after.is_open and self.terms.policy.survey.mode == "periodic":
            for task in follow_ups(after, self.now, self.terms):
                self.record(None, open_task(task, now=self.now, is_quiet=True), by=None)

    def _ask_for_invoice(self, order: WorkOrder) -> WorkOrder:
        """Money is open when a visit ends: the accountant has the voucher the same day (FEE-7, FEE-9)."""
        number = yearly_number(self.connection, "V", self.terms, self.now)
        asked, noted = ask_invoice(order, number, by=None, now=self.now, terms=self.terms)
        self.record(None, asked, by=None)
        return self.record(order, noted, by=None)

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
        self._post(
            channel=channel,
            chat=chat,
            kind="say",
            body=body,
            person=person or None,
            priority=priority,
            subject=subject,
            order=order,
            dedup=dedup,
            not_before=not_before,
        )

    def settle(self, person: int, *, channel: str, chat: str, ref: str = "", subject: str = "") -> None:
        """Take the buttons off a message that has had its answer."""
        self._post(
            channel=channel,
            chat=chat,
            kind="settle",
            body={"ref": ref},
            person=person,
            priority=outbox.COURTESY,
            subject=subject,
        )

    def show_card(self, person: int, subject: str, *, headline: dict[str, Any] | None = None, in_place: bool = False,
                  is_reply: bool = True, channel: str = "", chat: str = "") -> None:  # fmt: skip
        """Bring a person's card of a subject down to where he reads, or change the one that stands there."""
        if not chat:
            account = people.account_for(self.connection, person)
            if account is None:
                return
            channel, chat = account.channel, account.chat
        priority = outbox.REPLY if is_reply else outbox.MUST
        self._post_card(person, channel, chat, subject, headline, priority, is_fresh=True, edits=in_place)

    def _watch(self, subject: Subject, ruling: Ruling[Any]) -> None:
        """Start and stop clocks. A promise that is due when it was due before stays as far up its ladder as it had come."""
        starts = any(deadline is not None for deadline in ruling.deadlines.values())
        running = deadlines.of(self.connection, subject.subject) if starts else {}
        for clock, deadline in ruling.deadlines.items():
            if deadline is None:
                deadlines.stop(self.connection, subject.subject, clock, now=self.now, is_met=subject.is_open)
            else:
                before = running.get(clock)
                is_same = before is not None and before.watch.promise.due_at == deadline.promise.due_at
                watch = replace(before.watch, promise=deadline.promise) if before and is_same else Watch(deadline.promise)
                moment = next_moment(watch, self.terms.policy)
                deadlines.start(self.connection, subject.subject, clock, watch, next_at=moment)
        if ruling.deadlines:
            subjects.refresh_next_due(self.connection, subject)

    def _tell(self, subject: Subject, notices: Iterable[Notice]) -> set[int]:
        told: set[int] = set()
        for notice in notices:
            for person in whom(self.connection, subject, notice.to, self.now):
                self._notify(subject, person, notice)
                told.add(person)
            if notice.group and isinstance(subject, WorkOrder):
                tell_groups(self.connection, self.terms, subject, notice, self.now)
        return told

    def _notify(self, subject: Subject, person: int, notice: Notice) -> None:
        account = people.account_for(self.connection, person)
        if account is None:
            if notice.is_must:
                self._tell_of_unreachable(subject, person)
            return
        headline = {"text": notice.text, "facts": notice.facts}
        media = {"photos": list(notice.photos), "voices": list(notice.voices), "papers": list(notice.papers)}
        priority = outbox.MUST if notice.is_must else outbox.COURTESY
        waits, name = waits_until(self.connection, self.terms, subject, account, notice, self.now), subject.subject
        if notice.with_card:
            rings = notice.is_must or person == subject.ties.customer  # what only the office should know changes in place
            at = (account.channel, account.chat)
            self._post_card(person, *at, name, headline | media, priority, is_fresh=rings, not_before=waits)
            return
        body = headline | media
        self.say(person, body, priority=priority, order=_order(name), subject=f"{name}:about", not_before=waits)

    def _tell_of_unreachable(self, subject: Subject, person: int) -> None:
        """Nobody's phone rings when a must has nowhere to go: the supervisors hear it, once an hour (DESIGN 4)."""
        facts = {"person_id": person, "number": subject.number}
        body = {"text": "trouble.unreachable", "facts": facts, "rows": [], "lines": []}
        for one in whom(self.connection, subject, (Audience.SUPERVISOR,), self.now):
            if one != person:
                dedup = f"unreachable:{person}:{subject.subject}:{self.now:%Y%m%d%H}:{one}"
                self.say(one, body, priority=outbox.MUST, order=_order(subject.subject), dedup=dedup)

    def _refresh_cards(self, subject: Subject, *, but_not: set[int]) -> None:
        """Every living card of the subject shows the new state, in place."""
        name = subject.subject
        for person, channel, chat in living_cards.holders(self.connection, name):
            if person not in but_not and not outbox.refresh_waits(self.connection, person, name, channel=channel, chat=chat):
                self._post_card(person, channel, chat, name, None, outbox.COURTESY, is_fresh=False)

    def _post_card(
        self,
        person: int,
        channel: str,
        chat: str,
        subject: str,
        headline: dict[str, Any] | None,
        priority: int,
        *,
        is_fresh: bool,
        edits: bool = False,
        not_before: datetime | None = None,
    ) -> None:
        self._post(
            channel=channel,
            chat=chat,
            kind="card",
            body={"headline": headline, "is_fresh": is_fresh} | ({"edits": True} if edits else {}),
            person=person,
            priority=priority,
            order=_order(subject),
            subject=subject,
            not_before=not_before,
        )

    def _post(self, *, channel: str, chat: str, **what: Any) -> None:
        self.lines.add((channel, chat))
        outbox.post(self.connection, channel=channel, chat=chat, now=self.now, **what)


def whom(connection: Connection, subject: Subject, to: Iterable[Audience | int], now: datetime | None) -> list[int]:
    """The people meant by an audience, now if a moment is named; nobody barred, for an empty post the next one up (ESC-17)."""
    ties, found = subject.ties, list[int]()
    for one in to:
        if isinstance(one, int):
            found.append(one)
        elif one is Audience.CUSTOMER:
            found += [ties.customer] if ties.customer else []
        elif one is Audience.TECHNICIAN:
            found += ties.crew
        else:
            found += people.audience(connection, one, ties.branch, but_not=ties.barred, now=now)
    return [one for one in dict.fromkeys(found) if one not in ties.barred]


def waiting_for(connection: Connection, person: int, subjects: Iterable[S]) -> list[S]:
    """Of some subjects those whose turn is this person's, by name or by post, or because a post below it is empty."""
    known: dict[tuple[object, ...], list[int]] = {}
    found = []
    for one in subjects:
        key = (one.owners, one.ties.branch, one.ties.barred)
        if key not in known:
            known[key] = whom(connection, one, one.owners, None)
        found += [one] if person in known[key] else []
    return found


def _order(subject: str) -> int | None:
    kind, _, number = subject.partition(":")
    return int(number) if kind == "order" else None
