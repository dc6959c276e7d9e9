"""Calls are seen to in their order; who goes first does so for a reason that is kept (INT-16)."""

import pytest

from rules import priorities
from rules.clocks import Clock
from rules.decisions import Audience
from rules.nexts import next_actions
from tests.cast import CHEN, LI, WANG, ZHANG
from tests.rules.job import dispatched, refused, reported, told


def test_who_goes_first_does_so_for_a_reason_that_is_kept():
    job = reported("plant")
    with refused("reason-missing", "INT-16"):
        job.does(priorities.turn, " ", by=CHEN)

    decision = job.does(priorities.turn, "整條線停了", by=CHEN)

    assert job.order.is_urgent
    assert told(decision, "notice.made-urgent") == (Audience.SUPERVISOR, Audience.CLERK)
    (entry,) = decision.journal
    assert (entry.kind, entry.rule, job.order.overrides[priorities.WHY]) == ("order.made_urgent", "INT-16", "整條線停了")
    assert set(job.clocks) == {Clock.REPLY}
    assert not job.does(priorities.turn, "備機頂上了", by=LI).order.is_urgent
    assert "urgent" in {one.action for one in next_actions(job.order, LI, job.terms)}


@pytest.mark.parametrize(("by", "code"), [(ZHANG, "not-yours"), (WANG, "no-such-order")])
def test_nobody_but_the_office_says_who_goes_first(by, code):
    with refused(code, "ROL-1"):
        reported().does(priorities.turn, "認識的", by=by)


def test_when_somebody_is_sent_the_order_of_calls_is_settled():
    with refused("stage-passed", "24"):
        dispatched().does(priorities.turn, "客戶催", by=LI)
