"""The living card: one order as one person sees it now, with the next legal buttons (DESIGN 10.1, 10.9)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from handlers import briefing, money_cards, pouch, usual_parts
from handlers.desk import proposals_for
from handlers.fitness import is_licensed
from handlers.said import Body, Row, button, in_rows, link, said
from handlers.turn import Company
from rules import money_nexts
from rules.appointments import is_pickable
from rules.clocks import Clock
from rules.closing import open_points
from rules.dispatch import required_items, skippable
from rules.groups import district
from rules.holds import current
from rules.intake import INDOORS
from rules.jobs import is_repair, steps_of
from rules.nexts import Next, folded, next_actions
from rules.orders import (
    AFTER_VISIT,
    BEFORE_ARRIVAL,
    CLOSED,
    ON_SITE,
    UNDISPATCHED,
    Stage,
    Step,
    WorkOrder,
)
from rules.part_uses import BROUGHT_BACK, tag_of
from rules.people import Deed, Person, may
from rules.priorities import WHY
from rules.repeats import is_repeat
from rules.safety_records import STEPS
from rules.signatures import is_settled
from rules.terms import Terms
from rules.triggers import kept_slot
from rules.visits import still_open
from storage import deadlines, roster
from storage.deadlines import Running

_MAPS = {"zh-Hans": "https://uri.amap.com/search?keyword=", "": "https://www.google.com/maps/search/?api=1&query="}
_SHOWN_CLOCKS = (Clock.ARRIVAL, Clock.REPLY, Clock.WRITTEN_CONTACT, Clock.COMPLETION)
_USUAL_KINDS = ("repair", "complaint", "inquiry", "commission", "suggestion")
_ARRANGING = UNDISPATCHED - {Stage.NEEDS_CLARIFICATION}
_MARKS = {True: "✔", False: "…"}


def card(connection: Connection, order: WorkOrder, person: Person, company: Company, *, now: datetime) -> Body:
    """The order as this person sees it; a card that stands with somebody who may not see it any more tells nothing (CND-2)."""
    if not may(person, Deed.SEE_ORDER, order.ties):
        return said("card.out-of-sight", {"number": order.number})
    lines = [_line("card.stage", stage={"text": stage_text(order, person)})]
    lines += _who(order, person)
    if order.report.kind not in _USUAL_KINDS:
        lines.append(_line("card.kind", kind={"text": f"kind.{order.report.kind}"}))
    if order.planned_for is not None and order.is_open:
        lines.append(_line("card.planned", date=order.planned_for))
    if order.report.fault:
        lines.append(_line("card.fault" if is_repair(order) else "card.wish", fault=order.report.fault))
    elif order.report.voices:
        lines.append(_line("card.fault", fault={"text": "word.voice"}))
    if order.report.state_when_failed:
        lines.append(_line("card.state", state=order.report.state_when_failed))
    lines += pouch.voucher(connection, order, person, company.terms.of(order.policy_version), now=now)
    lines += pouch.overdue(connection, order, person)
    lines += _danger(order, person)
    lines += _where(order, person)
    running = deadlines.of(connection, order.subject)
    lines += _promises(running, order, person)
    lines += _manners(order, person)
    lines += _progress(order, person)
    lines += _news(order, person)
    lines += _special(order, person)
    lines += _open_points(order, person, company)
    lines += briefing.card_lines(connection, order, person)
    lines += usual_parts.card_lines(connection, order, person)
    lines += money_cards.of_order(order, person)
    rows = (
        _time(order, person)
        + _steps(order, person)
        + _slots(order, person)
        + _rows(connection, order, person, company, running, now)
    )
    what = order.report.model or {"text": "word.unknown-model"}
    facts = {"number": order.number, "what": what, "urgent": {"text": "card.urgent"} if order.report.is_urgent else ""}
    return said("", {}, lines=lines, rows=rows) | {"title": _line("card.title", **facts)}


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}


def stage_text(order: WorkOrder, person: Person) -> str:
    """Where it stands; a customer need not know at which step exactly, or how the papers move."""
    if not person.is_staff and order.stage in _ARRANGING:
        return "stage.customer.arranging"
    if not person.is_staff and order.stage is Stage.ASSIGNED:
        return "stage.customer.assigned"
    if not person.is_staff and order.stage in ON_SITE:
        return "stage.customer.on_site"
    if not person.is_staff and order.stage in AFTER_VISIT:
        return "stage.customer.after"
    if order.stage is Stage.UNSIGNED_CLOSED and is_settled(order):
        return "stage.unsigned_approved"
    return f"stage.{order.stage}"


def _who(order: WorkOrder, person: Person) -> list[dict[str, Any]]:
    found = []
    if order.lead is not None and person.id != order.lead:
        found.append(_line("card.technician", technician_id=order.lead))
    if len(order.crew) > 1:
        found.append(_line("card.leader", leader_id=order.lead))
    if person.is_staff:
        found.append(_line("card.customer", customer=order.report.customer_name))
    return found


def sees_contact(order: WorkOrder, person: Person) -> bool:
    """Address and telephone are shown to those who need them: after accepting, until closing (DESIGN 10.9, CND-2)."""
    if person.id in order.crew:
        return order.stage is not Stage.ASSIGNED and order.is_open
    return order.is_open and may(person, Deed.SEE_CONTACT, order.ties) and person.id not in order.offered_to


def _where(order: WorkOrder, person: Person) -> list[dict[str, Any]]:
    if person.id == order.customer and not person.is_staff:
        return [_line("card.address", address=order.report.address)] if order.is_open else []
    if not sees_contact(order, person):
        return [_line("card.district", district=district(order.report.address))] if order.is_open else []
    return [
        _line("card.address", address=order.report.address),
        _line("card.contact", contact=order.report.contact, phone=order.report.phone),
    ]


def _promises(running: Mapping[str, Running], order: WorkOrder, person: Person) -> list[dict[str, Any]]:
    if not order.is_open:
        return []
    found = [
        _line(f"card.due-{clock}", due=running[clock].watch.promise.due_at)
        for clock in _SHOWN_CLOCKS
        if clock in running and (person.is_staff or clock in (Clock.ARRIVAL, Clock.REPLY, Clock.COMPLETION))
    ]
    held = current(order)
    return [*found, _line("card.held", reason={"text": f"hold.{held.reason}"})] if held else found


def _manners(order: WorkOrder, person: Person) -> list[dict[str, Any]]:
    """A reminder for whoever has just come: say nothing rash, keep up the house's name, be polite (VIS-14)."""
    return [_line("card.manners")] if order.stage is Stage.ARRIVED and person.id in order.crew else []


def _steps_done(order: WorkOrder) -> dict[str, Any]:
    """Which steps are recorded; of work at which nothing is broken only those that it has (DSP-9)."""
    left = still_open(order)
    marks = {str(step): _MARKS[step not in left] for step in (Step.LISTEN, Step.LOOK, Step.CHECK, Step.ACT, Step.TEST)}
    if is_repair(order):
        return _line("card.progress", **marks)
    return _line("card.work-progress", steps=[_line("card.work-step", what={"text": f"step.{one}"}, mark=marks[one])
                                              for one in steps_of(order)])  # fmt: skip


def _progress(order: WorkOrder, person: Person) -> list[dict[str, Any]]:
    if order.stage in UNDISPATCHED | BEFORE_ARRIVAL | CLOSED or not person.is_staff:
        return []
    found = [_steps_done(order)]
    if order.found(Step.CHECK).get("root_cause"):
        found.append(_line("card.cause", cause=order.found(Step.CHECK)["root_cause"]))
    if order.found(Step.ACT).get("action_taken"):
        found.append(_line("card.action", action=order.found(Step.ACT)["action_taken"]))
    for n, line in enumerate(order.found_parts(), 1):
        found.append(_line("card.part", name=line["name"], quantity=line["quantity"]))
        if line.get("old_part") in BROUGHT_BACK:  # what is written on it, until it lies in the store (VIS-9)
            found.append(_line("card.old-tag", tag=tag_of(order.number, n)))
    return found


def _news(order: WorkOrder, person: Person) -> list[dict[str, Any]]:
    """What is waiting for somebody's word, and what they ought to know."""
    found = []
    if order.briefing and person.is_staff and order.stage in BEFORE_ARRIVAL | ON_SITE:
        found.append(_line("card.briefing", briefing=order.briefing))
    if order.questions and order.stage is Stage.NEEDS_CLARIFICATION:
        asked = order.questions.split(",")
        known = all(one in ("customer_name", "address", "phone", "model", "serial", "contact", "fault") for one in asked)
        questions: Any = [{"text": f"field.{one}"} for one in asked] if known else order.questions
        found.append(_line("card.questions", questions=questions))
    if order.problem and order.stage is Stage.AWAITING_DECISION and person.is_staff:
        alone = "-alone" if order.problem.demand == "—" else ""  # nobody else's wish is at stake
        found.append(_line(f"card.problem{alone}", proposal=order.problem.proposal, demand=order.problem.demand))
    if order.is_in_question and order.problem and person.is_staff:
        found.append(_line("card.in-question", what={"text": f"trigger.{order.problem.cause}"}))
    if person.is_staff and is_repeat(order):
        found.append(_line("card.repeat", number=order.repeat_of, component=order.repeat_component or {"text": "word.none"}))
    late = kept_slot(order) if person.is_staff else None
    if late is not None:
        found.append(_line("card.slot-missed" if late else "card.slot-kept", late=late))
    if order.carried_over_on and order.stage is Stage.CARRIED_OVER and person.is_staff:
        found.append(_line("card.carried-over"))
    is_news = order.brief != order.found(Step.ACT).get("action_taken")  # what was done stands on the card already
    if order.stage in (Stage.DEPARTED, Stage.REPORTED) and order.brief and is_news and person.is_staff:
        found.append(_line("card.brief", brief=order.brief))
    if order.return_remarks and order.stage is Stage.DEPARTED and person.is_staff:
        found.append(_line("card.returned", remarks=order.return_remarks))
    if order.seals and order.seals[-1].is_void and order.is_open:
        found.append(_line("card.seal-void"))
    if order.seal and order.seal.flags and person.id != order.customer:
        found.append(_line("card.flags", flags=[{"text": f"hold.{one}"} for one in order.seal.flags]))
    return found


def _special(order: WorkOrder, person: Person) -> list[dict[str, Any]]:
    """Who is important, whether the analysis fits and what an expert said, until when a fix may be used (VIS-10, 18, 19)."""
    if not person.is_staff:
        return []
    found = [_line("card.vip", number=order.vip)] if order.vip and order.is_open else []
    found += [_line("card.urgent-why", reason=order.overrides[WHY])] if WHY in order.overrides and order.is_open else []
    found += [_line(f"card.analysis-{order.analysis}")] if order.analysis else []
    found += [_line("card.advice", answer=one.answer, by_id=one.by) for one in order.advice[-2:]]
    if order.interim:
        state = "refused" if order.interim.refused else "waiting" if order.interim.approved_by is None else "approved"
        facts = {"measure": order.interim.measure, "until": order.interim.until, "reason": order.interim.refused}
        found.append(_line(f"card.interim-{state}", **facts, by_id=order.interim.approved_by))
    return found


def _open_points(order: WorkOrder, person: Person, company: Company) -> list[dict[str, Any]]:
    """What keeps an approved order from the archive (CLS-10)."""
    if order.stage is not Stage.APPROVED or not person.is_staff:
        return []
    left = open_points(order, company.terms.of(order.policy_version).policy)
    return [_line("card.open-points", points=[{"text": f"open_point.{one}"} for one in left])] if left else []


def _danger(order: WorkOrder, person: Person) -> list[dict[str, Any]]:
    """An emergency with its steps and how long after the alarm each was done; checks that bar the work (SAF-1, SAF-4)."""
    found = []
    emergency = order.emergency
    if emergency is not None and (emergency.is_on or person.is_staff) and not emergency.over_reason:
        found.append(_line("card.emergency", kind={"text": f"emergency.{emergency.kind}"}, at=emergency.at))
        for step in STEPS[emergency.kind] if person.is_staff else ():
            done = emergency.steps.get(step)
            what = {"text": f"emergency.step.{step}"}
            found.append(
                _line("card.step-done", what=what, since=done.at - emergency.at) if done else _line("card.step", what=what)
            )
    if person.is_staff:
        failed = [point for name, check in order.safety.items() if name != order.plan for point in check.failed]
        found += [_line("card.unsafe", what=[{"text": f"safety.point.{one}"} for one in failed])] if failed else []
    return found


def _steps(order: WorkOrder, person: Person) -> list[Row]:
    """What is still to be done in an emergency, each step a tap (SAF-4)."""
    if order.emergency is None or not order.is_emergency or not may(person, Deed.STEP_EMERGENCY, order.ties):
        return []
    left = [one for one in order.emergency.left if one != "rescue"] or list(order.emergency.left)
    return in_rows([button(f"emergency.step.{one}", f"o.{order.id}.rescue.{one}", tone="danger") for one in left])


def _time(order: WorkOrder, person: Person) -> list[Row]:
    """Whoever was there and has not entered his time yet does so with one tap (CLS-10, DLY-1)."""
    owes = order.stage is Stage.APPROVED and person.id in order.crew and person.id not in order.timed_by
    return [[button("menu.daily", "m.daily", tone="primary")]] if owes else []


def _slots(order: WorkOrder, person: Person) -> list[Row]:
    """The times that were proposed, each a tap for the customer, or for the office while he is on the telephone (INT-13)."""
    if not is_pickable(order) or not may(person, Deed.CLARIFY, order.ties):
        return []
    found: list[Row] = [[button("button.slot", f"o.{order.id}.slot.{at.timestamp():.0f}", at=at)] for at in order.slots]
    return [*found, [button("button.no_slot", f"o.{order.id}.no_slot")]]


def _rows(
    connection: Connection,
    order: WorkOrder,
    person: Person,
    company: Company,
    running: Mapping[str, Running],
    now: datetime,
) -> list[Row]:
    terms = company.terms.of(order.policy_version)
    actions = (*next_actions(order, person, terms), *money_nexts.of_order(order, person, terms))
    if not _promises(running, order, person):  # no time is shown that could be asked about
        actions = tuple(one for one in actions if one.action != "why")
    rows: list[Row] = []
    first = [button_of(order, one) for one in actions if one.is_primary]
    proposals: list[Row] = []
    if any(one.action == "dispatch" for one in actions):
        proposals = _proposal_rows(connection, order, company.terms.of(order.policy_version), now)
        first = [one for one in first if one["token"] != f"o.{order.id}.dispatch"]
        actions = (Next("dispatch_other"), *actions)
    rows += [first] if first else []  # a decision or a question comes before another technician
    rows += [[one | {"tone": "plain"} for one in row] for row in proposals] if first else proposals
    rows += in_rows([button_of(order, one) for one in folded(actions) if not one.is_primary and one.action != "dispatch"])
    if Clock.WRITTEN_CONTACT in running and may(person, Deed.WRITE_CONTACT, order.ties):
        rows.insert(1, [button("button.write_contact", f"o.{order.id}.write_contact")])
    is_on_a_map = order.report.latitude is not None or terms.policy.profile not in INDOORS
    if person.is_staff and is_on_a_map and sees_contact(order, person) and order.stage in BEFORE_ARRIVAL | ON_SITE:
        rows.append([link("button.map", map_address(order, person.language))])
    return rows


def _proposal_rows(connection: Connection, order: WorkOrder, terms: Terms, now: datetime) -> list[Row]:
    """One tap sends the least busy technicians who may do this work and are not on leave (DSP-1, DSP-3, DSP-14)."""
    away = roster.away(connection, now)
    found = [
        pair
        for pair in proposals_for(connection, order, now=now)
        if pair[0].id not in away and (order.is_emergency or is_licensed(connection, order, pair[0].id, terms, now))
    ][:3]
    return [
        [
            {
                "label": {"text": "button.send_to", "facts": {"technician": one.name, "load": load}},
                "token": f"o.{order.id}.send.{one.id}",
                "tone": "primary" if n == 0 else "plain",
            }
        ]
        for n, (one, load) in enumerate(found)
    ]


def map_address(order: WorkOrder, language: str) -> str:
    report = order.report
    if report.latitude is not None and language != "zh-Hans":
        return f"{_MAPS['']}{report.latitude},{report.longitude}"
    return _MAPS.get(language, _MAPS[""]) + quote(report.address)


def button_of(order: WorkOrder, one: Next) -> dict[str, Any]:
    """The button of an action."""
    tone = "primary" if one.is_primary else "danger" if one.is_danger else "plain"
    return button(f"button.{one.action}", f"o.{order.id}.{one.action}", tone=tone)


def checklist(order: WorkOrder, company: Company, parts: Sequence[Mapping[str, Any]] = (), asking: Sequence[Row] = ()) -> Body:
    """The pre-departure list as buttons that toggle, with the parts to take along and the way to ask for more (PRE-1)."""
    policy = company.terms.of(order.policy_version).policy
    items = required_items(policy)
    rows = []
    for item in items:
        done = item in order.checklist or item in order.overrides
        facts: Mapping[str, Any] = {"mark": "☑" if done else "☐", "what": {"text": f"checklist.{item}"}}
        rows.append(
            [{"label": {"text": "checklist.button", "facts": facts}, "token": f"o.{order.id}.tick.{item}", "tone": "plain"}]
        )
    rows += asking
    left = [item for item in items if item not in order.checklist and item not in order.overrides]
    if skippable(order, policy):
        rows.append([button("button.override", f"o.{order.id}.override")])
    if not left:
        rows.append([button("button.depart", f"o.{order.id}.depart", tone="primary")])
    head = "checklist.head" if left else "checklist.ready"
    return said(head, {"number": order.number, "n_left": len(left)}, rows=rows, lines=parts)
