"""How a bubble is cut for Telegram, and what Telegram's answers mean for the outbox."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

import httpx
from telegram import Bot, InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.base import Later, Never, Result, Sent
from handlers.bubbles import Bubble, Button

MOST_UNITS = 4096  # UTF-16 code units in one message
MOST_LABEL = 60
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_LOST = ("message to edit not found", "message can't be edited", "message_id_invalid", "message identifier is not specified")
_GONE = (
    "chat not found",
    "user is deactivated",
    "bot was blocked",
    "have no rights",
    "peer_id_invalid",
    "group chat was deleted",
)


class Letter:
    """A bubble as Telegram takes it: parts of at most 4096 units with bold spans, rows of buttons, files."""

    def __init__(self, bubble: Bubble, load_file: Callable[[str], bytes]) -> None:
        self._bubble, self._load_file = bubble, load_file
        self.rows = tuple(tuple(_short(one) for one in row[:8]) for row in bubble.rows[:25])
        self.parts = list(_parts(bubble.title, bubble.text)) or [("…", [])]

    def attachments(self, bot: Bot, chat: int) -> Iterator[Callable[[], Awaitable[object]]]:
        """Sends of photos, voice notes and files; one that is missing on our side is left out."""
        photos = [data for data in map(self._load, self._bubble.photos[:10]) if data]
        if len(photos) == 1:
            yield partial(bot.send_photo, chat, photos[0])
        elif photos:
            yield partial(bot.send_media_group, chat, [InputMediaPhoto(data) for data in photos])
        for data in filter(None, map(self._load, self._bubble.voices)):
            is_ogg = data[:4] == b"OggS"
            yield partial(bot.send_voice, chat, data) if is_ogg else partial(bot.send_document, chat, data, filename="voice")
        for data in filter(None, map(self._load, self._bubble.files)):
            yield partial(bot.send_document, chat, data, filename="fieldhand")

    def _load(self, sha256: str) -> bytes:
        try:
            return self._load_file(sha256)
        except (OSError, LookupError):
            return b""


async def result_of(
    attempt: Callable[[], Awaitable[str]], again: Callable[[int], Awaitable[str]] | None = None, *, ref: str = ""
) -> Result:
    """Try, and say what the answer means. `again` is told the new number of a chat that has moved."""
    try:
        return Sent(await attempt())
    except ChatMigrated as error:
        if again is None:
            return Never("migrated")
        new = error.new_chat_id
        return await result_of(lambda: again(new), ref=ref)
    except TelegramError as error:
        return meaning(error, ref)


def meaning(error: TelegramError, ref: str = "") -> Result:
    """Telegram's errors as results. Nothing of an error's text is kept that could hold the token."""
    words = str(error).lower()
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return Later(float(wait) if isinstance(wait, int | float) else wait.total_seconds(), "too-many")
    if isinstance(error, Forbidden):
        return Never("blocked")
    if isinstance(error, BadRequest):
        if "not modified" in words:
            return Sent(ref)
        if any(one in words for one in _LOST):
            return Never("cannot-edit")
        return Never("blocked" if any(one in words for one in _GONE) else "refused")
    if isinstance(error, InvalidToken):
        return Later(30.0, "token")
    if isinstance(error, NetworkError):
        cause = error.__cause__
        was_cut = isinstance(cause, httpx.TransportError) and not isinstance(cause, _UNSENT)
        return Later(2.0, type(cause or error).__name__, is_unknown=was_cut)
    return Later(2.0, type(error).__name__)


def _parts(title: str, text: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """The words cut at line ends where they are too long; the title stands in the first part, bold."""
    whole = f"{title}\n{text}".strip() if title else text
    bold = [(0, _units(title))] if title else []
    while whole:
        part, whole = _cut(whole)
        yield part, bold
        bold = []


def _cut(text: str) -> tuple[str, str]:
    if _units(text) <= MOST_UNITS:
        return text, ""
    room = MOST_UNITS
    end = 0
    for letter in text:
        room -= _units(letter)
        if room < 0:
            break
        end += 1
    line_end = text.rfind("\n", end // 2, end)
    end = line_end if line_end > 0 else end
    return text[:end].rstrip(), text[end:].lstrip("\n")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _short(one: Button) -> Button:
    if len(one.label) <= MOST_LABEL:
        return one
    return Button(one.label[: MOST_LABEL - 1] + "…", one.token, one.url, one.tone)
