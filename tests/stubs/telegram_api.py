"""The methods of the Bot API that Fieldhand may call, as strict as Telegram is about them."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from tests.stubs.telegram_world import USUAL, ApiError, Chat, Message, World

Params = dict[str, Any]
Method = Callable[[World, Params], Awaitable[Any]]

_SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_RIVAL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_HOOKED = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


async def get_me(world: World, _params: Params) -> Any:
    return world.bot


async def get_updates(world: World, params: Params) -> Any:
    """A long poll. A second one ends the first, as at Telegram."""
    if world.webhook:
        raise ApiError(409, _HOOKED)
    if isinstance(params.get("allowed_updates"), list):
        world.allowed = frozenset(params["allowed_updates"]) or USUAL
    offset = int(params.get("offset") or 0)
    world.confirm(offset)
    me = world.poller = object()
    await world.tell()
    await world.wait_for(lambda: world.waiting(offset) or world.poller is not me, float(params.get("timeout") or 0))
    if world.poller is not me:
        raise ApiError(409, _RIVAL)
    world.poller = None
    return world.waiting(offset, int(params.get("limit") or 100))


async def set_webhook(world: World, params: Params) -> Any:
    url = str(params.get("url", ""))
    is_near = urlsplit(url).hostname in ("127.0.0.1", "localhost")
    if url and not url.startswith("https://") and not is_near:
        raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    if isinstance(params.get("allowed_updates"), list):
        world.allowed = frozenset(params["allowed_updates"]) or USUAL
    world.webhook = {"url": url, "secret": str(params.get("secret_token", ""))} if url else {}
    await world.tell()
    return True


async def delete_webhook(world: World, params: Params) -> Any:
    world.webhook = {}
    if str(params.get("drop_pending_updates", "")).lower() == "true":
        world.pending = []
    return True


async def get_webhook_info(world: World, _params: Params) -> Any:
    return {"url": world.webhook.get("url", ""), "pending_update_count": len(world.pending), "has_custom_certificate": False}


async def send_message(world: World, params: Params) -> Any:
    chat, text = _chat(world, params), _text(params, "Bad Request: message is too long")
    message = world.put(chat, is_bots=True, text=text, entities=_entities(params, text), keyboard=_keyboard(params))
    return world.shown(message)


async def edit_message_text(world: World, params: Params) -> Any:
    chat = _chat(world, params)
    message = _own(chat, params)
    if message.kind != "text":
        raise ApiError(400, "Bad Request: there is no text in the message to edit")
    text = _text(params, "Bad Request: MESSAGE_TOO_LONG")
    wanted = (text, _entities(params, text), _keyboard(params))
    if wanted == (message.text, message.entities, message.keyboard):
        raise ApiError(400, _SAME)
    message.text, message.entities, message.keyboard = wanted
    message.is_edited = True
    world.appear(chat, message)
    return world.shown(message)


async def edit_message_reply_markup(world: World, params: Params) -> Any:
    message = _own(_chat(world, params), params)
    keyboard = _keyboard(params)
    if keyboard == message.keyboard:
        raise ApiError(400, _SAME)
    message.keyboard = keyboard
    return world.shown(message)


async def delete_message(world: World, params: Params) -> Any:
    message = _own(_chat(world, params), params, "Bad Request: message to delete not found")
    message.is_deleted = True
    return True


async def send_photo(world: World, params: Params) -> Any:
    data = _upload(params, "photo", params.get("photo"))
    return world.shown(_file(world, params, "photo", data, {"photo": world.photo(data)}))


async def send_voice(world: World, params: Params) -> Any:
    data = _upload(params, "voice", params.get("voice"))
    return world.shown(_file(world, params, "voice", data, {"voice": world.keep(data, duration=0, mime_type="audio/ogg")}))


async def send_document(world: World, params: Params) -> Any:
    data = _upload(params, "document", params.get("document"))
    name = params["files"].get("document", ("", b""))[0] or next((one[0] for one in params["files"].values()), "")
    shown = world.keep(data, file_name=name, mime_type="application/octet-stream")
    return world.shown(_file(world, params, "document", data, {"document": shown}, name=name))


async def send_media_group(world: World, params: Params) -> Any:
    media = params.get("media")
    if not isinstance(media, list) or not 2 <= len(media) <= 10:
        raise ApiError(400, "Bad Request: wrong number of media in the album")
    chat, album = _chat(world, params), f"album{len(world.files)}"
    found = [_upload(params, "media", one.get("media")) for one in media]
    contents = [(data, {"photo": world.photo(data)}) for data in found]
    sent = [
        world.put(chat, is_bots=True, kind="photo", data=data, album=album, content=content, text=one.get("caption", ""))
        for one, (data, content) in zip(media, contents, strict=True)
    ]
    return [world.shown(message) for message in sent]


async def get_file(world: World, params: Params) -> Any:
    name = str(params.get("file_id", ""))
    if not name.startswith("file"):
        raise ApiError(400, "Bad Request: invalid file_id")
    if name not in world.files:
        raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    if len(world.files[name]) > 20 * 1024 * 1024:
        raise ApiError(400, "Bad Request: file is too big")
    return {"file_id": name, "file_unique_id": f"u{name}", "file_size": len(world.files[name]), "file_path": f"got/{name}"}


async def answer_callback_query(world: World, params: Params) -> Any:
    name = str(params.get("callback_query_id", ""))
    if not name.startswith("press") or name in world.answers:
        raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    world.answers[name] = str(params.get("text", ""))
    return True


async def set_my_commands(world: World, params: Params) -> Any:
    world.commands[str(params.get("language_code", ""))] = params.get("commands", [])
    return True


async def send_chat_action(world: World, params: Params) -> Any:
    _chat(world, params)
    return True


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": send_message,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "sendphoto": send_photo,
    "sendvoice": send_voice,
    "senddocument": send_document,
    "sendmediagroup": send_media_group,
    "getfile": get_file,
    "answercallbackquery": answer_callback_query,
    "setmycommands": set_my_commands,
    "sendchataction": send_chat_action,
}


def _chat(world: World, params: Params) -> Chat:
    """The chat that is written to, if the bot may write there."""
    try:
        chat = world.chats.get(int(params.get("chat_id", 0)))
    except ValueError:
        chat = None
    if chat is None:
        raise ApiError(400, "Bad Request: chat not found")
    if chat.migrated_to:
        raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    if chat.is_blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    if not chat.is_open:
        raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
    return chat


def _own(chat: Chat, params: Params, missing: str = "Bad Request: message to edit not found") -> Message:
    wanted = str(params.get("message_id", ""))
    message = next((one for one in chat.messages if str(one.id) == wanted and not one.is_deleted), None)
    if message is None:
        raise ApiError(400, missing)
    if not message.is_bots:
        raise ApiError(400, "Bad Request: message can't be edited")
    return message


def _text(params: Params, too_long: str) -> str:
    text = str(params.get("text", "")).strip()
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    if _units(text) > 4096:
        raise ApiError(400, too_long)
    return text


def _entities(params: Params, text: str) -> list[dict[str, Any]]:
    entities = params.get("entities") or []
    for one in entities:
        if one["offset"] < 0 or one["length"] < 1 or one["offset"] + one["length"] > _units(text):
            raise ApiError(400, "Bad Request: entity beyond the end of the text")
    return list(entities)


def _keyboard(params: Params) -> list[list[dict[str, Any]]]:
    """The inline keyboard, checked as Telegram checks it."""
    markup = params.get("reply_markup") or {}
    rows: list[list[dict[str, Any]]] = [row for row in markup.get("inline_keyboard", []) if row]
    if sum(map(len, rows)) > 100:
        raise ApiError(400, "Bad Request: reply markup is too long")
    for one in (one for row in rows for one in row):
        if not one.get("text", "").strip():
            raise ApiError(400, "Bad Request: can't parse inline keyboard button: Text must be non-empty")
        if "url" in one and "." not in (urlsplit(one["url"]).hostname or ""):
            raise ApiError(400, f"Bad Request: inline keyboard button URL '{one['url']}' is invalid: Wrong HTTP URL")
        if "url" not in one and not 1 <= len(one.get("callback_data", "").encode()) <= 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return rows


def _upload(params: Params, name: str, told: Any) -> bytes:
    files: dict[str, tuple[str, bytes]] = params["files"]
    if isinstance(told, str) and told.startswith("attach://"):
        name = told.removeprefix("attach://")
    if not files.get(name, ("", b""))[1]:
        raise ApiError(400, "Bad Request: file must be non-empty")
    return files[name][1]


def _file(world: World, params: Params, kind: str, data: bytes, content: dict[str, Any], *, name: str = "") -> Message:
    caption = str(params.get("caption", ""))
    if _units(caption) > 1024:
        raise ApiError(400, "Bad Request: message caption is too long")
    chat = _chat(world, params)
    told: dict[str, Any] = {"kind": kind, "data": data, "content": content, "text": caption, "name": name}
    return world.put(chat, is_bots=True, keyboard=_keyboard(params), **told)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def decoded(name: str, value: Any) -> Any:
    """Structures come as JSON in forms; texts and captions are never looked into."""
    if isinstance(value, str) and name not in ("text", "caption") and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError as error:
            raise ApiError(400, f"Bad Request: can't parse {name} JSON object") from error
    return value
