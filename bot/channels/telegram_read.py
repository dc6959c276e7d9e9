"""Telegram's raw updates as Events (Bot API "Update"). Whatever is malformed means nothing to us."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handlers.events import ContactCard, Event, Kind, Media, Place

_GONE = ("kicked", "left")


def read_update(update: Mapping[str, Any], key: str, *, received_at: datetime) -> Event | None:
    """The event that an update stands for, None when it is none of ours or makes no sense.

    Telegram does not say when a button was pressed: a press has the moment at which it came.
    """
    try:
        return _read(update, key, received_at)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        return None


def chat_of(update: Mapping[str, Any]) -> str:
    """The chat whose order an update has to keep; empty for an update that makes no sense."""
    try:
        for name in ("message", "edited_message", "channel_post", "my_chat_member"):
            if name in update:
                return str(int(update[name]["chat"]["id"]))
        pressed = update.get("callback_query", {})
        message = pressed.get("message") or {"chat": pressed["from"]}
        return str(int(message["chat"]["id"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""


def _read(update: Mapping[str, Any], key: str, received_at: datetime) -> Event | None:
    if "callback_query" in update:
        return _pressed(update["callback_query"], key, received_at)
    if "my_chat_member" in update:
        return _member(update["my_chat_member"], key)
    if "channel_post" in update:
        return _from_group(update["channel_post"], key)
    message = update.get("message") or update["edited_message"]
    is_edit = "message" not in update
    if message["chat"]["type"] != "private":
        return None if is_edit else _from_group(message, key)
    if is_edit and "text" not in message:
        return None  # a live location that moves, a caption put right: what was sent first stands
    kind, what = _content(message)
    return _event(message, key, kind, is_edit=is_edit, **what)


def _content(message: Mapping[str, Any]) -> tuple[Kind, dict[str, Any]]:
    """What sort of message it is, and what it brings."""
    if "text" in message:
        return _words(str(message["text"]))
    caption = str(message.get("caption", ""))
    if "photo" in message:
        largest = max(message["photo"], key=lambda size: int(size.get("width", 0)) * int(size.get("height", 0)))
        return Kind.PHOTO, {"text": caption, "media": _media(largest, "image/jpeg")}
    if "voice" in message:
        return Kind.VOICE, {"text": caption, "media": _media(message["voice"], "audio/ogg")}
    if "audio" in message:
        return Kind.VOICE, {"text": caption, "media": _media(message["audio"], "audio/mpeg")}
    if "document" in message:
        media = _media(message["document"], "application/octet-stream")
        return (Kind.PHOTO if media.mime.startswith("image/") else Kind.FILE), {"text": caption, "media": media}
    for name in ("video", "video_note", "animation"):
        if name in message:
            return Kind.FILE, {"text": caption, "media": _media(message[name], "video/mp4")}
    if "venue" in message or "location" in message:
        return Kind.LOCATION, {"place": _place(message)}
    if "contact" in message:
        return Kind.CONTACT, {"contact": _contact(message)}
    return Kind.UNSUPPORTED, {}


def _words(text: str) -> tuple[Kind, dict[str, Any]]:
    command, _, payload = text.partition(" ")
    if command.split("@")[0] == "/start":
        return Kind.START, {"text": payload.strip()}
    return Kind.TEXT, {"text": text}


def _media(file: Mapping[str, Any], mime: str) -> Media:
    return Media(
        handle=str(file["file_id"]),
        mime=str(file.get("mime_type") or mime),
        size=int(file.get("file_size") or 0),
        name=str(file.get("file_name") or ""),
        seconds=int(file.get("duration") or 0),
    )


def _place(message: Mapping[str, Any]) -> Place:
    venue = message.get("venue") or {}
    point = venue.get("location") or message["location"]
    label = " ".join(str(venue[name]) for name in ("address", "title") if venue.get(name))
    return Place(float(point["latitude"]), float(point["longitude"]), label)


def _contact(message: Mapping[str, Any]) -> ContactCard:
    card = message["contact"]
    name = f"{card.get('last_name') or ''}{card.get('first_name') or ''}"
    return ContactCard(name, str(card["phone_number"]), is_own=card.get("user_id") == message["from"]["id"])


def _pressed(query: Mapping[str, Any], key: str, received_at: datetime) -> Event | None:
    message = query.get("message")
    token = str(query.get("data", ""))
    if message is None or message["chat"]["type"] != "private" or not token:
        return None
    return Event(
        **_sender(query["from"], int(message["chat"]["id"])),
        key=key,
        kind=Kind.PRESS,
        at=received_at,
        token=token[:64],
        press=str(query["id"]),
        message=str(int(message["message_id"])),
    )


def _member(change: Mapping[str, Any], key: str) -> Event | None:
    if change["chat"]["type"] != "private" or change["new_chat_member"]["status"] not in _GONE:
        return None
    return _event(change, key, Kind.BLOCKED)


def _from_group(message: Mapping[str, Any], key: str) -> Event | None:
    """Groups get notices only; a command there is told where to go."""
    text = str(message.get("text", ""))
    if not text.startswith("/") or "from" not in message:
        return None
    return _event(message, key, Kind.GROUP, text=text)


def _event(message: Mapping[str, Any], key: str, kind: Kind, *, is_edit: bool = False, **what: Any) -> Event:
    replied = message.get("reply_to_message") or {}
    return Event(
        **_sender(message["from"], int(message["chat"]["id"])),
        key=key,
        kind=kind,
        at=datetime.fromtimestamp(int(message["date"]), UTC),
        message=str(int(replied["message_id"])) if "message_id" in replied else "",
        album=str(message.get("media_group_id") or ""),
        is_edit=is_edit,
        **what,
    )


def _sender(person: Mapping[str, Any], chat: int) -> dict[str, Any]:
    name = " ".join(str(person[part]) for part in ("first_name", "last_name") if person.get(part))
    return {
        "channel": "telegram",
        "address": str(int(person["id"])),
        "chat": str(chat),
        "name": name,
        "language": str(person.get("language_code") or ""),
    }
