"""A shop's day after closing time: accepted, returned, exchanged, repaired, charged, back-ordered (DLY-12)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rules.backorders import Backorder
from rules.charges import DayLine
from rules.goods import Goods, GoodsStage
from rules.invoices import Invoice
from rules.money import Money, total
from rules.orders import Stage, WorkOrder
from rules.returns import Outcome, Return, ReturnStage

_NOT_TAKEN = (GoodsStage.NOTED, GoodsStage.DROPPED)
_NOT_REPAIRED = (Stage.SOLVED_REMOTELY, Stage.CANCELLED)


@dataclass(frozen=True)
class Sum:
    """What was charged in one currency: how many receipts or invoices, how much, how much of it is not handed in yet."""

    n: int
    money: Money
    in_hand: Money


@dataclass(frozen=True)
class ShopDay:
    """A branch's day by its numbers and its money by currency."""

    branch: str
    day: date
    numbers: Mapping[str, int]
    collected: tuple[Sum, ...] = ()
    invoiced: tuple[Sum, ...] = ()


@dataclass(frozen=True)
class Happened:
    """All that a shop's day is counted from, of one branch, between two moments."""

    start: datetime
    end: datetime
    calls: Sequence[WorkOrder] = ()  # reported in that time
    finished: Sequence[WorkOrder] = ()  # whose job was completed in that time
    brought: Sequence[Return] = ()  # opened in that time
    agreed: Sequence[Return] = ()  # closed in that time
    disputed: Sequence[Return] = ()  # every open one
    goods: Sequence[Goods] = ()  # opened, inspected or closed in that time
    backorders: Sequence[Backorder] = ()  # every open one, and those opened in that time
    receipts: Sequence[DayLine] = ()
    invoices: Sequence[Invoice] = ()  # asked for in that time
    n_waiting: int = 0  # orders that wait for parts by now


def sum_up(branch: str, day: date, happened: Happened) -> ShopDay:
    """The day in figures. A repair that a return began with is counted as brought back, not as a call besides."""
    over_the_counter = [one for one in happened.goods if not one.about]
    outcomes = Counter(one.answer.outcome for one in happened.agreed if one.stage == ReturnStage.AGREED)
    begun_by_returns = {one.order_number for one in happened.agreed if one.order_number}
    numbers = {
        "brought": len(happened.brought),
        "calls": sum(one.number not in begun_by_returns for one in happened.calls),
        "handed_in": sum(_is_in(one.opened_at, happened) and one.stage not in _NOT_TAKEN for one in over_the_counter),
        "returned": outcomes[Outcome.RETURN],
        "exchanged": outcomes[Outcome.EXCHANGE],
        "refused": outcomes[Outcome.REFUSE],
        "disputed": sum(one.stage == ReturnStage.ASKED for one in happened.disputed),
        "repaired": _repaired(happened, over_the_counter),
        "called_off": sum(one.stage is Stage.CANCELLED for one in happened.calls),
        "waiting": happened.n_waiting,
        "ordered": sum(_is_in(one.opened_at, happened) for one in happened.backorders),
        "awaited": sum(one.is_open and one.stage != "arrived" for one in happened.backorders),
        "arrived": sum(one.is_open and one.stage == "arrived" for one in happened.backorders),
    }
    numbers["accepted"] = numbers["brought"] + numbers["calls"] + numbers["handed_in"]
    return ShopDay(branch, day, numbers, _collected(happened.receipts), _invoiced(happened.invoices))


def _repaired(happened: Happened, over_the_counter: Iterable[Goods]) -> int:
    """Jobs that were completed, and goods from the counter that passed the inspection; what has an order counts by that."""
    n_jobs = sum(one.stage not in _NOT_REPAIRED for one in happened.finished)
    passed = ([seen for seen in one.inspections if seen.has_passed] for one in over_the_counter)
    return n_jobs + sum(_is_in(seen[-1].at, happened) for seen in passed if seen)


def _is_in(moment: datetime, happened: Happened) -> bool:
    return happened.start <= moment < happened.end


def _collected(lines: Iterable[DayLine]) -> tuple[Sum, ...]:
    known = list(lines)
    return tuple(
        Sum(
            sum(one.n_receipts for one in known if one.currency == currency),
            total((one.money for one in known if one.currency == currency), currency),
            total((one.in_hand for one in known if one.currency == currency), currency),
        )
        for currency in sorted({one.currency for one in known})
    )


def _invoiced(invoices: Iterable[Invoice]) -> tuple[Sum, ...]:
    known = list(invoices)
    return tuple(
        Sum(
            sum(one.currency == currency for one in known),
            total((one.money for one in known if one.currency == currency), currency),
            Money(0, currency),
        )
        for currency in sorted({one.currency for one in known})
    )
