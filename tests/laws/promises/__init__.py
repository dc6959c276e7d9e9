"""The promises of RELIABILITY, one function each: given what is left, it tells of every way in which it was broken."""

from collections.abc import Callable, Iterator

from tests.laws.promises.clocks import (
    every_climb_is_told,
    everything_due_is_announced_in_time,
    nothing_is_announced_before_its_time,
)
from tests.laws.promises.evidence import Evidence
from tests.laws.promises.incoming import (
    each_has_its_effect_once,
    each_is_answered,
    everything_kept_is_handled,
    nothing_acknowledged_is_lost,
)
from tests.laws.promises.outgoing import (
    everything_said_arrives_or_somebody_is_told,
    no_more_than_one_copy_a_crash,
    order_is_kept_in_each_chat,
)
from tests.laws.promises.records import every_file_is_what_it_was, every_move_is_legal, the_journal_follows

Promise = Callable[[Evidence], Iterator[str]]

PROMISES: tuple[Promise, ...] = (
    nothing_acknowledged_is_lost,
    everything_kept_is_handled,
    each_has_its_effect_once,
    each_is_answered,
    everything_said_arrives_or_somebody_is_told,
    no_more_than_one_copy_a_crash,
    order_is_kept_in_each_chat,
    nothing_is_announced_before_its_time,
    everything_due_is_announced_in_time,
    every_climb_is_told,
    every_move_is_legal,
    the_journal_follows,
    every_file_is_what_it_was,
)


def broken(evidence: Evidence) -> list[str]:
    """Every broken promise with what was found."""
    return [f"{promise.__name__}: {what}" for promise in PROMISES for what in promise(evidence)]
