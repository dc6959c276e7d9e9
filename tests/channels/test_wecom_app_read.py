"""What comes from WeCom, as events; what is malformed or unheard of means nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.gcj02 import shift, to_wgs84
from bot.channels.wecom_app_read import card_of, read_told, ref_of
from handlers.events import Event, Kind, Media

HEAD = {"ToUserName": "ww1", "FromUserName": "WangShiFu", "CreateTime": "1764061200", "AgentID": "1000002"}


def read(told: dict[str, str], **more: Any) -> Event | None:
    return read_told({"told": HEAD | told, "key": "k", "name": "王師傅"} | more, "wecom")


def test_a_text_says_who_when_and_what() -> None:
    event = read({"MsgType": "text", "Content": "到了", "MsgId": "1"})

    assert event == Event(
        "wecom", "WangShiFu", "WangShiFu", "k", Kind.TEXT, datetime.fromtimestamp(1764061200, UTC), text="到了", name="王師傅"
    )


def test_pictures_and_voices_are_to_be_fetched() -> None:
    photo = read({"MsgType": "image", "MediaId": "m1", "PicUrl": "http://p"})
    voice = read({"MsgType": "voice", "MediaId": "m2", "Format": "amr"})

    assert photo is not None and (photo.kind, photo.media) == (Kind.PHOTO, Media("m1", mime="image/jpeg"))
    assert voice is not None and (voice.kind, voice.media) == (Kind.VOICE, Media("m2", mime="audio/amr"))


@pytest.mark.parametrize("kind", ["video", "link", "shortvideo", "whatever WeCom invents"])
def test_what_we_can_not_use_is_said_to_be_so(kind: str) -> None:
    event = read({"MsgType": kind, "MediaId": "m"})

    assert event is not None and event.kind is Kind.UNSUPPORTED


def test_a_press_on_a_card_names_the_bubble_whatever_has_become_of_the_card() -> None:
    told = {"MsgType": "event", "Event": "template_card_event", "EventKey": "o.1.accept", "ResponseCode": "c"}
    for task in ("ab12-0", "ab12-0@f3f3f3", "ab12-1"):
        event = read(told | {"TaskId": task})
        assert event is not None and (event.kind, event.token, event.message) == (Kind.PRESS, "o.1.accept", "ab12")
    assert (card_of("ab12-1@f3"), ref_of("ab12-1@f3")) == ("ab12-1", "ab12")


def test_a_line_of_the_menu_is_a_press_too() -> None:
    event = read({"MsgType": "event", "Event": "click", "EventKey": "m.mine"})

    assert event is not None and (event.kind, event.token, event.message) == (Kind.PRESS, "m.mine", "")


def test_entering_greets_once_and_leaving_ends_it() -> None:
    entered = {"MsgType": "event", "Event": "enter_agent", "EventKey": ""}

    greeted, left = read(entered, is_first=True), read({"MsgType": "event", "Event": "unsubscribe"})
    assert greeted is not None and (greeted.kind, greeted.text) == (Kind.START, "")
    assert left is not None and left.kind is Kind.BLOCKED
    assert read(entered, is_first=False) is None
    assert read({"MsgType": "event", "Event": "subscribe"}, is_first=False) is None


@pytest.mark.parametrize(
    "event", ["LOCATION", "view", "pic_sysphoto", "location_select", "batch_job_result", "change_contact", ""]
)
def test_events_that_ask_nothing_of_us_mean_nothing(event: str) -> None:
    assert read({"MsgType": "event", "Event": event, "EventKey": "x"}) is None


@pytest.mark.parametrize(
    "told",
    [
        {"MsgType": "text", "Content": "x", "CreateTime": "soon"},
        {"MsgType": "text", "Content": "x", "CreateTime": "9" * 30},
        {"MsgType": "image"},
        {"MsgType": "image", "MediaId": ""},
        {"MsgType": "voice"},
        {"MsgType": "event"},
        {"MsgType": "event", "Event": "click"},
        {"MsgType": "event", "Event": "template_card_event", "EventKey": "x"},
        {"MsgType": "location", "Location_X": "nan", "Location_Y": "1"},
        {"MsgType": "location", "Location_X": "91", "Location_Y": "1"},
        {"MsgType": "location", "Location_X": "31"},
        {},
    ],
)
def test_a_wrong_shape_means_nothing(told: dict[str, str]) -> None:
    assert read(told) is None
    assert read_told({}, "wecom") is None
    assert read_told({"told": "x"}, "wecom") is None


def test_a_place_in_mainland_china_is_put_where_it_really_is() -> None:
    event = read({"MsgType": "location", "Location_X": "39.908692", "Location_Y": "116.397477", "Label": "天安門"})

    assert event is not None and event.place is not None
    assert event.place.label == "天安門"
    assert (event.place.latitude, event.place.longitude) == pytest.approx((39.907288, 116.391234), abs=2e-5)


@pytest.mark.parametrize(
    "place", [(25.0330, 121.5654), (24.1477, 120.6736), (22.3193, 114.1694), (22.19, 113.54), (35.68, 139.69)]
)
def test_places_outside_the_mainland_are_left_as_they_are(place: tuple[float, float]) -> None:
    assert to_wgs84(*place) == place


@given(st.floats(23.6, 45), st.floats(81, 119))
def test_the_correction_undoes_the_shift_to_a_few_centimetres(latitude: float, longitude: float) -> None:
    shown = shift(latitude, longitude)

    assert to_wgs84(*shown) == pytest.approx((latitude, longitude), abs=1e-6)
    assert 5e-5 < abs(shown[0] - latitude) + abs(shown[1] - longitude) < 0.02
