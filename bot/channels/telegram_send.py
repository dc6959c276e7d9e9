"""Sending to Telegram: one bubble may become several messages, and an interrupted one goes on where it stopped."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import structlog
from telegram import InputFile, InputMediaPhoto, Message
from telegram.error import TelegramError

from bot.channels.base import Later, Never, Result, Sent
from bot.channels.telegram_say import TEXT_UNITS, Plain, compose, keyboard, split, units
from bot.channels.telegram_wire import ApiBot, Refusal
from bot.channels.webchat_files import type_of
from handlers.bubbles import Bubble

log = structlog.get_logger()

ALBUM = 10  # photos that one album takes
_EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf", "audio/mpeg": ".mp3", "audio/mp4": ".m4a"}
_NO_PREVIEW = {"is_disabled": True}
_NOBODY = Never("unknown-address")
_CANNOT_EDIT = Never("cannot-edit")

# One message of a bubble, to be sent to a chat; gives the ref of what was sent, or nothing when there was nothing to send.
Act = Callable[[int], Awaitable[str]]


@dataclass(frozen=True)
class Begun:
    """A bubble of which `n_sent` messages have been sent."""

    bubble: Bubble
    n_sent: int = 0
    ref: str = ""


class Sender:
    """Sends and changes messages. Photos, voices and files go first, on their own, so that the words can be edited."""

    def __init__(self, bot: ApiBot, load_file: Callable[[str], bytes]) -> None:
        self._bot, self._load_file = bot, load_file
        self._begun: dict[str, Begun] = {}

    async def send(self, address: str, bubble: Bubble) -> Result:
        """A bubble that had to be put off in the middle goes on there when it comes again."""
        chat = number(address)
        if chat is None:
            return _NOBODY
        begun = self._begun.pop(address, Begun(bubble))
        begun = begun if begun.bubble == bubble else Begun(bubble)
        media, words = self._media(bubble), self._words(bubble)
        ref = begun.ref
        for n, act in enumerate([*media, *words]):
            if n < begun.n_sent:
                continue
            result = await self._attempt(chat, act)
            if isinstance(result, Later):
                self._begun[address] = Begun(bubble, n, ref)
                return result
            if isinstance(result, Never) and (n >= len(media) or not result.reason.startswith("refused")):
                return result
            if isinstance(result, Never):
                log.warning("telegram.media_refused", reason=result.reason)  # the words matter more
            elif isinstance(result, Sent):
                ref = result.ref or ref
        return Sent(ref)

    async def edit(self, address: str, ref: str, bubble: Bubble) -> Result:
        """Words and buttons only; what was sent beside them stays as it is."""
        chat, message = number(address), number(ref)
        text, entities = compose(bubble)
        if chat is None or message is None or not text or units(text) > TEXT_UNITS:
            return _CANNOT_EDIT

        async def act(to: int) -> str:
            words = {"text": text, "entities": entities, "link_preview_options": _NO_PREVIEW}
            markup = keyboard(bubble.rows)
            await self._bot.call("editMessageText", chat_id=to, message_id=message, reply_markup=markup, **words)
            return ref

        return _kept(await self._attempt(chat, act), ref)

    async def settle(self, address: str, ref: str) -> Result:
        chat, message = number(address), number(ref)
        if chat is None or message is None:
            return _CANNOT_EDIT

        async def act(to: int) -> str:
            await self._bot.call("editMessageReplyMarkup", chat_id=to, message_id=message)
            return ref

        return _kept(await self._attempt(chat, act), ref)

    async def _attempt(self, chat: int, act: Act) -> Result:
        """Do it, in the chat that a group has become if need be."""
        for _ in range(2):
            try:
                return Sent(await act(chat))
            except Refusal as refusal:
                if not refusal.migrated_to:
                    return self._bot.verdict(refusal)
                chat = refusal.migrated_to
            except TelegramError as error:
                return self._bot.verdict(error)
            except (KeyError, TypeError, AttributeError, ValueError) as error:  # the library can't read the answer
                log.warning("telegram.answer_unreadable", error=type(error).__name__)
                return Later(2.0, "garbled", is_unknown=True)
        return Never("blocked")

    def _media(self, bubble: Bubble) -> list[Act]:
        photos = bubble.photos
        albums: list[Act] = [partial(self._photos, photos[n : n + ALBUM]) for n in range(0, len(photos), ALBUM)]
        files = [partial(self._file, one, name) for one, name in bubble.named_files]
        return [*albums, *(partial(self._file, one, "") for one in bubble.voices), *files]

    def _words(self, bubble: Bubble) -> list[Act]:
        """The text in as many messages as it needs; the buttons are on the last."""
        text, entities = compose(bubble)
        parts = split(text)
        last = len(parts) - 1
        return [
            partial(self._text, part, entities if n == 0 else [], keyboard(bubble.rows) if n == last else None)
            for n, part in enumerate(parts)
        ]

    async def _text(self, text: str, entities: list[Plain], markup: Plain | None, chat: int) -> str:
        fitting = [one for one in entities if one["offset"] + one["length"] <= units(text)]
        words = {"text": text, "entities": fitting, "link_preview_options": _NO_PREVIEW}
        sent = await self._bot.call("sendMessage", chat_id=chat, reply_markup=markup, **words)
        return str(sent["message_id"])

    async def _photos(self, hashes: tuple[str, ...], chat: int) -> str:
        found = [(one, data) for one in hashes if (data := await self._load(one))]
        if not found:
            return ""
        if len(found) == 1:
            return _ref(await self._bot.send_photo(chat, found[0][1], filename=f"{found[0][0][:12]}.jpg"))
        album = [InputMediaPhoto(data, filename=f"{one[:12]}.jpg") for one, data in found]
        return _ref((await self._bot.send_media_group(chat, album))[-1])

    async def _file(self, sha256: str, name: str, chat: int) -> str:
        """A voice note if it is one, else a document."""
        data = await self._load(sha256)
        if not data:
            return ""
        mime = type_of(data)
        if mime == "audio/ogg":
            return _ref(await self._bot.send_voice(chat, data, filename=f"{sha256[:12]}.ogg"))
        name = name or f"{sha256[:12]}{_EXTENSIONS.get(mime, '')}"
        return _ref(await self._bot.send_document(chat, InputFile(data, filename=name)))

    async def _load(self, sha256: str) -> bytes:
        try:
            return await asyncio.to_thread(self._load_file, sha256)
        except (OSError, LookupError):
            log.warning("telegram.file_missing", sha256=sha256)
            return b""


def number(told: str) -> int | None:
    """A chat or a message as Telegram names it; None for what can't be one."""
    is_one = told.removeprefix("-").isdigit() and told.isascii() and len(told) < 20
    return int(told) if is_one else None


def _ref(message: Message) -> str:
    return str(message.message_id)


def _kept(result: Result, ref: str) -> Result:
    """A message that is already as it should be counts as changed."""
    is_same = isinstance(result, Never) and "message is not modified" in result.reason.lower()
    return Sent(ref) if is_same else result
