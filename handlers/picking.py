"""Parts as people are offered them: what is in the van, what they used last, what they type (DESIGN 10.2, PRT-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.turn import Turn
from rules.labels import numbers
from rules.orders import WorkOrder
from rules.requisitions import Requisition
from rules.stock import Part, PartKind, folded
from storage import cases, stock

MOST_SHOWN = 6
_MARK = "#"


@dataclass(frozen=True)
class Shelf:
    """What a flow may offer of parts; an answer `#12` is the catalogue's part 12, anything else words."""

    turn: Turn

    def in_hand(self) -> list[tuple[Part, int]]:
        """What the person has with him, by number."""
        vans = stock.vans(self.turn.connection, [self.turn.person.id])
        return [pair for van in vans for pair in stock.kept(self.turn.connection, van.id) if pair[0].kind is not PartKind.TOOL]

    def to_use(self, *, also: str = "") -> dict[str, str]:
        """Answers with their labels for what was used: the own van first, then what was used last, then `also`."""
        found = {key_of(part): f"{part.label}（{n}）" for part, n in self.in_hand()[:MOST_SHOWN]}
        return found | self._more(found, also)

    def to_draw(self, *, also: str = "") -> dict[str, str]:
        """The same for what is asked for: what was used last."""
        return self._more({}, also)

    def to_quote(self, usual: Sequence[Part], *, also: str = "") -> dict[str, str]:
        """The same for what a customer is quoted: what is usual for his model, then what was used last."""
        return self._more({key_of(part): part.label for part in usual[:MOST_SHOWN]}, also)

    def _more(self, known: dict[str, str], also: str) -> dict[str, str]:
        last = stock.recent(self.turn.connection, self.turn.person.id)
        found = {key_of(part): part.label for part in last if key_of(part) not in known}
        found = dict(list(found.items())[: MOST_SHOWN - len(known)]) if len(known) < MOST_SHOWN else {}
        part = self.part(also)
        return found | ({also: part.label} if part and also not in known and also not in found else {})

    def part(self, answer: Any) -> Part | None:
        """The part that an answer names by its key."""
        if not isinstance(answer, str) or not answer.startswith(_MARK) or not answer[1:].isdecimal():
            return None
        return stock.parts_of(self.turn.connection, [int(answer[1:])]).get(int(answer[1:]))

    def has_catalogue(self) -> bool:
        return stock.has_catalogue(self.turn.connection)

    def search(self, words: str) -> list[Part]:
        return stock.search(self.turn.connection, words)

    def exact(self, words: str) -> Part | None:
        """The one part with this number or name."""
        found = self.search(words)
        return found[0] if len(found) == 1 and folded(words) in (folded(found[0].number), folded(found[0].name)) else None

    def read(self, codes: Sequence[str]) -> list[str]:
        """The parts that the codes on a label may mean, as answers; each has its number in the catalogue (PRT-1)."""
        said = [number for code in codes for number in numbers(code)]
        return [key_of(part) for part in stock.by_numbers(self.turn.connection, said)][:MOST_SHOWN]

    def named(self, answers: Sequence[str]) -> dict[str, str]:
        """The answers that are still parts of the catalogue, with their labels."""
        found = {answer: self.part(answer) for answer in answers}
        return {answer: part.label for answer, part in found.items() if part is not None}

    def leads_somewhere(self, words: str) -> bool:
        return bool(self.search(words))


def key_of(part: Part) -> str:
    return key_of_id(part.id)


def key_of_id(part: int) -> str:
    return f"{_MARK}{part}"


def pick_list(turn: Turn, order: WorkOrder) -> list[dict[str, Any]]:
    """What to take along for an order: what was asked for and what has been issued, with the bin it lies in (PRE-1)."""
    found: list[dict[str, Any]] = []
    for one in cases.about(turn.connection, Requisition, order.subject):
        known = stock.parts_of(turn.connection, [line.part for line in one.lines])
        for line in one.lines:
            if line.asked and (one.is_open or line.issued):
                mark = "☑" if line.issued and not line.owed else "☐"
                facts = {"mark": mark, "part": line.label, "n": line.issued, "of": line.asked}
                facts |= {"bin": known[line.part].bin or "—"}
                found.append({"text": "pick.line", "facts": facts})
    return found
