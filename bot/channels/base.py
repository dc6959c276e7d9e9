"""The small protocol behind which every messenger lives (DESIGN 5)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.routing import BaseRoute

from handlers.bubbles import Bubble
from handlers.events import Event, Media


@dataclass(frozen=True)
class Sent:
    """The messenger took it; `ref` finds the message again for an edit."""

    ref: str


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


Result = Sent | Later | Never


class ChannelRefused(Exception):
    """A messenger refuses our credentials; the message names the setting and says what to do, never the secret."""


class MediaGone(Exception):
    """The file can't be had any more; str(error) is a problem code of `handlers.events.Media`."""


class MediaLater(Exception):
    """The messenger did not give the file this time; try again."""


@dataclass(frozen=True)
class Abilities:
    """What a messenger can do, so that one place can degrade (CHANNELS 5)."""

    text_chars: int
    label_chars: int
    buttons: int  # at most, in one message
    can_edit: bool
    can_ask_location: bool
    can_ask_contact: bool
    caption_chars: int = 1024
    per_chat_seconds: float = 0.0  # pause between two messages to one chat
    per_second: float = 30.0  # over all chats


# Stores one raw update durably; returns after the commit, raises storage.errors.StoreUnavailable when it could not.
# Arguments: channel name, the sender's chat (order is kept per chat), unique key, the raw update.
Accept = Callable[[str, str, str, dict[str, Any]], Awaitable[None]]


class Channel(Protocol):
    """One messenger."""

    name: str
    abilities: Abilities

    def routes(self) -> list[BaseRoute]:
        """HTTP routes that this channel wants served, empty when it polls."""

    async def start(self, accept: Accept) -> None:
        """Connect and begin receiving. Raises ChannelRefused for bad credentials; a network that is down is waited for."""

    async def stop(self) -> None:
        """Stop receiving, close connections. What was received is already stored."""

    def read(self, raw: dict[str, Any]) -> Event | None:
        """Turn a stored raw update into an Event, None when it means nothing to us. Pure."""

    async def send(self, address: str, bubble: Bubble) -> Result:
        """Send a new message to a chat."""

    async def edit(self, address: str, ref: str, bubble: Bubble) -> Result:
        """Replace a message. 'Not modified' counts as Sent; a message that can't be edited any more is Never."""

    async def settle(self, address: str, ref: str) -> Result:
        """Take the buttons off a message, leaving its words."""

    async def acknowledge(self, event: Event, note: str = "") -> None:
        """Tell the messenger that a press was received; `note` may be shown briefly. Errors are swallowed."""

    async def fetch(self, media: Media, limit: int) -> bytes:
        """Bytes of a file, at most `limit`. Raises MediaGone or MediaLater."""
