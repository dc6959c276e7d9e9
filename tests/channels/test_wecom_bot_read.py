"""What a callback of the smart bot means."""

import json
from typing import Any

import pytest

from bot.channels.wecom_bot_read import parts_of, read_update
from handlers.events import Event, Kind

CAME = "2026-11-25T09:00:00+00:00"
PICTURE = {"url": "https://files.example/1", "aeskey": "a2V5"}


def frame(sort: str, content: Any, *, group: str = "", **more: Any) -> dict[str, Any]:
    where = {"chattype": "group", "chatid": group} if group else {"chattype": "single"}
    body = {"msgid": "m-1", "aibotid": "b", "from": {"userid": "WangShiFu"}, "msgtype": sort, sort: content} | where | more
    return {"cmd": "aibot_msg_callback", "headers": {"req_id": "r-1"}, "body": body}


def happening(event: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"msgid": "m-1", "create_time": 1700000000, "from": {"userid": "WangShiFu"}, "msgtype": "event", "event": event}
    return {"cmd": "aibot_event_callback", "headers": {"req_id": "r-1"}, "body": body | more}


def read(told: Any, part: int = 0) -> Event | None:
    return read_update({"frame": told, "part": part, "received_at": CAME}, "wecom-bot")


def event(told: Any, part: int = 0) -> Event:
    found = read(told, part)
    assert found is not None
    return found


def test_a_text_is_its_writer_s_word_at_the_time_it_came() -> None:
    found = event(frame("text", {"content": " 到了 "}))

    assert (found.channel, found.address, found.chat, found.key) == ("wecom-bot", "WangShiFu", "WangShiFu", "m-1")
    assert (found.kind, found.text, found.name, found.at.isoformat()) == (Kind.TEXT, "到了", "", CAME)


def test_the_time_of_sending_counts_where_wecom_tells_it() -> None:
    assert event(frame("text", {"content": "到了"}, create_time=1700000000)).at.isoformat() == "2023-11-14T22:13:20+00:00"


def test_a_reply_carries_the_words_it_replies_to() -> None:
    quote = {"msgtype": "text", "text": {"content": "2611-0001 派給您"}}

    assert event(frame("text", {"content": "收到"}, quote=quote)).quoted == "2611-0001 派給您"


def test_a_voice_note_is_its_transcript() -> None:
    assert (event(frame("voice", {"content": "到了"})).kind, event(frame("voice", {"content": "到了"})).text) == (
        Kind.TEXT,
        "到了",
    )
    assert event(frame("voice", {"content": ""})).kind is Kind.UNSUPPORTED


@pytest.mark.parametrize(("sort", "kind"), [("image", Kind.PHOTO), ("file", Kind.FILE)])
def test_a_file_is_named_by_its_address_and_its_own_key(sort: str, kind: Kind) -> None:
    found = event(frame(sort, PICTURE))

    assert found.kind is kind
    assert found.media is not None
    assert json.loads(found.media.handle) == {"url": PICTURE["url"], "key": "a2V5"}


@pytest.mark.parametrize("sort", ["video", "sticker", "location"])
def test_whatever_else_somebody_sends_is_answered_as_not_understood(sort: str) -> None:
    assert event(frame(sort, PICTURE)).kind is Kind.UNSUPPORTED


def test_words_and_pictures_in_one_message_are_an_album_under_its_words() -> None:
    pieces = [
        {"msgtype": "text", "text": {"content": "漏水"}},
        {"msgtype": "image", "image": PICTURE},
        {"msgtype": "image", "image": PICTURE | {"url": "https://files.example/2"}},
    ]
    told = frame("mixed", {"msg_item": pieces})

    first, second = [event(raw["frame"], raw["part"]) for raw in parts_of(told)]

    assert (first.kind, first.text, first.key, first.album) == (Kind.PHOTO, "漏水", "m-1", "m-1")
    assert (second.kind, second.text, second.key, second.album) == (Kind.PHOTO, "", "m-1#1", "m-1")
    assert first.media != second.media


def test_mixed_without_a_picture_is_text() -> None:
    told = frame(
        "mixed", {"msg_item": [{"msgtype": "text", "text": {"content": "一"}}, {"msgtype": "text", "text": {"content": "二"}}]}
    )

    assert [event(raw["frame"]).text for raw in parts_of(told)] == ["一\n二"]


def test_a_group_s_word_to_the_bot_is_no_answer_to_anything() -> None:
    found = event(frame("text", {"content": "@外勤幫手 /mine"}, group="wr-7"))

    assert (found.kind, found.chat, found.address, found.text) == (Kind.GROUP, "group:wr-7", "WangShiFu", "/mine")
    assert event(frame("mixed", {"msg_item": [{"msgtype": "image", "image": PICTURE}]}, group="wr-7")).kind is Kind.GROUP


def test_somebody_who_comes_in_starts() -> None:
    found = event(happening({"eventtype": "enter_chat"}))

    assert (found.kind, found.text, found.chat) == (Kind.START, "", "WangShiFu")


@pytest.mark.parametrize("is_nested", [True, False])
def test_a_press_names_card_button_and_how_to_answer(is_nested: bool) -> None:
    told = {"task_id": "fh-1", "event_key": "o.1.accept", "card_type": "button_interaction"}
    shape = {"template_card_event": told} if is_nested else told

    found = event(happening({"eventtype": "template_card_event"} | shape))

    assert (found.kind, found.token, found.message, found.press) == (Kind.PRESS, "o.1.accept", "fh-1", "r-1")


@pytest.mark.parametrize(
    "told",
    [
        happening({"eventtype": "feedback_event", "feedback_event": {"id": "1"}}),
        happening({"eventtype": "something_new"}),
        happening({"eventtype": "template_card_event"}),
        happening({"eventtype": "template_card_event", "template_card_event": {"task_id": 1, "event_key": "x"}}),
        happening({"eventtype": "enter_chat"}, **{"from": None}),
        frame("text", {"content": "x"}, **{"from": {"userid": ""}}),
        frame("text", {"content": "x"}, **{"from": {"userid": "x" * 200}}),
        frame("text", {"content": "x"}, group="x" * 200),
        frame("image", {"url": 7, "aeskey": "a2V5"}),
        frame("image", "x"),
        frame("text", {"content": "x"}, create_time=10**30),
        {"cmd": "aibot_msg_callback", "body": []},
        {"cmd": "aibot_msg_callback"},
        {},
    ],
)
def test_what_is_unknown_or_malformed_means_nothing(told: dict[str, Any]) -> None:
    assert read(told) is None
    assert parts_of(told) == []


def test_a_callback_without_a_number_is_known_by_its_contents() -> None:
    told = frame("text", {"content": "到了"}, msgid=None)
    other = frame("text", {"content": "好了"}, msgid=None)

    assert event(told).key == event(told).key != event(other).key
    assert (
        event(frame("text", {"content": "到了"}, msgid="x" * 500)).key
        != event(frame("text", {"content": "一"}, msgid="x" * 500)).key
    )
