"""A complaint that touches another firm: the GM office and the units concerned deal with it together (CLM-3)."""

from dataclasses import replace
from datetime import datetime

from rules.cases import require_open
from rules.complaint_records import External
from rules.complaints import Complaint
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, require
from rules.refusals import Refused
from rules.terms import Terms

SORTS = ("supplier", "firm", "carrier")
UNITS = (Audience.CASE_OFFICE, Audience.QUALITY, Audience.SALES)
"""Who deals with another firm together."""


def involve(
    case: Complaint, sort: str, name: str, contact: str, words: str, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Complaint]:
    """Name the other firm, how it is reached and what is asked of it; office and units hear (CLM-3)."""
    require(by, Deed.SEND_SLIP, case.ties)
    require_open(case)
    if sort not in SORTS or not name.strip() or not words.strip():
        raise Refused("external-incomplete", rule="CLM-3")
    external = External(sort, name.strip(), contact.strip(), words, by.id, now)
    facts = {"number": case.number, "name": external.name, "words": words, "by_id": by.id}
    told = (Notice("notice.case-external", UNITS, facts),)
    after = replace(case, externals=(*case.externals, external))
    return Ruling(after, (Entry("complaint.external", {"sort": sort, "n": len(after.externals)}, "CLM-3"),), told)
