"""Lists and looks: my orders, the queue, search, an order's details, invitations (REC-1, DSP-1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.cards import sees_contact, stage_text
from handlers.engine import resume_rows
from handlers.goods_cards import stage_of
from handlers.moments import read_moment
from handlers.said import Row, button, in_rows, literal_button, said
from handlers.turn import Turn
from handlers.undelivered import gist
from handlers.why import why_lines
from rules.cases import Case
from rules.complaints import Complaint
from rules.decisions import Entry
from rules.goods import Goods
from rules.orders import AFTER_VISIT, UNDISPATCHED, Stage, WorkOrder
from rules.people import EVERY_BRANCH, Deed, Person, Role, may, require
from rules.returns import Return
from rules.sheet_shapes import SheetKind
from rules.sheets import Sheet, begin
from storage import cases, deadlines, invitations, journal, orders, remarks, windows
from storage.numbers import yearly_number
from storage.subjects import token
from texts import catalog

MOST_LISTED = 12
_SHOWN_FAULT = 18  # characters


def show_mine(turn: Turn) -> None:
    """A person's own open orders, each a button to its card, and what else a customer has with us (WKS-15)."""
    rows, lines = list[Row](), list[dict[str, Any]]()
    if not turn.person.is_staff:
        complaints = cases.of_customer(turn.connection, Complaint, turn.person.id)
        rows = in_rows([literal_button(f"📣 {one.number}", f"c.{one.id}.card") for one in complaints if one.is_open], 3)
        for case, what, stage in _goods_of(turn):
            lines.append({"text": "list.line", "facts": {"number": case.number, "what": what, "stage": stage}})
            rows.append([literal_button(f"📦 {case.number}", token(case, "card"))])
    _show(turn, "list.mine", orders.open_for(turn.connection, turn.person, limit=MOST_LISTED), rows, lines)


def _goods_of(turn: Turn) -> list[tuple[Goods | Return, str, dict[str, str]]]:
    """A customer's goods that are with us, and those that he brought back: with what they are and where they stand."""
    here = cases.of_customer(turn.connection, Goods, turn.person.id)
    back = cases.of_customer(turn.connection, Return, turn.person.id)
    found: list[tuple[Goods | Return, str, dict[str, str]]] = [(one, one.what, stage_of(one)) for one in here if one.is_open]
    found += [(one, one.goods.article, {"text": f"returns.stage.{one.stage}"}) for one in back if one.is_open]
    return found[:MOST_LISTED]


def show_queue(turn: Turn) -> None:
    """What waits for the supervisor or clerk: undispatched first, then reports to approve (DSP-1, DSP-2, CLS-2)."""
    require(turn.person, Deed.SEE_BRANCH)
    asked = (UNDISPATCHED, AFTER_VISIT | {Stage.AWAITING_DECISION})
    found = [orders.queue(turn.connection, visible_to=turn.person, stages=one, limit=MOST_LISTED) for one in asked]
    n_waiting, n_reports = (orders.n_at(turn.connection, one, visible_to=turn.person) for one in asked)
    shown = [*found[0], *found[1]]
    more = [{"text": "list.more", "facts": {"n": len(shown)}}] if n_waiting + n_reports > len(shown) else []
    _show(turn, "list.queue", shown, (), more, n_waiting=n_waiting, n_reports=n_reports)


def show_found(turn: Turn, words: str) -> None:
    """Orders that match a name, telephone, serial, number or day."""
    require(turn.person, Deed.SEARCH)
    found = orders.search(turn.connection, words.strip(), visible_to=turn.person, limit=MOST_LISTED + 1)
    if not found:
        day = read_moment(words, now=turn.now, zone=turn.company.zone, is_past=True)
        if day is not None:
            start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(turn.company.zone))
            found = orders.reported_between(
                turn.connection, start, start + timedelta(days=1), visible_to=turn.person, limit=MOST_LISTED + 1
            )
    text = "list.found-many" if len(found) > MOST_LISTED else "list.found"
    _show(turn, text, found[:MOST_LISTED], words=words)


def _show(
    turn: Turn,
    text: str,
    found: list[WorkOrder],
    more: Sequence[Row] = (),
    others: Sequence[Mapping[str, Any]] = (),
    **facts: object,
) -> None:
    """Orders, each with its button; `others` are lines about something else, whose buttons are among `more`."""
    if not found and not others:
        turn.reply(f"{text}-none", facts, rows=list(more))
        return
    lines = [_listed(one, turn.person) for one in found]
    rows = in_rows([literal_button(one.number, f"o.{one.id}.card") for one in found], 3)
    turn.reply(text, {"n": len(found) + len(others), **facts}, lines=[*lines, *others], rows=[*rows, *more])


def _listed(order: WorkOrder, person: Person) -> dict[str, Any]:
    """An order in a line: of many alike it is the fault that tells one from another."""
    what, fault = order.report.model or {"text": "word.unknown-model"}, " ".join(order.report.fault.split())
    fault = fault if len(fault) <= _SHOWN_FAULT else f"{fault[: _SHOWN_FAULT - 1]}…"
    facts = {"number": order.number, "what": what, "fault": fault, "stage": {"text": stage_text(order, person)}}
    return {"text": "list.order-line" if fault else "list.line", "facts": facts}


def show_details(turn: Turn, order: WorkOrder) -> None:
    """Everything recorded so far, with its history of stages and what was added by people."""
    shown: list[dict[str, object]] = []
    told = [one for one in journal.lines(turn.connection, order.subject) if catalog.has(f"journal.{one.kind}")]
    for line in told[-25:]:
        what = {"text": f"journal.{line.kind}", "facts": _facts(line.facts)}
        facts = {"at": line.at, "what": what, "by_id": line.by, "for_id": line.facts.get("for_id")}
        shown.append({"text": "details.line-for" if facts["for_id"] else "details.line", "facts": facts})
    added = remarks.of_order(turn.connection, order.id)
    for remark in added[-10:]:
        facts = {"by_id": remark.person, "words": remark.text or {"text": f"word.{remark.kind}"}}
        shown.append({"text": "details.remark", "facts": facts})
    held = windows.held_for(turn.connection, order.customer, order.id) if turn.person.is_staff else []
    if held:
        shown.append({"text": "details.window", "facts": {"what": [gist(one) for one in held]}})
    photos = [one.sha256 for one in added if one.kind == "photo"][-10:]
    rows: list[Row] = [[button("button.report_paper", f"o.{order.id}.copy")]] if order.findings else []
    turn.reply("details.head", {"number": order.number}, lines=shown, photos=[*order.report.photos, *photos][:10],
               voices=list(order.report.voices), rows=rows)  # fmt: skip


def details_of(turn: Turn, case: Case) -> None:
    """What happened to a case, line by line, with who and when (CMP-7, REC-7)."""
    lines: list[dict[str, object]] = []
    told = [one for one in journal.lines(turn.connection, case.subject) if catalog.has(f"journal.{one.kind}")]
    for line in told[-25:]:
        stage = {"stage": {"text": f"stage.case.{line.facts['stage']}"}} if "stage" in line.facts else {}
        what = {"text": f"journal.{line.kind}", "facts": stage}
        lines.append({"text": "details.line", "facts": {"at": line.at, "what": what, "by_id": line.by}})
    turn.reply("details.head", {"number": case.number}, lines=lines)


def _facts(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {"step": {"text": f"step.{kept['step']}"}} if "step" in kept else {}


def show_why(turn: Turn, order: WorkOrder) -> None:
    """Why each promise falls when it does, in words (DESIGN 10.6)."""
    lines = why_lines(order, deadlines.of(turn.connection, order.subject), turn.terms)
    turn.reply("why.head" if lines else "why.none", {"number": order.number}, lines=lines)


def show_copy(turn: Turn, order: WorkOrder) -> None:
    """The report exactly as it was signed (SIG-10); to staff on paper before that as well, as far as it has come."""
    seal, papers = order.seals[-1] if order.seals else None, [report_paper(order, turn.person)]
    if seal is None:
        if turn.person.is_staff and order.findings:
            turn.reply_body(said("filing.paper", {"number": order.number}, papers=papers), order=order.id)
        else:
            turn.reply("copy.none", {"number": order.number})
        return
    photos = [seal.signature] if seal.signature else []
    facts = {"summary": seal.summary, "signer": seal.signer, "at": seal.at, "version": seal.version}
    text = "copy.void" if seal.is_void else "copy.signed"
    turn.reply_body(said(text, facts, photos=photos, papers=papers), order=order.id)


def report_paper(order: WorkOrder, person: Person) -> str:
    """The customer's own copy; to staff with address and telephone only as long as they may see them (CND-2)."""
    return "service-report" if person.id == order.customer or sees_contact(order, person) else "service-record"


def show_invitation(turn: Turn, role: Role) -> None:
    """A new code for a colleague, single-use and good for a day."""
    require(turn.person, Deed.INVITE)
    if role in EVERY_BRANCH and not may(turn.person, Deed.CHANGE_STAFF):
        turn.reply("refused.not-yours", {"roles": [{"text": "role.administrator"}]})
        return
    branch = turn.person.branch or turn.company.branch
    code = invitations.invite(turn.connection, role=role, branch=branch, by=turn.person.id, now=turn.now)
    journal.append(
        turn.connection,
        f"person:{turn.person.id}",
        (Entry("person.invited", {"role": role, "branch": branch}, "ROL-1"),),
        by=turn.person.id,
        at=turn.now,
    )
    address = turn.company.invitation_link.replace("{code}", code)
    facts = {"role": {"text": f"role.{role}"}, "code": code, "link": address}
    turn.reply("invite.done-link" if address else "invite.done", facts)


def ask_for_person(turn: Turn, order: WorkOrder | None, words: str) -> None:
    """Somebody in the office is to speak with the customer: his words are kept until they are answered (INT-2, INT-4)."""
    told = {"way": "chat", "sort": "inquiry", "priority": "normal", "customer": turn.person.name or "—", "words": words}
    drafted = Sheet(
        number=yearly_number(turn.connection, "CO", turn.terms, turn.now), opened_at=turn.now, sheet=SheetKind.CONTACT,
        branch=order.branch if order else turn.company.branch, author=turn.person.id, told=told, customer=turn.person.id,
        policy_version=turn.terms.policy.version, about=order.subject if order else "",
        about_number=order.number if order else "",
    )  # fmt: skip
    turn.unit.record(None, begin(drafted, now=turn.now, terms=turn.terms), by=turn.person.id)
    turn.reply("done.talk", rows=resume_rows(turn))
