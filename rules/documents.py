"""Documents: quality files and admission papers of an article, books, drawings; lent by procedure (REC-4, REC-8)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from rules.cases import Case, require_open
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.people import EVERY_BRANCH, Deed, Person, may, require
from rules.refusals import Refused
from rules.terms import Terms

SORTS = ("quality", "admission", "manual", "drawing", "book")


@dataclass(frozen=True)
class Loan:
    """One time that somebody had it."""

    person: int
    since: datetime
    lent_by: int
    back_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Document(Case):
    """Something to read: where it lies, of which article it is, who has it. `asked_by` waits for the keeper's word."""

    kind: ClassVar[str] = "document"
    stage: str = "here"
    title: str
    sort: str
    article: str = ""
    place: str = ""
    photo: str = ""
    asked_by: int | None = None
    loans: tuple[Loan, ...] = ()

    @property
    def holder(self) -> int | None:
        """Who has it now."""
        return self.loans[-1].person if self.loans and self.loans[-1].back_at is None else None

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        if self.holder is not None:
            return (self.holder,)
        return (Audience.CLERK,) if self.asked_by is not None else ()

    def seen_by(self, person: Person) -> bool:
        """Staff of its branch, and headquarters."""
        is_near = person.branch == self.branch or any(person.holds(role) for role in EVERY_BRANCH)
        return is_near and (may(person, Deed.BORROW_DOCUMENT) or may(person, Deed.KEEP_DOCUMENTS))


def keep(document: Document, *, by: Person, now: datetime, terms: Terms) -> Ruling[Document]:
    """Take a document into the library."""
    require(by, Deed.KEEP_DOCUMENTS)
    if not document.title.strip() or document.sort not in SORTS:
        raise Refused("document-incomplete", rule="REC-8")
    return Ruling(document, (Entry("document.kept", {"sort": document.sort}, "REC-8"),))


def ask_for(document: Document, *, by: Person, now: datetime, terms: Terms) -> Ruling[Document]:
    """Ask for the loan; whoever keeps the documents decides, and who has it hears that somebody waits (REC-4)."""
    require(by, Deed.BORROW_DOCUMENT)
    require_open(document)
    if by.id in (document.holder, document.asked_by):
        raise Refused("asked-before", rule="REC-4", number=document.number)
    facts = {"number": document.number, "title": document.title, "asker_id": by.id}
    to = (Audience.CLERK, document.holder) if document.holder is not None else (Audience.CLERK,)
    entry = Entry("document.asked", {"person": by.id}, "REC-4")
    return Ruling(replace(document, asked_by=by.id), (entry,), (Notice("notice.document-asked", to, facts),))


def lend(document: Document, *, by: Person, now: datetime, terms: Terms) -> Ruling[Document]:
    """Give it to who asked: never to oneself, never while somebody else has it (REC-4)."""
    require(by, Deed.KEEP_DOCUMENTS)
    require_open(document)
    if document.holder is not None or document.asked_by is None:
        raise Refused("not-to-lend", rule="REC-4", number=document.number)
    if document.asked_by == by.id:
        raise Refused("not-your-own", rule="REC-4")
    until = now + timedelta(days=terms.policy.records.loan_days)
    loan = Loan(document.asked_by, now, by.id)
    lent = replace(document, stage="lent", loans=(*document.loans, loan), asked_by=None)
    facts = {"number": document.number, "title": document.title, "until": until}
    clock = Deadline(promised_at(Clock.LOAN, until, now, "REC-4"))
    told = (Notice("notice.document-lent", (loan.person,), facts),)
    return Ruling(lent, (Entry("document.lent", {"person": loan.person}, "REC-4"),), told, {Clock.LOAN: clock})


def take_back(document: Document, *, by: Person, now: datetime, terms: Terms) -> Ruling[Document]:
    """It is back on its shelf; nobody says so of himself (REC-4)."""
    require(by, Deed.KEEP_DOCUMENTS)
    if document.holder is None:
        raise Refused("not-to-lend", rule="REC-4", number=document.number)
    if document.holder == by.id:
        raise Refused("not-your-own", rule="REC-4")
    back = replace(document.loans[-1], back_at=now)
    here = replace(document, stage="here", loans=(*document.loans[:-1], back))
    waits = (
        Notice("notice.document-asked", (by.id,), {"number": here.number, "title": here.title, "asker_id": here.asked_by}),
    )
    return Ruling(here, (Entry("document.back", {}, "REC-4"),), waits if here.asked_by is not None else (), {Clock.LOAN: None})
