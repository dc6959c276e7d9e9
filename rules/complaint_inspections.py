"""The joint inspection (會勘) of what a customer complains about (CMP-5, CMP-6, SLA-21)."""

from dataclasses import replace
from datetime import datetime

from rules.clocks import Clock
from rules.complaint_clocks import inspection_promise
from rules.complaint_records import Inspection
from rules.complaints import BEFORE_DECISION, Complaint, require_stage
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.people import Deed, Person, require
from rules.refusals import Refused
from rules.terms import Terms


def arrange(
    case: Complaint, place: str, is_quality_absent: bool, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Complaint]:
    """Sales calls quality and manufacturing to go together; if quality can't in time, the GM names somebody (CMP-5)."""
    require(by, Deed.INSPECT, case.ties)
    require_stage(case, *BEFORE_DECISION)
    if not place.strip():
        raise Refused("place-missing", rule="CMP-5")
    found = Inspection(place, by.id, now, is_quality_absent=is_quality_absent)
    facts = {"number": case.number, "place": place, "by_id": by.id}
    to = (Audience.MANUFACTURING, Audience.SALES) if is_quality_absent else (Audience.QUALITY, Audience.MANUFACTURING)
    told = [Notice("notice.inspection", to, facts)]
    if is_quality_absent:
        told.append(Notice("notice.inspector-wanted", (Audience.GM,), facts))
    entry = Entry("inspection.arranged", {"is_quality_absent": is_quality_absent}, "CMP-5")
    return Ruling(replace(case, inspection=found), (entry,), tuple(told))


def name_inspector(case: Complaint, person: int, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The GM names who goes in quality's place (CMP-5)."""
    require(by, Deed.NAME_INSPECTOR, case.ties)
    inspection = _running(case)
    if person in case.barred:
        raise Refused("not-whom-it-is-about", rule="SUR-5", number=case.number, person_id=person)
    named = replace(inspection, named_by=by.id, participants=(*inspection.participants, person), is_quality_absent=False)
    told = (Notice("notice.inspection", (person,), {"number": case.number, "place": inspection.place, "by_id": by.id}),)
    return Ruling(replace(case, inspection=named), (Entry("inspection.named", {"person": person}, "CMP-5"),), told)


def hold_inspection(case: Complaint, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """They were there: from now on the report is owed to the GM (CMP-6)."""
    require(by, Deed.INSPECT, case.ties)
    inspection = _running(case)
    if inspection.is_quality_absent:
        raise Refused("inspector-missing", rule="CMP-5")
    if inspection.inspected_at is not None:
        raise Refused("inspected-before", rule="CMP-6")
    done = replace(inspection, inspected_at=now, participants=tuple(dict.fromkeys((*inspection.participants, by.id))))
    clock = Deadline(inspection_promise(now, terms))
    return Ruling(replace(case, inspection=done), (Entry("inspection.held", {}, "CMP-5"),), (), {Clock.INSPECTION: clock})


def report_inspection(
    case: Complaint, report: str, photos: tuple[str, ...] = (), *, by: Person, now: datetime, terms: Terms
) -> Ruling[Complaint]:
    """The report, with the GM within three days (CMP-6, SLA-21)."""
    require(by, Deed.INSPECT, case.ties)
    inspection = _running(case)
    if inspection.inspected_at is None:
        raise Refused("not-inspected", rule="CMP-6")
    if not report.strip():
        raise Refused("report-missing", rule="CMP-6")
    reported = replace(inspection, report=report, photos=photos, reported_at=now)
    told = (Notice("notice.inspection-report", (Audience.GM,), {"number": case.number, "report": report}, photos=photos),)
    entry = Entry("inspection.reported", {"length": len(report)}, "CMP-6")
    return Ruling(replace(case, inspection=reported), (entry,), told, {Clock.INSPECTION: None})


def _running(case: Complaint) -> Inspection:
    if case.inspection is None or case.inspection.reported_at is not None:
        raise Refused("no-inspection", rule="CMP-5")
    return case.inspection
