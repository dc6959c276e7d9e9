"""Whoever presses a button that stands no longer hears so at once, not after he has answered everything (story 11)."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from handlers.actions import ACTIONS
from rules.people import Role
from storage import conversations
from tests import plays
from tests.room import Phone, Room

_TOO_LATE = ("refused.stage-passed", "refused.stage-order")
_MOST_QUESTIONS = 12
_ANSWERS = ("張先生 0912-345-678", "3", "11/30 14:00")


def archived(cast: SimpleNamespace) -> None:
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    cast.li.presses("核准")
    cast.wang.presses("📝 工作日報").presses("對，交出去")


def cancelled(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    cast.zhang.presses("取消案件").presses("報錯了")


@pytest.mark.parametrize("play", [plays.dispatched, plays.signed, archived, cancelled])
def test_no_question_is_asked_whose_answer_comes_too_late(play: Callable[[SimpleNamespace], None]) -> None:
    room = Room.open()
    people = {
        "zhang": room.person("張先生"),
        "li": room.person("李主任", Role.SUPERVISOR, Role.MANAGER, Role.CLERK),
        "wang": room.person("王師傅", Role.TECHNICIAN),
    }
    play(SimpleNamespace(room=room, **people))

    in_vain = [(one, action) for action in ACTIONS for one in people if _ends_too_late(room, people[one], action)]

    room.close()
    assert in_vain == [], in_vain


def _ends_too_late(room: Room, phone: Phone, action: str) -> bool:
    """Press an old button of this action, answer what is asked, and see whether that is then refused for the stage."""
    copy = room.copied()
    who = phone.moved(copy)
    who.presses_token(f"o.{copy.order().id}.{action}")
    n_asked = 0
    while (live := conversations.live(copy.connection, who.id)) is not None and n_asked < _MOST_QUESTIONS:
        n_asked += 1
        _answers(who, f"q.{live.id}.{live.turn}")
    newest = copy.raw_row("SELECT body FROM outbox WHERE chat = ? ORDER BY id DESC LIMIT 1", who.name)
    copy.close()
    return n_asked > 0 and any(one in str(newest) for one in _TOO_LATE)


def _answers(who: Phone, stem: str) -> None:
    """The first button of the question that waits, or whatever it takes."""
    tokens = [one.token for one in who.buttons(12)]
    pressed = next((token for token in (f"{stem}.0", f"{stem}.s") if token in tokens), "")
    if pressed:
        who.presses_token(pressed)
        return
    for words in _ANSWERS:
        who.says(words)
        if not any(one.token.startswith(stem) for one in who.buttons(12)):
            return
    who.sends_photo("簽名.jpg")
