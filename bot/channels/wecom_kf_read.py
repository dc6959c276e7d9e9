"""What comes out of 微信客服's `sync_msg`, as events (WeCom's document 94670)."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.gcj02 import to_wgs84
from handlers.events import Event, Kind, Media, Place

MOST_SAID = 5
"""Messages that may follow a word of the customer (96427)."""

_CUSTOMER, _SYSTEM = 3, 4  # origins; 5 is a colleague who writes from WeCom's own client
_MEDIA = {
    "image": (Kind.PHOTO, "image/jpeg"),
    "voice": (Kind.VOICE, "audio/amr"),
    "file": (Kind.FILE, "application/octet-stream"),
}
_LATER = (4, 5, 6)  # why a message did not arrive: the session is over or closed, or the allowance spent
_PAYLOAD = re.compile(r"m_.{1,126}|[A-Za-z0-9_-]{20,24}")  # a machine, or a code

Raw = dict[str, Any]


def customer_of(raw: Raw) -> str:
    """Whose chat a message belongs to, empty when it belongs to none."""
    told = raw.get("external_userid") or _event(raw).get("external_userid")
    return told if isinstance(told, str) and len(told) <= 128 else ""


def key_of(raw: Raw) -> str:
    """What makes a message the same when it comes again: its id, or everything that it says."""
    msgid = raw.get("msgid")
    if isinstance(msgid, str) and 0 < len(msgid) <= 128:
        return msgid
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()


def welcome_of(raw: Raw) -> str:
    """The code with which a customer who comes in may be greeted once, within 20 seconds (96428); empty when there is none."""
    event = _event(raw)
    code = event.get("welcome_code") if event.get("event_type") == "enter_session" else ""
    return code if isinstance(code, str) else ""


def moment_of(raw: Raw) -> datetime:
    """When it was sent."""
    told = raw.get("send_time")
    if type(told) is int and 0 < told < 1 << 33:
        return datetime.fromtimestamp(told, UTC)
    return datetime.fromisoformat(raw.get("received_at", "1970-01-01T00:00:00+00:00"))


def read_message(raw: Raw, channel: str) -> Event | None:
    """The event in a stored message, None when it means nothing to us."""
    address = customer_of(raw)
    if not address:
        return None
    name = str(raw.get("nickname", ""))
    event = Event(channel, address, address, key_of(raw), Kind.UNSUPPORTED, moment_of(raw), name=name)
    if raw.get("origin") == _CUSTOMER:
        return _said(raw, event)
    if raw.get("origin") == _SYSTEM or raw.get("msgtype") == "event":
        return _happened(_event(raw), event)
    return None


def _said(raw: Raw, told_by: Event) -> Event:
    event = replace(told_by, n_said=0)
    kind = str(raw.get("msgtype"))
    found = raw.get(kind)
    told: Raw = found if isinstance(found, dict) else {}
    if kind == "text" and told.get("menu_id"):
        return replace(event, kind=Kind.PRESS, token=str(told["menu_id"]), press=event.key)
    if kind == "text":
        return replace(event, kind=Kind.TEXT, text=str(told.get("content", "")))
    if kind in _MEDIA and told.get("media_id"):
        sort, mime = _MEDIA[kind]
        return replace(event, kind=sort, media=Media(str(told["media_id"]), mime))
    if kind == "location" and (place := _place(told)):
        return replace(event, kind=Kind.LOCATION, place=place)
    return event


def _place(told: Raw) -> Place | None:
    north, east = told.get("latitude"), told.get("longitude")
    if not isinstance(north, int | float) or not isinstance(east, int | float) or abs(north) > 90 or abs(east) > 180:
        return None
    label = " ".join(str(told[one]) for one in ("address", "name") if told.get(one))
    return Place(*to_wgs84(float(north), float(east)), label[:200])


def _happened(told: Raw, event: Event) -> Event | None:
    kind = told.get("event_type")
    if kind == "enter_session":
        return _entered(told, event)
    if kind == "msg_send_fail" and isinstance(told.get("fail_msgid"), str):
        problem = "window" if told.get("fail_type") in _LATER else f"fail-{told.get('fail_type', 0)}"
        return replace(event, kind=Kind.UNDELIVERED, message=ref_of(told["fail_msgid"]), problem=problem, n_said=MOST_SAID)
    if kind == "session_status_change":
        return replace(event, kind=Kind.SHUT, n_said=MOST_SAID)
    return None


def _entered(told: Raw, event: Event) -> Event | None:
    """Coming in is no word: without a greeting to give or a machine to report about, an answer would only cost a message."""
    payload = next((str(told[one]) for one in ("scene_param", "scene") if _PAYLOAD.fullmatch(str(told.get(one, "")))), "")
    if not payload and not told.get("welcome_code"):
        return None
    n_said = MOST_SAID - 1 if told.get("welcome_code") else None
    return replace(event, kind=Kind.START, text=payload, n_said=n_said)


def msgid(ref: str, n: int) -> str:
    """The id of the n-th message of a bubble; the ref itself stands for the whole bubble."""
    return f"{ref}_{n}"


def ref_of(msgid: str) -> str:
    return msgid.rpartition("_")[0] or msgid


def _event(raw: Raw) -> Raw:
    found = raw.get("event") if raw.get("msgtype") == "event" else None
    return found if isinstance(found, dict) else {}
