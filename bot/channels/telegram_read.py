"""From Telegram's updates to events. What comes from outside is believed in nothing: a wrong shape means nothing to us."""

import hashlib
import json
import math
import re
from datetime import UTC, datetime
from typing import Any

from handlers.events import ContactCard, Event, Kind, Media, Place

_START = re.compile(r"/start(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_FILES = ("document", "video", "audio", "video_note")
_NAME = re.compile(r"\w+")
_ABOUT = _NAME.findall(  # says something about a message and is no content
    """message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot sender_tag
    date edit_date business_connection_id chat forward_origin forward_from forward_from_chat forward_from_message_id
    forward_signature forward_sender_name forward_date is_topic_message is_automatic_forward reply_to_message external_reply
    quote reply_to_story reply_to_checklist_task_id via_bot has_protected_content is_from_offline is_paid_post media_group_id
    author_signature paid_star_count entities link_preview_options suggested_post_info effect_id caption caption_entities
    show_caption_above_media has_media_spoiler reply_markup"""
)
_SERVICE = _NAME.findall(  # said by Telegram in a private chat, not by a person
    """pinned_message message_auto_delete_timer_changed write_access_allowed chat_background_set connected_website
    proximity_alert_triggered boost_added successful_payment refunded_payment passport_data gift unique_gift gift_upgrade_sent
    giveaway_created giveaway_completed checklist_tasks_done checklist_tasks_added paid_message_price_changed
    forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened"""
)


class _Malformed(Exception):
    """Not the shape that the Bot API documents."""


def key_of(update: dict[str, Any]) -> str:
    """Unique per update. The contents count too, since Telegram may begin its numbers anew."""
    canonical = json.dumps(update, sort_keys=True, separators=(",", ":"))
    return f"{update['update_id']}:{hashlib.sha256(canonical.encode()).hexdigest()[:16]}"


def chat_of(update: dict[str, Any]) -> str:
    """The chat whose order an update keeps; empty when it has none."""
    for told in update.values():
        if isinstance(told, dict):
            for holder in (told, told.get("message")):
                chat = holder.get("chat") if isinstance(holder, dict) else None
                if isinstance(chat, dict) and type(chat.get("id")) is int:
                    return str(chat["id"])[:64]
            sender = told.get("from")
            if isinstance(sender, dict) and type(sender.get("id")) is int:
                return str(sender["id"])[:64]
    return ""


def read_update(raw: dict[str, Any], channel: str) -> Event | None:
    """The event in a stored update; None when it means nothing to us or is malformed.

    A private chat has its person's number. One where somebody else speaks does not exist at Telegram, and is not believed.
    """
    try:
        event = _event(_dict(raw, "update"), channel, raw.get("received_at"))
    except (_Malformed, ValueError, OverflowError, OSError, KeyError, RecursionError):
        return None
    return None if event is not None and not event.is_group and event.chat != event.address else event


def _event(update: dict[str, Any], channel: str, received_at: Any) -> Event | None:
    given: dict[str, Any] = {"channel": channel, "key": key_of(update)}
    for name in ("message", "channel_post"):
        if name in update:
            return _message(_dict(update, name), given)
    if "edited_message" in update:
        return _edited(_dict(update, "edited_message"), given)
    if "callback_query" in update:
        return _press(_dict(update, "callback_query"), given, received_at)
    if "my_chat_member" in update:
        return _membership(_dict(update, "my_chat_member"), given)
    return None


def _message(message: dict[str, Any], given: dict[str, Any]) -> Event | None:
    chat = _dict(message, "chat")
    if _str(chat, "type") != "private":
        return _group(message, chat, given)
    given |= _sender(message) | {"chat": str(_int(chat, "id")), "at": _moment(_int(message, "date"))}
    if isinstance(message.get("reply_to_message"), dict):
        replied = message["reply_to_message"]
        given["message"] = str(_int(replied, "message_id"))
        given["quoted"] = _whole(str(replied.get("text") or replied.get("caption") or ""))
    if "text" in message:
        return _text(_str(message, "text"), given)
    content = _content(message)
    return Event(**given, **content) if content else None


def _text(text: str, given: dict[str, Any]) -> Event:
    start = _START.fullmatch(text.strip())
    if start:
        return Event(**given, kind=Kind.START, text=(start[1] or "").strip())
    return Event(**given, kind=Kind.TEXT, text=text)


def _group(message: dict[str, Any], chat: dict[str, Any], given: dict[str, Any]) -> Event | None:
    """Groups get notices only; whoever calls a command there is told where to go."""
    text = message.get("text")
    if not isinstance(text, str) or not text.startswith("/"):
        return None
    where = str(_int(chat, "id"))
    given |= _sender(message) if "from" in message else {"address": where}
    at = _moment(_int(message, "date"))
    return Event(**given, chat=where, kind=Kind.GROUP, text=_whole(text), at=at, is_group=True)


def _edited(message: dict[str, Any], given: dict[str, Any]) -> Event | None:
    """Changed words count as said again; a live location that moves means nothing."""
    chat, text = _dict(message, "chat"), message.get("text", message.get("caption"))
    if _str(chat, "type") != "private" or not isinstance(text, str):
        return None
    at = _moment(_int(message, "edit_date" if "edit_date" in message else "date"))
    return Event(
        **given, **_sender(message), chat=str(_int(chat, "id")), kind=Kind.TEXT, text=_whole(text), at=at, is_edit=True
    )


def _press(query: dict[str, Any], given: dict[str, Any], received_at: Any) -> Event | None:
    """A press has no time of its own: the time when it came, else that of its message."""
    message = _dict(query, "message")
    at = datetime.fromisoformat(received_at) if isinstance(received_at, str) else _moment(_int(message, "date"))
    if at.tzinfo is None:
        return None
    return Event(
        **given,
        **_sender(query),
        chat=str(_int(_dict(message, "chat"), "id")),
        kind=Kind.PRESS,
        at=at,
        token=_str(query, "data"),
        press=_str(query, "id"),
        message=str(_int(message, "message_id")),
        is_group=_str(_dict(message, "chat"), "type") != "private",
    )


def _membership(change: dict[str, Any], given: dict[str, Any]) -> Event | None:
    chat = _dict(change, "chat")
    if _str(chat, "type") != "private" or _str(_dict(change, "new_chat_member"), "status") not in ("kicked", "left"):
        return None
    at = _moment(_int(change, "date"))
    return Event(**given, **_sender(change), chat=str(_int(chat, "id")), kind=Kind.BLOCKED, at=at)


def _content(message: dict[str, Any]) -> dict[str, Any]:
    """Kind and contents of a message without text; empty for what Telegram itself says, and for nothing."""
    words = {"text": _str(message, "caption", ""), "album": _str(message, "media_group_id", "")}
    if "photo" in message:
        return {"kind": Kind.PHOTO, "media": _photo(message["photo"])} | words
    if "voice" in message:
        return {"kind": Kind.VOICE, "media": _media(_dict(message, "voice"), "audio/ogg")} | words
    for name in _FILES:
        if name in message:
            media = _media(_dict(message, name), "application/octet-stream")
            is_photo = name == "document" and media.mime.startswith("image/") and "svg" not in media.mime
            return {"kind": Kind.PHOTO if is_photo else Kind.FILE, "media": media} | words
    if "location" in message:  # a venue has one too
        return {"kind": Kind.LOCATION, "place": _place(_dict(message, "location"), message.get("venue"))}
    if "contact" in message:
        return {"kind": Kind.CONTACT, "contact": _contact(_dict(message, "contact"), _int(_dict(message, "from"), "id"))}
    is_said = message.keys() - _ABOUT - set(_SERVICE)  # a sticker, a poll, and what a later Bot API brings
    return {"kind": Kind.UNSUPPORTED} if is_said else {}


def _photo(sizes: Any) -> Media:
    """The largest of the sizes that Telegram offers."""
    if not isinstance(sizes, list) or not sizes or not all(isinstance(one, dict) for one in sizes):
        raise _Malformed
    return _media(max(sizes, key=lambda one: _int(one, "width", 0) * _int(one, "height", 0)), "image/jpeg")


def _media(told: dict[str, Any], mime: str) -> Media:
    return Media(
        _str(told, "file_id"),
        mime=_str(told, "mime_type", mime),
        size=max(0, _int(told, "file_size", 0)),
        name=_str(told, "file_name", ""),
        seconds=max(0, _int(told, "duration", 0)),
    )


def _place(told: dict[str, Any], venue: Any) -> Place:
    latitude, longitude = _number(told, "latitude"), _number(told, "longitude")
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise _Malformed
    label = f"{_str(venue, 'title', '')} {_str(venue, 'address', '')}".strip() if isinstance(venue, dict) else ""
    return Place(latitude, longitude, label)


def _contact(told: dict[str, Any], sender: int) -> ContactCard:
    name = f"{_str(told, 'first_name', '')} {_str(told, 'last_name', '')}".strip()
    return ContactCard(name, _str(told, "phone_number"), is_own=told.get("user_id") == sender)


def _sender(told: dict[str, Any]) -> dict[str, Any]:
    sender = _dict(told, "from")
    name = f"{_str(sender, 'first_name', '')} {_str(sender, 'last_name', '')}".strip()
    return {"address": str(_int(sender, "id")), "name": name, "language": _str(sender, "language_code", "")}


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _dict(told: dict[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    if not isinstance(found, dict):
        raise _Malformed
    return found


def _str(told: dict[str, Any], name: str, default: str | None = None) -> str:
    found = told.get(name, default)
    if not isinstance(found, str):
        raise _Malformed
    return _whole(found)


def _whole(text: str) -> str:
    """Half a surrogate pair, which JSON can carry and nothing can keep, becomes the mark for what can't be read."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _int(told: dict[str, Any], name: str, default: int | None = None) -> int:
    found = told.get(name, default)
    if type(found) is not int or abs(found) >= 2**63:  # True is an int to Python
        raise _Malformed
    return found


def _number(told: dict[str, Any], name: str) -> float:
    found = told.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise _Malformed
    return float(found)
