"""What customers send through 微信客服, read as events."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.wecom_kf_read import customer_of, key_of, msgid, read_message, ref_of, welcome_of
from handlers.events import Event, Kind, Media

ZHANG = "wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw"


def message(msgtype: str, told: Any, **others: Any) -> dict[str, Any]:
    head = {"msgid": "m1", "open_kfid": "wk1", "external_userid": ZHANG, "send_time": 1615478585, "origin": 3}
    return head | {"msgtype": msgtype, msgtype: told} | others


def happened(**told: Any) -> dict[str, Any]:
    event = {"open_kfid": "wk1", "external_userid": ZHANG} | told
    return {"msgid": "e1", "send_time": 1615478585, "origin": 4, "msgtype": "event", "event": event}


def read(raw: dict[str, Any]) -> Event:
    event = read_message(raw, "kf")
    assert event is not None
    return event


def test_a_text_is_a_text_from_its_sender_at_its_time() -> None:
    event = read(message("text", {"content": "冷氣漏水"}))

    assert (event.kind, event.text, event.key) == (Kind.TEXT, "冷氣漏水", "m1")
    assert (event.address, event.chat) == (ZHANG, ZHANG)
    assert event.at == datetime(2021, 3, 11, 16, 3, 5, tzinfo=UTC)
    assert event.n_said == 0


def test_a_line_of_a_menu_is_a_press() -> None:
    event = read(message("text", {"content": "就這些", "menu_id": "q.5.2.0"}))

    assert (event.kind, event.token) == (Kind.PRESS, "q.5.2.0")


@pytest.mark.parametrize(
    ("msgtype", "kind", "mime"),
    [("image", Kind.PHOTO, "image/jpeg"), ("voice", Kind.VOICE, "audio/amr"), ("file", Kind.FILE, "application/octet-stream")],
)
def test_files_can_be_fetched_by_their_id(msgtype: str, kind: Kind, mime: str) -> None:
    event = read(message(msgtype, {"media_id": "MEDIA"}))

    assert (event.kind, event.media) == (kind, Media("MEDIA", mime))


def test_a_place_is_brought_back_from_mainland_maps() -> None:
    told = {"latitude": 39.910126, "longitude": 116.403743, "name": "天安门", "address": "北京市东城区东长安街"}

    place = read(message("location", told)).place

    assert place is not None
    assert (place.latitude, place.longitude) == pytest.approx((39.908722, 116.397499), abs=1e-5)
    assert place.label == "北京市东城区东长安街 天安门"


@pytest.mark.parametrize(
    ("msgtype", "told"),
    [
        ("video", {"media_id": "MEDIA"}),
        ("link", {"title": "新聞", "url": "https://example.com"}),
        ("business_card", {"userid": "wang"}),
        ("miniprogram", {"title": "x"}),
        ("msgmenu", {"head_content": "x"}),
        ("channels_shop_order", {}),
        ("image", {}),
        ("location", {"latitude": 91, "longitude": 0}),
        ("location", {"latitude": "north"}),
    ],
)
def test_whatever_else_comes_is_answered_as_unsupported(msgtype: str, told: dict[str, Any]) -> None:
    assert read(message(msgtype, told)).kind is Kind.UNSUPPORTED


@pytest.mark.parametrize("told", [None, "text", 5, ["x"]])
def test_a_message_without_its_contents_breaks_nothing(told: Any) -> None:
    assert read(message("text", told)).text == ""
    assert read(message("image", told)).kind is Kind.UNSUPPORTED


def test_coming_in_with_a_greeting_to_give_is_a_start_after_which_one_message_may_be_said() -> None:
    event = read(happened(event_type="enter_session", scene="abc", welcome_code="CODE"))

    assert (event.kind, event.text, event.n_said) == (Kind.START, "", 4)
    assert welcome_of(happened(event_type="enter_session", welcome_code="CODE")) == "CODE"


def test_coming_in_by_a_machine_s_sticker_brings_its_payload_and_opens_no_window() -> None:
    event = read(happened(event_type="enter_session", scene="sticker", scene_param="m_大金 FTXV50_E123"))

    assert (event.kind, event.text, event.n_said) == (Kind.START, "m_大金 FTXV50_E123", None)


def test_coming_in_by_a_short_code_in_the_scene_itself() -> None:
    assert read(happened(event_type="enter_session", scene="m_FTXV50_E123")).text == "m_FTXV50_E123"


def test_looking_in_once_more_needs_no_answer() -> None:
    assert read_message(happened(event_type="enter_session", scene="12345", scene_param=""), "kf") is None


@pytest.mark.parametrize(
    ("fail_type", "problem"), [(4, "window"), (5, "window"), (6, "window"), (0, "fail-0"), (1, "fail-1"), (10, "fail-10")]
)
def test_what_did_not_arrive_is_named_with_its_reason(fail_type: int, problem: str) -> None:
    raw = happened(event_type="msg_send_fail", fail_msgid=msgid("2a-5f", 3), fail_type=fail_type)

    event = read(raw)

    assert (event.kind, event.message, event.problem) == (Kind.UNDELIVERED, "2a-5f", problem)


def test_a_session_that_somebody_took_over_or_ended_is_shut() -> None:
    assert read(happened(event_type="session_status_change", change_type=3)).kind is Kind.SHUT


@pytest.mark.parametrize(
    "raw",
    [
        message("text", {"content": "我是客服"}, origin=5, servicer_userid="wang"),
        happened(event_type="servicer_status_change", status=1),
        happened(event_type="user_recall_msg", recall_msgid="m1"),
        happened(event_type="msg_send_fail"),
        happened(event_type=["x"]),
        {"msgid": "e", "origin": 4, "msgtype": "event", "event": {"event_type": "servicer_status_change"}},
        {"msgtype": "text"},
        {},
    ],
)
def test_what_colleagues_and_the_system_do_among_themselves_is_nothing_to_us(raw: dict[str, Any]) -> None:
    assert read_message(raw, "kf") is None


def test_a_message_is_known_by_its_id_or_by_everything_it_says() -> None:
    without = {"origin": 4, "msgtype": "event", "event": {"external_userid": ZHANG}}

    assert key_of(message("text", {})) == "m1"
    assert key_of(without) == key_of(dict(reversed(without.items())))
    assert key_of(without) != key_of(without | {"origin": 3})
    assert customer_of(without) == ZHANG


def test_the_parts_of_a_bubble_lead_back_to_it() -> None:
    assert [ref_of(msgid("2a-5f", n)) for n in (0, 11)] == ["2a-5f", "2a-5f"]
    assert ref_of("of-somebody-else") == "of-somebody-else"
