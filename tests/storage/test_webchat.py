"""The web chat's memory: what stands in each chat, and who may read it."""

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from storage import webchat
from storage.webchat import BOT, ME, WebMessage
from tests.storage.making import NOW, after

PHOTO = "a1" * 32


def post(connection: Connection, words: str, address: str = "w1", side: str = BOT, **others: object) -> WebMessage:
    return webchat.post(connection, address, side, {"text": words}, now=NOW, **others)


def words(messages: list[WebMessage]) -> list[str]:
    return [message.body["text"] for message in messages]


def test_a_browser_is_known_by_the_hash_of_its_cookie(connection: Connection):
    webchat.add_session(connection, token_hash="h1", address="w1", seat="clerk", now=NOW)
    webchat.add_session(connection, token_hash="h2", address="w1", now=NOW)

    found = webchat.session_by_token(connection, "h1")

    assert found
    assert (found.address, found.seat) == ("w1", "clerk")
    assert webchat.session_by_token(connection, "other") is None
    assert webchat.is_known(connection, "w1")
    assert not webchat.is_known(connection, "w2")


def test_two_browsers_never_share_a_cookie(connection: Connection):
    webchat.add_session(connection, token_hash="h1", address="w1", now=NOW)

    with pytest.raises(IntegrityError):
        webchat.add_session(connection, token_hash="h1", address="w2", now=NOW)


def test_a_bubble_comes_back_as_posted(connection: Connection):
    posted = post(connection, "冷氣不冷", side=ME, client_key="k1")

    assert webchat.message(connection, "w1", posted.id) == posted
    assert (posted.side, posted.body, posted.at, posted.client_key) == (ME, {"text": "冷氣不冷"}, NOW, "k1")
    assert (posted.edited_at, posted.is_removed) == (None, False)


def test_what_a_browser_sends_twice_stands_once(connection: Connection):
    first = post(connection, "hello", side=ME, client_key="k1")

    again = post(connection, "hello again", side=ME, client_key="k1")

    assert again == first
    assert words(webchat.messages_since(connection, "w1", 0)) == ["hello"]
    assert webchat.last_rev(connection, "w1") == first.rev


def test_the_same_key_in_another_chat_is_another_bubble(connection: Connection):
    post(connection, "mine", client_key="k1")

    assert post(connection, "theirs", address="w2", client_key="k1").body == {"text": "theirs"}


def test_every_chat_counts_its_changes_by_itself_without_gaps(connection: Connection):
    mine = [post(connection, word).rev for word in "abc"]
    theirs = [post(connection, word, address="w2").rev for word in "ab"]

    assert (mine, theirs) == ([1, 2, 3], [1, 2])
    assert (webchat.last_rev(connection, "w1"), webchat.last_rev(connection, "w3")) == (3, 0)


def test_a_page_that_was_away_gets_what_was_added_and_changed_in_that_order(connection: Connection):
    first, _ = post(connection, "first"), post(connection, "second")
    seen = webchat.last_rev(connection, "w1")
    post(connection, "third")
    webchat.revise(connection, "w1", first.id, {"text": "first, corrected"}, now=after(1))

    news = webchat.messages_since(connection, "w1", seen)

    assert words(news) == ["third", "first, corrected"]
    assert news[1].edited_at == after(1)
    assert words(webchat.messages_since(connection, "w1", seen, limit=1)) == ["third"]
    assert webchat.messages_since(connection, "w1", news[-1].rev) == []


def test_the_same_words_again_are_no_change(connection: Connection):
    posted = post(connection, "same")

    assert webchat.revise(connection, "w1", posted.id, {"text": "same"}, now=after(1))

    assert webchat.last_rev(connection, "w1") == posted.rev


def test_nobody_reads_or_changes_another_chats_bubble(connection: Connection):
    posted = post(connection, "mine")

    assert webchat.message(connection, "w2", posted.id) is None
    assert not webchat.revise(connection, "w2", posted.id, {"text": "stolen"}, now=after(1))
    assert webchat.messages_since(connection, "w2", 0) == []
    assert words(webchat.last_messages(connection, "w1")) == ["mine"]


def test_a_page_begins_with_the_newest_and_scrolls_up(connection: Connection):
    for n in range(7):
        post(connection, f"{n}")
    post(connection, "elsewhere", address="w2")

    newest = webchat.last_messages(connection, "w1", limit=3)
    above = webchat.last_messages(connection, "w1", before=newest[0].id, limit=3)

    assert (words(newest), words(above)) == (["4", "5", "6"], ["1", "2", "3"])
    assert words(webchat.last_messages(connection, "w1", before=above[0].id, limit=3)) == ["0"]


def test_somebody_who_only_listened_has_not_spoken(connection: Connection):
    post(connection, "welcome")
    assert not webchat.has_spoken(connection, "w1")

    post(connection, "hello", side=ME)

    assert webchat.has_spoken(connection, "w1")
    assert not webchat.has_spoken(connection, "w2")


@pytest.mark.parametrize("kind", ["photos", "voices", "files"])
def test_a_file_is_shown_to_the_chat_in_which_it_stands(connection: Connection, kind: str):
    body = {"text": "", kind: [PHOTO], "uploads": {PHOTO: "u1"}, "names": {PHOTO: "機器.jpg"}}
    webchat.post(connection, "w1", ME, body, now=NOW)

    shown = webchat.shown_file(connection, "w1", PHOTO)

    assert shown == webchat.ShownFile(PHOTO, "u1", "機器.jpg")
    assert webchat.shown_file(connection, "w2", PHOTO) is None
    assert webchat.shown_file(connection, "w1", "b2" * 32) is None


def test_a_hash_that_somebody_typed_shows_no_file(connection: Connection):
    post(connection, PHOTO, side=ME)
    webchat.post(connection, "w1", ME, {"text": "", "names": {PHOTO: "x"}}, now=NOW)

    assert webchat.shown_file(connection, "w1", PHOTO) is None


def test_only_the_bot_and_the_person_speak_in_a_chat(connection: Connection):
    with pytest.raises(IntegrityError):
        post(connection, "who?", side="other")
