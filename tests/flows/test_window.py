"""Where a messenger counts what is said: a word opens a window, a tap is one, and the office sees what waits (CHANNELS 1b)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from handlers.events import Event, Kind
from handlers.router import handle
from storage import outbox, people, windows
from storage.tables import outbox as rows
from storage.unit import Unit
from storage.windows import Window
from tests import plays
from tests.room import CHANNEL


def happens(cast: SimpleNamespace, kind: Kind, *, ago: float = 0, **told: object) -> None:
    """Something of Zhang's that his messenger tells."""
    room = cast.room
    room.n_events += 1
    moment = room.now - timedelta(seconds=ago)
    event = Event(CHANNEL, "張先生", "張先生", f"{room.n_events}", kind, moment, **told)  # type: ignore[arg-type]
    handle(Unit(room.connection, room.now, room.company.terms, event.key), room.company, event)


def window(cast: SimpleNamespace) -> Window:
    return windows.of(cast.room.connection, CHANNEL, "張先生")


def held_back(cast: SimpleNamespace) -> None:
    """Whatever waits for Zhang finds no room."""
    found = select(rows).where(rows.c.chat == "張先生", rows.c.state == "waiting")
    windows.hold(cast.room.connection, outbox.parcels_of(cast.room.connection, found))


def test_where_nobody_counts_no_window_is_kept(cast: SimpleNamespace) -> None:
    cast.zhang.says("說明")

    assert window(cast) == Window(None, 0)


@pytest.mark.parametrize(("ago", "kept"), [(0.4, 0.0), (3600, 3600.0)])
def test_a_word_opens_a_window_from_the_moment_it_was_said(cast: SimpleNamespace, ago: float, kept: float) -> None:
    happens(cast, Kind.TEXT, text="說明", n_said=0, ago=ago)

    assert window(cast) == Window(cast.room.now - timedelta(seconds=kept), 0)


def test_coming_in_opens_a_window_only_for_a_greeting(cast: SimpleNamespace) -> None:
    happens(cast, Kind.START, n_said=None)
    assert window(cast).heard_at is None

    happens(cast, Kind.START, n_said=4)
    assert window(cast) == Window(cast.room.now, 4)


def test_a_stranger_s_first_word_opens_one_too(cast: SimpleNamespace) -> None:
    room = cast.room
    event = Event(CHANNEL, "林太太", "林太太", "new", Kind.TEXT, room.now, text="漏水", n_said=0)
    handle(Unit(room.connection, room.now, room.company.terms, event.key), room.company, event)

    assert windows.of(room.connection, CHANNEL, "林太太") == Window(room.now, 0)


def test_a_tap_on_keep_me_posted_is_a_word_and_is_answered(cast: SimpleNamespace) -> None:
    cast.zhang.presses_token("w").sees("有進度就通知您")


def test_what_is_held_for_a_customer_stands_in_the_office_s_details_and_not_in_his_own(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    held_back(cast)
    order = cast.room.order()

    cast.li.presses_token(f"o.{order.id}.details").sees("客戶還沒收到", "已收到您的報修，單號 2611-0001")
    cast.zhang.presses_token(f"o.{order.id}.details")
    assert "還沒收到" not in cast.zhang.transcript()


def test_a_messenger_that_says_it_takes_no_more_is_believed(cast: SimpleNamespace) -> None:
    happens(cast, Kind.TEXT, text="說明", n_said=0)
    happens(cast, Kind.SHUT, n_said=5)

    assert window(cast).n_said == 5
    assert people.account_of(cast.room.connection, CHANNEL, "張先生").is_reachable  # type: ignore[union-attr]


def test_what_did_not_arrive_waits_again_and_who_refuses_is_out_of_reach(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    connection, now = cast.room.connection, cast.room.now
    newest = select(rows).where(rows.c.chat == "張先生", rows.c.kind == "card").order_by(rows.c.id.desc()).limit(1)
    (card,) = outbox.parcels_of(connection, newest)
    outbox.sent(connection, card.id, ref="2a", now=now)

    happens(cast, Kind.UNDELIVERED, message="2a", problem="window", n_said=5)
    assert connection.execute(newest).one().state == "waiting"
    assert window(cast).n_said == 5

    outbox.sent(connection, card.id, ref="2b", now=now)
    happens(cast, Kind.UNDELIVERED, message="2b", problem="fail-10", n_said=5)
    cast.li.sees("訊息送不到 張先生")
    assert not people.account_of(connection, CHANNEL, "張先生").is_reachable  # type: ignore[union-attr]


def test_news_of_a_message_that_nobody_sent_change_nothing(cast: SimpleNamespace) -> None:
    happens(cast, Kind.UNDELIVERED, message="9z", problem="fail-10", n_said=5)

    assert people.account_of(cast.room.connection, CHANNEL, "張先生").is_reachable  # type: ignore[union-attr]
