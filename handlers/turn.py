"""One turn: one thing that one person did, handled in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from handlers.events import Event
from handlers.questions import Setting
from handlers.said import Body, Row, said
from rules.cases import Case
from rules.complaint_nexts import is_in_sight
from rules.decisions import Subject
from rules.orders import WorkOrder
from rules.people import Deed, Person, require
from rules.refusals import Refused
from rules.terms import Terms
from storage import cases, orders
from storage.people import Account
from storage.unit import Unit

C = TypeVar("C", bound=Case)


@dataclass(frozen=True)
class Company:
    """What the desk knows about the company it serves."""

    name: str
    zone: str
    region: str
    language: str
    branch: str
    terms: Terms
    public_url: str = ""
    invitation_link: str = ""  # with {code}
    page_address: str = ""  # where people's browsers reach our pages, empty where they can't


@dataclass(frozen=True)
class Turn:
    """Everything a handler needs. `unit` is the only way to change anything."""

    unit: Unit
    company: Company
    event: Event
    person: Person
    account: Account
    setting: Setting

    @property
    def connection(self) -> Connection:
        return self.unit.connection

    @property
    def now(self) -> datetime:
        return self.unit.now

    @property
    def terms(self) -> Terms:
        return self.unit.terms

    @property
    def language(self) -> str:
        return self.person.language or self.company.language

    @property
    def deed(self) -> dict[str, Any]:
        """The keyword arguments that every decision takes."""
        return {"by": self.person, "now": self.now, "terms": self.terms}

    def reply(self, text: str, facts: Mapping[str, Any] | None = None, *, rows: list[Row] | None = None, **more: Any) -> None:
        """Answer where the question came from."""
        self.reply_body(said(text, facts, rows=rows or [], **more))

    def reply_body(self, body: Body, *, subject: str = "", order: int | None = None) -> None:
        self.unit.say(self.person.id, body, channel=self.account.channel, chat=self.account.chat, subject=subject, order=order)

    def show_card(self, order: int, headline: str = "", **facts: Any) -> None:
        """Bring the order's card down, under a line that says what just happened."""
        self.show(f"order:{order}", headline, **facts)

    def show(self, subject: str, headline: str = "", *, in_place: bool = False, **facts: Any) -> None:
        """The same for any subject, `order:12` or `complaint:3`; `in_place` changes the card that stands, where it can be."""
        line = {"text": headline, "facts": facts} if headline else None
        at = self.account
        self.unit.show_card(self.person.id, subject, headline=line, in_place=in_place, channel=at.channel, chat=at.chat)

    def case(self, kind: type[C], case_id: int) -> C:
        """A case that this person may see. Raises Refused("no-such-case") for any other (story 11)."""
        found = cases.by_id(self.connection, kind, case_id)
        if found is None or not is_in_sight(found, self.person):
            raise Refused("no-such-case", rule="ROL-1")
        return found

    def order(self, order_id: int, deed: Deed | None = Deed.SEE_ORDER) -> WorkOrder:
        """An order to which this person may do a deed. Raises Refused("no-such-order") for what he may not even see (story 11).

        An offer that somebody else has taken is out of sight; whether it was ours to take, the decision says: no deed.
        """
        found = orders.by_id(self.connection, order_id)
        if found is None:
            raise Refused("no-such-order", rule="ROL-1")
        if deed is not None:
            require(self.person, deed, found.ties)
        return found

    def under(self, subject: Subject | None) -> "Turn":
        """This turn under the terms that an order or case began under (RULEBOOK 23)."""
        if subject is None or subject.policy_version == self.terms.policy.version:
            return self
        return replace(self, unit=replace(self.unit, terms=self.terms.of(subject.policy_version)))

    def afresh(self) -> "Turn":
        """This turn under the terms that are in force now, for what begins, whatever it follows from."""
        return replace(self, unit=replace(self.unit, terms=self.company.terms))

    def with_person(self, person: Person) -> "Turn":
        return replace(self, person=person)
