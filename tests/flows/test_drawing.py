"""The address under which a signature is drawn: only for the question that it belongs to (SIG-1, SIG-2)."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from handlers.drawing import find, take
from tests import plays

ADDRESS = "https://desk.example"


@pytest.fixture
def asked(cast: SimpleNamespace) -> SimpleNamespace:
    """The technician is asked for the signature; the token of the page."""
    cast.room.company = replace(cast.room.company, page_address=ADDRESS)
    plays.finished(cast)
    cast.wang.presses("簽名").presses("跳過").says("張先生").presses("客戶本人").sees("請客戶在螢幕上簽名")
    url = next(one.url for row in cast.wang.last().rows for one in row if one.url)
    assert url.startswith(f"{ADDRESS}/sign/")
    cast.token = url.rsplit("/", 1)[1]
    return cast


def test_the_page_shows_what_is_signed_and_by_whom(asked: SimpleNamespace) -> None:
    drawing = find(asked.room.connection, asked.token, now=asked.room.now)

    assert drawing is not None
    assert drawing.signer == "張先生"
    assert "排水管堵塞" in drawing.shown
    assert (drawing.order, drawing.person) == (asked.room.order().id, asked.wang.id)


def test_the_page_is_over_when_the_conversation_is(asked: SimpleNamespace) -> None:
    asked.wang.says("取消")

    assert find(asked.room.connection, asked.token, now=asked.room.now) is None


def test_the_page_is_over_when_the_question_was_left(asked: SimpleNamespace) -> None:
    asked.wang.says("上一題")

    assert find(asked.room.connection, asked.token, now=asked.room.now) is None


def test_the_page_is_good_for_two_hours(asked: SimpleNamespace) -> None:
    assert find(asked.room.connection, asked.token, now=asked.room.later(minutes=119)) is not None
    assert find(asked.room.connection, asked.token, now=asked.room.later(minutes=2)) is None


def test_it_is_taken_once(asked: SimpleNamespace) -> None:
    drawing = find(asked.room.connection, asked.token, now=asked.room.now)

    assert take(asked.room.connection, drawing, "a" * 64, now=asked.room.now) is not None
    assert take(asked.room.connection, drawing, "a" * 64, now=asked.room.now) is None


def test_where_no_browser_reaches_our_pages_nothing_is_offered(cast: SimpleNamespace) -> None:
    plays.finished(cast)
    cast.wang.presses("簽名").presses("跳過").says("張先生").presses("客戶本人")

    assert not [one for row in cast.wang.last().rows for one in row if one.url]
