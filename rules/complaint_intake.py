"""A complaint comes in: numbered, put on its way, told to whom it concerns (CMP-1..4, CMP-15, SUR-5, SUR-7, ESC-5, ESC-6)."""

from dataclasses import replace
from datetime import date, datetime

from rules.cases import require_open
from rules.clocks import Clock
from rules.complaint_clocks import CLOCK_OF, case_promise, reading_promise, stage_promise
from rules.complaint_records import CaseStage, Form, Note, Passage
from rules.complaints import Complaint
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.people import Deed, Person, Ties, require
from rules.refusals import Refused
from rules.terms import Terms

CATEGORIES = ("non_quality", "quality")
"""CMP-2: a human error, or the quality of the goods."""


def series(day: date, *, is_anomaly: bool) -> str:
    """The series that a number is taken from: complaints and anomaly sheets each begin anew every month (CMP-3)."""
    return f"{'A' if is_anomaly else ''}{day:%y%m}"


def number_of(series_name: str, serial: int) -> str:
    """261101: year, month, then two digits; the hundredth of a month has three (CMP-3)."""
    return f"{series_name}{serial:02d}"


def route_of(*, is_about_goods: bool, has_loss: bool) -> str:
    """Goods take the departments' route, and without a loss a sheet to the unit concerned is enough (CMP-1)."""
    if not is_about_goods:
        return "service"
    return "product" if has_loss else "anomaly"


def lacking(form: Form) -> tuple[str, ...]:
    """What of the complaint form is still to be written (CMP-4). A quantity may be `undetermined`, but not missing."""
    wanted = ("order_no", "part_no", "delivered_on", "quantity", "defective", "demand", "reason", "demand_quantity")
    return tuple(name for name in wanted if getattr(form, name) in ("", None))


def open_case(fresh: Complaint, *, by: Person, now: datetime, terms: Terms, is_answered: bool = False) -> Ruling[Complaint]:
    """Register a complaint under its number: a customer's own, or entered by staff (CMP-3, CMP-4, CMP-7).

    A form that is whole lies with the GM office at once and is accepted; one that is not goes to sales first. Service is
    visited by the supervisor, never by whom it is about (SUR-5). With `is_answered` the customer has his number in the
    answer to what he wrote, so that no notice tells it a second time.
    """
    if by.id == fresh.customer:
        require(by, Deed.COMPLAIN)
    else:
        require(by, Deed.FILE_COMPLAINT, Ties(fresh.branch, fresh.customer, kind="complaint"))
    if by.id in fresh.barred:
        raise Refused("no-such-case", rule="SUR-5")
    if not fresh.account.strip() and not fresh.voices and not fresh.form.reason:
        raise Refused("account-missing", rule="CMP-4")
    case = replace(fresh, opened_by=by.id)
    if case.form.opinion and case.form.signed_by is None and by.id != case.customer:
        case = replace(case, form=replace(case.form, signed_by=by.id))
    first = _first_stage(case)
    case, clocks = enter(case, first, now, terms)
    entries = [Entry("complaint.opened", {"route": case.route, "origin": case.origin, "stage": first}, "CMP-3")]
    told = [*_first_told(case), *([] if is_answered else _customer_told(case))]
    if claims(case):
        entries.append(Entry("complaint.claim", {}, "ESC-15"))
        told.append(Notice("notice.case-claim", (Audience.MANAGER,), {"number": case.number}, is_urgent=True))
    if case.is_serious:
        case, entry, notice, clock = _serious(case, now, terms)
        entries.append(entry)
        told.append(notice)
        clocks |= clock
    return Ruling(case, tuple(entries), tuple(told), clocks)


_CLAIM = ("索賠", "索赔", "賠償", "赔偿", "compensat", "claim for", "damages")


def claims(case: Complaint) -> bool:
    """Whether the customer claims compensation, in his own words or those of the form (ESC-15)."""
    said = f"{case.account}\n{case.form.demand}\n{case.form.reason}".casefold()
    return any(word in said for word in _CLAIM)


def _first_stage(case: Complaint) -> CaseStage:
    if case.route == "anomaly":
        return CaseStage.UNIT
    if case.route == "service":
        return CaseStage.VISIT
    return CaseStage.FORM if lacking(case.form) else CaseStage.OFFICE


def enter(case: Complaint, stage: CaseStage, now: datetime, terms: Terms) -> tuple[Complaint, dict[str, Deadline | None]]:
    """The case in its next stage, with the clocks that start: the stage's, and at acceptance the case's (CMP-11, CMP-12)."""
    clocks: dict[str, Deadline | None] = {}
    if stage is CaseStage.OFFICE and case.accepted_at is None:
        whole = case_promise(case.is_foreign, now, terms)
        case = replace(case, accepted_at=now, due_at=whole.due_at)
        clocks[Clock.CASE] = Deadline(whole)
    found = stage_promise(case, stage, now, terms)
    if found is not None:
        clocks[CLOCK_OF[stage]] = Deadline(found)
    passage = Passage(stage, now, found.due_at if found else case.due_at)
    return replace(case, stage=stage, passages=(*case.passages, passage)), clocks


def _first_told(case: Complaint) -> list[Notice]:
    """Whose turn it is; and of what is about a technician the manager hears as well, never he himself (ESC-6)."""
    facts = {"number": case.number, "stage": {"text": f"stage.case.{case.stage}"}}
    text = "notice.complaint-visit" if case.stage is CaseStage.VISIT else "notice.complaint-stage"
    told = [Notice(text, case.owners, facts, photos=case.photos, voices=case.voices, is_urgent=case.is_serious)]
    if case.route == "service":
        text = "notice.complaint-money" if case.is_money_demanded else "notice.complaint-opened"
        told.append(Notice(text, (Audience.MANAGER, Audience.SERVICE_DEPT), facts))
    return told


def _customer_told(case: Complaint) -> list[Notice]:
    if not case.customer or case.route == "anomaly":
        return []
    return [Notice(received(case), (Audience.CUSTOMER,), {"number": case.number})]


def received(case: Complaint) -> str:
    """What a customer reads when his complaint is in: of service somebody visits him, goods are looked into first."""
    return "notice.complaint-received-visit" if case.route == "service" else "notice.complaint-received"


def mark_serious(case: Complaint, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """Serious: to the deputy general manager at once, ahead of others (SUR-7, ESC-5, CMP-30)."""
    require(by, Deed.MARK_SERIOUS, case.ties)
    require_open(case)
    if case.is_serious:
        raise Refused("already-serious", rule="SUR-7", number=case.number)
    case, entry, notice, clock = _serious(case, now, terms)
    return Ruling(case, (entry,), (notice,), clock)


def _serious(case: Complaint, now: datetime, terms: Terms) -> tuple[Complaint, Entry, Notice, dict[str, Deadline | None]]:
    notice = Notice(
        "notice.complaint-serious", (Audience.DEPUTY_GM, Audience.SERVICE_DEPT), {"number": case.number}, is_urgent=True
    )
    entry = Entry("complaint.serious", {}, "SUR-7")
    return replace(case, is_serious=True), entry, notice, {Clock.READING: Deadline(reading_promise(now, terms))}


def read_serious(case: Complaint, words: str = "", *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """Read by the deputy general manager, or passed on with a word to whose turn it is (SUR-7, ESC-5)."""
    require(by, Deed.READ_SERIOUS, case.ties)
    if not case.is_serious:
        raise Refused("not-serious", rule="SUR-7", number=case.number)
    facts = {"number": case.number, "reader_id": by.id, "words": words}
    to: tuple[Audience | int, ...] = (*case.owners, Audience.SERVICE_DEPT)
    told = (Notice("notice.complaint-passed-on", to, facts, is_urgent=True),) if words else ()
    read = replace(case, read_by=case.read_by or by.id, read_at=case.read_at or now)
    return Ruling(read, (Entry("complaint.read", {"is_passed_on": bool(words)}, "ESC-5"),), told, {Clock.READING: None})


def reopen(old: Complaint, number: str, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The customer doesn't accept the result: a new form under a new number, the old one attached and closed (CMP-15)."""
    fresh = Complaint(
        number=number,
        branch=old.branch,
        opened_at=now,
        policy_version=terms.policy.version,
        customer=old.customer,
        about=old.about,
        barred=old.barred,
        route=old.route,
        customer_name=old.customer_name,
        account=words,
        photos=old.photos,
        voices=old.voices,
        origin="customer" if by.id == old.customer else "staff",
        form=old.form,
        category=old.category,
        is_foreign=old.is_foreign,
        is_serious=old.is_serious,
        previous=old.id,
        previous_number=old.number,
    )
    return open_case(fresh, by=by, now=now, terms=terms)


def note_money(case: Complaint, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """Money or gifts were asked for: supervisor and manager hear it at once, the technician does not (FEE-2, ESC-6)."""
    require(by, Deed.SEE_COMPLAINT, case.ties)
    require_open(case)
    told = (Notice("notice.complaint-money", (Audience.SUPERVISOR, Audience.MANAGER), {"number": case.number}),)
    return Ruling(replace(case, is_money_demanded=True), (Entry("complaint.money", {}, "ESC-6"),), told)


def followed(old: Complaint, number: str) -> Ruling[Complaint]:
    """The closed form names the one that followed (CMP-15)."""
    return Ruling(replace(old, next_number=number), (Entry("complaint.followed", {"number": number}, "CMP-15"),))


def add_note(
    case: Complaint, words: str = "", photo: str = "", voice: str = "", *, by: Person, now: datetime, terms: Terms
) -> Ruling[Complaint]:
    """Words, a picture or a recording that belong to a case; whose turn it is hears of them."""
    require(by, Deed.SEE_COMPLAINT, case.ties)
    require_open(case)
    note = Note(by.id, now, words, photo, voice)
    facts = {"number": case.number, "by_id": by.id, "words": words or {"text": "word.photo" if photo else "word.voice"}}
    to = tuple(one for one in case.owners if one != by.id)
    told = (Notice("notice.complaint-note", to, facts, photos=(photo,) if photo else (), voices=(voice,) if voice else ()),)
    return Ruling(replace(case, notes=(*case.notes, note)), (Entry("complaint.noted", {"n": len(case.notes) + 1}),), told)
