"""Who is on duty, on leave, licensed, stood in for: lists with their buttons (STF-4..6, DSP-14, ROL-6)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from handlers import dailies, expensing
from handlers.flowbook import ENGINE
from handlers.said import button, in_rows, literal_button, said
from handlers.turn import Turn
from rules.absences import decide, withdraw
from rules.decisions import Entry
from rules.licences import expiring
from rules.people import Deed, Person, Role, Ties, may, require
from rules.refusals import Refused
from storage import journal, people, roster, staffing
from storage.outbox import MUST
from texts import catalog

MOST = 20
WEEK = timedelta(days=7)


def branch_of(turn: Turn) -> str:
    return turn.person.branch or turn.company.branch


def show_roster(turn: Turn, _arg: str = "") -> None:
    """Who is on duty now and in the week to come; planners can add and take away (STF-5)."""
    require(turn.person, Deed.SEE_ROSTER)
    found = roster.between(turn.connection, turn.now, turn.now + WEEK, branch=branch_of(turn), limit=MOST)
    lines = [
        {
            "text": "duty.now" if one.covers(turn.now) else "duty.line",
            "facts": {"person_id": one.person, "role": {"text": f"role.{one.role}"}, "start": one.start, "end": one.end},
        }
        for one in found
    ]
    away = [one for one in roster.away(turn.connection, turn.now) if _is_here(turn, one)]
    lines += [{"text": "duty.away", "facts": {"person_id": one}} for one in away]
    rows = []
    if may(turn.person, Deed.PLAN_DUTY):
        rows = [[button("duty.add", "w.duty", tone="primary"), button("duty.rotate", "w.rotation")]]
        rows += [[button("duty.change", "w.change")]] if found else []
    turn.reply("duty.roster" if found else "duty.roster-none", lines=lines, rows=rows)


def _is_here(turn: Turn, person: int) -> bool:
    return people.person(turn.connection, person).branch == branch_of(turn)


def _change(turn: Turn, _arg: str) -> None:
    """Which turn is to be struck off."""
    require(turn.person, Deed.PLAN_DUTY)
    found = roster.between(turn.connection, turn.now, turn.now + WEEK, branch=branch_of(turn), limit=9)
    names = people.names(turn.connection, [one.person for one in found])
    zone = turn.company.zone
    language = turn.person.language or turn.company.language
    buttons = [
        literal_button(f"✖ {names[one.person]} {catalog.moment(language, one.start, zone=zone)}", f"w.unduty.{one.id}")
        for one in found
    ]
    turn.reply("duty.which", rows=in_rows(buttons, 1))


def _unduty(turn: Turn, arg: str) -> None:
    require(turn.person, Deed.PLAN_DUTY)
    found = roster.by_id(turn.connection, int(arg))
    if found is None or found.branch != branch_of(turn):
        turn.reply("talk.passed")
        return
    roster.remove(turn.connection, found.id)
    write_down(turn, found.person, "duty.removed", "STF-5")
    told = said("notice.duty-off", {"start": found.start, "end": found.end})
    if found.person != turn.person.id:
        turn.unit.say(found.person, told, priority=MUST)
    turn.reply("done.unduty")


def show_leave(turn: Turn, _arg: str = "") -> None:
    """One's own leave, and for the superior what waits for a word (STF-6)."""
    require(turn.person, Deed.ASK_LEAVE)
    lines, rows = [], [[button("leave.ask", "w.absence", tone="primary")]]
    for one in roster.leave_of(turn.connection, turn.person.id, since=turn.now):
        state = {"text": f"leave.state.{one.state}"}
        lines.append({"text": "leave.line", "facts": {"start": one.start, "end": one.end, "state": state}})
        if one.state in ("asked", "granted") and one.kind == "leave":
            rows.append([button("leave.withdraw", f"w.unleave.{one.id}", start=one.start)])
    if may(turn.person, Deed.DECIDE_LEAVE):
        for one in roster.leave_asked(turn.connection, branch_of(turn), since=turn.now):
            if one.person != turn.person.id:
                facts = {"person_id": one.person, "start": one.start, "end": one.end, "reason": one.reason}
                lines.append({"text": "leave.waiting", "facts": facts})
                rows.append(decision_row(one.id))
    turn.reply("leave.own" if lines else "leave.own-none", lines=lines, rows=rows)


def decision_row(absence: int) -> list[dict[str, Any]]:
    yes = button("leave.grant", f"w.grant.{absence}", tone="primary")
    return [yes, button("leave.refuse", f"w.deny.{absence}", tone="danger")]


def _decide(is_granted: bool) -> Callable[[Turn, str], None]:
    def act(turn: Turn, arg: str) -> None:
        asked = roster.leave_by_id(turn.connection, int(arg))
        if asked is None:
            turn.reply("talk.passed")
            return
        after = decide(asked, people.person(turn.connection, asked.person), is_granted=is_granted, by=turn.person)
        if not roster.change_leave(turn.connection, asked, after, now=turn.now):
            turn.reply("talk.passed")
            return
        write_down(turn, asked.person, f"leave.{after.state}", "STF-6")
        facts = {"start": asked.start, "end": asked.end, "supervisor_id": turn.person.id}
        text = "notice.leave-granted" if is_granted else "notice.leave-refused"
        turn.unit.say(asked.person, said(text, facts), priority=MUST)
        turn.reply("done.leave-granted" if is_granted else "done.leave-refused", {"person_id": asked.person})

    return act


def _unleave(turn: Turn, arg: str) -> None:
    asked = roster.leave_by_id(turn.connection, int(arg))
    if asked is None:
        turn.reply("talk.passed")
        return
    after = withdraw(asked, by=turn.person, now=turn.now)
    roster.change_leave(turn.connection, asked, after, now=turn.now)
    write_down(turn, asked.person, "leave.withdrawn", "STF-6")
    turn.reply("done.unleave")


def show_licences(turn: Turn, _arg: str = "") -> None:
    """Licences of the branch, those that end soon marked (DSP-14)."""
    require(turn.person, Deed.KEEP_LICENCES)
    staff = [one.id for one in people.staff(turn.connection, branch=branch_of(turn))]
    held = [one for every in staffing.licences_of(turn.connection, staff).values() for one in every]
    today = turn.terms.calendar.local_day(turn.now)
    soon = set(expiring(held, turn.terms.policy, today=today))
    lines = []
    for one in sorted(held, key=lambda one: one.expires_on)[-MOST:]:
        text = "licence.over" if one.expires_on < today else "licence.soon" if one in soon else "licence.line"
        facts = {
            "person_id": one.person,
            "kind": {"text": f"licence.{one.kind}"},
            "number": one.number,
            "until": one.expires_on,
        }
        lines.append({"text": text, "facts": facts})
    turn.reply("licence.list", lines=lines, rows=[[button("licence.add", "w.licence", tone="primary")]])


def show_deputies(turn: Turn, _arg: str = "") -> None:
    """Who stands in for whom (ROL-6)."""
    require(turn.person, Deed.NAME_DEPUTY)
    lines, rows = [], [[button("deputy.add", "w.deputy", tone="primary")]]
    everybody = turn.person.holds(Role.MANAGER)
    for one in roster.stand_ins(turn.connection, since=turn.now, person=None if everybody else turn.person.id):
        if people.person(turn.connection, one.person).branch == branch_of(turn):
            facts = {"person_id": one.person, "deputy_id": one.deputy, "start": one.start, "end": one.end}
            lines.append({"text": "deputy.line", "facts": facts})
            rows.append([button("deputy.stop", f"w.undeputy.{one.id}", start=one.start)])
    turn.reply("deputy.list" if lines else "deputy.list-none", lines=lines, rows=rows)


def _undeputy(turn: Turn, arg: str) -> None:
    require(turn.person, Deed.NAME_DEPUTY)
    mine = {one.id: one for one in roster.stand_ins(turn.connection, since=turn.now)}.get(int(arg))
    if mine is None:
        turn.reply("talk.passed")
        return
    whose = people.person(turn.connection, mine.person)
    require(turn.person, Deed.NAME_DEPUTY, Ties(whose.branch, 0, kind="standin"))
    if turn.person.id != whose.id and not turn.person.holds(Role.MANAGER):
        raise Refused("not-yours", rule="ROL-6", roles=[str(Role.MANAGER)])
    roster.end_stand_in(turn.connection, mine.id, now=turn.now)
    write_down(turn, mine.person, "deputy.ended", "ROL-6", deputy=mine.deputy)
    turn.reply("done.undeputy")


def show_holdings(turn: Turn, _arg: str = "") -> None:
    """What is in one's own hands; who keeps the tools sees the branch's (STF-12)."""
    require(turn.person, Deed.PUNCH)
    keeps = may(turn.person, Deed.LEND)
    whose: list[Person] = people.staff(turn.connection, branch=branch_of(turn)) if keeps else [turn.person]
    lines, rows = [], [[button("lend.add", "w.lend", tone="primary")]] if keeps else []
    for person in whose:
        for one in staffing.held_by(turn.connection, person.id)[:MOST]:
            facts = {"person_id": person.id, "label": one.label, "quantity": one.quantity, "since": one.at}
            lines.append({"text": f"lend.line.{one.kind}", "facts": facts})
            if keeps and len(rows) < 9:
                rows.append([button("lend.back", f"w.back.{one.id}", what=one.label)])
    turn.reply("lend.list" if lines else "lend.list-none", lines=lines, rows=rows)


def _back(turn: Turn, arg: str) -> None:
    require(turn.person, Deed.LEND)
    found = staffing.holding(turn.connection, int(arg))
    if found is None or not _is_here(turn, found.person):
        turn.reply("talk.passed")
        return
    if found.person == turn.person.id:
        raise Refused("not-your-own", rule="STF-12")
    staffing.give_back(turn.connection, found.id, now=turn.now)
    write_down(turn, found.person, "holding.returned", "STF-12", holding=found.id)
    turn.unit.say(found.person, said("notice.returned-to-us", {"label": found.label}), priority=MUST)
    turn.reply("done.back", {"label": found.label})


def write_down(turn: Turn, person: int, kind: str, rule: str, **facts: object) -> None:
    """A line in somebody's journal."""
    journal.append(turn.connection, f"person:{person}", (Entry(kind, facts, rule),), by=turn.person.id, at=turn.now)


def _starts(flow: str, deed: Deed) -> Callable[[Turn, str], None]:
    def start(turn: Turn, _arg: str) -> None:
        require(turn.person, deed)
        ENGINE.start(turn, flow)

    return start


def _ask_advance(turn: Turn, _arg: str) -> None:
    """Whoever has one overdue is asked why he needs another (DSP-7)."""
    require(turn.person, Deed.CLAIM_EXPENSE)
    overdue = [one.number for one in expensing.own_advances(turn) if one.is_overdue(turn.now)]
    ENGINE.start(turn, "advance", args={"overdue": overdue})


PRESSES: dict[str, Callable[[Turn, str], None]] = {
    "duty": _starts("duty", Deed.PLAN_DUTY),
    "rotation": _starts("rotation", Deed.PLAN_DUTY),
    "change": _change,
    "unduty": _unduty,
    "absence": _starts("absence", Deed.ASK_LEAVE),
    "grant": _decide(True),
    "deny": _decide(False),
    "unleave": _unleave,
    "licence": _starts("licence", Deed.KEEP_LICENCES),
    "deputy": _starts("deputy", Deed.NAME_DEPUTY),
    "undeputy": _undeputy,
    "lend": _starts("lend", Deed.LEND),
    "leaving": _starts("leaving", Deed.SET_LEAVING),
    "hazard": _starts("hazard", Deed.REPORT_HAZARD),
    "contract": _starts("contract", Deed.KEEP_CONTRACTS),
    "route": _starts("route", Deed.KEEP_ROUTES),
    "advance": _ask_advance,
    "expense": _starts("expense", Deed.CLAIM_EXPENSE),
    "return": _starts("return_goods", Deed.TAKE_BACK_GOODS),
    "back": _back,
    "daily": dailies.begin,
    "fileall": dailies.file_all,
}
"""What a button `w.<name>.<argument>` does."""


def press(turn: Turn, name: str, arg: str) -> None:
    """A button about people at work; an unknown one has passed."""
    found = PRESSES.get(name)
    if found is None:
        turn.reply("talk.passed")
        return
    found(turn, arg)
