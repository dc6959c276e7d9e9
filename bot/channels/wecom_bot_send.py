"""Sending by the smart bot: one bubble may become several messages, and an interrupted one goes on where it stopped."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from bot.channels.base import Attempt, Later, Never, Result, Sent
from bot.channels.wecom_bot_cards import Album, Press, Windows
from bot.channels.wecom_bot_media import Uploads
from bot.channels.wecom_bot_read import GROUP
from bot.channels.wecom_bot_say import Card, compose, done, drawn, markdown, ticked
from bot.channels.wecom_bot_wire import NOT_SUBSCRIBED, SEND, UPDATE, WELCOME, Frame, NotConnected, Refusal, Unanswered
from handlers.bubbles import Bubble
from storage.errors import StoreUnavailable

log = structlog.get_logger()

_CANNOT_EDIT = Never("cannot-edit")
_SHORT, _MINUTE = 2.0, 30.0
_TOO_MANY, _PUSHED_TOO_MUCH = 45009, 846607  # the second also meets whoever never wrote to the bot
_TASK_USED = 42014
_BUSY = (-1, NOT_SUBSCRIBED)
_OWN_CODES = range(846_600, 846_700)  # the long connection's own troubles, of which we do not know all

# One message of a bubble; gives the ref of what was sent, or nothing when there was nothing to send.
Act = Callable[[], Awaitable[str]]
Ask = Callable[..., Awaitable[Frame]]


@dataclass
class Begun:
    """A bubble of which `n_sent` messages have been sent. Its card has one number however often it is tried."""

    bubble: Bubble
    task: str
    n_sent: int = 0
    ref: str = ""


class Sender:
    """Sends messages, and changes cards while a press on them can be answered."""

    def __init__(self, ask: Ask, uploads: Uploads, album: Album, windows: Windows, load_file: Callable[[str], bytes]) -> None:
        self._ask, self._uploads, self._album, self._windows, self._load_file = ask, uploads, album, windows, load_file
        self._begun: dict[str, Begun] = {}

    async def send(
        self, address: str, bubble: Bubble, attempt: Attempt, *, has_written: Callable[[], Awaitable[bool]]
    ) -> Result:
        """A bubble that had to be put off in the middle goes on there when it comes again."""
        begun = self._begun.pop(address, None)
        if begun is None or begun.bubble != bubble or (attempt.key and attempt.key not in begun.task):
            begun = Begun(bubble, f"fh-{attempt.key or uuid.uuid4().hex}")
        media = self._media(address, bubble)
        for n, act in enumerate([*media, *self._words(address, begun)]):
            if n < begun.n_sent:
                continue
            try:
                begun.ref = await act() or begun.ref
            except Refusal as refusal:
                if n < len(media) and isinstance(verdict(refusal), Never):
                    log.warning("wecom_bot.media_refused", code=refusal.code)  # the words matter more
                    continue
                if refusal.code == _PUSHED_TOO_MUCH and not await has_written():
                    return Never("never-wrote")
                return self._put_off(address, begun, verdict(refusal))
            except (NotConnected, Unanswered, StoreUnavailable) as error:
                later = Later(_SHORT, type(error).__name__, is_unknown=isinstance(error, Unanswered))
                return self._put_off(address, begun, later)
            begun.n_sent = n + 1
        return Sent(begun.ref)

    async def edit(self, ref: str, bubble: Bubble) -> Result:
        """Put other contents on a card that was just pressed; anything else can't be changed."""
        composed = compose(bubble)
        has_media = bool(bubble.photos or bubble.voices or bubble.files)
        if composed.card is None or composed.texts or has_media:
            return _CANNOT_EDIT
        press = self._windows.take_press(ref)
        if press is None or not await self._change(press, drawn(composed.card, ref)):
            return _CANNOT_EDIT
        await self._album.keep(ref, composed.card)
        return Sent(ref)

    async def settle(self, ref: str) -> Result:
        """Of a card that was just pressed only that button is left, ticked."""
        press = self._windows.take_press(ref)
        card = await self._album.find(ref) if press is not None else None
        if press is None or card is None or not await self._change(press, done(card, ref, press.token)):
            return _CANNOT_EDIT
        await self._album.drop(ref)
        return Sent(ref)

    async def tick(self, ref: str, req_id: str) -> None:
        """Show which button was pressed, if nothing else has answered that press. Raises StoreUnavailable."""
        press = self._windows.take_press(ref, req_id)
        card = await self._album.find(ref) if press is not None else None
        if press is not None and card is not None:
            await self._change(press, ticked(card, ref, press.token))

    async def turn_page(self, card: Card, press: Press, page: int) -> None:
        """Show the next buttons of a card, in its place."""
        await self._change(press, drawn(card, press.card, page=page))

    async def _change(self, press: Press, template: dict[str, Any]) -> bool:
        body = {"response_type": "update_template_card", "template_card": template}
        try:
            await self._ask(UPDATE, body, req_id=press.req_id)
        except (Refusal, NotConnected, Unanswered) as error:
            log.info("wecom_bot.card_stands", error=type(error).__name__, reason=str(error))
            return False
        return True

    def _put_off(self, address: str, begun: Begun, result: Result) -> Result:
        if isinstance(result, Later):
            self._begun[address] = begun
        return result

    def _media(self, address: str, bubble: Bubble) -> list[Act]:
        return [partial(self._file, address, sha256, name) for sha256, name in bubble.media]

    def _words(self, address: str, begun: Begun) -> list[Act]:
        """The words that fit on no card, then the card."""
        composed = compose(begun.bubble)
        acts: list[Act] = [partial(self._text, address, text) for text in composed.texts]
        return acts + ([partial(self._card, address, composed.card, begun.task)] if composed.card else [])

    async def _text(self, address: str, text: str) -> str:
        if not await self._welcome(address, {"msgtype": "text", "text": {"content": text}}):
            await self._say(address, {"msgtype": "markdown", "markdown": {"content": markdown(text)}})
        return ""

    async def _card(self, address: str, card: Card, task: str) -> str:
        """A card whose number WeCom knows already has arrived at an earlier try."""
        self._album.expect(task, card)
        body = {"msgtype": "template_card", "template_card": drawn(card, task)}
        try:
            if not await self._welcome(address, body):
                await self._say(address, body)
        except Refusal as refusal:
            if refusal.code != _TASK_USED:
                raise
        finally:
            await self._album.keep(task, card)
        return task

    async def _file(self, address: str, sha256: str, name: str) -> str:
        try:
            content = await asyncio.to_thread(self._load_file, sha256)
        except (OSError, LookupError):
            log.warning("wecom_bot.file_missing", sha256=sha256)
            return ""
        brought = await self._uploads.bring(sha256, content, name)
        if brought is not None:
            sort, media_id = brought
            await self._say(address, {"msgtype": sort, sort: {"media_id": media_id}})
        return ""

    async def _welcome(self, address: str, body: Frame) -> bool:
        """Answer somebody who has just come in; False when nobody has, or it is too late."""
        req_id = self._windows.take_welcome(address)
        if not req_id:
            return False
        try:
            await self._ask(WELCOME, body, req_id=req_id)
        except Refusal as refusal:
            log.info("wecom_bot.not_welcomed", code=refusal.code)
            return False
        return True

    async def _say(self, address: str, body: Frame) -> None:
        is_group = address.startswith(GROUP)
        whom = {"chatid": address.removeprefix(GROUP), "chat_type": 2 if is_group else 1}
        await self._ask(SEND, whom | body)


def verdict(refusal: Refusal) -> Later | Never:
    """What a refusal means for a message."""
    if refusal.code in (_TOO_MANY, _PUSHED_TOO_MUCH):
        return Later(_MINUTE, "too-many")
    if refusal.code in _BUSY or refusal.code in _OWN_CODES:
        return Later(_SHORT if refusal.code in _BUSY else _MINUTE, f"code-{refusal.code}")
    return Never(f"refused: {refusal.code}")
