"""Coming in by a messenger that names nobody: the newcomer says how he is called before anybody is asked about him (ROL-5)."""

from types import SimpleNamespace

import pytest

from handlers.events import Event, Kind
from handlers.render import Reader
from handlers.router import handle
from handlers.undelivered import never
from rules.people import Role
from storage import invitations, outbox, people
from storage.outbox import MUST, REPLY
from storage.unit import Unit
from tests.room import CHANNEL, Phone
from texts import catalog


def nameless(cast: SimpleNamespace, address: str) -> Phone:
    """Somebody of whom the messenger tells nothing but an id; he has said hello."""
    room = cast.room
    hello = Event(CHANNEL, address, address, f"hello-{address}", Kind.TEXT, room.now, text="您好")
    handle(Unit(room.connection, room.now, room.company.terms, hello.key), room.company, hello)
    account = people.account_of(room.connection, CHANNEL, address)
    assert account is not None
    return Phone(room, address, account.person)


def code(cast: SimpleNamespace, role: Role) -> str:
    return invitations.invite(cast.room.connection, role=role, branch="main", by=cast.li.id, now=cast.room.now)


def test_a_newcomer_without_a_name_is_asked_for_it_and_then_the_administrator_is_asked(cast: SimpleNamespace) -> None:
    administrator = cast.room.person("何經理", Role.ADMINISTRATOR)
    zhao = nameless(cast, "woAJ2GCAAA")

    zhao.says(code(cast, Role.TECHNICIAN)).sees("邀請碼沒問題", "該怎麼稱呼您")
    assert "是您的同事嗎" not in administrator.transcript()
    zhao.says("趙師傅").sees("趙師傅 您好", "管理員確認後")

    assert "趙師傅 用邀請碼加入，身分是技師" in administrator.transcript()
    administrator.presses("是我們的人").sees("趙師傅 已加入")
    assert "趙師傅 歡迎加入" in zhao.transcript()


def test_who_has_a_name_is_asked_for_none(cast: SimpleNamespace) -> None:
    newcomer = cast.room.stranger("錢師傅")

    newcomer.says(code(cast, Role.TECHNICIAN)).sees("錢師傅 您好", "管理員確認後")

    assert "稱呼" not in newcomer.transcript()


@pytest.mark.parametrize("language", catalog.LANGUAGES)
@pytest.mark.parametrize("text", ["report.address", "clarify.address", "arrive.place", "misread.location-wanted"])
def test_where_no_place_can_be_shared_nobody_is_told_to_share_one(text: str, language: str) -> None:
    words = Reader(language, "Asia/Taipei", lambda _: "", shares_places=False).say(text)

    assert not any(one in words for one in ("位置", "share", "location")), words
    assert words != Reader(language, "Asia/Taipei", lambda _: "").say(text)


@pytest.mark.parametrize(("priority", "n_alarms"), [(REPLY, 0), (MUST, 1)])
def test_a_greeting_that_comes_too_late_is_nobody_s_alarm(cast: SimpleNamespace, priority: int, n_alarms: int) -> None:
    room, passer_by = cast.room, nameless(cast, "woAJ2GCAAA")
    outbox.post(room.connection, channel=CHANNEL, chat="woAJ2GCAAA", kind="say", body={"text": "start.customer"}, now=room.now,
                person=passer_by.id, priority=priority)  # fmt: skip
    parcel = max(outbox.claim(room.connection, [CHANNEL], holder="me", now=room.now), key=lambda one: one.id)

    never(Unit(room.connection, room.now, room.company.terms), room.company, parcel, "never-wrote")

    assert cast.li.transcript().count("訊息送不到") == n_alarms


@pytest.mark.parametrize("code", ["m_Kp3xQ9zLw7RtY2vB5nHc", "wk_Kp3xQ9zLw7RtY2vB5nH", "v_Kp3xQ9zLw7RtY2vB5nHc"])
def test_a_code_that_happens_to_begin_like_a_sticker_s_is_a_code(cast: SimpleNamespace, code: str) -> None:
    """One invitation in some thousands."""
    given = {"role": Role.TECHNICIAN, "branch": "main", "by": cast.li.id}
    invitations.invite(cast.room.connection, **given, now=cast.room.now, code=code)

    cast.stranger.starts(code)

    assert Role.TECHNICIAN in cast.stranger.who().roles
