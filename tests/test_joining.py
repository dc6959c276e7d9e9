"""Several messages as one, and as much of them as there is room for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.channels.base import Allowance
from bot.joining import Piece, fit_in, join
from bot.parcels import Ready
from handlers.bubbles import Bubble, Button
from storage.outbox import COURTESY, MUST, REPLY, Parcel

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
BUTTON = Button("詳情", "o.1.details")


def weigh(bubble: Bubble) -> int:
    """A message for each ten characters, and one for each file."""
    return -(-len(bubble.text) // 10) + len(bubble.photos) + len(bubble.voices) + len(bubble.files)


def piece(words: str, priority: int = MUST, *, is_open: bool = False, **more: object) -> Piece:
    parcel = Parcel(1, 1, "kf", "wm1", "say", priority < COURTESY, None, "", {}, 1, NOW, priority)
    return Piece(parcel, Ready(replace(Bubble(words), **more), language="zh-Hant"), is_open)  # type: ignore[arg-type]


def test_one_message_stays_as_it_is() -> None:
    bubble = Bubble("師傅出發了", title="工單 2611-0001", rows=((BUTTON,),))

    assert join([bubble]) is bubble


def test_texts_and_buttons_stand_below_each_other_and_of_two_that_read_alike_the_newest_stays() -> None:
    older = (Button("不能接受", "x"), Button(BUTTON.label, "o.2.details"))
    first = Bubble("師傅是王師傅", title="工單 2611-0001", rows=(older,), photos=("a",), pick="號碼")
    second = Bubble("他出發了", rows=((BUTTON,),), files=("f",), file_names=("報告.pdf",))
    third = Bubble("他到了", photos=("b", "a"))

    joined = join([first, second, third])

    assert joined.text == "工單 2611-0001\n師傅是王師傅\n\n他出發了\n\n他到了"
    assert (joined.title, joined.rows) == ("", ((older[0],), (BUTTON,)))
    assert (joined.photos, joined.files, joined.file_names) == (("a", "b"), ("f",), ("報告.pdf",))


@pytest.mark.parametrize(
    ("priority", "room", "goes"), [(REPLY, 1, True), (MUST, 1, True), (COURTESY, 2, False), (COURTESY, 3, True)]
)
def test_how_much_room_each_sort_needs(priority: int, room: int, goes: bool) -> None:
    assert (fit_in([piece("一句話", priority)], room, weigh) is not None) == goes


def test_without_room_nothing_goes() -> None:
    assert fit_in([piece("一句話", REPLY)], 0, weigh) is None


def test_a_courtesy_goes_along_with_what_must_arrive() -> None:
    fit = fit_in([piece("客氣", COURTESY), piece("要緊", MUST)], 1, weigh)

    assert fit is not None
    assert len(fit.pieces) == 2


def test_what_does_not_fit_any_more_waits_behind_what_does() -> None:
    fit = fit_in([piece("第一則"), piece("第二則"), piece("第三則很長很長很長")], 1, weigh)

    assert fit is not None
    assert (fit.bubble.text, fit.weight) == ("第一則\n\n第二則", 1)


def test_files_give_way_to_words_from_the_last_on_and_their_number_is_said() -> None:
    bubble = {"photos": ("a", "b"), "voices": ("v",), "files": ("f",), "file_names": ("報告.pdf",)}

    fit = fit_in([piece("照片", **bubble)], 4, weigh)

    assert fit is not None
    assert (fit.bubble.photos, fit.bubble.voices, fit.bubble.files, fit.bubble.file_names) == (("a", "b"), (), (), ())
    assert "2 個附件" in fit.bubble.text


def test_near_the_end_of_the_room_a_word_is_asked_for_as_long_as_the_order_goes_on() -> None:
    def wide(bubble: Bubble) -> int:
        return 1

    asking = fit_in([piece("要緊", is_open=True)], 2, wide)
    ample = fit_in([piece("要緊", is_open=True)], 3, wide)
    over = fit_in([piece("要緊", is_open=False)], 1, wide)

    assert asking is not None and ample is not None and over is not None
    assert [row[-1].token for row in asking.bubble.rows] == ["w"]
    assert (ample.bubble.rows, over.bubble.rows) == ((), ())


def test_asking_for_a_word_never_costs_a_message_more() -> None:
    fit = fit_in([piece("要緊", is_open=True)], 2, weigh)

    assert fit is not None
    assert (fit.bubble.text, fit.weight) == ("要緊", 1)


def test_an_allowance_lasts_for_so_many_messages_and_so_long() -> None:
    allowance = Allowance(5, 3600.0)

    assert allowance.room(None, 0, NOW) == 0
    assert allowance.room(NOW, 0, NOW) == 5
    assert allowance.room(NOW, 4, NOW.replace(minute=59)) == 1
    assert allowance.room(NOW, 7, NOW) == 0
    assert allowance.room(NOW, 0, NOW.replace(hour=2)) == 0
