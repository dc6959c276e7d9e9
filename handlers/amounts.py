"""The question after an amount of money (FEE): what people type, read to the cent in the company's currency."""

from dataclasses import dataclass
from typing import Any

from handlers.bubbles import Hint
from handlers.events import Event, Kind
from handlers.questions import Misread, Question, Setting, clean
from rules.money import Money, Unreadable, read_amount


@dataclass(frozen=True)
class Amount(Question):
    """An amount as its smallest units. Typing it is never taken for the number of a button."""

    currency: str = ""
    suggestion: int | None = None
    may_be_zero: bool = False
    hint = Hint.NUMBER

    def options(self) -> tuple[tuple[Any, Any], ...]:
        if self.suggestion is None:
            return ()
        return ((self.suggestion, {"literal": str(Money(self.suggestion, self.currency))}),)

    def read(self, event: Event, setting: Setting) -> int:
        """Smallest units. Raises Misread with what was wrong and an example."""
        if event.kind is not Kind.TEXT or not clean(event.text):
            raise Misread("misread.money-amount", currency=self.currency)
        try:
            found = read_amount(clean(event.text), self.currency)
        except Unreadable as unreadable:
            raise Misread(f"misread.money-{unreadable.code}", currency=self.currency) from None
        if not found.minor and not self.may_be_zero:
            raise Misread("misread.money-zero", currency=self.currency)
        return found.minor

    def show(self, answer: Any) -> Any:
        return super().show(answer) if answer is None else str(Money(int(answer), self.currency))
