"""Where the living message of a subject stands, and what a message that somebody replied to was about."""

from sqlalchemy import Connection

from storage import living_cards, outbox
from tests.storage.making import NOW, after, somebody


def test_a_living_card_is_remembered_and_replaced(connection: Connection):
    zhang = somebody(connection)
    keep = {"person": zhang.id, "subject": "order:5", "channel": "telegram", "chat": "77"}
    assert living_cards.card(connection, **keep) is None

    living_cards.keep_card(connection, **keep, ref="9", body_hash="aa", headline={"text": "order.new"}, now=NOW)
    living_cards.keep_card(connection, **keep, ref="10", body_hash="bb", headline=None, now=after(1))

    assert living_cards.card(connection, **keep) == living_cards.Card("10", "bb", None)
    assert living_cards.holders(connection, "order:5") == [(zhang.id, "telegram", "77")]
    assert living_cards.holders(connection, "order:6") == []


def test_a_reply_to_a_message_finds_what_it_is_about(connection: Connection):
    zhang = somebody(connection)
    outbox.post(connection, channel="telegram", chat="77", kind="say", body={}, subject="order:4", now=NOW)
    (parcel,) = outbox.claim(connection, ["telegram"], holder="me", now=NOW)
    outbox.sent(connection, parcel.id, ref="8", now=NOW)
    living_cards.keep_card(connection, zhang.id, "order:5", "telegram", "77", ref="9", body_hash="", headline=None, now=NOW)

    assert living_cards.subject_of(connection, "telegram", "77", "9") == "order:5"
    assert living_cards.subject_of(connection, "telegram", "77", "8") == "order:4"
    assert living_cards.subject_of(connection, "telegram", "88", "9") == ""
