"""Photos as an answer: they come one by one, with words beside them, and a button says that these are all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from handlers.bubbles import Hint
from handlers.events import Event, Kind
from handlers.questions import MOST_TEXT, Misread, Question, Setting, clean, kept_photo
from handlers.said import Body, said

LATER = "later"
"""Among photos: more are to come when there is a connection again."""


@dataclass(frozen=True)
class Photos(Question):
    """Several photos; each arrives by itself and a button says that these are all.

    The answer is a list of SHA-256, with {"words": text} for each caption and whatever was written meanwhile.
    """

    at_most: int = 10
    may_come_later: bool = False  # the answer then ends with LATER, besides what came at once (VIS-21)
    hint = Hint.PHOTO

    def options(self) -> tuple[tuple[Any, Any], ...]:
        done = (("done", "ask.photos-done"),)
        return (*done, (LATER, "ask.photos-later")) if self.may_come_later else done

    def adds(self, given: Any, event: Event, setting: Setting) -> tuple[Any, bool]:
        so_far = list(given or [])
        chosen = self._chosen(event)
        if chosen is not None:
            return self.ended(so_far, chosen[0]), True
        photo = kept_photo(event)
        if photo in so_far:
            return so_far, False
        if len(pictures(so_far)) >= self.at_most:
            raise Misread("misread.enough-photos", most=self.at_most)
        return with_words([*so_far, photo], event), False

    def is_label(self, event: Event) -> bool:
        """Whether what was typed is what stands on a button."""
        return self._chosen(event) is not None

    def lacks(self, so_far: Any) -> bool:
        """Whether these can't be all: one at least is wanted, and none has come."""
        return not pictures(so_far) and not self.is_optional

    def ended(self, so_far: list[Any], how: str) -> list[Any]:
        """The whole answer: what was sent, and whether more comes later. Raises Misread for nothing where one is wanted."""
        if self.lacks(so_far):
            raise Misread("misread.photo-wanted")
        return [*so_far, LATER] if how == LATER else so_far

    def show(self, answer: Any) -> Any:
        """How many there are and what was written beside them."""
        n, said_of_them = len(pictures(answer)), words(answer)
        if LATER in (answer or ()):
            shown = {"text": "word.photos-later", "facts": {"n": n}}
        else:
            shown = {"text": "word.n-photos", "facts": {"n": n}} if n else {"text": "word.none"}
        return {"text": "word.with-words", "facts": {"what": shown, "words": said_of_them}} if said_of_them else shown


def pictures(answer: Iterable[Any] | None) -> list[str]:
    """The photos of an answer, as SHA-256."""
    return [one for one in answer or () if isinstance(one, str) and one != LATER]


def words(answer: Iterable[Any] | None) -> str:
    """What was written beside the photos of an answer, a line each."""
    return "\n".join(one["words"] for one in answer or () if isinstance(one, dict))


def with_words(so_far: list[Any], event: Event) -> list[Any]:
    """An answer with what an event says in words. Raises Misread where that gets too long."""
    text = clean(event.text)
    if not text or text in words(so_far).split("\n"):
        return so_far
    length = len(words(so_far)) + len(text)
    if length > MOST_TEXT:
        raise Misread("misread.too-long", most=MOST_TEXT, length=length)
    return [*so_far, {"words": text}]


def beside(so_far: Any, event: Event) -> list[Any]:
    """The photos with one that came while words were asked for; its caption answers the question that waits."""
    known, photo = list(so_far or []), kept_photo(event)
    return known if photo in known else [*known, photo]


def received(so_far: Any, event: Event | None = None) -> Body:
    """The answer to a photo, or to words beside photos."""
    if event is not None and event.kind is Kind.TEXT:
        return said("ask.words-kept")
    text = "ask.n-photos-words" if words(so_far) else "ask.n-photos"
    return said(text, {"n": len(pictures(so_far))})
