"""The three catalogs and how a text is filled (DESIGN 7)."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

LANGUAGES = ("zh-Hant", "zh-Hans", "en")
SOURCE = "zh-Hant"
_FOLDER = Path(__file__).parent
_LOCALES = {"zh-Hant": "zh_Hant_TW", "zh-Hans": "zh_Hans_CN", "en": "en_GB"}
_SIMPLIFIED = re.compile(r"zh[-_](hans|cn|sg|my)", re.IGNORECASE)
_FORMATTER = Formatter()
_E164 = re.compile(r"\+\d{7,15}")


@cache
def texts(language: str) -> Mapping[str, str]:
    """All texts of a language by id: the main catalog and the parts beside it."""
    suffix = language.replace("-", "_").lower()
    found: dict[str, str] = {}
    for file in [_FOLDER / f"{suffix}.toml", *sorted((_FOLDER / "parts").glob(f"*.{suffix}.toml"))]:
        if not file.exists():
            continue
        for key, text in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key in found:
                raise ValueError(f"{file.name}: {key} stands in two catalogs")
            found[key] = text
    return found


def nearest(tag: str, *, default: str = SOURCE) -> str:
    """The language we have for a messenger's tag such as `zh-hans`, `zh_TW` or `en-US`; `default` when it says nothing."""
    if not tag:
        return default
    if tag.lower().startswith("zh"):
        return "zh-Hans" if _SIMPLIFIED.match(tag) or tag.lower() == "zh-chs" else "zh-Hant"
    return "en"


def say(language: str, text: str, facts: Mapping[str, Any] | None = None, *, zone: str = "Asia/Taipei") -> str:
    """The text with its named fields filled in. Values are never read as templates. Raises KeyError for an unknown id."""
    parts, known = _parts(language, text), facts or {}
    if len(parts) == 1 and parts[0][1]:
        return parts[0][0]
    return "".join(part if is_literal else show(language, known.get(part, ""), zone=zone) for part, is_literal in parts)


@cache
def _parts(language: str, text: str) -> tuple[tuple[str, bool], ...]:
    """A template taken apart once: what stands there, and the names of its fields."""
    found: list[tuple[str, bool]] = []
    for literal, name, _spec, _conversion in _FORMATTER.parse(texts(language)[text]):
        if literal:
            found.append((literal, True))
        if name is not None:
            found.append((name, False))
    return tuple(found)


def has(text: str) -> bool:
    return text in texts(SOURCE)


def fields(template: str) -> frozenset[str]:
    """Names of the fields of a template."""
    return frozenset(name for _literal, name, _spec, _conversion in _FORMATTER.parse(template) if name)


def words(text: str) -> Iterator[str]:
    """Every way of typing a command: the `|`-separated words of an id in all languages, folded."""
    for language in LANGUAGES:
        for word in texts(language).get(text, "").split("|"):
            if word.strip():
                yield fold(word)


_HALF_WIDTH = {full: full - 0xFEE0 for full in range(ord("！"), ord("～") + 1)} | {0x3000: " "}


def fold(word: str) -> str:
    """How typed words are compared: full-width as half-width, case and outer punctuation ignored."""
    return word.translate(_HALF_WIDTH).strip(" \t\r\n.。!！?？,，、~～:：").casefold()


def show(language: str, value: Any, *, zone: str) -> str:
    """A fact as people read it: moments in the company's zone, lengths of time in words, lists joined, telephones in groups."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return texts(language)["word.yes" if value else "word.no"]
    if isinstance(value, datetime):
        return moment(language, value, zone=zone)
    if isinstance(value, date):
        return format_date(value, "full" if language == "en" else "long", locale=_LOCALES[language])
    if isinstance(value, timedelta):
        return length(language, value)
    if isinstance(value, Decimal | float):
        return format_decimal(value, locale=_LOCALES[language])
    if isinstance(value, list | tuple):
        comma = ", " if language == "en" else "、"
        return comma.join(show(language, one, zone=zone) for one in value)
    if isinstance(value, Mapping) and "text" in value:
        return say(language, value["text"], value.get("facts"), zone=zone)
    text = str(value)
    return telephone(text) if text.startswith("+") else text


@lru_cache(maxsize=256)
def telephone(number: str) -> str:
    """A telephone in E.164 as people read it aloud, +886 912 345 678; anything else as it is."""
    if not _E164.fullmatch(number):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=256)
def moment(language: str, value: datetime, *, zone: str) -> str:
    """Day, weekday and minute, for example 11月30日 週一 14:00."""
    local = value.astimezone(ZoneInfo(zone))
    locale = _LOCALES[language]
    day = format_skeleton("MMMd", local, locale=locale)
    weekday = format_date(local, "EEE", locale=locale)
    clock = format_time(local, "HH:mm", locale=locale)
    return f"{weekday} {day} {clock}" if language == "en" else f"{day} {weekday} {clock}"


def dated(language: str, value: datetime, *, zone: str) -> str:
    """A moment with its year, as papers write it: 2026年11月30日 14:00."""
    local = value.astimezone(ZoneInfo(zone))
    locale = _LOCALES[language]
    return f"{format_skeleton('yMMMd', local, locale=locale)} {format_time(local, 'HH:mm', locale=locale)}"


def on(language: str, day: date) -> str:
    """A day with its year, as papers write it: 2026年11月30日."""
    return str(format_skeleton("yMMMd", day, locale=_LOCALES[language]))


def month(language: str, day: date, *, with_year: bool = True) -> str:
    """The month of a day as papers write it: 2026年11月, or without its year 11月."""
    return str(format_skeleton("yMMMM" if with_year else "MMM", day, locale=_LOCALES[language]))


def length(language: str, value: timedelta) -> str:
    """A length of time in days, hours and minutes, rounded down to the minute."""
    minutes = int(abs(value).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "word.days"), (hours, "word.hours"), (minutes, "word.minutes")]
    known = texts(language)
    shown = [known[unit].replace("{n}", str(n)) for n, unit in parts if n]
    return (" " if language == "en" else "").join(shown) or known["word.minutes"].replace("{n}", "0")
