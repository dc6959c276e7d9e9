"""What people send, in one shape for every messenger (CHANNELS 5, inbound)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing somebody sent."""

    START = "start"  # /start, a deep link or a scanned sticker; `text` holds the payload
    TEXT = "text"
    PRESS = "press"  # a button; `token` says which
    PHOTO = "photo"
    VOICE = "voice"
    FILE = "file"
    LOCATION = "location"
    CONTACT = "contact"
    UNSUPPORTED = "unsupported"  # stickers, polls, videos and whatever a messenger invents next
    BLOCKED = "blocked"  # the person blocked the bot or left
    UNDELIVERED = "undelivered"  # a message that was taken did not arrive: `message` says which, `problem` why
    SHUT = "shut"  # the messenger takes nothing more for this chat until the person writes again
    GROUP = "group"  # anything from a group or channel that is not addressed to the bot


@dataclass(frozen=True)
class Media:
    """A file somewhere at the messenger until it is fetched; `sha256` is set once it is ours."""

    handle: str  # what the channel needs to fetch it
    mime: str = "application/octet-stream"
    size: int = 0  # bytes as told by the messenger, 0 = not told
    name: str = ""
    seconds: int = 0  # length of a voice note
    sha256: str = ""
    problem: str = ""  # why it could not be kept: too-large, not-an-image, gone, no-space
    codes: tuple[str, ...] = ()  # what its bar codes and QR codes say, where the question that waits takes that


@dataclass(frozen=True)
class Place:
    """A point on the map in WGS 84 degrees."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True)
class ContactCard:
    """A shared telephone; `is_own` when the messenger vouches that it is the sender's."""

    name: str
    phone: str
    is_own: bool = False


@dataclass(frozen=True)
class Event:
    """One thing that one person did. `key` is unique per channel and makes a repeat harmless."""

    channel: str
    address: str  # who, in the channel's own terms
    chat: str  # where an answer goes
    key: str
    kind: Kind
    at: datetime  # when it was sent (aware UTC), which may be long before it came
    text: str = ""  # also a photo's caption
    token: str = ""
    press: str = ""  # the channel's handle for answering a button press
    message: str = ""  # ref of the message that was pressed or replied to
    quoted: str = ""  # the words of the message replied to, where the channel sends them along
    media: Media | None = None
    place: Place | None = None
    contact: ContactCard | None = None
    album: str = ""
    is_edit: bool = False
    is_group: bool = False  # it happened in a group, for all to see
    problem: str = ""  # of what did not arrive: window (it may later), or why it never will
    n_said: int | None = None  # where the messenger counts what is said after a word: how much is spent with this one
    name: str = ""
    language: str = ""  # the messenger's language tag, for example zh-hant or en
    extra: dict[str, str] = field(default_factory=dict)
