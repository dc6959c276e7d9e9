"""What every rule returns: a Decision, or it raises Refused (DESIGN 2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from rules.clocks import Promise
from rules.orders import WorkOrder
from rules.people import Ties

Facts = Mapping[str, Any]


class Audience(StrEnum):
    """Who is meant by a notice, resolved to people of the subject's branch when it is recorded."""

    CUSTOMER = "customer"
    TECHNICIAN = "technician"  # the lead, and the rest of the crew
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    CLERK = "clerk"
    SERVICE_DEPT = "service_dept"
    DEPUTY_GM = "deputy_gm"
    GM = "gm"
    CASE_OFFICE = "case_office"
    SALES = "sales"
    QUALITY = "quality"
    MANUFACTURING = "manufacturing"
    RND = "rnd"
    ACCOUNTANT = "accountant"
    WAREHOUSE = "warehouse"
    ADVISER = "adviser"
    AREA_SUPERVISOR = "area_supervisor"
    OPS_MANAGER = "ops_manager"
    HR = "hr"
    ADMINISTRATOR = "administrator"


class Subject(Protocol):
    """What has a number, a journal, promises and living cards of its own: an order, a complaint, a task (DESIGN 4)."""

    @property
    def id(self) -> int: ...

    @property
    def number(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def policy_version(self) -> str:
        """The policy under which it began; a later one never changes it (RULEBOOK 23)."""

    @property
    def subject(self) -> str:
        """Its name in journal, deadlines, cards and conversations: `order:12`, `complaint:3`."""

    @property
    def is_open(self) -> bool: ...

    @property
    def is_urgent(self) -> bool: ...

    @property
    def ties(self) -> Ties: ...

    @property
    def owners(self) -> "tuple[Audience | int, ...]":
        """Whose turn it is; whom the clock asks first."""


S = TypeVar("S", bound=Subject)


@dataclass(frozen=True)
class Entry:
    """One journal line (REC-7): what happened, the facts that belong to it and the rule it follows from."""

    kind: str
    facts: Facts = field(default_factory=dict)
    rule: str = ""


@dataclass(frozen=True)
class Notice:
    """Something that people are told. `text` is a text id; must-notices are repeated after an unclear delivery.

    A notice brings that person's card of the subject down to where they read, headed by the text.
    """

    text: str
    to: tuple[Audience | int, ...]
    facts: Facts = field(default_factory=dict)
    is_must: bool = True
    with_card: bool = True
    photos: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()  # papers of the order that go along, made when the message is sent
    is_urgent: bool = False
    group: str = ""  # what the branch's group chats read of it, with buttons (rules.groups)
    can_wait: bool = False  # staff who are not on duty hear of it after the quiet hours (ESC-17)


@dataclass(frozen=True)
class Deadline:
    """A promise that the clock watches from now on."""

    promise: Promise


@dataclass(frozen=True)
class Ruling(Generic[S]):
    """What is to be recorded, all in one transaction. `after` is the subject as it will be."""

    after: S
    journal: tuple[Entry, ...] = ()
    notices: tuple[Notice, ...] = ()
    deadlines: Mapping[str, Deadline | None] = field(default_factory=dict)  # None: met or dropped


@dataclass(frozen=True)
class Decision(Ruling[WorkOrder]):
    """A ruling about a work order."""

    @property
    def order(self) -> WorkOrder:
        """The order as it will be."""
        return self.after


@dataclass(frozen=True)
class Stamp:
    """Who did something and when."""

    by: int
    at: datetime
