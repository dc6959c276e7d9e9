"""What the WeCom stub knows: apps, members, their chats, tokens, files, and the faults that a test has switched on."""

import asyncio
import itertools
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

CORP_ID = "ww5823bf96d3bd56c7"
DAY = 86_400


class Fault(StrEnum):
    """What may go wrong with a call."""

    TOO_OFTEN = "too-often"  # 45009, nothing done
    BUSY = "busy"  # -1, nothing done
    ERROR = "error"  # status 500, nothing done
    EXPIRED = "expired"  # 42001: every access token is over from this call on, nothing done
    HANG = "hang"  # never answered, nothing done
    CUT = "cut"  # connection closed, nothing done
    CLOSE = "close"  # done, then the connection is closed
    GARBAGE = "garbage"  # done, then an answer that is no JSON


class Refused(Exception):
    """An answer that says no."""

    def __init__(self, code: int, why: str = "") -> None:
        super().__init__(f"{code} {why}")
        self.code, self.why = code, why


@dataclass
class Trouble:
    """A fault that the next `times` calls of a path meet, once `after` calls went well; "*" is any path."""

    path: str
    fault: Fault
    times: int
    after: int = 0


@dataclass
class App:
    """Whoever has a secret: the self-built app, or 微信客服."""

    secret: str
    agent_id: int = 0
    token: str = ""  # of the callback
    aes_key: str = ""
    hook: str = ""  # address of the callback, set when it has passed the check
    menu: list[dict[str, Any]] = field(default_factory=list)
    visible: set[str] | None = None  # who may use it; None: everybody


@dataclass(eq=False)
class Message:
    """One message as it stands now in one member's chat."""

    id: str
    user: str
    is_bots: bool
    kind: str = "text"
    text: str = ""
    card: dict[str, Any] = field(default_factory=dict)
    data: bytes = b""
    settled: str = ""  # the word that stands in the place of the buttons
    app: App | None = None
    is_recalled: bool = False

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons that can be pressed now."""
        return [] if self.settled else self.card.get("button_list", [])

    @property
    def labels(self) -> list[str]:
        return [one["text"] for one in self.buttons]

    @property
    def shown(self) -> str:
        """Everything one can read."""
        if not self.card:
            return self.text
        card = self.card
        title, quote = card.get("main_title", {}), card.get("quote_area", {})
        lines = [title.get("title"), title.get("desc"), quote.get("title"), quote.get("quote_text"), card.get("sub_title_text")]
        lines += [f"{one['keyname']}：{one.get('value', '')}" for one in card.get("horizontal_content_list", [])]
        lines += [self.settled]
        return "\n".join(line for line in lines if line)


@dataclass(frozen=True)
class Appearance:
    """A message of the app's as it was when it was sent or changed."""

    n: int
    message: Message
    text: str


@dataclass(eq=False)
class Chat:
    """What a member sees in the app."""

    user: str
    name: str
    messages: list[Message] = field(default_factory=list)
    appearances: list[Appearance] = field(default_factory=list)
    n_dropped: int = 0  # messages above the limits, which nobody hears of
    sent_at: deque[float] = field(default_factory=deque)


@dataclass
class Code:
    """A response_code: good for one change of one message within 72 hours."""

    message: Message
    until: float


class World:
    """State of one corp's WeCom."""

    def __init__(self) -> None:
        self.corp_id = CORP_ID
        self.clock: Callable[[], float] = time.time
        self.changed = asyncio.Condition()
        self.is_stopping = False
        self.is_trusted = True  # whether the caller's address is on the list
        self.token_seconds = 7200
        self.apps: dict[str, App] = {}  # by secret
        self.tokens: dict[str, tuple[str, float]] = {}  # token -> (secret, until)
        self.chats: dict[str, Chat] = {}
        self.media: dict[str, tuple[str, bytes, str, float]] = {}  # id -> (type, bytes, name, until)
        self.codes: dict[str, Code] = {}
        self.task_ids: set[str] = set()
        self.swallowed: dict[str, tuple[float, dict[str, Any]]] = {}  # body -> (until, first answer)
        self.sent: dict[str, list[Message]] = defaultdict(list)  # by msgid
        self.troubles: list[Trouble] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.ids = itertools.count(7_300_000_000_000_000_001)

    def expire_tokens(self) -> None:
        """Every access token is over at once."""
        self.tokens = {token: (secret, 0.0) for token, (secret, _) in self.tokens.items()}

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

    def trouble(self, path: str) -> Trouble | None:
        """The fault that a call meets, used up by it."""
        for one in self.troubles:
            if one.path in (path, "*") and one.after:
                one.after -= 1
            elif one.path in (path, "*") and one.times:
                one.times -= 1
                return one
        return None

    def access(self, token: str) -> App:
        """The app that a token speaks for."""
        if not token:
            raise Refused(41001, "access_token missing")
        if token not in self.tokens:
            raise Refused(40014, "invalid access_token")
        secret, until = self.tokens[token]
        if self.clock() >= until:
            raise Refused(42001, "access_token expired")
        if not self.is_trusted:
            raise Refused(60020, "not allow to access from your ip")
        return self.apps[secret]

    def put(self, chat: Chat, *, is_bots: bool, **told: Any) -> Message:
        """A new message at the end of a chat."""
        message = Message(told.pop("id", "") or str(next(self.ids)), chat.user, is_bots, **told)
        chat.messages.append(message)
        self.appear(message)
        return message

    def appear(self, message: Message) -> None:
        chat = self.chats[message.user]
        if message.is_bots:
            chat.appearances.append(Appearance(len(chat.appearances) + 1, message, message.shown))

    def keep(self, kind: str, data: bytes, name: str) -> str:
        """Store a file for three days."""
        media_id = secrets.token_urlsafe(32)
        self.media[media_id] = (kind, data, name, self.clock() + 3 * DAY)
        return media_id

    def code_for(self, message: Message) -> str:
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(message, self.clock() + 3 * DAY)
        return code


def transcript(chat: Chat) -> str:
    """The end of a chat, for a failed test."""
    return "\n---\n".join(
        f"{'bot' if one.is_bots else 'me '} [{one.kind}] {one.shown} {one.labels}" for one in chat.messages[-8:]
    )
