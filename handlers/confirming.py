"""Whoever comes in with a code awaits an administrator's word, by name (ROL-5)."""

from handlers.said import button, said
from handlers.turn import Turn
from rules.people import Person, Role
from storage import people
from storage.outbox import MUST


def ask_administrators(turn: Turn, candidate: Person, role: Role) -> None:
    """Put it to every administrator whether this is a colleague."""
    yes = button("button.confirm_staff", f"s.{candidate.id}.yes", tone="primary")
    rows = [[yes, button("button.refuse_staff", f"s.{candidate.id}.no", tone="danger")]]
    branch = {"text": "figures.main-branch"} if candidate.branch == turn.company.branch else candidate.branch
    body = said("enrol.confirm", known_as(candidate.name, role) | {"branch": branch}, rows=rows)
    for administrator in people.staff(turn.connection, role=Role.ADMINISTRATOR):
        turn.unit.say(administrator.id, body, priority=MUST)


def known_as(name: str, role: Role) -> dict[str, object]:
    """The facts of a text about somebody who joins."""
    return {"name": name, "role": {"text": f"role.{role}"}}
