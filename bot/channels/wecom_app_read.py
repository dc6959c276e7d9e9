"""From what WeCom brings to events. A wrong shape means nothing to us; so does an event that we have not heard of."""

import math
from datetime import UTC, datetime
from typing import Any

from bot.channels.gcj02 import to_wgs84
from handlers.events import Event, Kind, Media, Place


class _Malformed(Exception):
    """Not the shape that WeCom documents."""


def read_told(raw: dict[str, Any], channel: str) -> Event | None:
    """The event in what was stored: `told` holds the fields of WeCom's XML, `key` its digest, `name` the sender's name."""
    told = raw.get("told")
    if not isinstance(told, dict):
        return None
    try:
        user = told["FromUserName"]
        given: dict[str, Any] = {"channel": channel, "key": str(raw.get("key", "")), "address": user, "chat": user}
        given |= {"name": str(raw.get("name", "")), "at": datetime.fromtimestamp(int(told["CreateTime"]), UTC)}
        content = _event(told, raw) if told["MsgType"] == "event" else _message(told)
    except (_Malformed, KeyError, ValueError, OverflowError, OSError):
        return None
    return Event(**given, **content) if content else None


def ref_of(task_id: str) -> str:
    """Our name for a bubble, from the task_id of one of its cards: `ref-n` or `ref-n@change`."""
    return card_of(task_id).rpartition("-")[0]


def card_of(task_id: str) -> str:
    """Our name for one card, however often it was changed."""
    return task_id.partition("@")[0]


def _message(told: dict[str, Any]) -> dict[str, Any]:
    kind = told["MsgType"]
    if kind == "text":
        return {"kind": Kind.TEXT, "text": told.get("Content", "")}
    if kind == "image":
        return {"kind": Kind.PHOTO, "media": Media(_media_id(told), mime="image/jpeg")}
    if kind == "voice":
        return {"kind": Kind.VOICE, "media": Media(_media_id(told), mime=f"audio/{told.get('Format') or 'amr'}")}
    if kind == "location":
        return {"kind": Kind.LOCATION, "place": _place(told)}
    return {"kind": Kind.UNSUPPORTED}  # video, link, and what WeCom invents next


def _event(told: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """Empty for events that ask nothing of us. `subscribe` comes for everybody at once when the app is made: no greeting."""
    event = told["Event"]
    if event == "enter_agent" and raw.get("is_first"):
        return {"kind": Kind.START}
    if event == "unsubscribe":
        return {"kind": Kind.BLOCKED}
    if event == "click":
        return {"kind": Kind.PRESS, "token": told["EventKey"]}
    if event == "template_card_event":
        task_id = told["TaskId"]
        return {"kind": Kind.PRESS, "token": told["EventKey"], "press": task_id, "message": ref_of(task_id)}
    return {}


def _media_id(told: dict[str, Any]) -> str:
    media_id = told["MediaId"]
    if not media_id:
        raise _Malformed
    return str(media_id)


def _place(told: dict[str, Any]) -> Place:
    """WeCom names places as maps of mainland China do, in GCJ-02, up to 700 m from where they are."""
    latitude, longitude = float(told["Location_X"]), float(told["Location_Y"])
    if not (math.isfinite(latitude) and math.isfinite(longitude)) or abs(latitude) > 90 or abs(longitude) > 180:
        raise _Malformed
    latitude, longitude = to_wgs84(latitude, longitude)
    return Place(round(latitude, 6), round(longitude, 6), told.get("Label", ""))
