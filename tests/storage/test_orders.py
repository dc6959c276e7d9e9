"""Work orders: changed by one at a time, found by what people know of them, seen by those who may."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from rules.figures import Figure
from rules.orders import FaultReport, Findings, Seal, Stage, Step, WorkOrder
from rules.people import Person, Role, Standing
from storage import figures, orders
from storage.errors import StaleOrder
from storage.tables import crew
from storage.tables import orders as rows
from storage.writer import Store
from tests.cast import terms_of
from tests.storage.making import NOW, after, an_order, somebody


@pytest.fixture
def li(connection: Connection) -> Person:
    return somebody(connection, "李主任", Role.SUPERVISOR, branch="north")


@pytest.fixture
def wang(connection: Connection) -> Person:
    return somebody(connection, "王師傅", Role.TECHNICIAN, branch="north")


def numbers(found: list[WorkOrder]) -> list[str]:
    return [order.number for order in found]


def a_seal(version: int = 1, signature: str = "aa", **others: object) -> Seal:
    values = {
        "digest": "dd",
        "summary": "換了水泵",
        "signer": "張先生",
        "signer_role": "owner",
        "comment": "",
        "at": NOW,
        "by": 1,
    }
    return Seal(version=version, signature=signature, **(values | others))


def test_an_order_comes_back_as_it_was_stored(connection: Connection, wang: Person):
    report = {"customer_name": "張先生", "phone": "+886 912-345-678", "serial": "SN-1"}
    order = an_order(connection, **report, crew=(wang.id,), lead=wang.id, arrived_at=after(5), overrides={"tools": "借用"})
    order = orders.change(
        connection,
        order,
        replace(
            order,
            report=replace(order.report, distance_km=Decimal("12.50"), latitude=25.03, photos=("aa", "bb")),
            findings={Step.LISTEN: Findings(1, {"account": "不冷", "hours": 120}, wang.id, after(6))},
            seals=(a_seal(flags=("blank",)),),
        ),
    )

    assert orders.by_id(connection, order.id) == order
    assert order.id > 0


def test_an_order_that_does_not_exist_is_none(connection: Connection):
    assert orders.by_id(connection, 987654) is None
    assert orders.by_number(connection, "2611-9999") is None


@pytest.mark.parametrize("typed", ["2611-0007", "26110007", " 2611 0007 ", "#2611-0007", "２６１１－０００７"])
def test_an_order_is_found_by_the_number_as_people_type_it(connection: Connection, typed: str):
    order = an_order(connection, "2611-0007")

    assert orders.by_number(connection, typed) == order


def test_two_orders_never_have_the_same_number(connection: Connection):
    an_order(connection, "2611-0007")

    with pytest.raises(IntegrityError):
        an_order(connection, "2611-0007")


def test_of_two_changes_of_the_same_version_the_second_is_stale(connection: Connection):
    seen = an_order(connection)

    changed = orders.change(connection, seen, replace(seen, stage=Stage.ASSIGNED))
    assert changed.version == seen.version + 1

    with pytest.raises(StaleOrder, match="2611-0001"):
        orders.change(connection, seen, replace(seen, stage=Stage.CANCELLED))
    assert orders.by_id(connection, seen.id) == changed


def test_of_two_processes_that_change_an_order_at_once_one_wins(engine: Engine, other_engine: Engine):
    with engine.begin() as connection:
        seen = an_order(connection)
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def change(mine: Engine, word: str) -> None:
        together.wait(10)
        try:
            with mine.begin() as connection:
                orders.change(connection, seen, replace(seen, briefing=word))
            outcomes.append(word)
        except StaleOrder:
            outcomes.append("stale")

    threads = [threading.Thread(target=change, args=one) for one in ((engine, "mine"), (other_engine, "theirs"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert outcomes.count("stale") == 1
    (winner,) = {"mine", "theirs"} & set(outcomes)
    with engine.connect() as connection:
        stored = orders.by_id(connection, seen.id)
    assert stored
    assert (stored.briefing, stored.version) == (winner, 1)


def test_a_stale_change_stores_nothing_at_all(connection: Connection, wang: Person):
    seen = an_order(connection)
    orders.change(connection, seen, replace(seen, stage=Stage.ASSIGNED))

    with pytest.raises(StaleOrder):
        orders.change(connection, seen, replace(seen, crew=(wang.id,), seals=(a_seal(),)))

    assert orders.loads(connection).get(wang.id, 0) == 0
    assert orders.same_signature(connection, "aa", but_not=0) == ()


@pytest.fixture
def register(connection: Connection) -> Connection:
    """Three calls in the north, one in the south."""
    an_order(connection, "2611-0001", customer_name="張先生", phone="+886 912-345-678", serial="AC-10_7", reported_at=after(1))
    an_order(connection, "2611-0002", customer_name="陳太太", phone="0922111222", serial="ac-1077", reported_at=after(2))
    an_order(connection, "2611-0003", customer_name="100%好店", phone="0933345678", serial="B\\7", reported_at=after(3))
    an_order(connection, "2611-0004", customer_name="張小姐", phone="0912345678", branch="south", reported_at=after(4))
    return connection


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("張", ["2611-0001"]),
        ("太", ["2611-0002"]),
        ("2611-0003", ["2611-0003"]),
        ("26110003", ["2611-0003"]),
        ("345678", ["2611-0003", "2611-0001"]),
        ("345-678", ["2611-0003", "2611-0001"]),
        ("0912 345 678", ["2611-0001"]),
        ("０９１２３４５６７８", ["2611-0001"]),
        ("+886912345678", ["2611-0001"]),
        ("0922-111-222", ["2611-0002"]),
        ("0678", []),
        ("000000000", []),
        ("912345678", ["2611-0001"]),
        ("AC-10", ["2611-0002", "2611-0001"]),
        ("ac-10_7", ["2611-0001"]),
        ("100%", ["2611-0003"]),
        ("%", ["2611-0003"]),
        ("_", ["2611-0001"]),
        ("B\\7", ["2611-0003"]),
        ("78", []),
        ("王", []),
        ("' OR '1'='1", []),
    ],
)
def test_orders_are_found_by_what_people_know(register: Connection, li: Person, words: str, found: list[str]):
    assert numbers(orders.search(register, words, visible_to=li)) == found


def test_no_more_than_wanted_are_found_and_the_newest_first(register: Connection, li: Person):
    assert numbers(orders.search(register, "2", visible_to=li, limit=1)) == []
    assert numbers(orders.search(register, "AC-10", visible_to=li, limit=1)) == ["2611-0002"]


def test_a_search_shows_only_what_may_be_seen(register: Connection, li: Person, wang: Person):
    mine = orders.by_number(register, "2611-0001")
    assert mine
    orders.change(register, mine, replace(mine, crew=(wang.id,)))
    zhang = somebody(register)
    own = an_order(register, "2611-0009", customer=zhang, customer_name="張先生", branch="south")
    hired = {
        Role.SUPERVISOR: (li, ["2611-0001"]),
        Role.TECHNICIAN: (wang, ["2611-0001"]),
        Role.CUSTOMER: (zhang, [own.number]),
        Role.GM: (somebody(register, "總經理", Role.GM), ["2611-0009", "2611-0004", "2611-0001"]),
        Role.ADMINISTRATOR: (somebody(register, "管理員", Role.ADMINISTRATOR), []),
        Role.WAREHOUSE: (somebody(register, "林倉管", Role.WAREHOUSE, branch="north"), []),
    }

    seen = {role: numbers(orders.search(register, "張", visible_to=person)) for role, (person, _) in hired.items()}

    assert seen == {role: expected for role, (_, expected) in hired.items()}


@pytest.mark.parametrize("standing", [Standing.PENDING, Standing.LEFT])
def test_who_has_left_or_awaits_confirmation_sees_nothing(register: Connection, li: Person, standing: Standing):
    gone = replace(li, standing=standing)

    assert orders.search(register, "張", visible_to=gone) == []
    assert orders.queue(register, visible_to=gone) == []
    assert orders.reported_between(register, after(0), after(99), visible_to=gone) == []
    technician = somebody(register, "王師傅", Role.TECHNICIAN, branch="north", standing=standing)
    an_order(register, "2611-0008", crew=(technician.id,))
    assert orders.open_for(register, technician) == []


def test_orders_of_a_day_are_those_reported_from_its_start_to_before_its_end(register: Connection, li: Person):
    assert numbers(orders.reported_between(register, after(1), after(3), visible_to=li)) == ["2611-0002", "2611-0001"]
    assert numbers(orders.reported_between(register, after(1), after(9), visible_to=li, limit=1)) == ["2611-0003"]


def test_the_queue_begins_with_what_was_carried_over_then_with_what_is_due_first(connection: Connection, li: Person):
    dues = {"2611-0001": None, "2611-0002": after(90), "2611-0003": after(30), "2611-0004": after(99)}
    for number, due_at in dues.items():
        stage = Stage.CARRIED_OVER if number == "2611-0004" else Stage.QUEUED
        orders.set_next_due(connection, an_order(connection, number, stage=stage).id, due_at)
    an_order(connection, "2611-0005", stage=Stage.ASSIGNED)
    an_order(connection, "2611-0006", branch="south")

    assert numbers(orders.queue(connection, visible_to=li)) == ["2611-0004", "2611-0003", "2611-0002", "2611-0001"]
    assert numbers(orders.queue(connection, visible_to=li, limit=2)) == ["2611-0004", "2611-0003"]
    assert numbers(orders.queue(connection, visible_to=li, stages=[Stage.ASSIGNED])) == ["2611-0005"]


def test_ones_own_orders_come_with_what_is_due_first(connection: Connection, wang: Person):
    dues = {"2611-0001": None, "2611-0002": after(90), "2611-0003": after(30)}
    for number, due_at in dues.items():
        orders.set_next_due(connection, an_order(connection, number, crew=(wang.id,)).id, due_at)
    an_order(connection, "2611-0004", crew=(wang.id,), stage=Stage.ARCHIVED)

    assert numbers(orders.open_for(connection, wang)) == ["2611-0003", "2611-0002", "2611-0001"]
    assert numbers(orders.open_for(connection, wang, limit=1)) == ["2611-0003"]


def test_an_order_belongs_to_its_customer_its_crew_and_those_it_is_offered_to(connection: Connection, wang: Person):
    zhang, lin = somebody(connection), somebody(connection, "林師傅", Role.TECHNICIAN)
    order = an_order(connection, customer=zhang, offered_to=(wang.id, lin.id))
    assert [numbers(orders.open_for(connection, one)) for one in (zhang, wang, lin)] == [["2611-0001"]] * 3
    assert orders.loads(connection).get(wang.id, 0) == 0  # an offer is no job

    taken = orders.change(connection, order, replace(order, offered_to=(), crew=(wang.id,)))

    assert [len(orders.open_for(connection, one)) for one in (zhang, wang, lin)] == [1, 1, 0]
    assert orders.loads(connection).get(wang.id, 0) == 1
    assert connection.execute(select(crew.c.person_id, crew.c.tie).where(crew.c.order_id == taken.id)).all() == [
        (wang.id, "crew")
    ]


def test_a_closed_order_is_no_load_and_no_open_order(connection: Connection, wang: Person):
    order = an_order(connection, crew=(wang.id,))

    orders.change(connection, order, replace(order, stage=Stage.ARCHIVED))

    assert orders.loads(connection).get(wang.id, 0) == 0
    assert orders.open_for(connection, wang) == []
    assert connection.execute(select(rows.c.is_open).where(rows.c.id == order.id)).scalar_one() is False


def test_what_the_day_leaves_undispatched_is_told_by_branch(register: Connection):
    assert numbers(orders.undispatched(register)) == ["2611-0001", "2611-0002", "2611-0003", "2611-0004"]
    assert numbers(orders.undispatched(register, "south")) == ["2611-0004"]


def test_the_history_is_the_customers_and_the_machines(connection: Connection):
    zhang = somebody(connection)
    an_order(connection, "2611-0001", customer=zhang, serial="SN-1")
    an_order(connection, "2611-0002", serial="SN-1")
    an_order(connection, "2611-0003", serial="")

    assert numbers(orders.history(connection, customer=zhang.id)) == ["2611-0001"]
    assert numbers(orders.history(connection, customer=zhang.id, serial="SN-1")) == ["2611-0002", "2611-0001"]
    assert numbers(orders.history(connection, customer=zhang.id, serial="SN-1", limit=1)) == ["2611-0002"]


def test_a_correction_keeps_what_was_recorded_before(connection: Connection, wang: Person):
    order = an_order(connection)
    for version, account in enumerate(("不冷", "不冷也不轉"), start=1):
        found = Findings(version, {"account": account}, wang.id, after(version))
        order = orders.change(connection, order, replace(order, findings={Step.LISTEN: found}))
    order = orders.change(connection, order, replace(order, briefing="nothing to do with it"))

    kept = orders.versions(connection, order.id, Step.LISTEN)

    assert [(one["version"], one["answers"]["account"], one["at"]) for one in kept] == [
        (1, "不冷", after(1)),
        (2, "不冷也不轉", after(2)),
    ]
    assert orders.versions(connection, order.id, Step.LOOK) == []


def test_the_same_picture_as_signature_is_found_on_other_orders(connection: Connection):
    one, other = an_order(connection, "2611-0001"), an_order(connection, "2611-0002")
    one = orders.change(connection, one, replace(one, seals=(a_seal(1, "aa"), a_seal(2, "aa"))))
    orders.change(connection, other, replace(other, seals=(a_seal(1, "bb"),)))

    assert orders.same_signature(connection, "aa", but_not=other.id) == ("2611-0001",)
    assert orders.same_signature(connection, "aa", but_not=one.id) == ()


def test_signatures_that_look_alike_are_compared_with_those_of_other_orders(connection: Connection):
    one, other = an_order(connection, "2611-0001"), an_order(connection, "2611-0002")
    one = orders.change(connection, one, replace(one, seals=(a_seal(1), a_seal(2))))
    orders.note_near_hash(connection, one.id, 2, "f0f0")

    assert orders.near_signatures(connection, but_not=other.id) == [("f0f0", "2611-0001")]
    assert orders.near_signatures(connection, but_not=one.id) == []


def test_an_order_stored_by_an_older_program_is_read_with_todays_defaults(connection: Connection):
    order = an_order(connection, serial="SN-1")
    plain = connection.execute(select(rows.c.order).where(rows.c.id == order.id)).scalar_one()
    older = {key: value for key, value in plain.items() if key not in ("disputes", "closing_reason", "holds")}
    connection.execute(rows.update().where(rows.c.id == order.id).values(order=older | {"of_long_ago": True}))

    assert orders.by_id(connection, order.id) == order
    assert order.report == FaultReport(serial="SN-1")
    assert order.reported_at.utcoffset() == timedelta(0)


def test_what_was_installed_or_taught_repeats_nothing_and_was_never_to_be_fixed(connection: Connection) -> None:
    """DSP-9, KPI-7."""
    zhang, day = somebody(connection), 24 * 60
    jobs = (("2611-0001", "install", 0), ("2611-0002", "repair", 3), ("2611-0003", "train", 5))
    for number, kind, n in jobs:
        told = FaultReport(serial="S1", model="M5", kind=kind)
        an_order(connection, number, zhang, report=told, reported_at=after(n * day), finished_at=after(n * day + 60))

    found = figures.ledger(connection, NOW, after(20 * day), terms_of("machinery"), now=after(20 * day))

    counted = [(one.source.number, one.hits) for one in found.counts if one.figure is Figure.FIRST_FIX]
    assert counted == [("2611-0002", 1)]


async def test_finished_orders_are_read_a_few_at_a_time_by_whoever_only_looks(store: Store):
    def work(connection: Connection) -> None:
        for n, minutes in enumerate((30, 10, 20, 20, 50)):
            an_order(connection, f"2611-000{n}", finished_at=after(minutes))

    await store.write(work)

    found = await store.read(lambda connection: list(orders.each_finished(connection, after(10), after(50), at_once=2)))

    assert numbers(found) == ["2611-0001", "2611-0002", "2611-0003", "2611-0000"]
