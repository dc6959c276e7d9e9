"""微信客服 as a channel: customers on plain WeChat (CHANNELS 1b)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from starlette.routing import BaseRoute, Route

from bot.channels.base import FIRST, Abilities, Accept, Allowance, Attempt, Edits, Never, Result, Sent
from bot.channels.parts import Parts
from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_crypto import Seal
from bot.channels.wecom_errors import WecomError, advice
from bot.channels.wecom_kf_intake import ACCOUNTS, PATH, PREFIX, Intake
from bot.channels.wecom_kf_read import MOST_SAID, read_message
from bot.channels.wecom_kf_say import LINE_BYTES, LINES, TEXT_BYTES, compose
from bot.channels.wecom_kf_send import Sender
from bot.settings import Settings, SettingsError
from handlers.bubbles import Bubble
from handlers.events import Event, Media
from storage.writer import Store

NAME = "kf"
WAY = "/cgi-bin/kf/add_contact_way"
PARAM_BYTES = 128
_SCENE = "sticker"
_TWO_DAYS = 48 * 3600.0
_CANNOT_EDIT = Never("cannot-edit")


class WecomKf:
    """One account. It is called when there is something, if the callback is set up, and looks by itself as well."""

    name = NAME
    is_sending = True
    abilities = Abilities(
        text_chars=TEXT_BYTES,
        text_bytes=TEXT_BYTES,
        label_chars=LINE_BYTES // 3,
        buttons=LINES,
        edits=Edits.NEVER,
        can_ask_location=False,
        can_ask_contact=False,
        caption_chars=0,
        allowance=Allowance(MOST_SAID, _TWO_DAYS),
    )

    def __init__(
        self,
        api: WecomApi,
        store: Store,
        *,
        open_kfid: str,
        seal: Seal | None,
        load_file: Callable[[str], bytes],
        on_fatal: Callable[[str], None],
        public_url: str = "",
        retry: float = 2.0,
    ) -> None:
        """Without a `seal` nobody calls, and it looks every 20 seconds: too late to greet whoever comes in.

        `retry`: seconds until it looks again when WeCom does not answer.
        """
        self._api, self._store, self._open_kfid, self._public_url = api, store, open_kfid, public_url
        self._is_called = seal is not None
        self._sender = Sender(api, store, load_file, open_kfid=open_kfid, name=NAME)
        self._intake = Intake(api, store, name=NAME, open_kfid=open_kfid, seal=seal, on_fatal=on_fatal, retry=retry)

    def routes(self) -> list[BaseRoute]:
        return [Route(PATH, self._intake.hook, methods=["GET", "POST"])] if self._is_called else []

    async def start(self, accept: Accept) -> None:
        await self._intake.start(accept)

    async def stop(self) -> None:
        await self._intake.stop()

    def read(self, raw: dict[str, Any]) -> Event | None:
        return read_message(raw, NAME)

    def weight(self, bubble: Bubble) -> int:
        return len(compose(bubble).messages) + len(bubble.photos) + len(bubble.voices) + len(bubble.files)

    def join_link(self) -> str:
        """Colleagues don't work here."""
        return ""

    async def check(self) -> list[tuple[bool, str]]:
        try:
            await self._api.check_secret()
            return await self._checked()
        except WecomError as error:
            return [(False, advice(error, PREFIX))]

    async def _checked(self) -> list[tuple[bool, str]]:
        found = await self._api.call(ACCOUNTS, {"offset": 0, "limit": 100})
        accounts = {one.get("open_kfid"): one for one in found.get("account_list") or [] if isinstance(one, dict)}
        own = accounts.get(self._open_kfid)
        if own is None:
            return [(False, f"WECOM_KF_OPEN_ID: no such account; this corp's are {', '.join(map(str, accounts)) or 'none'}")]
        if not own.get("manage_privilege", True):
            return [
                (False, "WECOM_KF_OPEN_ID: the account may not be used by API; allow it (微信客服 > API > 可管理的客服帳號)")
            ]
        lines = [(True, f"WECOM_KF_SECRET: good, the account is {own.get('name', '')}"), self._callback()]
        return [*lines, (True, f"WECOM_KF_OPEN_ID: customers come in by {await self._link('')}")]

    def _callback(self) -> tuple[bool, str]:
        if not self._is_called:
            return True, "WECOM_KF_TOKEN: not set, so we look every 20 seconds; with a callback answers would come at once"
        if not self._public_url:
            return False, f"PUBLIC_URL: is empty; WeCom has to reach this desk at https://…{PATH}"
        return True, f"WECOM_KF_TOKEN: the callback's address is {self._public_url}{PATH}"

    async def sticker(self, payload: str) -> str:
        """Where a machine's sticker leads: who scans it reports about that machine. Raises ValueError for a long payload."""
        if len(payload.encode()) > PARAM_BYTES:
            raise ValueError(f"{payload}: at most {PARAM_BYTES} bytes")
        return f"{await self._link(_SCENE)}&scene_param={quote(payload, safe='')}"

    async def _link(self, scene: str) -> str:
        answer = await self._api.call(WAY, {"open_kfid": self._open_kfid} | ({"scene": scene} if scene else {}))
        return str(answer.get("url", ""))

    async def send(self, address: str, bubble: Bubble, attempt: Attempt = FIRST) -> Result:
        return await self._sender.send(address, bubble, attempt)

    async def edit(self, address: str, ref: str, bubble: Bubble) -> Result:
        return _CANNOT_EDIT

    async def settle(self, address: str, ref: str) -> Result:
        """Lines of a menu can't be taken away; a stale one is answered as such."""
        return Sent(ref)

    async def acknowledge(self, event: Event, note: str = "") -> None:
        """The tap stands in the chat as the customer's own words."""

    async def fetch(self, media: Media, limit: int) -> bytes:
        return await self._api.download(media.handle, limit)


def build(parts: Parts) -> WecomKf | None:
    """The channel, None while nothing of it is set. Raises SettingsError when something is missing."""
    settings = parts.settings
    secret = settings.wecom_kf_secret
    if not (secret or settings.wecom_kf_open_id or settings.wecom_kf_token or settings.wecom_kf_aes_key):
        return None
    needed = {
        "WECOM_CORP_ID": (settings.wecom_corp_id, "copy 企業ID from the admin console, My Company (我的企業)"),
        "WECOM_KF_SECRET": (secret, "copy the Secret of the app that may call 微信客服 (可調用接口的應用)"),
        "WECOM_KF_OPEN_ID": (settings.wecom_kf_open_id, "copy the account's ID, which begins with wk, from 微信客服"),
    }
    for name, (value, words) in needed.items():
        if not value:
            raise SettingsError(f"{name}: is missing; {words}")
    assert secret is not None  # it is among the needed
    api = WecomApi(
        parts.store,
        base=settings.wecom_api_base,
        corp_id=settings.wecom_corp_id,
        secret=secret.get_secret_value(),
        name=NAME,
    )
    return WecomKf(
        api,
        parts.store,
        open_kfid=settings.wecom_kf_open_id,
        seal=_seal(settings),
        load_file=parts.load_file,
        on_fatal=parts.on_fatal,
        public_url=settings.public_url,
    )


def _seal(settings: Settings) -> Seal | None:
    token, key = settings.wecom_kf_token, settings.wecom_kf_aes_key
    if not token and not key:
        return None
    if not token:
        raise SettingsError("WECOM_KF_TOKEN: is missing; copy Token of the callback beside its EncodingAESKey")
    if not key:
        raise SettingsError("WECOM_KF_AES_KEY: is missing; copy EncodingAESKey of the callback beside its Token")
    try:
        return Seal(token.get_secret_value(), key.get_secret_value(), settings.wecom_corp_id)
    except ValueError as error:
        raise SettingsError(f"WECOM_KF_AES_KEY: {error}") from None
