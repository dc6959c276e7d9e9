"""Somebody is forgotten: his particulars go, numbers, figures and chains of hashes stay (REC-6). On either engine."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import Connection, Text, cast, select

from rules.decisions import Audience, Entry
from rules.orders import Findings, Stage, Step
from rules.people import Role
from rules.pickups import Pickup
from rules.refusals import Refused
from rules.tasks import Errand, Task
from storage import cases, erasure, files, journal, orders, people, worktime
from storage.duty_tables import punches
from storage.tables import metadata, seals
from tests.storage.making import NOW, after, an_order, somebody

SECRETS = ("張先生", "912345678", "和平東路", "血壓高")
PICTURE = sha256(b"picture").hexdigest()


def everything(connection: Connection) -> str:
    """All that is kept, as text."""
    found = []
    for table in metadata.sorted_tables:
        for row in connection.execute(select(*(cast(one, Text) for one in table.columns))):
            found.append(" ".join(str(one) for one in row))
    return "\n".join(found)


def told(connection: Connection, **others: Any) -> tuple[int, int]:
    """A customer with an order that is over; (person, order)."""
    customer = somebody(connection, phone="+886912345678")
    people.add_account(connection, customer.id, channel="web", address="a1", chat="a1", now=NOW)
    order = an_order(
        connection,
        customer=customer,
        stage=Stage.APPROVED,
        phone="+886912345678",
        customer_name="張先生",
        serial="S-1",
        **others,
    )
    report = replace(order.report, address="和平東路 1 號", fault="血壓高", photos=(PICTURE,))
    orders.change(connection, order, replace(order, report=report))
    journal.append(connection, order.subject, (Entry("order.registered", {"branch": "north"}),), by=customer.id, at=NOW)
    files.note(connection, sha256=PICTURE, mime="image/jpeg", size=7, now=NOW)
    return customer.id, order.id


def test_particulars_go_and_number_machine_and_days_stay(connection: Connection):
    person, order = told(connection)
    connection.execute(
        seals.insert().values(order_id=order, version=1, digest="d" * 64, summary="張先生同意", signer="張先生", at=NOW)
    )

    assert erasure.erase(connection, person, now=after(5)) == 1

    left = everything(connection)
    assert [one for one in SECRETS if one in left] == []
    kept = orders.by_id(connection, order)
    assert kept is not None and (kept.number, kept.report.serial, kept.reported_at) == ("2611-0001", "S-1", NOW)
    assert people.person(connection, person).name == erasure.NOBODY
    assert connection.execute(select(seals.c.digest)).scalars().all() == ["d" * 64]


def test_what_he_said_about_his_goods_goes_and_what_they_were_stays(connection: Connection):
    person, _order = told(connection)
    waiting = {"number": "2611-0001-W1-P1", "stage": "collected", "closed_at": NOW, "about_number": "2611-0001", "what": "電視"}
    ties = {"branch": "north", "opened_at": NOW, "customer": person}
    cases.add(connection, Pickup(**waiting, **ties, excuse="血壓高", words="血壓高"))

    erasure.erase(connection, person, now=after(5))

    kept = cases.by_number(connection, Pickup, "2611-0001-W1-P1")
    assert kept is not None and (kept.what, kept.excuse, kept.words) == ("電視", "", "")


def test_who_led_in_whom_it_was_handed_to_and_why_a_zone_was_put_right_go_as_well(connection: Connection):
    person, number = told(connection)
    order = orders.by_id(connection, number)
    assert order is not None
    arrived = {Step.ARRIVE: Findings(1, {"attendant": "張先生"}, person, NOW)}
    told_of = {"hand_off": "張先生", "hand_off_words": "張先生換房", "result": "not_fixable"}
    acted = {Step.ACT: Findings(1, told_of, person, NOW)}
    more: dict[str, Any] = {
        "zone_reason": "和平東路不是市區",
        "overrides": {"attendant": "張先生"},
        "findings": arrived | acted,
    }
    orders.change(connection, order, replace(order, **more))

    erasure.erase(connection, person, now=after(5))

    kept = orders.by_id(connection, number)
    assert kept is not None
    assert (kept.zone_reason, kept.found(Step.ACT)["result"]) == ("", "not_fixable")
    assert not [one for one in SECRETS if one in str(kept)]


def test_no_chain_of_hashes_is_touched_and_it_says_that_somebody_was_forgotten(connection: Connection):
    person, order = told(connection)
    before = list(journal.lines(connection, f"order:{order}"))

    erasure.erase(connection, person, now=after(5), by=9)

    assert list(journal.flaws(connection)) == []
    after_it = list(journal.lines(connection, f"order:{order}"))
    assert after_it[: len(before)] == before
    assert [(one.kind, one.rule, one.by) for one in after_it[len(before) :]] == [("record.erased", "REC-6", 9)]
    assert list(journal.lines(connection, f"person:{person}"))[-1].kind == "person.erased"


def test_the_bytes_of_his_pictures_may_go_unless_they_came_again(connection: Connection):
    person, _order = told(connection)
    erasure.erase(connection, person, now=after(5))
    assert erasure.loose(connection) == [PICTURE] and files.every(connection) == []

    files.note(connection, sha256=PICTURE, mime="image/jpeg", size=7, now=after(6))
    assert erasure.loose(connection) == []


def test_nobody_is_forgotten_while_something_of_his_is_open_nor_staff_at_all(connection: Connection):
    customer = somebody(connection)
    an_order(connection, customer=customer)
    with pytest.raises(Refused) as found:
        erasure.erase(connection, customer.id, now=NOW)
    assert (found.value.code, found.value.facts["numbers"]) == ("still-has-orders", ["2611-0001"])
    with pytest.raises(Refused):
        erasure.erase(connection, somebody(connection, "王師傅", Role.TECHNICIAN).id, now=NOW)


def test_who_comes_again_is_a_stranger(connection: Connection):
    person, _order = told(connection)
    erasure.erase(connection, person, now=after(5))

    assert people.account_of(connection, "web", "a1") is None
    assert people.customer_by_phone(connection, "+886912345678") is None


def test_what_was_closed_five_years_ago_is_cleared_once_and_what_is_younger_stays(connection: Connection):
    told(connection)
    task = Task(
        number="T1",
        branch="north",
        opened_at=NOW,
        errand=Errand.COMMENT,
        due_at=NOW,
        post=Audience.CLERK,
        words="血壓高",
        closed_at=NOW,
    )
    kept = cases.add(connection, task)

    def forgets(days: int) -> int:
        return erasure.forget_old(connection, years=5, places_days=90, now=NOW + timedelta(days=days))

    assert (forgets(1825), forgets(1828), forgets(1829)) == (0, 2, 0)
    found = cases.by_id(connection, Task, kept.id)
    assert found is not None and (found.words, found.number) == ("", "T1")
    assert "和平東路" not in everything(connection)


def test_where_somebody_was_is_kept_for_ninety_days(connection: Connection):
    wang = somebody(connection, "王師傅", Role.TECHNICIAN)
    worktime.punch(connection, wang.id, at=NOW, is_in=True, account=1, place=(25.03, 121.54))

    for days, kept in ((90, [25.03]), (91, [None])):
        erasure.forget_old(connection, years=5, places_days=90, now=NOW + timedelta(days=days))
        assert connection.execute(select(punches.c.latitude)).scalars().all() == kept
