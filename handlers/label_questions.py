"""Questions that a photo of a label answers as well as words: which part, which serial number (PRT-1)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.bubbles import Hint
from handlers.events import Event, Kind
from handlers.questions import Choice, Misread, Number, Setting, Text, clean, kept_photo, typed
from rules import labels
from rules.stock import read_amount

MOST_PIECES = 999
_SHOWN_CODES, _SHOWN_CODE = 3, 40


@dataclass(frozen=True)
class Pick(Choice):
    """One of those shown, or typed: a part's number, or words that lead to it, perhaps with how many: `2 個 P-100` (PRT-1).

    A photo of a label becomes {"code": what stands on it, "read": the answers that it may mean}.
    """

    at_most: int = 100
    finds: Callable[[str], bool] | None = None  # what is typed has to lead somewhere, where that is named
    reads: Callable[[Sequence[str]], Sequence[str]] | None = None  # the answers that codes may mean
    takes_codes: bool = False  # where there is no catalogue: what a label says is as good as what is typed
    hint = Hint.TEXT

    def takes_label(self) -> bool:
        return self.reads is not None or self.takes_codes

    def show(self, answer: Any) -> Any:
        return answer["code"] if isinstance(answer, dict) else super().show(answer)

    def _read(self, event: Event, setting: Setting) -> Any:
        if self.takes_codes and event.kind is Kind.PHOTO:
            return _shown(_codes_on(event))[0]
        if self.reads is not None and event.kind is Kind.PHOTO:
            return _read_label(event, self.reads)
        text = typed(event, wanted="text")
        if len(text) > self.at_most:
            raise Misread("misread.too-long", most=self.at_most, length=len(text))
        quantity, words = read_amount(text)
        if "." in quantity:
            raise Misread("misread.whole-number")
        if quantity and not 1 <= int(quantity) <= MOST_PIECES:
            raise Misread("misread.number-range", least=1, most=MOST_PIECES)
        if self.finds is not None and not self.finds(words):
            raise Misread("misread.no-part", words=words)
        return text


@dataclass(frozen=True)
class Pieces(Number):
    """How many of a part; a photo of a label tells whether it is the part that is meant, and the question stays."""

    part: str = ""  # the answer that means it
    label: str = ""
    reads: Callable[[Sequence[str]], Sequence[str]] | None = None

    def takes_label(self) -> bool:
        return self.reads is not None

    def _read(self, event: Event, setting: Setting) -> str:
        if self.reads is None or event.kind is not Kind.PHOTO:
            return super()._read(event, setting)
        found = _read_label(event, self.reads)
        raise Misread("misread.right-part" if self.part in found["read"] else "misread.other-part", part=self.label, **found)


@dataclass(frozen=True)
class Serial(Text):
    """A serial number: typed, or photographed where it stands in bars or on a sticker."""

    def takes_label(self) -> bool:
        return True

    def _read(self, event: Event, setting: Setting) -> Any:
        if event.kind is not Kind.PHOTO:
            return super()._read(event, setting)
        found = labels.serials(_codes_on(event))
        if len(found) != 1:
            raise Misread("misread.many-codes" if found else "misread.no-code", codes=_shown(found))
        return found[0]


def _read_label(event: Event, reads: Callable[[Sequence[str]], Sequence[str]]) -> dict[str, Any]:
    codes = _codes_on(event)
    found = list(reads(codes))
    if not found:
        raise Misread("misread.unknown-code", codes=_shown(codes))
    return {"code": _shown(codes)[0], "read": found}


def _codes_on(event: Event) -> Sequence[str]:
    """What the codes on a photo say. Raises Misread when it could not be kept, or nothing can be read on it."""
    kept_photo(event)
    if event.media is None or not event.media.codes:
        raise Misread("misread.no-code")
    return event.media.codes


def _shown(codes: Sequence[str]) -> list[str]:
    """Codes as people are told of them."""
    return [clean(one)[:_SHOWN_CODE] for one in codes[:_SHOWN_CODES]]
