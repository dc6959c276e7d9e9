"""Licences: no unlicensed work (DSP-14)."""

from dataclasses import replace
from datetime import date

from rules.licences import Licence, expiring, needed, require_licensed
from tests.cast import WANG, ZHAO, policy_of
from tests.rules.job import REPORT, refused

TODAY = date(2026, 11, 27)
MINE, PLANT = policy_of("mine"), policy_of("plant")


def licence(person: int, kind: str, until: date) -> Licence:
    return Licence(person, kind, "A-1", until)


def test_in_a_mine_all_work_needs_the_certificate_and_in_a_plant_what_is_electrical():
    assert needed(REPORT, MINE) == ("mine",)
    assert needed(REPORT, PLANT) == ()
    assert needed(replace(REPORT, fault="配電盤冒煙"), PLANT) == ("electrician",)
    assert needed(REPORT, policy_of("appliance")) == ()


def test_who_has_none_is_not_sent():
    with refused("licence-missing", "DSP-14") as error:
        require_licensed(REPORT, [WANG.id], {}, MINE, today=TODAY)
    assert error.value.facts == {"technician_id": WANG.id, "licence": {"text": "licence.mine"}}

    other = {WANG.id: [licence(WANG.id, "electrician", date(2030, 1, 1))]}
    with refused("licence-missing", "DSP-14"):
        require_licensed(REPORT, [WANG.id], other, MINE, today=TODAY)


def test_a_licence_is_good_to_the_end_of_its_last_day():
    held = {WANG.id: [licence(WANG.id, "mine", TODAY)]}

    require_licensed(REPORT, [WANG.id], held, MINE, today=TODAY)

    with refused("licence-expired", "DSP-14"):
        require_licensed(REPORT, [WANG.id], held, MINE, today=date(2026, 11, 28))


def test_a_renewed_licence_counts_from_its_newest():
    held = {WANG.id: [licence(WANG.id, "mine", date(2025, 1, 1)), licence(WANG.id, "mine", date(2027, 1, 1))]}

    require_licensed(REPORT, [WANG.id], held, MINE, today=TODAY)


def test_everybody_who_goes_is_licensed():
    held = {WANG.id: [licence(WANG.id, "mine", TODAY)]}

    with refused("licence-missing", "DSP-14") as error:
        require_licensed(REPORT, [WANG.id, ZHAO.id], held, MINE, today=TODAY)
    assert error.value.facts["technician_id"] == ZHAO.id


def test_what_expires_within_a_month_is_warned_of_unless_it_was_renewed():
    soon, renewed = licence(WANG.id, "mine", date(2026, 12, 27)), licence(ZHAO.id, "mine", date(2026, 12, 1))
    later, gone = licence(ZHAO.id, "mine", date(2027, 12, 1)), licence(ZHAO.id, "electrician", date(2026, 11, 26))

    assert expiring([soon, renewed, later, gone], MINE, today=TODAY) == (soon,)
    assert expiring([soon], MINE, today=date(2026, 11, 26)) == ()
