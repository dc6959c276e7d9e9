"""Typed values to JSON and back."""

import hashlib
import json
from collections.abc import Hashable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


def _kind(value: object) -> Any:
    return type(value)


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    annotation: Any = kind
    return TypeAdapter(annotation)


def dump(value: object) -> Any:
    """A dataclass of the rules as plain JSON."""
    return _adapter(_kind(value)).dump_python(value, mode="json")


def load(kind: type[T], plain: Any) -> T:
    """The dataclass that `dump` made plain. Unknown fields are ignored, missing ones take their defaults."""
    key: Any = kind
    found: T = _adapter(key).validate_python(plain)
    return found


def read(kind: type[T], text: str) -> T:
    """The same from JSON as it is stored, in half the time."""
    key: Any = kind
    found: T = _adapter(key).validate_json(text)
    return found


def _pack(value: object) -> Any:
    """What JSON has no word for; moments, days and amounts keep their kind."""
    if isinstance(value, datetime):
        return {"$at": value.astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"$on": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$seconds": value.total_seconds()}
    if isinstance(value, Decimal):
        return {"$number": str(value)}
    if isinstance(value, set | frozenset):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not kept as JSON")


_COMPACT = json.JSONEncoder(default=_pack, separators=(",", ":"))
_CANONICAL = json.JSONEncoder(default=_pack, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def to_json(value: Any) -> str:
    """How every JSON column is written: facts of notices and journal lines as they are, see `unpack`."""
    return _COMPACT.encode(value)


as_plain = json.JSONDecoder().decode
"""How a JSON column is read: what `json.loads` does, without what it asks first."""


def unpack(value: Any) -> Any:
    """Facts as they were before they became JSON."""
    if isinstance(value, list):
        return [unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    return _unpacked({key: unpack(item) for key, item in value.items()})


def from_json(text: str) -> Any:
    """The same from JSON as it is stored, in one go."""
    return _UNPACKING.decode(text)


def _unpacked(value: dict[str, Any]) -> Any:
    if "$at" in value:
        return datetime.fromisoformat(value["$at"])
    if "$on" in value:
        return date.fromisoformat(value["$on"])
    if "$seconds" in value:
        return timedelta(seconds=value["$seconds"])
    if "$number" in value:
        return Decimal(value["$number"])
    return value


_UNPACKING = json.JSONDecoder(object_hook=_unpacked)


def canonical(value: Any) -> str:
    """One JSON text per value, whatever the order of its keys."""
    return _CANONICAL.encode(value)


def fingerprint(value: Any) -> str:
    """SHA-256, hexadecimal, of the canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
