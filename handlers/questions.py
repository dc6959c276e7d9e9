"""The kinds of question: how each is answered, and what is said when an answer can't be read."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers

from handlers.bubbles import Hint
from handlers.events import Event, Kind
from handlers.moments import read_moment
from texts import catalog

MOST_TEXT = 2000
_MARKS = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")


class Misread(Exception):
    """An answer that can't be taken. `text` is a text id that says what was wrong and gives an example."""

    def __init__(self, text: str, **facts: Any) -> None:
        super().__init__(text)
        self.text = text
        self.facts = facts


@dataclass(frozen=True)
class Setting:
    """Where an answer is read: the company's zone and country."""

    zone: str
    region: str


def clean(text: str) -> str:
    """People's text as it is kept: NFC, without control and direction marks, trimmed."""
    return _MARKS.sub("", unicodedata.normalize("NFC", text)).strip()


@dataclass(frozen=True)
class Question:
    """One keyed question. Its words are the texts `flow.key`, `flow.key.label` and `flow.key.<option>`."""

    flow: str
    key: str
    is_optional: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    wording: str = ""  # its text where several flows ask the same

    hint = Hint.TEXT
    shows_in_summary = True

    @property
    def stem(self) -> str:
        """The key without the number of a repeated question: quantity2 is worded as quantity."""
        return self.key.rstrip("0123456789")

    @property
    def text(self) -> str:
        return self.wording or f"{self.flow}.{self.stem}"

    @property
    def label(self) -> str:
        return f"{self.text}.label"

    def takes_label(self) -> bool:
        """Whether a photo answers it by the codes that are on it (PRT-1)."""
        return False

    def takes_photo(self) -> bool:
        """Whether a photo is anything for it, though it asks for something else."""
        return self.takes_label()

    def options(self) -> tuple[tuple[Any, Any], ...]:
        """(answer, label) of each button: the label is a text id, or literal as {"literal": text}."""
        return ()

    def read(self, event: Event, setting: Setting) -> Any:
        """The answer that an event gives. Raises Misread."""
        chosen = self._chosen(event)
        if chosen is not None:
            return chosen[0]
        return self._read(event, setting)

    def adds(self, given: Any, event: Event, setting: Setting) -> tuple[Any, bool]:
        """The answer after this event and whether it is complete; `given` is what was collected so far."""
        return self.read(event, setting), True

    def show(self, answer: Any) -> Any:
        """The answer as a fact for the summary."""
        for value, label in self.options():
            if value == answer:
                return label["literal"] if isinstance(label, dict) else {"text": label}
        return {"text": "word.none"} if answer in (None, "", []) else answer

    def _read(self, event: Event, setting: Setting) -> Any:
        raise Misread("misread.choice")

    def _chosen(self, event: Event) -> tuple[Any, Any] | None:
        """The option meant by a typed number or label, in any language."""
        options = self.options()
        if event.kind is not Kind.TEXT or not options:
            return None
        typed = catalog.fold(event.text)
        if typed.isdigit() and 1 <= int(typed) <= len(options):
            return options[int(typed) - 1]
        for option in options:
            if typed in _labels(option[1]):
                return option
        return None


def _labels(label: Any) -> list[str]:
    """What may be typed for an option."""
    if isinstance(label, dict):
        return [catalog.fold(label["literal"])]
    return _every_label(label)


def _every_label(text: str) -> list[str]:
    return [catalog.fold(catalog.texts(one)[text]) for one in catalog.LANGUAGES] + list(catalog.words(f"{text}.words"))


def typed(event: Event, *, wanted: str) -> str:
    """The words of a text event. Raises Misread when something else came, or nothing."""
    if event.kind is not Kind.TEXT:
        raise Misread(f"misread.{wanted}-wanted")
    text = clean(event.text)
    if not text:
        raise Misread("misread.empty")
    return text


@dataclass(frozen=True)
class Text(Question):
    """Free text, or a voice note where that is allowed; what it usually is may be taken with one tap.

    A photo is kept with those of the question with the key `photos`, and its caption is the answer.
    """

    at_most: int = MOST_TEXT
    takes_voice: bool = False
    suggestions: tuple[str, ...] = ()
    others: tuple[str, ...] = ()  # answers of another kind, each a button with the text `flow.key.<answer>`
    photos: str = ""

    def options(self) -> tuple[tuple[Any, Any], ...]:
        usual: tuple[tuple[Any, Any], ...] = tuple((one, {"literal": one}) for one in self.suggestions)
        return usual + tuple((one, f"{self.text}.{one}") for one in self.others)

    def takes_photo(self) -> bool:
        return bool(self.photos) or self.takes_label()

    def _read(self, event: Event, setting: Setting) -> Any:
        if self.takes_voice and event.kind is Kind.VOICE and event.media:
            return _kept_voice(event)
        text = typed(event, wanted="text-or-voice" if self.takes_voice else "text")
        if len(text) > self.at_most:
            raise Misread("misread.too-long", most=self.at_most, length=len(text))
        return text

    def show(self, answer: Any) -> Any:
        return {"text": "word.voice"} if isinstance(answer, dict) else super().show(answer)


@dataclass(frozen=True)
class Number(Question):
    """A number with its limits."""

    at_least: int = 0
    at_most: int = 10_000_000
    is_whole: bool = False
    unit: str = ""
    hint = Hint.NUMBER

    def _read(self, event: Event, setting: Setting) -> str:
        text = unicodedata.normalize("NFKC", typed(event, wanted="number"))
        found = _NUMBER.findall(text.replace("，", ","))
        if len(found) != 1:
            raise Misread("misread.number")
        try:
            value = Decimal(found[0].replace(",", ""))
        except InvalidOperation:
            raise Misread("misread.number") from None
        if self.is_whole and value != value.to_integral_value():
            raise Misread("misread.whole-number")
        if not self.at_least <= value <= self.at_most:
            raise Misread("misread.number-range", least=self.at_least, most=self.at_most)
        return format(value.normalize(), "f")


@dataclass(frozen=True)
class Choice(Question):
    """One of a few."""

    choices: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    family: str = ""  # labels are `family.option` where several questions share them
    hint = Hint.CHOICE

    def options(self) -> tuple[tuple[Any, Any], ...]:
        stem = self.family or f"{self.flow}.{self.stem}"
        return tuple((one, {"literal": self.labels[one]} if one in self.labels else f"{stem}.{one}") for one in self.choices)

    def _chosen(self, event: Event) -> tuple[Any, Any] | None:
        """Also the beginning of a label, where only one begins like that: `不在` for `不在，服務員全程陪同`."""
        found = super()._chosen(event)
        begun = catalog.fold(event.text) if event.kind is Kind.TEXT else ""
        if found is not None or len(begun) < 2:
            return found
        near = [one for one in self.options() if any(label.startswith(begun) for label in _labels(one[1]))]
        return near[0] if len(near) == 1 else None


@dataclass(frozen=True)
class YesNo(Question):
    """Yes or no."""

    shows_in_summary: bool = True
    hint = Hint.CHOICE

    def options(self) -> tuple[tuple[Any, Any], ...]:
        return ((True, "word.yes"), (False, "word.no"))


@dataclass(frozen=True)
class Moment(Question):
    """A day, or a day with a time; `wants_clock` where a day alone says too little."""

    is_past: bool = False
    wants_clock: bool = False
    hint = Hint.DATE

    def _read(self, event: Event, setting: Setting) -> str:
        moment = read_moment(typed(event, wanted="date"), now=event.at, zone=setting.zone, is_past=self.is_past)
        if moment is None:
            raise Misread("misread.date")
        if self.wants_clock and moment.time() == time():
            raise Misread("misread.time-of-day")
        return moment.isoformat()

    def show(self, answer: Any) -> Any:
        """A day as a day, a day with a time as a moment."""
        if not answer:
            return super().show(answer)
        moment = datetime.fromisoformat(answer)
        return moment if moment.time() != time() else moment.date()


@dataclass(frozen=True)
class Phone(Question):
    """A telephone, typed in any usual way or shared as a contact."""

    suggestion: str = ""
    hint = Hint.PHONE

    def options(self) -> tuple[tuple[Any, Any], ...]:
        return ((self.suggestion, {"literal": catalog.telephone(self.suggestion)}),) if self.suggestion else ()

    def _read(self, event: Event, setting: Setting) -> str:
        if event.kind is Kind.CONTACT and event.contact:
            return read_phone(event.contact.phone, setting.region)
        return read_phone(typed(event, wanted="phone"), setting.region)


def read_phone(text: str, region: str) -> str:
    """A telephone in E.164. Raises Misread."""
    text = unicodedata.normalize("NFKC", text)
    for found in phonenumbers.PhoneNumberMatcher(text, region):
        return phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
    digits = re.sub(r"\D", "", text)
    is_cut = region == "TW" and digits.startswith("09")  # a mobile that lacks digits would ring nowhere
    if 7 <= len(digits) <= 15 and not is_cut:  # house extensions and numbers from before the plan; a person will see it
        return f"+{digits}" if text.lstrip().startswith("+") else digits
    raise Misread("misread.phone")


@dataclass(frozen=True)
class Location(Question):
    """An address, typed or as a point on the map."""

    suggestion: str = ""
    hint = Hint.LOCATION

    def options(self) -> tuple[tuple[Any, Any], ...]:
        return (({"address": self.suggestion}, {"literal": self.suggestion}),) if self.suggestion else ()

    def _read(self, event: Event, setting: Setting) -> dict[str, Any]:
        if event.kind is Kind.LOCATION and event.place:
            place = event.place
            address = clean(place.label) or f"{place.latitude:.5f}, {place.longitude:.5f}"
            return {"address": address, "latitude": place.latitude, "longitude": place.longitude}
        text = typed(event, wanted="location")
        if len(text) > 300:
            raise Misread("misread.too-long", most=300, length=len(text))
        return {"address": text}

    def show(self, answer: Any) -> Any:
        return answer["address"] if isinstance(answer, dict) else super().show(answer)


@dataclass(frozen=True)
class ContactQuestion(Question):
    """Whom to meet: a name, with a telephone where one is given."""

    suggestion: str = ""
    region: str = ""
    hint = Hint.CONTACT

    def options(self) -> tuple[tuple[Any, Any], ...]:
        return (({"name": self.suggestion, "phone": ""}, {"literal": self.suggestion}),) if self.suggestion else ()

    def _read(self, event: Event, setting: Setting) -> dict[str, str]:
        if event.kind is Kind.CONTACT and event.contact:
            return {"name": clean(event.contact.name), "phone": read_phone(event.contact.phone, setting.region)}
        text = typed(event, wanted="contact")
        if len(text) > 100:
            raise Misread("misread.too-long", most=100, length=len(text))
        for found in phonenumbers.PhoneNumberMatcher(unicodedata.normalize("NFKC", text), setting.region):
            phone = phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
            name = (text[: found.start] + text[found.end :]).strip(" ,，、/()（）:：")
            return {"name": name, "phone": phone}
        return {"name": text, "phone": ""}

    def show(self, answer: Any) -> Any:
        if not isinstance(answer, dict):
            return super().show(answer)
        return f"{answer['name']} {catalog.telephone(answer['phone'])}".strip()


@dataclass(frozen=True)
class Photo(Question):
    """One photo; `may_be_drawn` where a drawing on a screen is as good."""

    may_be_drawn: bool = False
    hint = Hint.PHOTO

    def _read(self, event: Event, setting: Setting) -> dict[str, str]:
        return {"photo": kept_photo(event), "sent_at": event.at.isoformat()}

    def show(self, answer: Any) -> Any:
        return {"text": "word.photo"} if answer else super().show(answer)


@dataclass(frozen=True)
class Voice(Question):
    """A voice note."""

    hint = Hint.VOICE

    def _read(self, event: Event, setting: Setting) -> dict[str, Any]:
        if event.kind is not Kind.VOICE or not event.media:
            raise Misread("misread.voice-wanted")
        return _kept_voice(event)

    def show(self, answer: Any) -> Any:
        return {"text": "word.voice"} if answer else super().show(answer)


@dataclass(frozen=True)
class Confirm(Question):
    """Everything that was answered, to be confirmed or edited."""

    asked: tuple[Question, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    hint = Hint.CHOICE
    shows_in_summary = False

    def options(self) -> tuple[tuple[Any, Any], ...]:
        return ((True, "ask.confirm"),)


def kept_photo(event: Event) -> str:
    """SHA-256 of the photo in an event. Raises Misread for anything else, or when the file could not be kept."""
    if event.kind is not Kind.PHOTO or not event.media:
        raise Misread("misread.photo-wanted")
    if event.media.problem:
        raise Misread(f"misread.file-{event.media.problem}")
    return event.media.sha256


def _kept_voice(event: Event) -> dict[str, Any]:
    media = event.media
    if media is None or media.problem:
        raise Misread(f"misread.file-{media.problem}" if media else "misread.voice-wanted")
    return {"voice": media.sha256, "seconds": media.seconds}
