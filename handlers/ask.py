"""Questions of a flow, answered from what is stored or put to the person (DESIGN 3).

A flow is a plain `async def`. Awaiting a question gives its stored answer; where there is none the flow is suspended and that
question is the pending one. The engine drives it with `send(None)`: no event loop is involved.
"""

from collections.abc import Callable, Coroutine, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from handlers.amounts import Amount
from handlers.label_questions import Pick, Pieces, Serial
from handlers.photo_questions import LATER, Photos, pictures, words
from handlers.questions import (
    Choice,
    Confirm,
    ContactQuestion,
    Location,
    Moment,
    Number,
    Phone,
    Photo,
    Question,
    Text,
    Voice,
    YesNo,
)
from rules.money import Money


@dataclass
class Ask:
    """What a flow asks with. `given` are the stored answers by key; `path` the keys met in this replay, in order."""

    flow: str
    given: dict[str, Any]
    path: list[Question] = field(default_factory=list)

    async def text(
        self,
        key: str,
        *,
        optional: bool = False,
        at_most: int = 2000,
        facts: Any = None,
        wording: str = "",
        suggestions: Iterable[str] = (),
        others: Iterable[str] = (),
        photos: str = "",
    ) -> Any:
        """Free text of 1 to `at_most` characters, or one of `others`; `suggestions` are one tap, empty ones left out."""
        usual = tuple(dict.fromkeys(one for one in suggestions if one))
        question = Text(
            self.flow, key, optional, facts or {}, wording, at_most=at_most, suggestions=usual, others=tuple(others),
            photos=photos,
        )  # fmt: skip
        return await self._put(question)

    async def serial(self, key: str, *, optional: bool = False, at_most: int = 60) -> Any:
        """A serial number, typed or photographed where it stands in bars or on our sticker."""
        return await self._put(Serial(self.flow, key, is_optional=optional, at_most=at_most))

    async def text_or_voice(
        self, key: str, *, optional: bool = False, facts: Any = None, photos: str = "", wording: str = ""
    ) -> Any:
        """Text as str, or a voice note as {"voice": sha256, "seconds": n}; a photo is kept for the question `photos`."""
        question = Text(
            self.flow, key, is_optional=optional, takes_voice=True, facts=facts or {}, wording=wording, photos=photos
        )
        return await self._put(question)

    async def number(
        self,
        key: str,
        *,
        optional: bool = False,
        at_least: int = 0,
        at_most: int = 10_000_000,
        is_whole: bool = False,
        unit: str = "",
        facts: Any = None,
        wording: str = "",
    ) -> Decimal | None:
        """A number; full-width digits, thousands separators and units are understood."""
        question = Number(
            self.flow, key, optional, facts or {}, wording, at_least=at_least, at_most=at_most, is_whole=is_whole, unit=unit
        )  # fmt: skip
        answer = await self._put(question)
        return None if answer is None else Decimal(answer)

    async def pieces(
        self,
        key: str,
        part: str,
        label: str,
        *,
        reads: Callable[[Sequence[str]], Sequence[str]],
        at_most: int,
        facts: Any = None,
    ) -> int:
        """How many of a part, 0 to `at_most`; a photo of a label tells whether `reads` finds the part in it (PRT-2, PRT-13)."""
        question = Pieces(
            self.flow, key, False, facts or {}, at_most=at_most, is_whole=True, part=part, label=label, reads=reads
        )  # fmt: skip
        return int(await self._put(question))

    async def amount(
        self, key: str, currency: str, *, suggestion: int | None = None, may_be_zero: bool = False, facts: Any = None
    ) -> Money:
        """An amount of money in a currency; another currency, a mix or fractions of a cent are not taken (FEE)."""
        question = Amount(self.flow, key, facts=facts or {}, currency=currency, suggestion=suggestion, may_be_zero=may_be_zero)
        return Money(int(await self._put(question)), currency)

    async def choice(
        self,
        key: str,
        options: Sequence[str],
        *,
        labels: Mapping[str, str] | None = None,
        family: str = "",
        optional: bool = False,
        facts: Any = None,
        wording: str = "",
    ) -> Any:
        """One of `options`; labels are texts `flow.key.option`, or `family.option`, unless given literally."""
        known = dict(labels or {})
        question = Choice(self.flow, key, optional, facts or {}, wording, choices=tuple(options), labels=known, family=family)
        return await self._put(question)

    async def pick(
        self,
        key: str,
        labels: Mapping[str, str],
        *,
        finds: Callable[[str], bool] | None = None,
        reads: Callable[[Sequence[str]], Sequence[str]] | None = None,
        takes_codes: bool = False,
        optional: bool = False,
        facts: Any = None,
    ) -> Any:
        """One of those shown with their labels, or what was typed instead; `finds` says whether words lead anywhere.

        Where `reads` tells which answers the codes on a label may mean, a photo gives {"code": text, "read": those answers};
        with `takes_codes` it gives what stands on it, as if that were typed.
        """
        known = dict(labels)
        question = Pick(
            self.flow, key, optional, facts or {}, choices=tuple(known), labels=known, finds=finds, reads=reads,
            takes_codes=takes_codes,
        )  # fmt: skip
        return await self._put(question)

    async def yes_no(self, key: str, *, facts: Any = None, in_summary: bool = True) -> bool:
        return bool(await self._put(YesNo(self.flow, key, facts=facts or {}, shows_in_summary=in_summary)))

    async def moment(self, key: str, *, optional: bool = False, is_past: bool = False, wants_clock: bool = False) -> Any:
        """A day or a day with a time, as ISO text in the company's zone."""
        return await self._put(Moment(self.flow, key, is_optional=optional, is_past=is_past, wants_clock=wants_clock))

    async def phone(self, key: str, *, optional: bool = False, suggestion: str = "") -> Any:
        """A telephone in E.164."""
        return await self._put(Phone(self.flow, key, is_optional=optional, suggestion=suggestion))

    async def location(self, key: str, *, optional: bool = False, suggestion: str = "", wording: str = "") -> Any:
        """An address as {"address": text, "latitude": .., "longitude": ..}; typed, or shared from the map."""
        return await self._put(Location(self.flow, key, is_optional=optional, suggestion=suggestion, wording=wording))

    async def contact(self, key: str, *, optional: bool = False, suggestion: str = "") -> Any:
        """A person to meet as {"name": .., "phone": ..}."""
        return await self._put(ContactQuestion(self.flow, key, is_optional=optional, suggestion=suggestion))

    async def photo(
        self, key: str, *, optional: bool = False, may_be_drawn: bool = False, facts: Any = None, wording: str = ""
    ) -> Any:
        """One photo as {"photo": sha256, "sent_at": ISO}; drawn on a screen where that is offered."""
        return await self._put(Photo(self.flow, key, optional, facts or {}, wording, may_be_drawn=may_be_drawn))

    async def photos(self, key: str, *, at_most: int = 10, optional: bool = True) -> list[str]:
        """Photos as a list of SHA-256; albums come one by one and end with "done"."""
        return pictures(await self._put(Photos(self.flow, key, is_optional=optional, at_most=at_most)))

    def words(self, key: str, before: str | None = "") -> str:
        """What was written beside the photos of an answered question, on the lines after `before`."""
        return "\n".join(one for one in (before, words(self.given.get(key))) if one)

    async def photos_or_later(self, key: str, *, at_most: int = 10) -> tuple[list[str], bool]:
        """The same where some may come when there is a connection again, and whether they do (VIS-21)."""
        given = await self._put(Photos(self.flow, key, is_optional=True, at_most=at_most, may_come_later=True)) or []
        return pictures(given), LATER in given

    async def voice(self, key: str, *, optional: bool = False) -> Any:
        """A voice note as {"voice": sha256, "seconds": n}."""
        return await self._put(Voice(self.flow, key, is_optional=optional))

    async def confirm(self, key: str = "confirm", *, facts: Any = None) -> bool:
        """Show everything that was answered; true when it is right. Editing goes back by itself."""
        shown = tuple(question for question in self.path if question.shows_in_summary)
        return bool(await self._put(Confirm(self.flow, key, facts=facts or {}, asked=shown, given=dict(self.given))))

    async def _put(self, question: Question) -> Any:
        self.path.append(question)
        if question.key in self.given:
            return self.given[question.key]
        return await _Pending(question)


@dataclass
class _Pending:
    question: Question

    def __await__(self) -> Generator[Question, Any, Any]:
        return (yield self.question)


@dataclass(frozen=True)
class Replay:
    """Where a replay ended: at a pending question, or with the flow's outcome."""

    ask: Ask
    flow: Coroutine[Any, Any, Any]
    pending: Question | None
    outcome: Any = None

    @property
    def path(self) -> list[Question]:
        return self.ask.path

    def answered(self, value: Any) -> "Replay":
        """Go on from the pending question with its answer, as a replay with that answer would from the top."""
        assert self.pending is not None
        self.ask.given[self.pending.key] = value
        return _until_asked(self.flow, self.ask, value)


def replay(flow: Coroutine[Any, Any, Any], ask: Ask) -> Replay:
    """Run a flow to its next question or its end."""
    return _until_asked(flow, ask, None)


def _until_asked(flow: Coroutine[Any, Any, Any], ask: Ask, answer: Any) -> Replay:
    try:
        pending = flow.send(answer)
    except StopIteration as end:
        return Replay(ask, flow, None, end.value)
    if not isinstance(pending, Question):
        raise TypeError(f"flow {ask.flow} awaited something that is not a question")
    return Replay(ask, flow, pending)
