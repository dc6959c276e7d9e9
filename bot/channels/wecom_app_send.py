"""Sending to WeCom: one bubble may become several messages, and an interrupted one goes on where it stopped."""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.channels.base import Later, Never, Result, Sent
from bot.channels.webchat_files import type_of
from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_app_say import CARDS, Card, compose
from bot.channels.wecom_errors import BAD_MEDIA, TASK_EXISTS, WecomError, WecomRefusal, WecomSilence, verdict
from handlers.bubbles import Bubble
from storage import notes
from storage.errors import StoreUnavailable
from storage.writer import Store

log = structlog.get_logger()

CODE_LIVES = timedelta(hours=71)  # WeCom says 72
DONE = "✓"
"""What stands in the place of buttons that have had their time, in every language."""

_SEND, _UPDATE = "/cgi-bin/message/send", "/cgi-bin/message/update_template_card"
_SWALLOW = timedelta(hours=4)  # within which WeCom swallows a message that is the same to the letter; it allows no more
_IMAGE_BYTES, _VOICE_BYTES, _FILE_BYTES = 10 << 20, 2 << 20, 20 << 20
_EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf", "audio/amr": ".amr", "audio/ogg": ".ogg",
               "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/webm": ".webm"}  # fmt: skip
_CANNOT_EDIT = Never("cannot-edit")

# One message of a bubble, to be sent to a member.
Act = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Begun:
    """A bubble of which `n_sent` messages have been sent, under a name that its cards carry."""

    bubble: Bubble
    ref: str
    n_sent: int = 0


class Sender:
    """Sends and changes messages of one app. Photos, voices and files go first, on their own."""

    def __init__(self, api: WecomApi, store: Store, *, name: str, agent_id: int, load_file: Callable[[str], bytes]) -> None:
        self._api, self._store, self._name, self._agent_id, self._load_file = api, store, name, agent_id, load_file
        self._begun: dict[str, Begun] = {}
        self._unsure: dict[
            str, tuple[str, int]
        ] = {}  # a member's last text that may have arrived, and how it was to be checked

    async def send(self, address: str, bubble: Bubble) -> Result:
        """A bubble that had to be put off in the middle goes on there when it comes again."""
        begun = self._begun.pop(address, None)
        if begun is None or begun.bubble != bubble:
            begun = Begun(bubble, secrets.token_hex(8))
        said = compose(bubble)
        media = [partial(self._media, one, name) for one, name in bubble.media]
        acts: list[Act] = [*media, *(partial(self._text, one) for one in said.texts)]
        acts += [partial(self._card, one, f"{begun.ref}-{n}") for n, one in enumerate(said.cards)]
        for n, act in enumerate(acts):
            if n < begun.n_sent:
                continue
            problem = await self._attempt(act, address)
            if isinstance(problem, Later):
                self._begun[address] = replace(begun, n_sent=n)
                return problem
            if problem is not None and (n >= len(media) or not problem.reason.startswith("refused")):
                return problem
            if problem is not None:
                log.warning("wecom.media_refused", reason=problem.reason)  # the words matter more
        return Sent(begun.ref if said.cards else "", said.numbered)

    async def edit(self, address: str, ref: str, bubble: Bubble) -> Result:
        """Only a bubble that is one card can be changed, once for each response code; text that was sent stays."""
        said = compose(bubble)
        if not said.cards:
            await self.settle(address, ref)  # a card can't be without buttons, but it need not offer old ones
            return _CANNOT_EDIT
        code = await self._code(f"{ref}-0")
        if not code or await self._code(f"{ref}-1") or said.texts or len(said.cards) > 1:
            return _CANNOT_EDIT
        card = said.cards[0] | {"task_id": f"{ref}-0@{secrets.token_hex(3)}"}
        problem = await self._change(address, f"{ref}-0", code, {"template_card": card})
        return problem or Sent(ref, said.numbered)

    async def settle(self, address: str, ref: str) -> Result:
        """Every card of the bubble that can still be changed shows a tick in place of its buttons."""
        found = [(card, code) for n in range(CARDS) if ref and (code := await self._code(card := f"{ref}-{n}"))]
        for card, code in found:
            if problem := await self._change(address, card, code, {"button": {"replace_name": DONE}}):
                return problem
        return Sent(ref) if found else _CANNOT_EDIT

    async def keep_code(self, card: str, code: str) -> None:
        """Remember what the next change of a card costs. Raises StoreUnavailable."""
        until = datetime.now(UTC) + CODE_LIVES
        await self._store.write(lambda c: notes.put(c, self._name, f"card:{card}", {"code": code}, until=until))

    async def _code(self, card: str) -> str:
        found = await self._store.read(lambda c: notes.get(c, self._name, f"card:{card}", now=datetime.now(UTC)))
        return str(found["code"]) if found else ""

    async def _change(self, address: str, card: str, code: str, what: dict[str, Any]) -> Later | Never | None:
        """Use a code up; it is kept when it is sure that WeCom has not seen it."""
        body = {"userids": [address], "agentid": self._agent_id, "response_code": code, **what}
        problem: Later | Never | None = None
        try:
            await self._api.call(_UPDATE, body)
        except WecomError as error:
            found = verdict(error)
            problem = found if isinstance(found, Later) else _CANNOT_EDIT
        if not isinstance(problem, Later) or problem.is_unknown:
            await self._forget(card, code)
        return problem

    async def _forget(self, card: str, code: str) -> None:
        """Unless a press has brought another code meanwhile."""
        if await self._code(card) == code:
            await self._store.write(lambda c: notes.drop(c, self._name, f"card:{card}"))

    async def _attempt(self, act: Act, address: str) -> Later | Never | None:
        try:
            await act(address)
        except WecomError as error:
            return verdict(error)
        except StoreUnavailable:
            return Later(2.0, "store")
        return None

    async def _text(self, text: str, address: str) -> None:
        """WeCom swallows what is the same as a message before, which is right for a repeat of ours and wrong for an answer
        that somebody gets twice because he asked twice. So only what was not said lately is to be checked."""
        body = self._body(address, "text", {"content": text})
        key = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        unsure, is_checked = self._unsure.pop(address, ("", 0))
        if unsure != key:
            is_checked = int(await self._is_new(f"said:{key}"))
        try:
            await self._post(body, is_checked=is_checked)
        except WecomError as error:
            if isinstance(verdict(error), Later):
                self._unsure[address] = (key, is_checked)
            raise

    async def _is_new(self, key: str) -> bool:
        """Whether this was not said within the time in which WeCom would swallow it."""
        now = datetime.now(UTC)
        if await self._store.read(lambda c: notes.get(c, self._name, key, now=now)) is not None:
            return False
        await self._store.write(lambda c: notes.put(c, self._name, key, {}, until=now + _SWALLOW + timedelta(minutes=5)))
        return True

    async def _card(self, card: Card, task: str, address: str) -> None:
        """A card's task_id makes it like no other, so a repeat can safely be swallowed."""
        try:
            answer = await self._post(self._body(address, "template_card", card | {"task_id": task}), is_checked=1)
        except WecomRefusal as refusal:
            if refusal.code != TASK_EXISTS:
                raise
            return
        if code := answer.get("response_code"):
            await self.keep_code(task, str(code))

    async def _post(self, body: dict[str, Any], *, is_checked: int) -> dict[str, Any]:
        """Send a message; what is checked for a repeat may safely be sent again after no answer."""
        check = {"enable_duplicate_check": is_checked, "duplicate_check_interval": int(_SWALLOW.total_seconds())}
        try:
            return await self._api.call(_SEND, body | check)
        except WecomSilence as silence:
            raise (silence.sure() if is_checked else silence) from None

    async def _media(self, sha256: str, called: str, address: str) -> None:
        """A picture or a voice note if WeCom takes it as such, else a file with the name that people know it by."""
        content = await self._load(sha256)
        kind = kind_of(content)
        if not kind:
            log.warning("wecom.file_not_sent", sha256=sha256, n_bytes=len(content))
            return
        name = called or f"{sha256[:12]}{_EXTENSIONS.get(type_of(content), '')}"
        for again in (False, True):
            media_id = await self._api.upload(kind, content, name, again=again)
            body = self._body(address, kind, {"media_id": media_id})
            try:
                await self._api.call(_SEND, body)
            except WecomRefusal as refusal:
                if refusal.code != BAD_MEDIA or again:
                    raise
            else:
                return

    def _body(self, address: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        return {"touser": address, "agentid": self._agent_id, "msgtype": kind, kind: content}

    async def _load(self, sha256: str) -> bytes:
        try:
            return await asyncio.to_thread(self._load_file, sha256)
        except (OSError, LookupError):
            return b""


def kind_of(content: bytes) -> str:
    """As what WeCom takes some bytes; empty when it does not."""
    mime, size = type_of(content), len(content)
    if not 5 < size <= _FILE_BYTES:
        return ""
    if mime in ("image/jpeg", "image/png") and size <= _IMAGE_BYTES:
        return "image"
    return "voice" if mime == "audio/amr" and size <= _VOICE_BYTES else "file"
