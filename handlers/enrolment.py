"""Getting in: the owner's code, invitations, the administrator's word; customers simply write (ROL-5, RELIABILITY)."""

from handlers import linking
from handlers.confirming import ask_administrators, known_as
from handlers.flowbook import ENGINE
from handlers.said import said
from handlers.turn import Turn
from rules.decisions import Entry
from rules.people import Deed, Role, Standing, require
from storage import invitations, journal, people
from storage.engine import alone
from storage.invitations import Invitation
from storage.outbox import MUST


def redeem(turn: Turn, code: str) -> bool:
    """Use an invitation; False when the code is not good. Five wrong ones within the hour meet silence."""
    if invitations.is_guessing(turn.connection, turn.account.channel, turn.account.address, turn.now):
        return True
    invitation = invitations.redeem(turn.connection, code.strip(), now=turn.now)
    if invitation is None:
        invitations.note_wrong_code(turn.connection, turn.account.channel, turn.account.address, turn.now)
        return False
    if invitation.person is not None:
        linking.join(turn, invitation.person)
        return True
    _enrol(turn, invitation)
    return True


def _enrol(turn: Turn, invitation: Invitation) -> None:
    """A new colleague, or a role more; an administrator says yes or no to whoever is new."""
    is_owner = invitation.created_by is None and invitation.role is Role.ADMINISTRATOR
    had_left = turn.person.standing is Standing.LEFT  # what somebody was before he left does not come back with him
    roles = {*(() if had_left else turn.person.roles - {Role.CUSTOMER}), invitation.role}
    if is_owner:
        roles.add(Role.SUPERVISOR)
        alone(turn.connection, "first start")
        if not people.has_administrator(turn.connection):
            invitations.revoke_first_codes(turn.connection, now=turn.now)
    is_known = turn.person.is_staff and turn.person.standing is Standing.ACTIVE
    changed = people.change_person(
        turn.connection,
        turn.person.id,
        roles=roles,
        branch=invitation.branch or turn.company.branch,
        standing=Standing.ACTIVE if is_owner or is_known else Standing.PENDING,
    )
    _journal(turn, "person.enrolled", changed.id, role=invitation.role)
    is_in = changed.standing is Standing.ACTIVE
    turn = turn.with_person(changed)
    if not changed.name:  # a messenger that names nobody: the administrator is asked once there is a name
        turn.reply("enrol.good-code", known_as("", invitation.role))
        ENGINE.start(turn, "name")
        return
    text = "enrol.waiting" if not is_in else "enrol.welcome-owner" if is_owner else "enrol.welcome"
    turn.reply(text, known_as(changed.name, invitation.role))
    if not is_in:
        ask_administrators(turn, changed, invitation.role)


def confirm(turn: Turn, person_id: int, *, is_welcome: bool) -> None:
    """The administrator's word on somebody who has a code. Raises Refused."""
    require(turn.person, Deed.CONFIRM_STAFF)
    candidate = people.locked(turn.connection, person_id)
    if candidate.standing is not Standing.PENDING:
        turn.reply("talk.passed")
        return
    standing = Standing.ACTIVE if is_welcome else Standing.LEFT
    changed = people.change_person(turn.connection, person_id, standing=standing)
    _journal(turn, "person.confirmed" if is_welcome else "person.refused", person_id)
    role = next(iter(sorted(changed.roles)))
    turn.unit.say(
        person_id, said("enrol.welcome" if is_welcome else "enrol.refused", known_as(changed.name, role)), priority=MUST
    )
    turn.reply("enrol.done" if is_welcome else "enrol.refused-done", {"name": changed.name})


def _journal(turn: Turn, kind: str, person_id: int, **facts: object) -> None:
    entry = Entry(kind, facts, "ROL-5")
    journal.append(turn.connection, f"person:{person_id}", (entry,), by=turn.person.id, at=turn.now)
