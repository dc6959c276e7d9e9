"""Where a messenger counts what is said: what may still be said, and what is held until the person writes again."""

from typing import Any

import pytest
from sqlalchemy import Connection, select

from storage import outbox, people, windows
from storage.outbox import COURTESY, MUST, REPLY, Parcel
from storage.people import Account
from storage.tables import outbox as rows
from storage.windows import Window
from tests.storage.making import NOW, after, an_order, somebody


@pytest.fixture
def zhang(connection: Connection) -> Account:
    person = somebody(connection)
    return people.add_account(connection, person.id, channel="kf", address="wm1", chat="wm1", now=NOW)


def posted(connection: Connection, account: Account, words: str, **others: Any) -> Parcel:
    values = {"kind": "say", "body": {"text": words}, "now": NOW, "person": account.person} | others
    outbox.post(connection, channel=account.channel, chat=account.chat, **values)
    return outbox.parcels_of(connection, select(rows).order_by(rows.c.id.desc()).limit(1))[0]


def claim(connection: Connection, *, at: float = 0) -> list[Parcel]:
    return outbox.claim(connection, ["kf"], holder="me", now=after(at))


def words(parcels: list[Parcel]) -> list[str]:
    return [parcel.body["text"] for parcel in parcels]


def test_before_the_first_word_no_window_is_open(connection: Connection, zhang: Account):
    assert windows.of(connection, "kf", "wm1") == Window(None, 0)
    assert windows.of(connection, "kf", "nobody") == Window(None, 0)


def test_each_word_opens_a_window_and_each_message_is_counted_in_it(connection: Connection, zhang: Account):
    windows.heard(connection, zhang, at=after(1), now=after(1))
    for n in (1, 2):
        windows.count(connection, "kf", "wm1", n, window=windows.of(connection, "kf", "wm1"))
    assert windows.of(connection, "kf", "wm1") == Window(after(1), 3)

    windows.heard(connection, zhang, at=after(2), now=after(2), n_said=4)
    assert windows.of(connection, "kf", "wm1") == Window(after(2), 4)


def test_what_was_said_in_the_last_window_takes_nothing_from_the_next(connection: Connection, zhang: Account):
    windows.count(connection, "kf", "wm1", 1, window=Window(None))
    windows.heard(connection, zhang, at=after(1), now=after(1))
    last = windows.of(connection, "kf", "wm1")
    windows.heard(connection, zhang, at=after(2), now=after(2))

    windows.count(connection, "kf", "wm1", 1, window=last)

    assert windows.of(connection, "kf", "wm1") == Window(after(2), 0)


def test_a_word_that_comes_late_shortens_no_window(connection: Connection, zhang: Account):
    windows.heard(connection, zhang, at=after(10), now=after(10))
    windows.heard(connection, zhang, at=after(3), now=after(11))

    assert windows.of(connection, "kf", "wm1").heard_at == after(10)


def test_a_window_is_shut_at_its_end_and_stays_as_full_as_it_was(connection: Connection, zhang: Account):
    windows.heard(connection, zhang, at=NOW, now=NOW)
    windows.shut(connection, "kf", "wm1", 5)
    assert windows.of(connection, "kf", "wm1") == Window(NOW, 5)

    windows.count(connection, "kf", "wm1", 2, window=Window(NOW))
    windows.shut(connection, "kf", "wm1", 5)
    assert windows.of(connection, "kf", "wm1") == Window(NOW, 7)


def test_what_is_held_is_claimed_by_nobody_holds_nobody_back_and_counts_as_no_trouble(connection: Connection, zhang: Account):
    windows.hold(connection, [posted(connection, zhang, "師傅出發了")])
    outbox.post(connection, channel="kf", chat="wm1", kind="say", body={"text": "結案"}, now=after(1), priority=COURTESY)

    assert words(claim(connection, at=60)) == ["結案"]
    assert (outbox.n_waiting(connection), windows.n_held(connection)) == (1, 1)
    assert outbox.next_moment(connection, ["kf"]) == after(1)


def test_the_next_word_releases_what_is_held_in_its_order_but_no_stale_answers(connection: Connection, zhang: Account):
    held = [
        posted(connection, zhang, "師傅是王師傅", priority=MUST),
        posted(connection, zhang, "哪裡壞了？", priority=REPLY),
        posted(connection, zhang, "服務結束了", priority=COURTESY),
    ]
    windows.hold(connection, held)
    assert claim(connection, at=5) == []

    windows.heard(connection, zhang, at=after(6), now=after(6))

    assert words(claim(connection, at=6)) == ["師傅是王師傅", "服務結束了"]
    assert windows.n_held(connection) == 0


def test_another_person_s_word_releases_nothing(connection: Connection, zhang: Account):
    windows.hold(connection, [posted(connection, zhang, "師傅出發了")])
    li = people.add_account(connection, somebody(connection, "李小姐").id, channel="kf", address="wm2", chat="wm2", now=NOW)

    windows.heard(connection, li, at=NOW, now=NOW)

    assert windows.n_held(connection) == 1


def test_what_was_tried_keeps_its_key_until_it_is_refused(connection: Connection, zhang: Account):
    first = posted(connection, zhang, "師傅出發了")
    outbox.freeze(connection, first, {"ids": [first.id], "bubble": {"text": "師傅出發了"}})
    outbox.put_off(connection, first.id, until=after(1))
    (again,) = claim(connection, at=1)
    assert (again.key, again.frozen) == (first.key, {"ids": [first.id], "bubble": {"text": "師傅出發了"}, "round": 0})

    windows.hold(connection, [again], is_refused=True)
    windows.heard(connection, zhang, at=after(2), now=after(2))

    (anew,) = claim(connection, at=2)
    assert anew.key not in (first.key, "")
    assert anew.frozen == {"round": 1}
    assert len(anew.key) <= 26


def test_two_messages_never_share_a_key(connection: Connection, zhang: Account):
    one, other = posted(connection, zhang, "一"), posted(connection, zhang, "一", now=after(0.01))

    assert one.key != other.key


def test_what_was_tried_is_not_taken_for_a_card_that_still_shows_the_newest_state(connection: Connection, zhang: Account):
    order = an_order(connection)
    subject = f"order:{order.id}"
    card = posted(connection, zhang, "", kind="card", subject=subject, order=order.id)
    outbox.freeze(connection, card, {"ids": [card.id], "bubble": {}})
    outbox.put_off(connection, card.id, until=after(1))

    assert not outbox.refresh_waits(connection, zhang.person, subject, channel="kf", chat="wm1")


def test_what_did_not_arrive_after_all_is_found_by_its_message_and_said_anew(connection: Connection, zhang: Account):
    parcels = [posted(connection, zhang, "師傅出發了"), posted(connection, zhang, "服務結束了")]
    for parcel in parcels:
        outbox.sent(connection, parcel.id, ref="2a-1", now=after(1))
    assert words(windows.sent_as(connection, "kf", "wm1", "2a-1")) == ["師傅出發了", "服務結束了"]
    assert windows.sent_as(connection, "kf", "wm1", "") == []

    for parcel in windows.sent_as(connection, "kf", "wm1", "2a-1"):
        windows.again(connection, parcel, now=after(2))

    anew = claim(connection, at=2)
    assert words(anew) == ["師傅出發了", "服務結束了"]
    assert [one.round for one in anew] == [1, 1]
    assert windows.sent_as(connection, "kf", "wm1", "2a-1") == []


def test_what_waits_for_a_customer_of_an_order_is_told(connection: Connection, zhang: Account):
    order = an_order(connection)
    held = [
        posted(connection, zhang, "師傅出發了", order=order.id),
        posted(connection, zhang, "服務結束了", order=order.id, priority=COURTESY),
        posted(connection, zhang, "別張單", order=order.id + 1),
    ]
    windows.hold(connection, held)

    assert words(windows.held_for(connection, zhang.person, order.id)) == ["師傅出發了"]
