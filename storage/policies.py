"""The policies that were ever in force, by version (RULEBOOK 23)."""

from datetime import datetime

from sqlalchemy import Connection, select

from rules.policies import Policy
from storage.engine import insert
from storage.tables import policies


def keep(connection: Connection, policy: Policy, text: str, *, now: datetime) -> None:
    """Keep the text of the policy in force; one that is known already is left as it is."""
    values = {"version": policy.version, "profile": policy.profile, "text": text, "since": now}
    connection.execute(insert(connection, policies).values(values).on_conflict_do_nothing())


def texts(connection: Connection) -> dict[str, str]:
    """The text of each version."""
    return {row.version: row.text for row in connection.execute(select(policies.c.version, policies.c.text))}
