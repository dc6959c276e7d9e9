"""What the Bot API stub knows: chats, messages, files, updates and the faults that a test has switched on."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

USUAL = frozenset({"message", "edited_message", "callback_query", "my_chat_member", "channel_post", "edited_channel_post"})


class Fault(StrEnum):
    """What may go wrong with a call."""

    TOO_MANY = "too-many"  # 429 with retry_after, nothing done
    ERROR = "error"  # 500, nothing done
    HANG = "hang"  # never answered, nothing done
    CUT = "cut"  # connection closed, nothing done
    CLOSE = "close"  # done, then the connection is closed
    GARBAGE = "garbage"  # done, then an answer that is no JSON
    SLOW = "slow"  # done, then an answer that may come too late


class ApiError(Exception):
    """An answer that says no."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


@dataclass
class Trouble:
    """A fault that the next `times` calls of a method meet."""

    method: str
    fault: Fault
    times: int = 1
    retry_after: int = 1
    seconds: float = 0.0  # until a slow answer comes, or a hanging call is given up


@dataclass(eq=False)
class Message:
    """One message as it stands now."""

    id: int
    chat: int
    is_bots: bool
    date: int
    text: str = ""  # or the caption
    entities: list[dict[str, Any]] = field(default_factory=list)
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    kind: str = "text"
    data: bytes = b""
    album: str = ""
    name: str = ""  # of a file
    is_edited: bool = False
    is_deleted: bool = False
    content: dict[str, Any] = field(default_factory=dict)  # what besides the text the API shows

    @property
    def buttons(self) -> list[str]:
        """Labels, row by row."""
        return [one["text"] for row in self.keyboard for one in row]

    @property
    def bold(self) -> list[str]:
        """What is shown strong."""
        raw = self.text.encode("utf-16-le")
        spans = [(one["offset"] * 2, one["length"] * 2) for one in self.entities if one["type"] == "bold"]
        return [raw[start : start + length].decode("utf-16-le") for start, length in spans]


@dataclass(frozen=True)
class Appearance:
    """A bot's message as it was when it was sent or edited."""

    n: int
    message: Message
    text: str


@dataclass(eq=False)
class Chat:
    """A private chat or a group."""

    id: int
    type: str
    title: str
    is_open: bool = False  # whether the bot may write here: after the person's first word
    is_blocked: bool = False
    migrated_to: int = 0
    messages: list[Message] = field(default_factory=list)
    appearances: list[Appearance] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        named = {"first_name": self.title} if self.type == "private" else {"title": self.title}
        return {"id": self.id, "type": self.type, **named}


class World:
    """State of one bot's Telegram."""

    def __init__(self, token: str, clock: Callable[[], int] | None) -> None:
        self.token = token
        self.clock = clock or (lambda: int(time.time()))
        self.changed = asyncio.Condition()
        self.is_stopping = False
        self.bot: dict[str, Any] = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "外勤幫手"}
        self.bot |= {"username": "fieldhand_test_bot", "can_join_groups": True, "can_read_all_group_messages": False}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        self.pending: list[dict[str, Any]] = []  # updates that are not confirmed
        self.history: list[dict[str, Any]] = []
        self.allowed: frozenset[str] = USUAL
        self.webhook: dict[str, Any] = {}
        self.is_holding = False  # nothing is pushed meanwhile
        self.poller: object = None
        self.troubles: list[Trouble] = []
        self.chance: Callable[[str], Trouble | None] = lambda _method: None  # what may go wrong by itself
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, str] = {}  # texts of answered button presses
        self.unclear: set[int] = set()  # messages that were sent while the answer got lost
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.next_update = 70_000_001
        self.ids = itertools.count(1)

    async def publish(self, kind: str, body: Any) -> dict[str, Any]:
        """Give the bot an update, unless it did not ask for such."""
        update = {"update_id": self.next_update, kind: body}
        if kind in self.allowed:
            self.next_update += 1
            self.pending.append(update)
            self.history.append(update)
        await self.tell()
        return update

    async def tell(self) -> None:
        """Wake whoever waits for a change."""
        async with self.changed:
            self.changed.notify_all()

    async def wait_for(self, found: Callable[[], Any], timeout: float) -> Any:
        """What `found` gives as soon as it gives something, or its last answer when the time is over."""
        try:
            async with asyncio.timeout(timeout), self.changed:
                return await self.changed.wait_for(lambda: found() or self.is_stopping)
        except TimeoutError:
            return found()

    def confirm(self, offset: int) -> None:
        """Forget what comes before the offset; a negative one counts from the end."""
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = self.waiting(offset)

    def waiting(self, offset: int, most: int | None = None) -> list[dict[str, Any]]:
        """What a poll with this offset gets to see: nothing with a lower number, be it ever so new; of many the earliest."""
        found = [one for one in self.pending if one["update_id"] >= offset]
        earliest = sorted(one["update_id"] for one in found)[:most]
        return [one for one in found if one["update_id"] in earliest]

    def trouble(self, method: str) -> Trouble | None:
        """The fault that a call meets, used up by it."""
        for one in self.troubles:
            if one.times and one.method.lower() in (method.lower(), "*"):
                one.times -= 1
                return one
        return self.chance(method)

    def put(self, chat: Chat, *, is_bots: bool, **told: Any) -> Message:
        """A new message at the end of a chat."""
        message = Message(next(self.ids), chat.id, is_bots, self.clock(), **told)
        chat.messages.append(message)
        self.appear(chat, message)
        return message

    def appear(self, chat: Chat, message: Message) -> None:
        if message.is_bots:
            chat.appearances.append(Appearance(len(chat.appearances) + 1, message, message.text))

    def keep(self, data: bytes, **told: Any) -> dict[str, Any]:
        """Store a file and show it as the API does."""
        name = f"file{len(self.files) + 1}"
        self.files[name] = data
        return {"file_id": name, "file_unique_id": f"u{name}", "file_size": len(data), **told}

    def photo(self, data: bytes) -> list[dict[str, Any]]:
        """A picture in two sizes, the small one first."""
        return [self.keep(data[:64], width=90, height=67), self.keep(data, width=1280, height=960)]

    def shown(self, message: Message) -> dict[str, Any]:
        """A message as the API shows it."""
        chat = self.chats[message.chat]
        shown: dict[str, Any] = {"message_id": message.id, "date": message.date, "chat": chat.shown(), **message.content}
        if message.is_bots:
            shown["from"] = {key: self.bot[key] for key in ("id", "is_bot", "first_name", "username")}
        for name, value in (("text" if message.kind == "text" else "caption", message.text), ("entities", message.entities)):
            shown |= {name: value} if value else {}
        if message.keyboard:
            shown["reply_markup"] = {"inline_keyboard": message.keyboard}
        if message.album:
            shown["media_group_id"] = message.album
        return shown | ({"edit_date": self.clock()} if message.is_edited else {})


def transcript(messages: Iterable[Message]) -> str:
    """The end of a chat, for a failed test."""
    lines = [f"{'bot' if one.is_bots else 'me '} {one.id} [{one.kind}] {one.text!r} {one.buttons}" for one in messages]
    return "\n".join(lines[-12:])
