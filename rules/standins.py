"""Standing in for a colleague's post for a time: with his rights, in one's own name, and shown as such (ROL-6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.people import Deed, Person, Role, Standing, Ties, require
from rules.refusals import Refused

LONGEST = timedelta(days=62)
NEVER_LENT = frozenset({Role.CUSTOMER, Role.TECHNICIAN, Role.ADMINISTRATOR, Role.STATION})
"""What is done in person on site, and what lets people in, nobody does for another (ROL-5)."""


@dataclass(frozen=True)
class StandIn:
    """`deputy` holds the posts of `person` too, from `start` to before `end`."""

    person: int
    deputy: int
    start: datetime
    end: datetime
    id: int = 0

    def is_on(self, at: datetime) -> bool:
        return self.start <= at < self.end


def lent(person: Person) -> frozenset[Role]:
    """The posts in which somebody can be stood in for."""
    return frozenset(role for role in person.roles if person.holds(role)) - NEVER_LENT


def require_deputy(
    person: Person, deputy: Person, start: datetime, end: datetime, *, known: Iterable[StandIn], by: Person, now: datetime
) -> StandIn:
    """Name somebody who stands in. Raises Refused for one who can't: of another branch, without end, or for nothing (ROL-6)."""
    require(by, Deed.NAME_DEPUTY, Ties(person.branch, 0, kind="standin"))
    if by.id != person.id and not by.holds(Role.MANAGER):
        raise Refused("not-yours", rule="ROL-6", roles=[str(Role.MANAGER)])
    if not lent(person):
        raise Refused("deputy-nothing", rule="ROL-6", person_id=person.id)
    if (
        deputy.id == person.id
        or not deputy.is_staff
        or deputy.standing is not Standing.ACTIVE
        or deputy.branch != person.branch
    ):
        raise Refused("deputy-unfit", rule="ROL-6")
    if end <= max(start, now) or end - start > LONGEST:
        raise Refused("deputy-times", rule="ROL-6", most=LONGEST)
    if any(one.person == person.id and one.start < end and start < one.end for one in known):
        raise Refused("deputy-twice", rule="ROL-6", person_id=person.id)
    return StandIn(person.id, deputy.id, start, end)
