"""The self-built app (自建應用) of WeCom as a channel for staff (CHANNELS 1a)."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import structlog
from starlette.routing import BaseRoute, Route

from bot.channels.base import FIRST, Abilities, Accept, Attempt, ChannelRefused, Edits, Pace, Result
from bot.channels.parts import Parts
from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_app_check import PATH, check_app
from bot.channels.wecom_app_intake import Intake
from bot.channels.wecom_app_read import read_told
from bot.channels.wecom_app_say import A_CARD, CARDS, LABEL_WIDTH, TEXT_BYTES, compose
from bot.channels.wecom_app_send import Sender
from bot.channels.wecom_crypto import Seal
from bot.channels.wecom_errors import UNTRUSTED, WecomError, WecomRefusal, advice, is_setup
from bot.settings import Settings, SettingsError
from handlers.bubbles import Bubble
from handlers.events import Event, Media
from texts import catalog

log = structlog.get_logger()

_AGAIN_SECONDS = 60.0
_TOP_BYTES, _BELOW_BYTES = 16, 40  # of a name in the menu
_TOP, _BELOW = ("mine", "queue"), ("report", "resume", "language", "help")


def build(parts: Parts) -> "WecomApp | None":
    """The app, None while none of its own settings is set. Raises SettingsError that names what is missing or wrong."""
    settings = parts.settings
    own = {
        "WECOM_AGENT_ID": settings.wecom_agent_id,
        "WECOM_SECRET": settings.wecom_secret,
        "WECOM_TOKEN": settings.wecom_token,
        "WECOM_AES_KEY": settings.wecom_aes_key,
    }
    if not any(own.values()):
        return None
    for name, value in {"WECOM_CORP_ID": settings.wecom_corp_id, **own}.items():
        if not value:
            raise SettingsError(
                f"{name}: is missing; the WeCom app needs it together with {' and '.join(sorted({*own} - {name}))}"
            )
    return WecomApp(
        _api(parts), parts, _seal(settings), agent_id=settings.wecom_agent_id or 0, menu=menu(parts.commands, settings.language)
    )


class WecomApp:
    """Receives by callback, sends by REST. WeCom calls only what it can reach, so this channel needs PUBLIC_URL."""

    name = "wecom"
    is_sending = True
    abilities = Abilities(
        text_chars=TEXT_BYTES,
        text_bytes=TEXT_BYTES,
        label_chars=LABEL_WIDTH,
        buttons=A_CARD * CARDS,
        edits=Edits.SOMETIMES,
        can_ask_location=False,  # a place can be sent at any time; there is no button that asks for one
        can_ask_contact=False,
        caption_chars=0,
        per_second=30,
        paces=(Pace(25, 60), Pace(900, 3600)),  # WeCom drops silently what is above 30 a minute or 1000 an hour
    )

    def __init__(self, api: WecomApi, parts: Parts, seal: Seal, *, agent_id: int, menu: list[dict[str, Any]]) -> None:
        self._api, self._seal, self._agent_id, self._menu = api, seal, agent_id, menu
        self._public_url, self._on_fatal = parts.settings.public_url, parts.on_fatal
        self._sender = Sender(api, parts.store, name=self.name, agent_id=agent_id, load_file=parts.load_file)
        self._intake = Intake(seal, api, parts.store, name=self.name, agent_id=agent_id, keep_code=self._sender.keep_code)
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> list[BaseRoute]:
        return [Route(PATH, self._intake.hook, methods=["GET", "POST"])]

    def join_link(self) -> str:
        return ""

    def weight(self, bubble: Bubble) -> int:
        said = compose(bubble)
        return max(1, len(bubble.photos) + len(bubble.voices) + len(bubble.files) + len(said.texts) + len(said.cards))

    async def check(self) -> list[tuple[bool, str]]:
        try:
            return await check_app(self._api, self._seal, agent_id=self._agent_id, public_url=self._public_url)
        finally:
            await self._api.close()

    async def start(self, accept: Accept) -> None:
        """The callback is open from now on, be WeCom reached or not: its console has to see it before it trusts us."""
        self._intake.accept = accept
        is_connected = await self._try_to_connect()
        self._task = asyncio.create_task(self._run(is_connected))

    async def stop(self) -> None:
        """Take no more. Sending goes on, so that the last answers can leave."""
        self._intake.accept = None
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def read(self, raw: dict[str, Any]) -> Event | None:
        return read_told(raw, self.name)

    async def send(self, address: str, bubble: Bubble, attempt: Attempt = FIRST) -> Result:
        return await self._sender.send(address, bubble)

    async def edit(self, address: str, ref: str, bubble: Bubble) -> Result:
        return await self._sender.edit(address, ref, bubble)

    async def settle(self, address: str, ref: str) -> Result:
        return await self._sender.settle(address, ref)

    async def acknowledge(self, event: Event, note: str = "") -> None:
        """A press was answered with status 200 when it was stored; there is nothing more to show."""

    async def fetch(self, media: Media, limit: int) -> bytes:
        return await self._api.download(media.handle, limit)

    async def _run(self, is_connected: bool) -> None:
        while not is_connected:
            await asyncio.sleep(_AGAIN_SECONDS)
            try:
                is_connected = await self._try_to_connect()
            except ChannelRefused as refused:
                self._on_fatal(str(refused))
                return

    async def _try_to_connect(self) -> bool:
        """Whether WeCom knows us. Raises ChannelRefused for what an administrator has to set right in the settings.

        An untrusted address is no reason not to start: the console lets one enter it only after the callback has answered.
        """
        try:
            await self._api.call("/cgi-bin/agent/get", agentid=str(self._agent_id))
            log.info("wecom.connected")
        except WecomError as error:
            is_untrusted = isinstance(error, WecomRefusal) and error.code == UNTRUSTED
            if is_setup(error) and not is_untrusted:
                raise ChannelRefused(advice(error)) from None
            log.warning("wecom.connect", error=str(error), advice=advice(error), again_in=_AGAIN_SECONDS)
            return False
        try:
            await self._api.call("/cgi-bin/menu/create", {"button": self._menu}, agentid=str(self._agent_id))
        except WecomError as error:
            log.warning("wecom.menu", error=str(error))  # its lack is no reason not to start
        return True


def menu(commands: Mapping[str, Mapping[str, str]], language: str) -> list[dict[str, Any]]:
    """The menu at the lower edge of the app, the same for all members; its keys are buttons' tokens."""
    names = commands.get(language, {})

    def line(command: str, most: int) -> dict[str, Any]:
        return {"type": "click", "name": _short(names.get(command, command), most), "key": f"m.{command}"}

    below = [line(one, _BELOW_BYTES) for one in _BELOW]
    more = {"name": _short(catalog.say(language, "wecom.more"), _TOP_BYTES), "sub_button": below}
    return [*(line(one, _TOP_BYTES) for one in _TOP), more]


def _short(name: str, most: int) -> str:
    """As many whole characters as fit into so many bytes."""
    return name.encode()[:most].decode("utf-8", "ignore")


def _api(parts: Parts) -> WecomApi:
    settings = parts.settings
    secret = settings.wecom_secret.get_secret_value() if settings.wecom_secret else ""
    return WecomApi(
        parts.store, base=settings.wecom_api_base, corp_id=settings.wecom_corp_id, secret=secret, name=WecomApp.name
    )


def _seal(settings: Settings) -> Seal:
    token = settings.wecom_token.get_secret_value() if settings.wecom_token else ""
    aes_key = settings.wecom_aes_key.get_secret_value() if settings.wecom_aes_key else ""
    try:
        return Seal(token, aes_key, settings.wecom_corp_id)
    except ValueError as error:
        raise SettingsError(f"WECOM_AES_KEY: {error}; copy it from the page where the callback is set (接收消息)") from None
