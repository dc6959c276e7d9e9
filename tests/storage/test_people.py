"""People, where they are reached, and the codes by which they join."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from rules.decisions import Audience
from rules.people import Role, Standing
from storage import invitations, people
from storage.tables import accounts
from storage.tables import invitations as codes
from tests.storage.making import NOW, after, somebody


def a_code(connection: Connection, role: Role = Role.TECHNICIAN) -> str:
    return invitations.invite(connection, role=role, branch="north", by=1, now=NOW)


def test_a_person_comes_back_as_stored(connection: Connection):
    wang = somebody(
        connection, "王師傅", Role.TECHNICIAN, Role.CUSTOMER, branch="north", language="zh-Hant", phone="0912345678"
    )

    assert people.person(connection, wang.id) == wang
    assert (wang.name, wang.roles, wang.branch) == ("王師傅", {Role.TECHNICIAN, Role.CUSTOMER}, "north")
    assert people.names(connection, [wang.id, 987654]) == {wang.id: "王師傅"}


def test_somebody_who_leaves_is_no_longer_staff(connection: Connection):
    li = somebody(connection, "李主任", Role.SUPERVISOR, branch="north")
    assert people.staff(connection, role=Role.SUPERVISOR, branch="north") == [li]

    left = people.change_person(connection, li.id, standing=Standing.LEFT)

    assert left.standing is Standing.LEFT
    assert people.staff(connection, role=Role.SUPERVISOR, branch="north") == []


def test_an_invitation_is_good_once(connection: Connection):
    code = a_code(connection)

    found = invitations.redeem(connection, code, now=after(5))

    assert found
    assert (found.role, found.branch, found.created_by) == (Role.TECHNICIAN, "north", 1)
    assert invitations.redeem(connection, code, now=after(6)) is None


def test_an_invitation_is_good_for_a_day(connection: Connection):
    early, late = a_code(connection), a_code(connection)

    assert invitations.redeem(connection, early, now=NOW + timedelta(hours=24, seconds=-1))
    assert invitations.redeem(connection, late, now=NOW + timedelta(hours=24)) is None


def test_a_withdrawn_invitation_is_good_for_nothing(connection: Connection):
    code = a_code(connection)
    connection.execute(codes.update().values(revoked_at=NOW))

    assert invitations.redeem(connection, code, now=after(1)) is None


def test_a_wrong_code_uses_nobodys_invitation_up(connection: Connection):
    code = a_code(connection)

    assert invitations.redeem(connection, code + "x", now=after(1)) is None
    assert invitations.redeem(connection, "", now=after(1)) is None
    assert invitations.redeem(connection, code, now=after(1))


def test_a_code_is_long_and_only_its_hash_is_kept(connection: Connection):
    code = a_code(connection)
    row = connection.execute(select(codes)).mappings().one()

    assert len(code) >= 22  # 128 bit
    assert code not in str(dict(row))
    assert len(row["code_hash"]) == 64
    assert a_code(connection) != code


def test_two_people_with_the_same_code_are_let_in_once(engine: Engine, other_engine: Engine):
    with engine.begin() as connection:
        code = a_code(connection)
    found: list[invitations.Invitation | None] = []
    together = threading.Barrier(2)

    def redeem(mine: Engine) -> None:
        together.wait(10)
        with mine.begin() as connection:
            found.append(invitations.redeem(connection, code, now=after(1)))

    threads = [threading.Thread(target=redeem, args=(one,)) for one in (engine, other_engine)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(one is not None for one in found) == [False, True]


def test_five_wrong_codes_within_an_hour_are_guessing(connection: Connection):
    for n in range(4):
        invitations.note_wrong_code(connection, "telegram", "66", after(n))
    assert not invitations.is_guessing(connection, "telegram", "66", after(5))

    invitations.note_wrong_code(connection, "telegram", "66", after(5))

    assert invitations.is_guessing(connection, "telegram", "66", after(6))
    assert invitations.is_guessing(connection, "telegram", "66", after(59))


def test_guessing_is_forgiven_after_an_hour_and_held_against_nobody_else(connection: Connection):
    for n in range(5):
        invitations.note_wrong_code(connection, "telegram", "66", after(n))

    assert not invitations.is_guessing(connection, "telegram", "66", after(60))
    assert not invitations.is_guessing(connection, "telegram", "67", after(5))
    assert not invitations.is_guessing(connection, "wecom", "66", after(5))


def test_an_address_belongs_to_one_person(connection: Connection):
    zhang, chen = somebody(connection), somebody(connection, "陳小姐", Role.CLERK)
    people.add_account(connection, zhang.id, channel="telegram", address="77", chat="77", now=NOW)

    moved = people.add_account(connection, chen.id, channel="telegram", address="77", chat="77", now=NOW)

    assert people.account_of(connection, "telegram", "77") == moved
    assert people.account_for(connection, zhang.id) is None
    assert connection.execute(select(accounts.c.person_id)).scalars().all() == [chen.id]


def test_a_stranger_has_no_account(connection: Connection):
    assert people.account_of(connection, "telegram", "外人") is None


def test_notices_go_where_somebody_was_last_seen(connection: Connection):
    wang = somebody(connection, "王師傅", Role.TECHNICIAN)
    telegram = people.add_account(connection, wang.id, channel="telegram", address="77", chat="77", now=NOW)
    web = people.add_account(connection, wang.id, channel="webchat", address="w", chat="w", now=after(1))
    assert people.account_for(connection, wang.id) == web

    people.seen(connection, telegram, after(2))

    assert people.account_for(connection, wang.id) == telegram
    assert people.account_for(connection, wang.id, but_not=["telegram"]) == web


def test_nobody_is_written_to_where_the_messenger_said_never_until_he_comes_back(connection: Connection):
    wang = somebody(connection, "王師傅", Role.TECHNICIAN)
    telegram = people.add_account(connection, wang.id, channel="telegram", address="77", chat="77", now=NOW)

    people.mark_unreachable(connection, "telegram", "77", after(1))
    assert people.account_for(connection, wang.id) is None

    people.seen(connection, telegram, after(2))
    assert people.account_for(connection, wang.id) == telegram


@pytest.mark.parametrize(
    ("hired", "told"),
    [
        ([(Role.SUPERVISOR, "north"), (Role.MANAGER, "north")], Role.SUPERVISOR),
        ([(Role.SUPERVISOR, "south"), (Role.MANAGER, "north")], Role.MANAGER),
        ([(Role.SUPERVISOR, "south"), (Role.ADMINISTRATOR, "")], Role.ADMINISTRATOR),
    ],
)
def test_a_notice_to_an_empty_post_goes_to_the_next_one_up(connection: Connection, hired: list[tuple[Role, str]], told: Role):
    by_role = {role: somebody(connection, role, role, branch=branch).id for role, branch in hired}

    assert people.audience(connection, Audience.SUPERVISOR, "north") == [by_role[told]]


def test_who_has_a_code_awaits_the_administrators_word(connection: Connection):
    wang = somebody(connection, "王師傅", Role.TECHNICIAN, standing=Standing.PENDING)

    assert people.awaiting(connection) == [wang]
    assert people.staff(connection) == []
    assert not people.has_administrator(connection)


def test_a_customer_is_recognised_by_telephone_and_staff_are_not(connection: Connection):
    somebody(connection, "王師傅", Role.TECHNICIAN, phone="0912345678")
    zhang = somebody(connection, phone="0912345678")

    assert people.customer_by_phone(connection, "0912345678") == zhang
    assert people.customer_by_phone(connection, "0912345679") is None
    assert people.customer_by_phone(connection, "") is None
