"""What came in is stored once, in its order, and never lost."""

import threading
from dataclasses import replace

from sqlalchemy import Connection, Engine

from storage import inbox
from tests.storage.making import NOW, after


def put(connection: Connection, key: str, channel: str = "telegram", **raw: object) -> inbox.Arrival | None:
    return inbox.put(connection, channel, "77", key, raw or {"text": "冷氣不冷"}, now=NOW, holder="me")


def left(connection: Connection) -> list[inbox.Arrival]:
    """What a process finds that starts when all others have died, as if it had come in just now."""
    adopted = inbox.adopt(connection, inbox.waiting(connection), holder="heir", living=["heir"])
    assert not any(one.is_begun for one in adopted)
    return [replace(one, is_begun=True) for one in adopted]


def test_an_update_comes_back_as_it_was_put_in(connection: Connection):
    stored = put(connection, "1001", text="冷氣不冷", update_id=1001)

    assert stored
    assert left(connection) == [stored]
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
    assert left(connection) == []


def test_two_processes_that_receive_the_same_update_store_it_once(engine: Engine, other_engine: Engine):
    with engine.begin() as connection:
        mine = put(connection, "1001")
    with other_engine.begin() as connection:
        theirs = put(connection, "1001")

    assert (mine is not None, theirs) == (True, None)


def test_what_waits_comes_in_the_order_in_which_it_arrived(connection: Connection):
    for key in ("30", "10", "20"):
        put(connection, key)

    assert [arrival.key for arrival in left(connection)] == ["30", "10", "20"]


def test_each_try_is_counted(connection: Connection):
    first, other = put(connection, "1001"), put(connection, "1002")
    assert first
    assert other

    assert [inbox.count_try(connection, first.id) for _ in range(2)] == [2, 3]

    assert [arrival.attempts for arrival in left(connection)] == [3, 1]


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

    assert left(connection) == [fine]


def test_hostile_text_is_stored_too_or_the_channel_would_send_it_for_ever(connection: Connection):
    hostile = {"half": "\ud83d", "nothing": "a\x00b", "turned": "\u202e", "picture": "🛠️", "long": "長" * 5000}

    stored = put(connection, "1001", **hostile)

    assert stored
    assert left(connection)[0].raw == hostile


def test_other_chats_and_other_channels_do_not_wait_for_each_other(connection: Connection):
    put(connection, "1001")
    elsewhere = inbox.put(connection, "telegram", "88", "1002", {}, now=NOW)
    other_channel = put(connection, "1001", channel="wecom")
    assert elsewhere
    assert other_channel

    assert inbox.finish(connection, elsewhere.id, now=after(1))
    assert inbox.finish(connection, other_channel.id, now=after(1))


def test_only_what_nobody_alive_handles_is_adopted(connection: Connection):
    for n, holder in enumerate(("dead", "alive", "me", "")):
        inbox.put(connection, "telegram", str(n), f"{n}", {}, now=NOW, holder=holder)

    everything = inbox.waiting(connection)
    assert list(everything.values()) == ["dead", "alive", "me", ""]
    assert list(inbox.waiting(connection, not_of=["alive", "me"]).values()) == ["dead", ""]

    adopted = inbox.adopt(connection, everything, holder="me", living=["alive", "me"])

    assert [one.chat for one in adopted] == ["0", "2", "3"]
    assert list(inbox.waiting(connection).values()) == ["me", "alive", "me", "me"]


def test_two_heirs_never_adopt_the_same(engine: Engine, other_engine: Engine):
    with engine.begin() as connection:
        for n in range(50):
            inbox.put(connection, "telegram", str(n), f"{n}", {}, now=NOW, holder="dead")
        found = inbox.waiting(connection)
    got: list[list[int]] = []
    together = threading.Barrier(2)

    def inherit(mine: Engine, holder: str) -> None:
        together.wait(10)
        with mine.begin() as connection:
            adopted = inbox.adopt(connection, found, holder=holder, living=["me", "other"])
        got.append([one.id for one in adopted])

    heirs = [threading.Thread(target=inherit, args=one) for one in ((engine, "me"), (other_engine, "other"))]
    for heir in heirs:
        heir.start()
    for heir in heirs:
        heir.join(20)

    assert sorted(got[0] + got[1]) == list(found)
