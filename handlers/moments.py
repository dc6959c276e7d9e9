"""Reading days and times as people type them: 11/30, 2026-11-30 14:00, 明天下午2點, 下週一, tomorrow 9am."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS = {
    "前天": -2, "昨天": -1, "昨日": -1, "yesterday": -1, "今天": 0, "今日": 0, "today": 0, "今晚": 0, "剛才": 0, "刚才": 0,
    "明天": 1, "明日": 1, "tomorrow": 1, "後天": 2, "后天": 2, "大後天": 3, "大后天": 3,
}  # fmt: skip
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_YEARS = range(1900, 2200)
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_SHORT = re.compile(r"(?<![\d:])(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?![\d:])")
_ROC = re.compile(r"(?:民國|民国)\s*(\d{2,3})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s*[:時时點点]\s*(\d{1,2}|半)?")
_AM_PM = re.compile(r"(?<!\d)(\d{1,2})(?::(\d{2}))?\s*(am|pm)\b")
_WEEK = re.compile(r"(下)?(?:個|个)?(?:週|周|星期|禮拜|礼拜)([一二三四五六日天末])")
_LATE = ("下午", "晚上", "傍晚", "今晚", "pm")


def read_moment(text: str, *, now: datetime, zone: str, is_past: bool = False) -> datetime | None:
    """The moment that is meant, aware, in the company's zone; a day alone is its midnight. None when nothing fits.

    A day without a year is the nearest one that lies ahead, or behind when `is_past`. A time alone is today's.
    """
    words = unicodedata.normalize("NFKC", text).strip().casefold()
    today = now.astimezone(ZoneInfo(zone)).date()
    day, rest = _read_day(words, today, is_past=is_past)
    clock = _read_clock(rest)
    if day is None and clock is None:
        return None
    return datetime.combine(day or today, clock or time(), ZoneInfo(zone))


def _read_day(words: str, today: date, *, is_past: bool) -> tuple[date | None, str]:
    """The day and the words that are left; none are left of a day that there is not, so that no clock makes it today's."""
    for pattern, first_year in ((_ROC, 1911), (_FULL, 0)):
        if match := pattern.search(words):
            year, month, number = (int(one) for one in match.groups())
            day = _day(year + first_year, month, number)
            return day, words.replace(match.group(), " ", 1) if day else ""
    if match := _SHORT.search(words):
        month, number = (int(one) for one in match.groups())
        day = _nearest(today, month, number, is_past=is_past)
        return day, words.replace(match.group(), " ", 1) if day else ""
    if match := _WEEK.search(words):
        weekday = _WEEKDAYS[match.group(2)]
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=1 if match.group(1) else 0)
        found = monday + timedelta(days=weekday)
        if found < today and not is_past and not match.group(1):
            found += timedelta(weeks=1)
        return found, words.replace(match.group(), " ", 1)
    for word in sorted(_DAYS, key=len, reverse=True):
        if word in words:
            return today + timedelta(days=_DAYS[word]), words if word == "今晚" else words.replace(word, " ", 1)
    for number, name in enumerate(_ENGLISH):
        if re.search(rf"\b{name}[a-z]*\b", words):
            return today + timedelta(days=(number - today.weekday()) % 7 or 7), words
    return None, words


def _read_clock(words: str) -> time | None:
    if match := _AM_PM.search(words):
        hour = int(match.group(1)) % 12 + (12 if match.group(3) == "pm" else 0)
        return _clock(hour, int(match.group(2) or 0))
    if match := _CLOCK.search(words):
        hour = int(match.group(1))
        minute = 30 if match.group(2) == "半" else int(match.group(2) or 0)
        if hour < 12 and any(word in words for word in _LATE):
            hour += 12
        return _clock(hour, minute)
    return None


def _nearest(today: date, month: int, day: int, *, is_past: bool) -> date | None:
    found = _day(today.year, month, day)
    if found is None:
        return None
    if is_past and found > today:
        return _day(today.year - 1, month, day)
    if not is_past and found < today:
        return _day(today.year + 1, month, day)
    return found


def _day(year: int, month: int, day: int) -> date | None:
    """A day that people may mean; the first and the last years of a calendar can't be told in every zone."""
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(hour: int, minute: int) -> time | None:
    try:
        return time(hour, minute)
    except ValueError:
        return None
