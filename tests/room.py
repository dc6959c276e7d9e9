"""A desk without sockets: the real handlers over a real database, turn by turn, for the tests of flows and laws."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from hashlib import sha256
from itertools import islice
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from bot.company import public_days
from handlers.bubbles import Bubble, Button
from handlers.events import ContactCard, Event, Kind, Media, Place
from handlers.every_card import card_of
from handlers.render import Reader, render
from handlers.router import handle
from handlers.turn import Company
from rules.people import Person, Role, Standing
from rules.policies import read_policy, to_calendar
from rules.roster import Duty
from rules.terms import Terms
from storage import files, orders, people
from storage.codec import unpack
from storage.engine import open_engine
from storage.tables import metadata, outbox
from storage.tables import orders as order_table
from storage.unit import Unit
from tests.stage import ROOT
from texts import catalog

CHANNEL = "test"


_MONDAY = datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Taipei"))


def at(words: str) -> datetime:
    """`週五 16:00` of the week of Monday 2026-11-23 in Taipei, `下週一 14:00` of the week after."""
    day, clock = words.split()
    hour, minute = (int(one) for one in clock.split(":"))
    weeks = 1 if day.startswith("下") else 0
    return _MONDAY + timedelta(weeks=weeks, days="一二三四五六日".index(day[-1]), hours=hour, minutes=minute)


@cache
def terms_of(profile: str, *, zone: str = "Asia/Taipei", week: str = "") -> Terms:
    """The terms of a profile as it ships, with another week where a story says so."""
    text = (ROOT / "policies" / f"{profile}.toml").read_text(encoding="utf-8")
    policy = read_policy(text, f"{profile}.toml")
    if week:
        policy = replace(policy, calendar=replace(policy.calendar, week=week))
    days_off, days_on = public_days(policy, year=2026)
    return Terms(policy, to_calendar(policy, zone, days_off, days_on))


@cache
def _empty() -> Connection:
    """A database with the newest schema and nothing in it."""
    connection = open_engine("sqlite://").connect()
    metadata.create_all(connection)
    return connection


def _copied(connection: Connection) -> Connection:
    """A new database with everything that is in another one."""
    connection.commit()
    content = connection.connection.dbapi_connection.serialize()  # type: ignore[union-attr]
    copy = open_engine("sqlite://").connect()
    copy.connection.dbapi_connection.deserialize(content)  # type: ignore[union-attr]
    return copy


@dataclass
class Room:
    """One company with its people, at one moment."""

    connection: Connection
    company: Company
    now: datetime
    n_events: int = 0
    n_rendered: int = 0

    @classmethod
    def open(cls, profile: str = "appliance", *, url: str = "", start: str = "週五 16:00", week: str = "") -> "Room":
        """A room in memory, or in the migrated database at `url`."""
        company = Company("測試家電", "Asia/Taipei", "TW", "zh-Hant", "main", terms_of(profile, week=week))
        return cls(open_engine(url).connect() if url else _copied(_empty()), company, at(start))

    def copied(self) -> "Room":
        """Another room in which everything is as in this one."""
        return replace(self, connection=_copied(self.connection))

    def close(self) -> None:
        self.connection.rollback()
        self.connection.close()
        self.connection.engine.dispose()

    def person(self, name: str, *roles: Role, branch: str = "main", language: str = "zh-Hant") -> "Phone":
        """Somebody with an account in this room; without roles he is a customer."""
        added = people.add_person(
            self.connection, name=name, roles=roles or [Role.CUSTOMER], branch=branch if roles else "", language=language,
            now=self.now, standing=Standing.ACTIVE,
        )  # fmt: skip
        people.add_account(self.connection, added.id, channel=CHANNEL, address=name, chat=name, now=self.now)
        return Phone(self, name, added.id, language)

    def stranger(self, name: str) -> "Phone":
        """Somebody whom the desk has never met."""
        return Phone(self, name, 0)

    def order(self, number: str = "") -> Any:
        """An order by number, or the newest."""
        if number:
            return orders.by_number(self.connection, number)
        newest = self.connection.execute(select(order_table.c.id).order_by(order_table.c.id.desc()).limit(1)).scalar_one()
        return orders.by_id(self.connection, newest)

    def leaves(self, phone: "Phone") -> None:
        """Somebody has left the company."""
        self.has_standing(phone, Standing.LEFT)

    def has_standing(self, phone: "Phone", standing: Standing) -> None:
        people.change_person(self.connection, phone.id, standing=standing)

    def duty(self, phone: "Phone", role: Role, start: str, end: str) -> Duty:
        """A turn of duty in this room's branch."""
        return Duty(phone.id, role, "main", at(start), at(end))

    def newest(self) -> int:
        """The newest row of the outbox."""
        return int(self.raw("SELECT coalesce(max(id), 0) FROM outbox"))

    def raw(self, statement: str) -> object:
        """A number straight from SQLite, for what is looked at after every single turn."""
        return self.raw_row(statement)[0]  # type: ignore[index]

    def raw_row(self, statement: str, *values: object) -> object:
        """The same for a whole row, None where there is none."""
        return self.connection.connection.dbapi_connection.execute(statement, values).fetchone()  # type: ignore[union-attr]

    def later(self, **length: float) -> datetime:
        self.now += timedelta(**length)
        return self.now


@cache
def _wanted(text: str) -> frozenset[str]:
    return catalog.fields(catalog.texts(catalog.SOURCE)[text])


class _Strict(Reader):
    """A reader who notices a gap in a text: a fact that it names and nobody gave."""

    def say(self, text: str, facts: Mapping[str, Any] | None = None) -> str:
        lacking = [one for one in _wanted(text) if one not in (facts or {}) and f"{one}_id" not in (facts or {})]
        assert not lacking, f"{text} is said without {lacking}"
        return super().say(text, facts)


_SHOWN = (outbox.c.id, outbox.c.kind, outbox.c.subject, outbox.c.order_id, outbox.c.body)
_NEW = select(*_SHOWN).where(outbox.c.chat == bindparam("chat"), outbox.c.id > bindparam("read")).order_by(outbox.c.id)


@dataclass
class Phone:
    """Somebody's chat in a room."""

    room: Room
    name: str
    id: int
    language: str = "zh-Hant"
    read: int = 0
    bubbles: list[tuple[str, Bubble]] = field(default_factory=list)  # (subject, what stands there)

    def moved(self, room: Room) -> "Phone":
        """The same phone in a copy of its room."""
        return replace(self, room=room, bubbles=list(self.bubbles))

    def says(self, words: str, *, at: datetime | None = None, quoting: str = "") -> "Phone":
        return self._does(Kind.TEXT, text=words, at=at or self.room.now, quoted=quoting)

    def replies(self, ref: str, words: str) -> "Phone":
        """Words in reply to a message."""
        return self._does(Kind.TEXT, text=words, message=ref)

    def edits_to(self, words: str) -> "Phone":
        """Change a message that was sent already."""
        return self._does(Kind.TEXT, text=words, is_edit=True)

    def writes_in_a_group(self, words: str, group: "Phone | None" = None) -> "Phone":
        return self._does(Kind.GROUP, text=words, chat=group.name if group else "", is_group=True)

    def presses_in_a_group(self, group: "Phone", label: str) -> "Phone":
        """Press a button that stands in a group chat."""
        token = next(one.token for one in group.buttons() if one.label == label)
        return self._does(Kind.PRESS, token=token, chat=group.name, is_group=True)

    def blocks(self) -> "Phone":
        """Block the bot."""
        return self._does(Kind.BLOCKED)

    def presses(self, label: str) -> "Phone":
        """Press the newest button with this label."""
        found = next((one for one in self.buttons() if one.label == label), None)
        found = found or next((one for one in self.buttons() if label in one.label), None)
        assert found is not None, f"{self.name} sees no button {label!r}:\n{self.transcript()}"
        return self.presses_token(found.token)

    def presses_token(self, token: str) -> "Phone":
        return self._does(Kind.PRESS, token=token)

    def sends_photo(
        self, name: str, *, caption: str = "", problem: str = "", at: datetime | None = None, codes: tuple[str, ...] = ()
    ) -> "Phone":
        """A photo that is kept already under the hash of its name; `codes` stand on it in bars."""
        digest = sha256(name.encode()).hexdigest()
        files.note(self.room.connection, sha256=digest, mime="image/jpeg", size=1000, near_hash=digest, now=self.room.now)
        media = Media(name, "image/jpeg", sha256="" if problem else digest, problem=problem, codes=codes)
        return self._does(Kind.PHOTO, text=caption, media=media, at=at or self.room.now)

    def sends_voice(self, name: str = "voice") -> "Phone":
        return self._does(Kind.VOICE, media=Media(name, "audio/ogg", seconds=7, sha256=sha256(name.encode()).hexdigest()))

    def sends_file(self, name: str = "file") -> "Phone":
        return self._does(Kind.FILE, media=Media(name, "application/pdf", name=name, sha256=sha256(name.encode()).hexdigest()))

    def shares_location(self, latitude: float, longitude: float, label: str = "") -> "Phone":
        return self._does(Kind.LOCATION, place=Place(latitude, longitude, label))

    def shares_contact(self, name: str, phone: str) -> "Phone":
        return self._does(Kind.CONTACT, contact=ContactCard(name, phone, is_own=True))

    def starts(self, payload: str = "") -> "Phone":
        return self._does(Kind.START, text=payload)

    def sends_sticker(self) -> "Phone":
        return self._does(Kind.UNSUPPORTED)

    def sees(self, *words: str) -> "Phone":
        """All these words stand in what came since the last own action."""
        self._read()
        fresh = "\n".join(_text(bubble) for _subject, bubble in self.bubbles[self.mark :])
        missing = [one for one in words if one not in fresh]
        assert not missing, f"{self.name} does not see {missing}; new is:\n{fresh}"
        return self

    def sees_nothing_new(self) -> "Phone":
        self._read()
        assert self.bubbles[self.mark :] == [], f"{self.name} sees:\n{self.transcript()}"
        return self

    def last(self) -> Bubble:
        self._read()
        return self.bubbles[-1][1]

    def buttons(self, at_most: int | None = None) -> list[Button]:
        """The buttons that stand in the chat, the newest message first."""
        self._read()
        every = (one for _subject, bubble in reversed(self.bubbles) for row in bubble.rows for one in row if one.token)
        return list(islice(every, at_most))

    def transcript(self) -> str:
        self._read()
        return "\n---\n".join(_text(bubble) for _subject, bubble in self.bubbles[-8:])

    mark: int = 0
    _newest: int = 0

    def _does(self, kind: Kind, *, at: datetime | None = None, chat: str = "", **what: Any) -> "Phone":
        self._read()
        self.mark = len(self.bubbles)
        room = self.room
        room.n_events += 1
        where = chat or self.name
        event = Event(
            CHANNEL, self.name, where, f"{room.n_events}", kind, at or room.now, name=self.name, language="zh-hant", **what
        )
        handle(Unit(room.connection, room.now, room.company.terms, event.key), room.company, event)
        if not self.id:
            account = people.account_of(room.connection, CHANNEL, self.name)
            self.id = account.person if account else 0
        return self

    def _read(self) -> None:
        """Take in what was posted to this chat, as the person would read it now."""
        newest = self.room.newest()
        if newest == self._newest:
            return
        self._newest = newest
        for row in self.room.connection.execute(_NEW, {"chat": self.name, "read": self.read}).all():
            self.read = row.id
            body = dict(unpack(row.body))
            if row.kind == "settle" or (row.kind == "card" and not body["is_fresh"] and not body.get("headline")):
                continue
            if row.kind == "card":
                body = self._card(row.subject) | ({"headline": body["headline"]} if body.get("headline") else {})
            self.bubbles.append((row.subject, self.render(body)))

    def _card(self, subject: str) -> dict[str, Any]:
        found = card_of(self.room.connection, subject, self.who(), self.room.company, now=self.room.now)
        assert found is not None
        return found

    def render(self, body: dict[str, Any], language: str = "") -> Bubble:
        self.room.n_rendered += 1
        room = self.room
        name_of = partial(people.name_of, room.connection)
        return render(body, _Strict(language or self.language, room.company.zone, name_of))

    def who(self) -> Person:
        return people.person(self.room.connection, self.id, now=self.room.now)


def _text(bubble: Bubble) -> str:
    labels = " ".join(f"[{one.label}]" for row in bubble.rows for one in row)
    return "\n".join(part for part in (bubble.title, bubble.text, labels) if part)


def every_bubble(phones: list[Phone]) -> Iterator[Bubble]:
    """What stands in some chats."""
    for phone in phones:
        yield from (bubble for _subject, bubble in phone.bubbles)


@contextmanager
def played(profile: str, url: str = "", *, start: str = "週五 16:00", **staff: tuple[str, Role]) -> Iterator[SimpleNamespace]:
    """A room of a line of business with 張先生 and 外人, and the staff by short names; closed at the end."""
    room = Room.open(profile, url=url, start=start)
    cast = SimpleNamespace(room=room, zhang=room.person("張先生"), stranger=room.person("外人"))
    for name, (called, role) in staff.items():
        setattr(cast, name, room.person(called, role))
    try:
        yield cast
    finally:
        room.close()
