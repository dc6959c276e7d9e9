"""What we say, in one shape for every messenger (CHANNELS 5, outbound)."""

from dataclasses import dataclass
from enum import StrEnum


class Hint(StrEnum):
    """What sort of answer is awaited, so that a channel can offer the right keyboard."""

    NONE = ""
    TEXT = "text"
    NUMBER = "number"
    PHONE = "phone"
    CONTACT = "contact"
    LOCATION = "location"
    PHOTO = "photo"
    VOICE = "voice"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True)
class Button:
    """A labelled button: either a `token` of at most 64 bytes that comes back, or a `url` that opens."""

    label: str
    token: str = ""
    url: str = ""
    tone: str = "plain"  # primary | plain | danger


@dataclass(frozen=True)
class Bubble:
    """One message, already in the reader's language. Plain text, no markup: a channel escapes what it must."""

    text: str
    title: str = ""  # one line, shown strong
    rows: tuple[tuple[Button, ...], ...] = ()
    photos: tuple[str, ...] = ()  # SHA-256 of stored files, shown with the text
    voices: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    file_names: tuple[str, ...] = ()  # what the files are called, in the same order; empty: by their hash
    hint: Hint = Hint.NONE
    placeholder: str = ""  # what the input field says while this is the last message
    more: str = ""  # what a button is called that shows the next ones, where a message holds but a few
    pick: str = ""  # says that a number is enough, for messengers where the buttons become numbered lines

    @property
    def named_files(self) -> tuple[tuple[str, str], ...]:
        """Each file with what it is called, which is empty where it has no name."""
        return tuple(zip(self.files, self.file_names or ("",) * len(self.files), strict=True))

    @property
    def media(self) -> tuple[tuple[str, str], ...]:
        """Photos, voices and files in this order, each with what it is called."""
        return (*((one, "") for one in (*self.photos, *self.voices)), *self.named_files)
