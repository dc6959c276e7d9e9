"""Receiving from Telegram: nothing is confirmed before it is stored (RELIABILITY 1 to 3)."""

import asyncio
import contextlib
import hmac
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from telegram import BotCommand
from telegram.error import TelegramError

from bot.channels.base import Accept, ChannelRefused, Duty
from bot.channels.telegram_read import chat_of, key_of
from bot.channels.telegram_wire import KINDS, ApiBot, Pause, Refusal, is_update, parse
from bot.channels.webchat_door import Declined, read_body
from storage.errors import StoreUnavailable

log = structlog.get_logger()

PATH = "/telegram"
MOST_BODY = 1024 * 1024
_BODY_SECONDS = 30
_STORE_WAIT = 1.0
_CONFLICTS, _CONFLICT_SECONDS = 3, 120.0  # a process that was killed may leave a poll behind for a moment
_TOKEN = "TELEGRAM_BOT_TOKEN: Telegram refuses it; copy it again from @BotFather (and see that TELEGRAM_API_BASE is right)"
_HOOK = "PUBLIC_URL: Telegram does not take it as address of a webhook; it must be https on port 443, 80, 88 or 8443 ({why})"
_RIVAL = "TELEGRAM_BOT_TOKEN: another program receives with this token; stop it, or get a token of your own from @BotFather"
_COMMAND_LANGUAGES = ("", "zh", "en")  # "" is for everybody else; Telegram can't tell Traditional from Simplified


class Intake:
    """Polls, or is called by Telegram when `webhook` names an address and a secret."""

    def __init__(
        self,
        bot: ApiBot,
        channel: str,
        *,
        on_fatal: Callable[[str], None],
        webhook: tuple[str, str] | None,
        commands: Mapping[str, Mapping[str, str]],
        poll_seconds: int,
        polling: Duty,
    ) -> None:
        self._bot, self._channel, self._on_fatal = bot, channel, on_fatal
        self._webhook, self._commands, self._poll_seconds = webhook, commands, poll_seconds
        self._polling = polling
        self._accept: Accept | None = None
        self._task: asyncio.Task[None] | None = None
        self._offset: int | None = None
        self._conflicts: deque[float] = deque(maxlen=_CONFLICTS)
        self.username = ""

    async def start(self, accept: Accept) -> None:
        """Connect once; if the network is not there yet, go on trying behind the scenes. Raises ChannelRefused."""
        self._accept = accept
        is_connected = await self._try_to_connect(Pause()) is None
        self._task = asyncio.create_task(self._run(is_connected))
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Take no more. Sending goes on, so that the last answers can leave."""
        self._accept = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        await self._bot.stop_receiving()

    async def hook(self, request: Request) -> Response:
        """One update by HTTP. 200 says that it is stored; anything else lets Telegram send it again."""
        assert self._webhook is not None  # else there is no route
        told = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(told.encode(), self._webhook[1].encode()):
            return Response(status_code=403)
        try:
            update = parse(await read_body(request, MOST_BODY, seconds=_BODY_SECONDS))
            if not is_update(update):
                return Response(status_code=400)
            await self._store(update)
        except Declined as no:
            return Response(status_code=no.status)
        except ValueError:
            return Response(status_code=400)
        except StoreUnavailable:
            return Response(status_code=503)
        return Response()

    async def _run(self, is_connected: bool) -> None:
        pause = Pause()
        while not is_connected:
            try:
                wait = await self._try_to_connect(pause)
            except ChannelRefused as refused:
                self._on_fatal(str(refused))
                return
            is_connected = wait is None
            await asyncio.sleep(wait or 0.0)
            pause = pause.longer()
        if self._webhook is None:
            await self._poll()

    async def _try_to_connect(self, pause: Pause) -> float | None:
        """None when connected, else the seconds to wait before the next attempt. Raises ChannelRefused."""
        try:
            await self._connect()
        except Refusal as refusal:
            if refusal.code in (401, 404):
                raise ChannelRefused(_TOKEN) from None
            if refusal.code == 400:
                raise ChannelRefused(_HOOK.format(why=self._bot.scrub(refusal.description))) from None
            return self._put_off("telegram.connect", refusal, pause)
        except (TelegramError, KeyError, TypeError, AttributeError, ValueError) as error:
            return self._put_off("telegram.connect", error, pause)
        return None

    async def _connect(self) -> None:
        me = await self._bot.get_me()
        if self._webhook is not None:
            address, secret = self._webhook
            await self._bot.set_webhook(address, secret_token=secret, allowed_updates=KINDS)
        else:
            await self._bot.delete_webhook(drop_pending_updates=False)
        await self._name_commands()
        self.username = me.username or ""
        log.info("telegram.connected", webhook=self._webhook is not None)

    async def _name_commands(self) -> None:
        """The menu beside the input field; its lack is no reason not to start."""
        for code in _COMMAND_LANGUAGES:
            names = next((names for language, names in self._commands.items() if language.startswith(code)), None)
            if names is None:
                continue
            try:
                await self._bot.set_my_commands([BotCommand(*one) for one in names.items()], language_code=code)
            except TelegramError as error:
                self._put_off("telegram.commands", error, Pause())

    async def _poll(self) -> None:
        """Until cancelled. The offset moves only past what is stored, and lives as long as this process polls."""
        pause, is_at_it = Pause(), False
        while True:
            if not (is_at_it and self._polling.is_held):
                await self._polling.taken()
                self._offset, is_at_it = None, True
                log.info("telegram.polls")
            try:
                updates = await self._bot.raw_updates(self._offset, seconds=self._poll_seconds)
                for update in updates:
                    await self._store(update)
                    self._offset = update["update_id"] + 1
                if not updates:
                    self._offset = None  # all is confirmed, and after a quiet week the numbers may begin lower
                pause = Pause()
            except StoreUnavailable:
                log.warning("telegram.not_stored")
                await asyncio.sleep(_STORE_WAIT)
            except TelegramError as error:
                if self._is_over(error):
                    return
                await asyncio.sleep(self._put_off("telegram.poll", error, pause))
                pause = pause.longer()

    def _is_over(self, error: TelegramError) -> bool:
        """Whether polling makes no sense any more, which is told."""
        code = error.code if isinstance(error, Refusal) else 0
        if code == 409 and self._polling.is_held:
            self._conflicts.append(time.monotonic())
        is_rival = len(self._conflicts) == _CONFLICTS and self._conflicts[-1] - self._conflicts[0] < _CONFLICT_SECONDS
        if code == 401 or is_rival:
            self._on_fatal(_RIVAL if is_rival else _TOKEN)
        return code == 401 or is_rival

    async def _store(self, update: dict[str, Any]) -> None:
        if self._accept is None:
            raise StoreUnavailable("not receiving")
        await self._accept(self._channel, chat_of(update), key_of(update), {"update": update})

    def _put_off(self, what: str, error: Exception, pause: Pause) -> float:
        """Log it without a word that could hold the token; returns the seconds to wait."""
        wait = pause.after(error) if isinstance(error, TelegramError) else pause.seconds
        name = type(error.__cause__ or error).__name__
        log.warning(what, error=name, status=getattr(error, "code", 0), again_in=wait)
        return wait

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A dead intake must not leave a process that lives on deaf."""
        with contextlib.suppress(asyncio.CancelledError):
            if (error := task.exception()) is not None:
                log.error("telegram.intake_died", error=type(error).__name__)
                self._on_fatal(f"telegram: receiving ended with {type(error).__name__}")
