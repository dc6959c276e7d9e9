"""Hazards in chat: reported in four steps, taken with one tap, removed with a word (SAF-6, ESC-14, ESC-16)."""

from typing import Any

from sqlalchemy import Connection

from handlers.flows.hazard import ComeUpon
from handlers.flows.papers import Words
from handlers.said import Body, Row, button, in_rows, literal_button, said
from handlers.turn import Turn
from rules import hazards
from rules.hazards import Hazard
from rules.people import Deed, Person, may, require
from storage import cases
from storage.numbers import yearly_number

MOST = 12


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}


def _sort(hazard: Hazard) -> dict[str, str]:
    return {"text": f"hazard.sort.{hazard.sort}"}


def reported(turn: Turn, _subject: object, outcome: ComeUpon) -> None:
    drafted = Hazard(
        number=yearly_number(turn.connection, "X", turn.terms, turn.now), branch=turn.person.branch or turn.company.branch,
        opened_at=turn.now, policy_version=turn.terms.policy.version, sort=outcome.sort, place=outcome.place,
        words=outcome.words, photos=outcome.photos, reported_by=turn.person.id,
    )  # fmt: skip
    kept = turn.unit.record(None, hazards.report(drafted, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.hazard", number=kept.number)


def removed(turn: Turn, hazard: Hazard, outcome: Words) -> None:
    after = turn.unit.record(hazard, hazards.remove(hazard, outcome.text, **turn.deed), by=turn.person.id)
    turn.show(after.subject, "done.hazard-removed", number=after.number)


def show_open(turn: Turn, _arg: str = "") -> None:
    """What is not removed yet: for the heads the branch's, for others what they reported."""
    require(turn.person, Deed.REPORT_HAZARD)
    near = cases.open_ones(turn.connection, Hazard, visible_to=turn.person)
    found = [one for one in near if one.seen_by(turn.person)][:MOST]
    lines = [_line("hazard.line", number=one.number, sort=_sort(one), place=one.place) for one in found]
    rows = [[button("hazard.add", "w.hazard", tone="danger")]]
    rows += in_rows([literal_button(one.number, f"x.{one.id}.card") for one in found], 3)
    turn.reply("hazard.list" if found else "hazard.list-none", lines=lines, rows=rows)


def hazard_card(connection: Connection, hazard: Hazard, person: Person) -> Body:
    """What, where, who told; for the heads the buttons."""
    if not hazard.seen_by(person):
        return said("card.out-of-sight", {"number": hazard.number})
    lines = [
        _line("card.stage", stage={"text": f"hazard.stage.{hazard.stage}"}),
        _line("card.hazard", place=hazard.place, words=hazard.words),
        _line("card.hazard-by", by_id=hazard.reported_by, at=hazard.opened_at),
    ]
    if hazard.removed is not None:
        lines.append(_line("card.hazard-removed", by_id=hazard.removed.by, at=hazard.removed.at, remedy=hazard.remedy))
    title = _line("card.hazard-title", number=hazard.number, sort=_sort(hazard))
    rows: list[Row] = []
    if hazard.is_open and may(person, Deed.CLEAR_HAZARD, hazard.ties):
        take = button("button.acknowledge", f"d.{hazard.subject}.hazard")
        rows = [[button("button.hazard-removed", f"x.{hazard.id}.removed", tone="primary"), take]]
    return said("", {}, lines=lines, rows=rows) | {"title": title}
