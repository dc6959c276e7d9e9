"""The small protocol behind which every messenger lives (DESIGN 5)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from starlette.routing import BaseRoute

from handlers.bubbles import Bubble
from handlers.events import Event, Media


@dataclass(frozen=True)
class Sent:
    """The messenger took it; `ref` finds the message again for an edit.

    `numbered` holds the tokens of buttons that were shown as numbered lines, from 1 on: a typed number presses one of them.
    """

    ref: str
    numbered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Later:
    """Not now: try again after `seconds`. `is_unknown` when it may have arrived all the same."""

    seconds: float
    reason: str
    is_unknown: bool = False


@dataclass(frozen=True)
class Never:
    """It will not arrive on this channel, ever: blocked, gone, refused."""

    reason: str


@dataclass(frozen=True)
class Shut:
    """Nothing more may be said there until the person writes again: the allowance is spent, or the session is over."""

    reason: str


Result = Sent | Later | Never | Shut


@dataclass(frozen=True)
class Attempt:
    """Which message is sent: its `key`, at most 26 of [0-9a-f-], stays the same however often it is tried.

    `is_repeat` when an earlier attempt may have arrived: a messenger that refuses a key for the second time has it already.
    """

    key: str = ""
    is_repeat: bool = False


FIRST = Attempt()


class ChannelRefused(Exception):
    """A messenger refuses our credentials; the message names the setting and says what to do, never the secret."""


class MediaGone(Exception):
    """The file can't be had any more; str(error) is a problem code of `handlers.events.Media`."""


class MediaLater(Exception):
    """The messenger did not give the file this time; try again."""


class Duty(Protocol):
    """Something that one process does at a time, such as polling or holding a connection."""

    @property
    def is_held(self) -> bool:
        """Whether it is this process's just now. Look before each round; another may have taken it over."""

    async def taken(self) -> None:
        """Returns as soon as it is this process's."""


class Always:
    """The duty of whoever is the only one."""

    is_held = True

    async def taken(self) -> None:
        """At once."""


class Edits(StrEnum):
    """Whether a message that was sent can be changed afterwards."""

    ANY = "any"
    SOMETIMES = "sometimes"  # `edit` answers Never("cannot-edit") when it can't this time
    NEVER = "never"


@dataclass(frozen=True)
class Pace:
    """At most `most` messages to one chat within any `seconds`."""

    most: int
    seconds: float


@dataclass(frozen=True)
class Allowance:
    """What may be said after each word of the person: at most `most` messages within `seconds`."""

    most: int
    seconds: float

    def room(self, heard_at: datetime | None, n_said: int, now: datetime) -> int:
        """How many messages may still be said, when so many were said since the person's last word at `heard_at`."""
        if heard_at is None or now - heard_at >= timedelta(seconds=self.seconds):
            return 0
        return max(0, self.most - n_said)


@dataclass(frozen=True)
class Abilities:
    """What a messenger can do, so that one place can degrade (CHANNELS 5)."""

    text_chars: int
    label_chars: int
    buttons: int  # at most, in one message
    edits: Edits
    can_ask_location: bool
    can_ask_contact: bool
    takes_location: bool = True  # whether a place can come in at all; where not, the words ask for a typed address
    caption_chars: int = 1024
    per_chat_seconds: float = 0.0  # pause between two messages to one chat
    per_second: float = 30.0  # over all chats
    text_bytes: int = 0  # UTF-8 bytes of one message; 0: only text_chars counts
    paces: tuple[Pace, ...] = ()
    allowance: Allowance | None = None
    pushes: bool = True  # whether people learn of a message that they did not ask for
    is_connection: bool = False  # one process has the one connection, and sends everything over it


# Stores one raw update durably; returns after the commit, raises storage.errors.StoreUnavailable when it could not.
# Arguments: channel name, the sender's chat (order is kept per chat), unique key, the raw update.
Accept = Callable[[str, str, str, dict[str, Any]], Awaitable[None]]


class Channel(Protocol):
    """One messenger."""

    name: str
    abilities: Abilities

    @property
    def is_sending(self) -> bool:
        """Whether messages can leave by this process now; what it may not send waits in the outbox for one that may."""

    def routes(self) -> list[BaseRoute]:
        """HTTP routes that this channel wants served, empty when it polls."""

    async def start(self, accept: Accept) -> None:
        """Connect and begin receiving. Raises ChannelRefused for bad credentials; a network that is down is waited for."""

    async def stop(self) -> None:
        """Stop receiving, close connections. What was received is already stored."""

    def read(self, raw: dict[str, Any]) -> Event | None:
        """Turn a stored raw update into an Event, None when it means nothing to us. Pure."""

    def weight(self, bubble: Bubble) -> int:
        """How many of the messenger's messages a bubble takes, for paces and allowance."""

    def join_link(self) -> str:
        """An address with `{code}` under which somebody joins by a code, empty when there is none."""

    async def check(self) -> list[tuple[bool, str]]:
        """(is well, what) of each thing that has to be right, beginning with the setting's name (`fieldhand check`)."""

    async def send(self, address: str, bubble: Bubble, attempt: Attempt = FIRST) -> Result:
        """Send a new message to a chat."""

    async def edit(self, address: str, ref: str, bubble: Bubble) -> Result:
        """Replace a message. 'Not modified' counts as Sent; a message that can't be edited any more is Never."""

    async def settle(self, address: str, ref: str) -> Result:
        """Take the buttons off a message, leaving its words."""

    async def acknowledge(self, event: Event, note: str = "") -> None:
        """Tell the messenger that a press was received; `note` may be shown briefly. Errors are swallowed."""

    async def fetch(self, media: Media, limit: int) -> bytes:
        """Bytes of a file, at most `limit`. Raises MediaGone or MediaLater."""


@runtime_checkable
class Stickers(Protocol):
    """A channel that a machine's sticker can lead to."""

    name: str

    async def sticker(self, payload: str) -> str:
        """The address for a sticker; who scans it begins with `payload`. Raises ValueError for one that is too long."""
