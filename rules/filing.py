"""Papers of the store and lists of a month, by the names under which they are asked for (PRT-1, PRT-7, PRT-9, CLS-7)."""

from rules.figure_scopes import Scope
from rules.months import Period

REQUISITION, GOODS_IN = "requisition:", "goods-in:"
"""Papers of the store; the id stands behind the name."""
OLD_PARTS, CASH, VOLUME = "old-parts:", "cash-month:", "volume:"
"""Papers of a month: behind the name stand the month, the branch as a scope's token, and of a volume its part."""
EVERY = (REQUISITION, GOODS_IN, OLD_PARTS, CASH, VOLUME)
MOST_BOUND = 100
"""Services in one file of a volume, which is set in a quarter of a second; a larger month has several."""


def of_month(name: str, period: Period, branch: str | None = None) -> str:
    """The paper of a month and a branch, None for the whole company."""
    return f"{name}{period.key}:{Scope(branch).token}"


def volumes_of(period: Period, branch: str | None, n_services: int) -> list[str]:
    """The files of a month's volume."""
    return [f"{of_month(VOLUME, period, branch)}:{part}" for part in range(1, parts_of(n_services) + 1)]


def parts_of(n_services: int) -> int:
    """How many files a month with so many services has."""
    return max(1, -(-n_services // MOST_BOUND))
