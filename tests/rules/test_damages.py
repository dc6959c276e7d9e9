"""Damage to public fittings: who is responsible, and who hears of it (VIS-20)."""

from typing import Any

from rules.decisions import Audience, Decision
from rules.errands import following
from rules.orders import Step
from rules.tasks import Errand
from tests.rules.job import Job, arrived, refused, told

BROKEN = {
    "responsibility": "third_party",
    "parts_used": False,
    "damage_responsible": "三年二班 陳同學",
    "damage_tell": "林老師 分機 2301",
}


def acted(profile: str = "campus", **changed: Any) -> tuple[Job, Decision]:
    job = arrived(profile, zone="near")
    for step in (Step.LISTEN, Step.LOOK, Step.CHECK):
        job.later(minutes=5).saves(step)
    return job, job.later(minutes=5).saves(Step.ACT, **BROKEN | changed)


def test_whoever_is_responsible_is_named_and_those_concerned_are_told():
    job, decision = acted()

    assert told(decision, "notice.damage") == (Audience.SUPERVISOR,)
    assert told(decision, "notice.damage-customer") == (Audience.CUSTOMER,)
    (task,) = following(job.past[-1], job.order, now=job.now, terms=job.terms)
    assert (task.errand, task.post) == (Errand.INFORM, Audience.CLERK)
    assert (task.words, task.due_at > job.now) == ("林老師 分機 2301 ← 三年二班 陳同學", True)


def test_somebody_responsible_without_anybody_to_tell_is_half_a_record():
    with refused("damage-untold", "VIS-20"):
        acted(damage_tell=" ")


def test_the_same_damage_is_told_once():
    job, _decision = acted()

    again = job.later(minutes=5).saves(Step.ACT, **BROKEN | {"action_taken": "換了燈罩"})

    assert told(again, "notice.damage") == ()
    assert following(job.past[-1], job.order, now=job.now, terms=job.terms) == ()


def test_where_nothing_public_was_damaged_nobody_is_told():
    job, decision = acted(damage_responsible=None, damage_tell=None)

    assert told(decision, "notice.damage") == ()
    assert following(job.past[-1], job.order, now=job.now, terms=job.terms) == ()
