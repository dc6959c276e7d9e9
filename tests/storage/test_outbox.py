"""What is to be said goes once to each, in order per chat, whoever sends it."""

import threading

import pytest
from sqlalchemy import Connection, Engine, select

from storage import claims, outbox
from storage.outbox import COURTESY, LEASE, MUST, REPLY
from storage.tables import outbox as rows
from tests.storage.making import NOW, after, somebody


def post(connection: Connection, words: str, chat: str = "77", **others: object) -> None:
    values = {"channel": "telegram", "kind": "say", "body": {"text": words}, "now": NOW} | others
    outbox.post(connection, chat=chat, **values)


def claim(connection: Connection, *, at: float = 0, holder: str = "me", limit: int = 200) -> list[outbox.Parcel]:
    return outbox.claim(connection, ["telegram"], holder=holder, now=after(at), limit=limit)


def words(parcels: list[outbox.Parcel]) -> list[str]:
    return [parcel.body["text"] for parcel in parcels]


def by_words(connection: Connection, text: str) -> outbox.Parcel:
    return next(parcel for parcel in claim(connection) if parcel.body["text"] == text)


LEASE_MINUTES = LEASE.total_seconds() / 60


def test_a_parcel_carries_what_was_posted(connection: Connection):
    zhang = somebody(connection)
    post(connection, "收到", person=zhang.id, order=5, subject="order:5", priority=REPLY)

    (parcel,) = claim(connection)

    assert (parcel.person, parcel.order, parcel.subject) == (zhang.id, 5, "order:5")
    assert (parcel.channel, parcel.chat, parcel.kind, parcel.body) == ("telegram", "77", "say", {"text": "收到"})
    assert (parcel.is_must, parcel.attempts, parcel.created_at) == (True, 1, NOW)


def test_what_is_leased_is_nobody_elses_until_the_lease_ends(connection: Connection):
    post(connection, "one")
    assert words(claim(connection)) == ["one"]

    assert claim(connection, at=LEASE_MINUTES - 0.01, holder="other") == []

    (again,) = claim(connection, at=LEASE_MINUTES, holder="other")
    assert again.attempts == 2


def test_what_is_posted_during_a_lease_waits_behind_it_in_its_chat_only(connection: Connection):
    post(connection, "first")
    claim(connection)
    post(connection, "second")
    post(connection, "elsewhere", chat="88")

    assert words(claim(connection)) == ["elsewhere"]


def test_what_was_put_off_waits_for_a_must_that_went_past_it_and_is_still_under_way(connection: Connection):
    post(connection, "put off")
    outbox.put_off(connection, by_words(connection, "put off").id, until=after(0.1))
    post(connection, "must")
    (must,) = claim(connection)
    assert must.body["text"] == "must"

    assert claim(connection, at=0.5) == []  # two senders to one chat would turn its order round

    outbox.sent(connection, must.id, ref="1", now=after(0.5))
    assert words(claim(connection, at=0.5)) == ["put off"]


def test_a_chat_is_sent_in_the_order_in_which_it_was_posted(connection: Connection):
    for text, priority in (("courtesy", COURTESY), ("must", MUST), ("reply", REPLY)):
        post(connection, text, priority=priority)

    assert words(claim(connection)) == ["courtesy", "must", "reply"]


def test_a_reply_brings_along_what_stands_before_it_in_its_chat(connection: Connection):
    for text, chat, priority in (("a1", "a", COURTESY), ("b1", "b", COURTESY), ("b2", "b", REPLY)):
        post(connection, text, chat, priority=priority)

    assert words(claim(connection, limit=1)) == ["b1"]
    assert words(claim(connection, limit=1)) == ["a1"]  # b2 waits until b1 is there


def test_replies_go_before_notices_and_courtesies_of_other_chats(connection: Connection):
    for text, priority in (("courtesy", COURTESY), ("must", MUST), ("reply", REPLY)):
        post(connection, text, chat=text, priority=priority)

    assert [words(claim(connection, limit=1)) for _ in range(3)] == [["reply"], ["must"], ["courtesy"]]


def test_no_more_is_leased_for_one_chat_than_can_be_sent_within_the_lease(connection: Connection):
    for n in range(100):
        post(connection, f"{n:02}")

    first = claim(connection)

    assert words(first) == [f"{n:02}" for n in range(len(first))]
    assert 1 <= len(first) * 3 <= LEASE.total_seconds()  # three seconds each, as in a group


def test_nothing_goes_before_its_time(connection: Connection):
    post(connection, "later", not_before=after(10))

    assert claim(connection, at=9) == []
    assert outbox.next_moment(connection, ["telegram"]) == after(10)
    assert outbox.next_moment(connection, ["wecom-bot"]) is None
    assert words(claim(connection, at=10)) == ["later"]


def test_what_is_put_off_holds_back_courtesies_but_never_a_must(connection: Connection):
    post(connection, "stuck")
    outbox.put_off(connection, by_words(connection, "stuck").id, until=after(30))
    post(connection, "courtesy", priority=COURTESY)
    post(connection, "must", priority=MUST)

    (must,) = claim(connection, at=1)
    assert must.body["text"] == "must"
    outbox.sent(connection, must.id, ref="9", now=after(1))
    assert words(claim(connection, at=30)) == ["stuck", "courtesy"]


def test_a_stuck_chat_holds_nobody_else_back(connection: Connection):
    post(connection, "stuck", priority=COURTESY)
    outbox.put_off(connection, by_words(connection, "stuck").id, until=after(30))
    post(connection, "courtesy", chat="88", priority=COURTESY)

    assert words(claim(connection, at=1)) == ["courtesy"]


def test_the_same_notice_is_posted_once_even_after_it_was_sent(connection: Connection):
    post(connection, "late", dedup="arrival:5:1")
    post(connection, "late", dedup="arrival:5:1")
    (parcel,) = claim(connection)
    outbox.sent(connection, parcel.id, ref="9", now=NOW)

    post(connection, "late", dedup="arrival:5:1")

    assert outbox.n_waiting(connection) == 0


def test_what_has_no_dedup_is_posted_as_often_as_it_is_said(connection: Connection):
    post(connection, "same")
    post(connection, "same")

    assert words(claim(connection)) == ["same", "same"]


def test_what_was_never_tried_is_given_back_as_if_never_claimed(connection: Connection):
    post(connection, "one")
    (parcel,) = claim(connection)

    outbox.give_back(connection, [parcel.id], holder="me")

    (again,) = claim(connection, holder="other")
    assert (again.id, again.attempts) == (parcel.id, 1)


def test_what_was_sent_meanwhile_cannot_be_given_back(connection: Connection):
    post(connection, "one")
    (parcel,) = claim(connection)
    outbox.sent(connection, parcel.id, ref="9", now=NOW)

    outbox.give_back(connection, [parcel.id], holder="me")

    assert claim(connection, at=60) == []
    assert connection.execute(select(rows.c.attempts)).scalar_one() == 1


def test_what_a_killed_program_had_claimed_goes_at_once_after_the_start(connection: Connection):
    post(connection, "one")
    claim(connection, holder="killed")

    assert outbox.release(connection) == 1

    assert words(claim(connection)) == ["one"]


def test_what_another_living_process_has_claimed_stays_with_it(connection: Connection):
    post(connection, "killed's", chat="1")
    claim(connection, holder="killed")
    post(connection, "living's", chat="2")
    claim(connection, holder="living")

    outbox.release(connection, but_of=["me", "living"])

    assert words(claim(connection)) == ["killed's"]


def test_whoever_has_no_part_of_a_channel_claims_nothing_of_it(connection: Connection):
    post(connection, "one")

    assert outbox.claim(connection, ["telegram"], holder="me", now=NOW, parts={"telegram": ()}) == []
    assert outbox.next_moment(connection, ["telegram"], {"telegram": ()}) is None


@pytest.mark.parametrize("end", ["sent", "dead", "dropped"])
def test_what_has_ended_is_never_claimed_again(connection: Connection, end: str):
    post(connection, "one")
    (parcel,) = claim(connection)

    if end == "sent":
        outbox.sent(connection, parcel.id, ref="9", now=after(1))
    elif end == "dead":
        outbox.dead(connection, parcel.id, reason="blocked" * 20, now=after(1))
    else:
        outbox.dropped(connection, parcel.id, reason="superseded", now=after(1))

    assert claim(connection, at=60) == []
    assert outbox.next_moment(connection, ["telegram"]) is None
    assert connection.execute(select(rows.c.state, rows.c.done_at)).one() == (end, after(1))


def test_the_first_end_counts(connection: Connection):
    post(connection, "one")
    (parcel,) = claim(connection)
    outbox.sent(connection, parcel.id, ref="9", now=after(1))

    outbox.dead(connection, parcel.id, reason="blocked", now=after(2))

    assert connection.execute(select(rows.c.state, rows.c.ref, rows.c.reason)).one() == ("sent", "9", "")


def test_a_channel_that_is_off_claims_nothing(connection: Connection):
    post(connection, "one", channel="wecom")

    assert claim(connection) == []
    assert words(outbox.claim(connection, ["wecom"], holder="me", now=NOW)) == ["one"]


def test_two_senders_never_get_the_same(engine: Engine, other_engine: Engine):
    with engine.begin() as connection:
        for n in range(300):
            post(connection, f"{n}", chat=f"{n % 100}")
    got: list[tuple[str, int]] = []
    together = threading.Barrier(2)

    def send(mine: Engine, holder: str) -> None:
        together.wait(10)
        is_more = True
        while is_more:
            with mine.begin() as connection:
                parcels = claim(connection, holder=holder, limit=7)
                is_more = outbox.n_waiting(connection) > 0
                got.extend((parcel.chat, int(parcel.body["text"])) for parcel in parcels)
                for parcel in parcels:
                    outbox.sent(connection, parcel.id, ref="", now=NOW)

    threads = [threading.Thread(target=send, args=one) for one in ((engine, "me"), (other_engine, "other"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(n for _, n in got) == list(range(300))
    for chat in range(100):
        assert [n for where, n in got if where == str(chat)] == [chat, chat + 100, chat + 200]


def test_a_second_sender_does_not_overtake_a_claim_that_is_not_committed_yet(engine: Engine, other_engine: Engine):
    with engine.begin() as connection:
        post(connection, "first")
    others: list[list[str]] = []

    def claim_elsewhere() -> None:
        with other_engine.begin() as connection:
            post(connection, "second")
        with other_engine.begin() as connection:
            others.append(words(claim(connection, holder="other")))

    elsewhere = threading.Thread(target=claim_elsewhere)
    with engine.begin() as connection:
        mine = words(claim(connection))
        elsewhere.start()
        if engine.dialect.name == "postgresql":  # SQLite lets nobody else write before this commit
            elsewhere.join(10)
    elsewhere.join(10)

    assert mine == ["first"]
    assert others == [[]]


def test_a_card_that_waits_already_will_show_the_newest_state(connection: Connection):
    zhang = somebody(connection)
    assert not outbox.refresh_waits(connection, zhang.id, "order:5", channel="telegram", chat="77")

    post(connection, "", kind="card", person=zhang.id, subject="order:5")
    assert outbox.refresh_waits(connection, zhang.id, "order:5", channel="telegram", chat="77")

    claim(connection)  # it is being rendered now and may show an older state
    assert not outbox.refresh_waits(connection, zhang.id, "order:5", channel="telegram", chat="77")


def test_only_a_newer_message_of_the_same_subject_and_chat_supersedes(connection: Connection):
    post(connection, "old", subject="talk:3")
    post(connection, "other chat", chat="88", subject="talk:3")
    old, other = claim(connection)
    assert not outbox.is_superseded(connection, old.id, "77", "talk:3")

    post(connection, "new", subject="talk:3")

    assert outbox.is_superseded(connection, old.id, "77", "talk:3")
    assert not outbox.is_superseded(connection, other.id, "88", "talk:3")


EVERY_PART = frozenset(range(outbox.PARTS))


def claim_chat(connection: Connection, chat: str = "77", *, at: float = 0, **others: object) -> list[outbox.Parcel]:
    given = {"holder": "me", "now": after(at), "parts": EVERY_PART, "at_hand": ()} | others
    return claims.claim_chat(connection, "telegram", chat, **given)  # type: ignore[arg-type]


def test_a_turn_claims_what_it_said_in_its_own_chat_and_nobody_elses(connection: Connection):
    post(connection, "answer")
    post(connection, "card")
    post(connection, "elsewhere", chat="88")

    claimed = claim_chat(connection)

    assert words(claimed) == ["answer", "card"]
    assert [parcel.attempts for parcel in claimed] == [1, 1]
    assert words(claim(connection, holder="other")) == ["elsewhere"]
    assert words(claim(connection, at=LEASE_MINUTES, holder="other")) == ["answer", "card", "elsewhere"]


def test_what_a_turn_says_joins_what_its_process_is_sending_there(connection: Connection):
    post(connection, "first")
    (first,) = claim_chat(connection)
    post(connection, "second")

    assert words(claim_chat(connection, at_hand=[first.id])) == ["second"]


def test_what_a_turn_says_waits_behind_what_somebody_else_has_or_has_lost(connection: Connection):
    post(connection, "first")
    (first,) = claim_chat(connection, holder="other")
    post(connection, "second")

    assert claim_chat(connection) == []
    assert claim_chat(connection, at_hand=[first.id]) == []
    assert claim_chat(connection, holder="other") == []  # claimed, but gone from its hands


def test_what_a_turn_says_waits_behind_what_is_put_off(connection: Connection):
    post(connection, "first")
    (first,) = claim_chat(connection)
    outbox.put_off(connection, first.id, until=after(5))
    post(connection, "second")

    assert claim_chat(connection) == []
    assert words(claim_chat(connection, at=5)) == ["first", "second"]


def test_a_long_line_is_for_the_claim_of_all(connection: Connection):
    for n in range(outbox.AT_ONCE + 1):
        post(connection, f"{n}")

    assert claim_chat(connection) == []


def test_a_turn_leaves_a_chat_to_the_process_whose_part_it_is(connection: Connection):
    post(connection, "answer")
    if connection.dialect.name == "sqlite":  # one process has them all
        assert claim_chat(connection, parts=()) == []
        return

    claimed = {part: claim_chat(connection, parts=[part]) for part in range(outbox.PARTS)}

    assert sorted(map(len, claimed.values())) == [0] * (outbox.PARTS - 1) + [1]
