"""What people add between the steps is kept, and belongs nowhere until they say where."""

from sqlalchemy import Connection

from storage import remarks
from tests.storage.making import NOW, after, an_order, somebody


def test_a_remark_without_an_order_waits_until_it_is_placed(connection: Connection):
    zhang, order = somebody(connection), an_order(connection)
    photo = remarks.add(connection, person=zhang.id, order=None, kind="photo", sha256="aa", sent_at=after(-30), now=NOW)
    assert remarks.unplaced(connection, zhang.id) == [photo]
    assert photo.sent_at == after(-30)  # when it was sent, not when the signal came back

    remarks.place(connection, photo.id, order.id)

    assert remarks.unplaced(connection, zhang.id) == []
    assert [one.id for one in remarks.of_order(connection, order.id)] == [photo.id]


def test_the_newest_remarks_of_an_order_come_oldest_first(connection: Connection):
    zhang, order = somebody(connection), an_order(connection)
    for n in range(5):
        remarks.add(connection, person=zhang.id, order=order.id, kind="text", text=f"{n}", sent_at=NOW, now=NOW)

    assert [one.text for one in remarks.of_order(connection, order.id, limit=3)] == ["2", "3", "4"]


def test_a_remark_that_was_passed_on_says_so(connection: Connection):
    zhang = somebody(connection)
    remark = remarks.add(connection, person=zhang.id, order=None, kind="text", text="在嗎", sent_at=NOW, now=NOW)
    assert not remark.is_relayed

    remarks.relay(connection, remark.id, after(1))

    found = remarks.by_id(connection, remark.id)
    assert found
    assert found.is_relayed
    assert remarks.by_id(connection, 987654) is None
