"""Cases beside the work order: what complaints, surveys, tasks and statements have in common (DESIGN 4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rules.decisions import Audience, Subject
from rules.people import Deed, Person, Ties, may, roles_that_may
from rules.refusals import Refused


@dataclass(frozen=True, kw_only=True)
class Case:
    """Something with a number, a journal, promises and living cards of its own. Immutable: rulings return a changed copy."""

    kind: ClassVar[str]
    number: str  # unique within its kind
    branch: str
    opened_at: datetime
    stage: str
    policy_version: str = ""  # the policy under which it began (RULEBOOK 23)
    customer: int = 0  # 0: nobody in particular
    about: str = ""  # the subject that it follows from, such as order:12
    id: int = 0
    version: int = 0
    closed_at: datetime | None = None
    barred: tuple[int, ...] = ()  # who may have no part in it, whatever their role (SUR-5, ESC-6)

    @property
    def subject(self) -> str:
        """Its name in journal, deadlines, cards and conversations."""
        return f"{self.kind}:{self.id}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_urgent(self) -> bool:
        return False

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        """Whose turn it is."""
        return ()

    @property
    def ties(self) -> Ties:
        return Ties(self.branch, self.customer, barred=frozenset(self.barred), kind=self.kind)

    def seen_by(self, person: Person) -> bool | None:
        """Whether a person may see it; None where the rights of complaints decide."""
        return None

    @property
    def about_order(self) -> int | None:
        """The id of the work order that it follows from."""
        kind, _, number = self.about.partition(":")
        return int(number) if kind == "order" else None


def require_open(case: Case) -> None:
    """Raise Refused when a case is closed: from then on it is only read (REC-1)."""
    if not case.is_open:
        raise Refused("case-closed", rule="REC-1", number=case.number)


def require_for(case: Case, by: Person, deed: Deed) -> None:
    """Raise Refused unless `by` may do `deed` to a case; who sees it hears who may, to others it does not exist (ROL-1)."""
    if may(by, deed, case.ties):
        return
    if not case.seen_by(by):
        raise Refused("no-such-case", rule="ROL-1")
    raise Refused("not-yours", rule="ROL-1", roles=[str(role) for role in roles_that_may(deed)])


def shown_number(case: Subject) -> str:
    """The number that people know it by: a task's is that of what it follows from."""
    return str(getattr(case, "about_number", "") or case.number)
