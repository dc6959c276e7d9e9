"""From the smart bot's callbacks to events. Nothing from outside is believed: a wrong shape means nothing to us."""

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

from bot.channels.wecom_bot_wire import EVENT, MESSAGE, Frame
from handlers.events import Event, Kind, Media

GROUP = "group:"
_MOST_ID = 96  # characters of an id that a row of ours holds, with room for what we put before it
_MOST_PARTS = 20
_MENTION = re.compile(r"^@\S+\s*")


class _Malformed(Exception):
    """Not the shape that WeCom documents."""


def chat_of(frame: Frame) -> str:
    """Where an answer goes: the person's own id, or a group's with a mark before it. Empty when a callback names neither."""
    try:
        body = _dict(frame, "body")
        if body.get("chattype") == "group":
            return GROUP + _id(body, "chatid")
        return _id(_dict(body, "from"), "userid")
    except _Malformed:
        return ""


def key_of(frame: Frame) -> str:
    """Unique per callback, also where WeCom names none."""
    body = frame.get("body")
    told = body.get("msgid") if isinstance(body, dict) else None
    if isinstance(told, str) and 0 < len(told) <= _MOST_ID:
        return told
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def parts_of(frame: Frame) -> list[dict[str, Any]]:
    """The raw updates in a callback, one a picture; nothing for what means nothing to us."""
    if read_update({"frame": frame}, "") is None:
        return []
    n_parts = len(_pictures(frame["body"])) if frame["body"].get("msgtype") == "mixed" else 1
    return [{"frame": frame, "part": n} for n in range(max(1, min(n_parts, _MOST_PARTS)))]


def pressed(frame: Frame) -> tuple[str, str]:
    """(card, button) of a pressed button, empty texts for anything else."""
    try:
        event = _dict(_dict(frame, "body"), "event")
        if frame.get("cmd") != EVENT or event.get("eventtype") != "template_card_event":
            return "", ""
        told = event.get("template_card_event", event)  # some SDKs know it flat
        return (_str(told, "task_id"), _str(told, "event_key")) if isinstance(told, dict) else ("", "")
    except _Malformed:
        return "", ""


def is_entering(frame: Frame) -> bool:
    """Whether somebody opened the chat, for the first time today."""
    body = frame.get("body")
    event = body.get("event") if isinstance(body, dict) else None
    return frame.get("cmd") == EVENT and isinstance(event, dict) and event.get("eventtype") == "enter_chat"


def req_id_of(frame: Frame) -> str:
    headers = frame.get("headers")
    told = headers.get("req_id") if isinstance(headers, dict) else None
    return told if isinstance(told, str) and len(told) <= 256 else ""


def read_update(raw: dict[str, Any], channel: str) -> Event | None:
    """The event in a stored update; None when it means nothing to us or is malformed."""
    try:
        frame = _dict(raw, "frame")
        body = _dict(frame, "body")
        given = _given(raw, frame, body, channel)
        if frame.get("cmd") == MESSAGE:
            return _message(body, given, part=raw.get("part", 0))
        return _happening(frame, given)
    except (_Malformed, ValueError, OverflowError, OSError, RecursionError):
        return None


def _given(raw: dict[str, Any], frame: Frame, body: dict[str, Any], channel: str) -> dict[str, Any]:
    chat, sender = chat_of(frame), _id(_dict(body, "from"), "userid")
    if not chat:
        raise _Malformed
    part = raw.get("part", 0)
    key = f"{key_of(frame)}#{part}" if part else key_of(frame)
    given = {"channel": channel, "address": sender, "chat": chat, "key": key, "at": _moment(raw, body)}
    return given | {"quoted": _quoted(body.get("quote"))}  # no name: an id of WeCom's says nothing to anybody


def _message(body: dict[str, Any], given: dict[str, Any], *, part: Any) -> Event:
    sort = body.get("msgtype")
    if given["chat"].startswith(GROUP):
        return Event(**given, kind=Kind.GROUP, text=_MENTION.sub("", _words(body)), extra={"addressed": "yes"})
    if sort in ("text", "voice") and _words(body):
        return Event(**given, kind=Kind.TEXT, text=_words(body))
    if sort == "image":
        return Event(**given, kind=Kind.PHOTO, media=_media(_dict(body, "image"), "image/jpeg"))
    if sort == "file":
        return Event(**given, kind=Kind.FILE, media=_media(_dict(body, "file"), "application/octet-stream"))
    if sort == "mixed":
        return _mixed(body, given, part if isinstance(part, int) else 0)
    return Event(**given, kind=Kind.TEXT, text="") if sort == "text" else Event(**given, kind=Kind.UNSUPPORTED)


def _mixed(body: dict[str, Any], given: dict[str, Any], part: int) -> Event:
    """Words and pictures in one message: the first picture carries the words."""
    pictures = _pictures(body)
    if not pictures:
        return Event(**given, kind=Kind.TEXT, text=_words(body))
    media = _media(pictures[part], "image/jpeg") if 0 <= part < len(pictures) else None
    if media is None:
        raise _Malformed
    album = given["key"].partition("#")[0] if len(pictures) > 1 else ""
    return Event(**given, kind=Kind.PHOTO, media=media, text="" if part else _words(body), album=album)


def _happening(frame: Frame, given: dict[str, Any]) -> Event | None:
    if is_entering(frame):
        return Event(**given, kind=Kind.START)
    card, button = pressed(frame)
    if button and not given["chat"].startswith(GROUP):
        return Event(**given, kind=Kind.PRESS, token=button, message=card, press=req_id_of(frame))
    return None


def _words(body: dict[str, Any]) -> str:
    """The words of a message: typed, transcribed by WeCom, or between pictures."""
    sort = body.get("msgtype")
    if sort == "mixed":
        return "\n".join(one for one in (_words(part) for part in _pieces(body)) if one)
    told = body.get(sort) if sort in ("text", "voice") else None
    content = told.get("content") if isinstance(told, dict) else None
    return content.strip() if isinstance(content, str) else ""


def _pictures(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [one["image"] for one in _pieces(body) if isinstance(one.get("image"), dict)]


def _pieces(body: dict[str, Any]) -> list[dict[str, Any]]:
    mixed = body.get("mixed")
    told = mixed.get("msg_item") if isinstance(mixed, dict) else None
    return [one for one in told if isinstance(one, dict) and one.get("msgtype") != "mixed"] if isinstance(told, list) else []


def _quoted(quote: Any) -> str:
    """The words of a message replied to; WeCom sends them along instead of its number."""
    return _words(quote) if isinstance(quote, dict) else ""


def _media(told: dict[str, Any], mime: str) -> Media:
    """A file is fetched by its address and the key that belongs to that address alone."""
    return Media(json.dumps({"url": _str(told, "url"), "key": _str(told, "aeskey")}), mime=mime)


def _moment(raw: dict[str, Any], body: dict[str, Any]) -> datetime:
    """When it was sent; messages may carry no time, then when it came."""
    told, came = body.get("create_time"), raw.get("received_at")
    if type(told) is int and told > 0:
        return datetime.fromtimestamp(told, UTC)
    moment = datetime.fromisoformat(came) if isinstance(came, str) else datetime.fromtimestamp(0, UTC)
    if moment.tzinfo is None:
        raise _Malformed
    return moment


def _dict(told: dict[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    if not isinstance(found, dict):
        raise _Malformed
    return found


def _str(told: dict[str, Any], name: str) -> str:
    found = told.get(name)
    if not isinstance(found, str):
        raise _Malformed
    return found


def _id(told: dict[str, Any], name: str) -> str:
    found = _str(told, name)
    if not 0 < len(found) <= _MOST_ID:
        raise _Malformed
    return found
