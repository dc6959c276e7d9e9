"""Sheets: begun with what their form asks, closed with what it owes and by whom it may be (RULEBOOK 25)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from rules.cases import Case, require_open
from rules.clocks import Clock, promise, promised_at
from rules.contract_dates import months_after
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.hours import day_bounds
from rules.people import EVERY_BRANCH, MAY, Person, Role, may, require
from rules.refusals import Refused
from rules.sheet_shapes import EVERY, SHAPES, Field, Shape, SheetKind, Wants
from rules.terms import Terms

Answers = Mapping[str, str]
READ_BY_EACH = frozenset({SheetKind.WARNING, SheetKind.TRAINING})
"""What each whom it concerns answers for himself: that he has read it (CMP-33), that he was there (STF-15)."""


@dataclass(frozen=True, kw_only=True)
class Sheet(Case):
    """One sheet. `told` and `found` hold its lines by name; days as ISO text, colleagues and customers by number."""

    kind: ClassVar[str] = "sheet"
    stage: str = "open"
    sheet: SheetKind
    author: int
    told: Answers
    found: Answers = field(default_factory=dict)
    due_at: datetime | None = None
    person: int | None = None  # whose it is by name
    about_number: str = ""
    wanted: tuple[int, ...] = ()  # who has to have read it (CMP-33)
    read_by: tuple[int, ...] = ()
    n_again: int = 0  # how often it was looked at and not found mended
    closed_by: int | None = None

    @property
    def shape(self) -> Shape:
        return SHAPES[self.sheet]

    @property
    def is_urgent(self) -> bool:
        grave = self.told.get("grade") in ("major", "extra") or self.told.get("priority") == "urgent"
        return grave or self.sheet is SheetKind.WARNING

    @property
    def is_from_customer(self) -> bool:
        """Whether the customer wrote himself and asked for a person (INT-2)."""
        return self.sheet is SheetKind.CONTACT and self.author == self.customer

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        if self.sheet in READ_BY_EACH:
            return tuple(one for one in self.wanted if one not in self.read_by)
        if self.person is not None and not self.shape.by_author:
            return (self.person,)
        return (self.shape.post,) if self.shape.post is not None else (self.author,)

    def seen_by(self, person: Person) -> bool:
        """Staff of its branch and headquarters; a warning is for everybody who works here (CMP-33)."""
        if person.id in (self.author, self.person, *self.wanted) or self.sheet is SheetKind.WARNING:
            return may_work(person)
        if any(person.holds(role) for role in EVERY_BRANCH):
            return True
        return person.branch == self.branch and (may(person, self.shape.deed) or may(person, self.shape.closing))


def may_work(person: Person) -> bool:
    """Whether somebody holds any post now."""
    return any(person.holds(role) for role in person.every_role if role != "customer")


def kinds_for(person: Person, terms: Terms) -> tuple[SheetKind, ...]:
    """The sheets that somebody may begin in this line of business."""
    return tuple(one for one in SheetKind if one in terms.policy.sheets.kinds and may(person, SHAPES[one].deed))


def require_any(by: Person, terms: Terms) -> None:
    """Raise Refused for somebody who has nothing to do with any sheet of this line of business."""
    shapes = [SHAPES[SheetKind(one)] for one in terms.policy.sheets.kinds]
    if not any(may(by, one.deed) or may(by, one.closing) for one in shapes):
        roles = [str(role) for role in Role if any(one.deed in MAY[role] for one in shapes)]
        raise Refused("not-yours", rule="ROL-1", roles=roles)


def require_kind(kind: SheetKind, *, by: Person, terms: Terms) -> None:
    """Raise Refused unless somebody may begin a sheet of this kind here."""
    require(by, SHAPES[kind].deed)
    if kind not in terms.policy.sheets.kinds:
        raise Refused("sheet-off", rule=SHAPES[kind].rule, what={"text": f"sheet.kind.{kind}"})


def asked(fields: tuple[Field, ...], answers: Answers) -> tuple[Field, ...]:
    """The lines that are asked after what was answered so far."""
    return tuple(one for one in fields if one.only_if is None or answers.get(one.only_if[0]) == one.only_if[1])


def _require_whole(fields: tuple[Field, ...], answers: Answers, rule: str, kind: SheetKind) -> None:
    """Every line that is wanted has its answer, and one of those there are."""
    lacking = [one for one in asked(fields, answers) if not one.is_optional and not answers.get(one.name, "").strip()]
    if lacking:
        missing = [{"text": f"sheet.{kind}_{one.name}.label"} for one in lacking]
        raise Refused("sheet-incomplete", rule=rule, missing=missing)
    for one in asked(fields, answers):
        if one.options and answers[one.name] not in one.options:
            raise Refused("sheet-incomplete", rule=rule, missing=[{"text": f"sheet.{kind}_{one.name}.label"}])


def open_sheet(sheet: Sheet, *, by: Person, now: datetime, terms: Terms) -> Ruling[Sheet]:
    """Begin a sheet; whom it concerns hears at once, those above as well where it is grave (MNT-9, ESC-9, CMP-33)."""
    require_kind(sheet.sheet, by=by, terms=terms)
    _require_whole(sheet.shape.told, sheet.told, sheet.shape.rule, sheet.sheet)
    return begin(sheet, now=now, terms=terms)


def begin(sheet: Sheet, *, now: datetime, terms: Terms) -> Ruling[Sheet]:
    """The same where it follows by itself from one that was closed (SUR-10)."""
    shape = sheet.shape
    due_at = _due(sheet, now, terms)
    begun = replace(sheet, due_at=due_at)
    clock = Clock.ABOVE if sheet.sheet is SheetKind.ABOVE else Clock.TASK
    entry = Entry("sheet.opened", {"sheet": sheet.sheet}, shape.rule)
    deadline = Deadline(promised_at(clock, due_at, now, shape.rule))
    return Ruling(begun, (entry,), tuple(_told_at_once(begun)), {clock: deadline})


def _told_at_once(sheet: Sheet) -> list[Notice]:
    if sheet.is_from_customer:
        asked = {"customer_id": sheet.customer, "words": sheet.told["words"], "number": sheet.about_number or "—"}
        return [Notice("notice.wants-person", (Audience.CLERK, Audience.SUPERVISOR), asked)]
    grave = (Audience.DEPUTY_GM, Audience.GM) if sheet.told.get("grade") in ("major", "extra") else ()
    to = tuple(one for one in (*sheet.shape.tell, *grave, *sheet.wanted, *_by_name(sheet)) if one != sheet.author)
    facts = {"number": sheet.number, "author_id": sheet.author, "about": sheet.about_number or "—"}
    return [Notice(f"notice.sheet-{sheet.sheet}", to, facts, is_urgent=sheet.is_urgent or sheet.sheet is SheetKind.ABOVE)]


def _by_name(sheet: Sheet) -> tuple[int, ...]:
    return (sheet.person,) if sheet.person is not None else ()


def _due(sheet: Sheet, now: datetime, terms: Terms) -> datetime:
    """At the end of the day that was told, else after the time that the form has. Raises Refused for a day that is over.

    A contact is answered within the time that answers have in this line of business (SLA-12).
    """
    if sheet.sheet is SheetKind.CONTACT and terms.policy.sla.reply is not None:
        return promise(Clock.TASK, terms.policy.sla.reply, now, terms.calendar).due_at
    day = next((one for one in asked(sheet.shape.told, sheet.told) if one.wants is Wants.DAY), None)
    if day is None:
        return now + sheet.shape.lasts
    return _end_of(sheet.told[day.name], now, sheet.shape.rule, terms)


def _end_of(told: str, now: datetime, rule: str, terms: Terms) -> datetime:
    ends = day_bounds(date.fromisoformat(told[:10]), terms.calendar.zone)[1]
    if ends <= now:
        raise Refused("date-passed", rule=rule, date=date.fromisoformat(told[:10]))
    return ends - timedelta(minutes=1)


def require_closer(sheet: Sheet, by: Person) -> None:
    """Raise Refused unless this person may close the sheet now; its writer may not where another has to (DLY-11, MNT-8)."""
    require_open(sheet)
    if not sheet.seen_by(by):
        raise Refused("no-such-case", rule="ROL-1")
    if sheet.shape.by_another and by.id == sheet.author:
        raise Refused("not-your-own", rule=sheet.shape.rule)
    if sheet.shape.by_author and by.id != sheet.author:
        raise Refused("only-who-asked", rule=sheet.shape.rule, author_id=sheet.author)
    if by.id != sheet.person and by.id not in sheet.wanted:
        require(by, sheet.shape.closing)


def close_sheet(sheet: Sheet, found: Answers, *, by: Person, now: datetime, terms: Terms) -> Ruling[Sheet]:
    """Close a sheet with all that it owes: what is not mended gets another day (MNT-11), what has to be read is read by all.

    A call or letter is closed with its reply, or with the reason why it needs none (INT-4).
    """
    require_closer(sheet, by)
    if sheet.sheet is SheetKind.WARNING:
        return _read(sheet, by, now)
    _require_whole(sheet.shape.owed, {**sheet.told, **found}, sheet.shape.rule, sheet.sheet)
    if found.get("state") == "again":
        return _again(sheet, found, now, terms)
    done = replace(sheet, stage="done", found={**sheet.found, **found}, closed_at=now, closed_by=by.id)
    facts = {"number": sheet.number, "by_id": by.id, "about": sheet.about_number or "—"}
    is_told = by.id != sheet.author and not sheet.is_from_customer
    told = [Notice(_done_text(sheet, found), (sheet.author,), facts | {"reason": found.get("reason", "")})] if is_told else []
    if sheet.sheet is SheetKind.CONTACT and sheet.customer and found["how"] == "replied" and not sheet.about:
        reply = {"number": sheet.number, "reply": found["reply"]}
        told.append(Notice("notice.contact-reply", (Audience.CUSTOMER,), reply, with_card=False))
    if sheet.sheet is SheetKind.BACKORDER and sheet.customer:  # whether the goods came or not (SLA-11)
        answer = {"number": sheet.number, "article": sheet.told["article"], "answer": found["answer"]}
        told.append(Notice("notice.backorder-answer", (Audience.CUSTOMER,), answer, with_card=False))
    entry = Entry("sheet.done", {"sheet": sheet.sheet}, sheet.shape.rule)
    return Ruling(done, (entry,), tuple(told), {Clock.TASK: None, Clock.ABOVE: None})


def _done_text(sheet: Sheet, found: Answers) -> str:
    """What its writer hears; whoever asked for a rest hears whether he may take it (CLS-3)."""
    return f"notice.rest-{found['word']}" if found.get("word") else f"notice.sheet-done-{sheet.sheet}"


def rest_until(sheet: Sheet, now: datetime, terms: Terms) -> datetime | None:
    """Until when the writer of a trip's report may rest, as he asked on the day he wrote it; None when he did not ask, may
    not, or the word comes when that is over (CLS-3)."""
    if sheet.found.get("word") != "granted":
        return None
    day = terms.calendar.local_day(sheet.opened_at) + timedelta(days=1 if sheet.told["until"] == "tomorrow" else 0)
    until = day_bounds(day, terms.calendar.zone)[1]
    return until if until > now else None


def _read(sheet: Sheet, by: Person, now: datetime) -> Ruling[Sheet]:
    """One more has read the warning; with the last one it is over (CMP-33)."""
    if by.id in sheet.read_by:
        raise Refused("case-closed", rule="REC-1", number=sheet.number)
    read = replace(sheet, read_by=(*sheet.read_by, by.id))
    entry = Entry("sheet.read", {"n": len(read.read_by)}, "CMP-33")
    if read.owners:
        return Ruling(read, (entry,))
    told = (Notice("notice.sheet-done-warning", (sheet.author,), {"number": sheet.number}),)
    return Ruling(replace(read, stage="done", closed_at=now, closed_by=by.id), (entry,), told, {Clock.TASK: None})


def _again(sheet: Sheet, found: Answers, now: datetime, terms: Terms) -> Ruling[Sheet]:
    """Looked at and not mended, or looked at as it is every day: it stands, with another day (MNT-11, VIS-19)."""
    due_at = _end_of(found["next"], now, sheet.shape.rule, terms)
    told = {**sheet.told, "until": found["next"]}
    stays = replace(sheet, told=told, due_at=due_at, n_again=sheet.n_again + 1)
    facts = {"number": sheet.number, "date": due_at}
    entry = Entry("sheet.again", {"n": stays.n_again}, sheet.shape.rule)
    clock = Deadline(promised_at(Clock.TASK, due_at, now, sheet.shape.rule))
    text = "notice.sheet-looked" if sheet.sheet is SheetKind.VIP else "notice.sheet-again"
    return Ruling(stays, (entry,), (Notice(text, (Audience.SUPERVISOR,), facts),), {Clock.TASK: clock})


def next_visit(done: Sheet, number: str, now: datetime, terms: Terms) -> Sheet | None:
    """The visit that follows one that was made, None when it was the only one (SUR-10)."""
    months = EVERY.get(done.told.get("every", ""), 0) if done.sheet is SheetKind.VISIT else 0
    if not months:
        return None
    day = months_after(terms.calendar.local_day(now), months)
    return replace(
        done, id=0, version=0, number=number, opened_at=now, stage="open", closed_at=None, closed_by=None, found={},
        told={**done.told, "on": day.isoformat()}, about=done.subject,
    )  # fmt: skip


def reads(sheet: Sheet, person: Person) -> bool:
    """Whether the card has a button for this person."""
    is_author = person.id == sheet.author
    if not sheet.is_open or (sheet.shape.by_another and is_author) or (sheet.shape.by_author and not is_author):
        return False
    if sheet.sheet is SheetKind.WARNING:
        return person.id in sheet.owners
    if person.id == sheet.person or (sheet.sheet in READ_BY_EACH and person.id in sheet.owners):
        return True
    return sheet.seen_by(person) and may(person, sheet.shape.closing)
