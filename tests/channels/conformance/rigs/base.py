"""What the suite needs of a messenger: a stub that behaves as the platform does, the channel, an inbox, someone's phone."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Protocol

from bot.channels.base import Channel
from handlers.events import Event
from tests.channels.telegram_desk import Inbox

USUAL_PATIENCE = 40.0
"""Seconds that a rig's channel waits for an answer unless a test is about that."""

MINUTE = 60
"""Seconds between what a rig's person says with `says_in_turn_but`."""


class Able(StrEnum):
    """What a messenger may or may not be able to do. A test about it runs over the rigs that don't lack it."""

    SOUND = "sound"  # a voice arrives as sound; else in words
    PLACE = "place"  # a place can be shared
    CALLS = "calls"  # it calls us, so somebody else may try as well
    TELLS_LEAVING = "tells-leaving"  # we hear of it when somebody leaves
    SHUTS_OUT = "shuts-out"  # somebody can block us, or be removed
    EDITS = "edits"  # a message can be changed at any time
    EDITS_PRESSED = "edits-pressed"  # a message can be changed when a button on it was pressed
    TOKEN = "token"  # calls carry an access token, which runs out


class Trouble(StrEnum):
    """What may go wrong between us and a messenger."""

    BUSY = "busy"  # it says: later; nothing was done
    RESTS = "rests"  # it says: too much, leave me alone for a while; nothing was done
    BROKEN = "broken"  # it fails; nothing was done
    CUT = "cut"  # the connection is cut; nothing was done
    HANGS = "hangs"  # it never answers; nothing was done
    LOST = "lost"  # done, and the answer is lost
    GARBLED = "garbled"  # done, and the answer can't be read


@dataclass(frozen=True)
class Shown:
    """One message of ours as it stands in front of the person."""

    text: str
    labels: tuple[str, ...] = ()


class Rig(Protocol):
    """One messenger. `address` is the person's, who has written once before anything begins."""

    lacks: ClassVar[frozenset[Able]]
    faults: ClassVar[Mapping[Trouble, Any]]  # how the stub is told of a trouble; what is not in it can't happen
    channel: Channel
    inbox: Inbox
    address: str

    @classmethod
    def opened(cls, template: Path, folder: Path, *, patience: float) -> "AbstractAsyncContextManager[Rig]":
        """A rig that is closed at the end; `template` is an empty database, `patience` the channel's in seconds."""

    async def begin(self) -> None: ...
    async def says(self, words: str) -> None: ...
    async def says_in_turn_but(self, first: str, second: str) -> None:
        """Two things, a minute apart, of which the second overtakes the first on its way to us."""

    async def presses(self, label: str) -> None: ...
    async def sends_photo(self, content: bytes) -> None: ...
    async def sends_voice(self, content: bytes) -> None: ...
    async def shares_place(self, latitude: float, longitude: float) -> None: ...
    async def sends_something_odd(self) -> None: ...
    async def repeats(self) -> None:
        """The messenger brings the last thing once more."""

    async def shown(self) -> list[Shown]: ...
    async def pictures(self) -> list[bytes]: ...
    async def forges(self) -> list[int]:
        """Statuses that whoever is not the messenger gets."""

    async def leaves(self) -> None: ...
    async def shuts_out(self) -> None:
        """From now on the person can't be reached."""

    async def somebody_else(self) -> str:
        """Address of another person, who has written."""

    def meets(self, trouble: Trouble) -> None:
        """The next message of ours meets a trouble."""

    async def was_asked(self) -> None:
        """Wait until a message of ours has got as far as the messenger, whatever comes of it."""

    def ends_token(self) -> None:
        """The access token is over when the second message from now on is sent."""

    def n_tokens(self) -> int:
        """How many access tokens were asked for."""


class Lacking:
    """What a rig answers for that it lacks: nothing, as no test may ask."""

    async def shares_place(self, latitude: float, longitude: float) -> None:
        raise NotImplementedError

    async def forges(self) -> list[int]:
        raise NotImplementedError

    async def leaves(self) -> None:
        raise NotImplementedError

    async def shuts_out(self) -> None:
        raise NotImplementedError

    async def somebody_else(self) -> str:
        raise NotImplementedError

    def meets(self, trouble: Trouble) -> None:
        raise NotImplementedError

    async def was_asked(self) -> None:
        raise NotImplementedError

    def ends_token(self) -> None:
        raise NotImplementedError

    def n_tokens(self) -> int:
        raise NotImplementedError


async def nth(rig: Rig, n: int) -> Event | None:
    """What the n-th update means."""
    return rig.channel.read((await rig.inbox.has(n))[n - 1])


def copied(template: Path, folder: Path) -> str:
    """DATABASE_URL of a database of one's own at the newest schema."""
    path = folder / "rig.db"
    path.write_bytes(template.read_bytes())
    return f"sqlite:///{path}"
