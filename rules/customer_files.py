"""The file of a customer: what the line of business wants to know of him, and his earlier quality complaints (INT-12)."""

from collections import defaultdict
from collections.abc import Iterable

from rules.complaint_policy import CustomerPolicy
from rules.complaints import Complaint
from rules.people import Deed, Person, require
from rules.refusals import Refused


def require_shown(by: Person, policy: CustomerPolicy) -> None:
    """Raise Refused for somebody who has nothing to do with customers' affairs, and where no such files are kept."""
    require(by, Deed.SEE_CASES)
    if not policy.fields:
        raise Refused("files-off", rule="INT-12")


def require_noted(field: str, value: str, *, by: Person, policy: CustomerPolicy) -> None:
    """Raise Refused unless this person may write into a file, and this is one of its lines with something in it."""
    require_shown(by, policy)
    require(by, Deed.FILE_COMPLAINT)
    if field not in policy.fields or not value.strip():
        raise Refused("file-line", rule="INT-12")


def by_model(complaints: Iterable[Complaint]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The numbers of a customer's quality complaints by the article that they are about, in the order of the articles."""
    found = defaultdict[str, list[str]](list)
    for one in complaints:
        if one.category != "non_quality":
            found[one.form.part_no or "—"].append(one.number)
    return tuple((model, tuple(sorted(numbers))) for model, numbers in sorted(found.items()))
