"""What a shop's audit report is counted from (RET-17)."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from rules.audits import Audited, audit
from rules.returns import Return
from storage import cases, people
from storage.tables import journal


def audited(connection: Connection, branch: str, start: datetime, end: datetime) -> tuple[Audited, ...]:
    """What was refused to a shop's people, and what they decided that did not stand, in [start, end)."""
    own = [one.id for one in people.staff(connection, branch=branch) if one.branch == branch]
    inside = (journal.c.at >= start) & (journal.c.at < end)
    refused = select(journal.c.by, journal.c.rule, func.count()).where(
        journal.c.kind == "refused", inside, journal.c.by.in_(own)
    )
    rows = [(row[0], row[1], int(row[2])) for row in connection.execute(refused.group_by(journal.c.by, journal.c.rule))]
    brought = [one for one in cases.opened_between(connection, Return, start, end) if one.branch == branch]
    return audit(rows, brought)
