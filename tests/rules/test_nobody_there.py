"""Nobody lets the technician in (VIS-1, VIS-8)."""

import pytest

from rules import nobody_there, visits
from rules.clocks import Clock
from rules.decisions import Audience
from rules.orders import Stage, Step
from tests.cast import LI, WANG, ZHANG
from tests.rules.job import arrived, found, journalled, on_the_way, refused, told


def test_the_work_waits_for_the_supervisor_who_sees_the_door_and_the_customer_is_asked():
    job = arrived()
    decision = job.does(nobody_there.report, "打過電話，沒人接", "door", by=WANG)

    assert job.order.stage is Stage.AWAITING_DECISION
    assert decision.deadlines[Clock.DECISION] is not None
    assert told(decision, "notice.nobody-there") == (Audience.SUPERVISOR,)
    assert told(decision, "notice.nobody-there-customer") == (Audience.CUSTOMER,)
    assert ("problem.nobody_there", "VIS-1") in journalled(decision)


def test_after_the_supervisor_s_word_he_goes_on_where_he_stood():
    job = arrived()
    job.does(nobody_there.report, "打過電話，沒人接", "door", by=WANG)
    job.does(visits.decide_problem, "等十分鐘", by=LI)

    assert job.order.stage is Stage.ARRIVED


@pytest.mark.parametrize(("words", "picture"), [("", "door"), (" ", "door"), ("沒人接", "")])
def test_it_takes_words_and_a_picture(words: str, picture: str):
    with refused("nobody-there-needs-photo", "VIS-1"):
        arrived().does(nobody_there.report, words, picture, by=WANG)


@pytest.mark.parametrize("job", [on_the_way, lambda: found(Step.LISTEN)])
def test_only_whoever_stands_before_the_door_says_so(job):
    with refused("stage-passed", "24"):
        job().does(nobody_there.report, "沒人接", "door", by=WANG)


def test_it_is_the_technician_s_to_say():
    with refused("not-yours", "ROL-1"):
        arrived().does(nobody_there.report, "沒人接", "door", by=ZHANG)
