"""What came in is stored once, in its order, and never lost."""

from sqlalchemy import Connection, Engine

from storage import inbox
from tests.storage.making import NOW, after


def put(connection: Connection, key: str, channel: str = "telegram", **raw: object) -> inbox.Arrival | None:
    return inbox.put(connection, channel, "77", key, raw or {"text": "冷氣不冷"}, now=NOW)


def test_an_update_comes_back_as_it_was_put_in(connection: Connection):
    stored = put(connection, "1001", text="冷氣不冷", update_id=1001)

    assert stored
    assert inbox.waiting(connection) == [stored]
    assert (stored.channel, stored.chat, stored.key, stored.attempts) == ("telegram", "77", "1001", 1)
    assert stored.raw == {"text": "冷氣不冷", "update_id": 1001}
    assert stored.received_at == NOW


def test_the_same_update_is_stored_once(connection: Connection):
    assert put(connection, "1001")

    assert put(connection, "1001", text="again") is None
    assert inbox.n_waiting(connection) == 1


def test_the_same_key_from_another_channel_is_another_update(connection: Connection):
    assert put(connection, "1001", channel="telegram")

    assert put(connection, "1001", channel="wecom")


def test_an_update_that_was_handled_is_still_known(connection: Connection):
    first = put(connection, "1001")
    assert first
    inbox.finish(connection, first.id, now=after(1))

    assert put(connection, "1001") is None
    assert inbox.waiting(connection) == []


def test_two_processes_that_receive_the_same_update_store_it_once(engine: Engine, other_engine: Engine):
    with engine.begin() as connection:
        mine = put(connection, "1001")
    with other_engine.begin() as connection:
        theirs = put(connection, "1001")

    assert (mine is not None, theirs) == (True, None)


def test_what_waits_comes_in_the_order_in_which_it_arrived(connection: Connection):
    for key in ("30", "10", "20"):
        put(connection, key)

    assert [arrival.key for arrival in inbox.waiting(connection)] == ["30", "10", "20"]


def test_each_try_is_counted(connection: Connection):
    first, other = put(connection, "1001"), put(connection, "1002")
    assert first
    assert other

    assert [inbox.count_try(connection, first.id) for _ in range(2)] == [2, 3]

    assert [arrival.attempts for arrival in inbox.waiting(connection)] == [3, 1]


def test_an_update_is_finished_once(connection: Connection):
    stored = put(connection, "1001")
    assert stored

    assert inbox.finish(connection, stored.id, now=after(1))

    assert not inbox.finish(connection, stored.id, now=after(2), state="set_aside", error="X1")
    assert inbox.n_waiting(connection) == 0


def test_an_update_set_aside_waits_no_longer_and_blocks_nobody(connection: Connection):
    poisoned, fine = put(connection, "1001"), put(connection, "1002")
    assert poisoned

    inbox.finish(connection, poisoned.id, now=after(1), state="set_aside", error="X1")

    assert inbox.waiting(connection) == [fine]


def test_hostile_text_is_stored_too_or_the_channel_would_send_it_for_ever(connection: Connection):
    hostile = {"half": "\ud83d", "nothing": "a\x00b", "turned": "\u202e", "picture": "🛠️", "long": "長" * 5000}

    stored = put(connection, "1001", **hostile)

    assert stored
    assert inbox.waiting(connection)[0].raw == hostile
