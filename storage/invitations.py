"""Invitation codes: how somebody new comes in, and how an account joins a person; wrong ones are counted."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, func, insert, select, update

from rules.people import Role
from storage.tables import invitations, wrong_codes

CODE_LIFE = timedelta(hours=24)
LINK_LIFE = timedelta(minutes=30)
WRONG_CODES_AN_HOUR = 5


def invite(connection: Connection, *, role: Role, branch: str, by: int | None, now: datetime, code: str | None = None) -> str:
    """A new single-use code of 128 bit for a role in a branch, good for a day; only its hash is kept."""
    code = code or secrets.token_urlsafe(16)
    values = {"code_hash": _hash(code), "role": role, "branch": branch, "created_by": by}
    connection.execute(insert(invitations).values(**values, created_at=now, expires_at=now + CODE_LIFE))
    return code


def invite_account(connection: Connection, person_id: int, *, now: datetime) -> str:
    """A single-use code of 128 bit with which another messenger's account joins a person, good for half an hour."""
    code = secrets.token_urlsafe(16)
    values = {"code_hash": _hash(code), "role": Role.CUSTOMER, "branch": "", "created_by": person_id, "person_id": person_id}
    connection.execute(insert(invitations).values(**values, created_at=now, expires_at=now + LINK_LIFE))
    return code


@dataclass(frozen=True)
class Invitation:
    """What a good code stands for: a role for somebody new, or a person whom another account joins."""

    id: int
    role: Role
    branch: str
    created_by: int | None
    person: int | None = None


def redeem(connection: Connection, code: str, *, now: datetime) -> Invitation | None:
    """The invitation behind a code, now used up; None for a wrong, used or expired one."""
    row = connection.execute(
        update(invitations)
        .where(
            invitations.c.code_hash == _hash(code),
            invitations.c.used_at.is_(None),
            invitations.c.revoked_at.is_(None),
            invitations.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(invitations)
    ).one_or_none()
    return Invitation(row.id, Role(row.role), row.branch, row.created_by, row.person_id) if row else None


def is_good_code(connection: Connection, code: str, *, now: datetime) -> bool:
    """Whether a code would be taken now; it stays good."""
    good = (invitations.c.code_hash == _hash(code)) & invitations.c.used_at.is_(None) & invitations.c.revoked_at.is_(None)
    return connection.execute(select(exists().where(good, invitations.c.expires_at > now))).scalar_one()


def revoke_first_codes(connection: Connection, *, now: datetime) -> None:
    """Once there is an owner, no other code that a start has printed lets in another one."""
    printed = invitations.c.created_by.is_(None) & (invitations.c.role == Role.ADMINISTRATOR) & invitations.c.used_at.is_(None)
    connection.execute(update(invitations).where(printed).values(revoked_at=now))


def is_guessing(connection: Connection, channel: str, address: str, now: datetime) -> bool:
    """Five wrong codes within an hour: the bot stays silent."""
    n_wrong = connection.execute(
        select(func.count())
        .select_from(wrong_codes)
        .where(
            wrong_codes.c.channel == channel,
            wrong_codes.c.address == address,
            wrong_codes.c.at > now - timedelta(hours=1),
        )
    ).scalar_one()
    return n_wrong >= WRONG_CODES_AN_HOUR


def note_wrong_code(connection: Connection, channel: str, address: str, now: datetime) -> None:
    """Count a wrong code against an address."""
    connection.execute(insert(wrong_codes).values(channel=channel, address=address, at=now))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
