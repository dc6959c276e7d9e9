"""What somebody has come upon, how it was removed, and what a team has to clean up (SAF-6, SAF-7, ESC-14, ESC-16)."""

from dataclasses import dataclass

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from rules.hazards import HazardSort


@dataclass(frozen=True)
class ComeUpon:
    """A danger, an offence, a dispute: which, where, in whose words."""

    sort: HazardSort
    place: str
    words: str
    photos: tuple[str, ...]


async def hazard(ask: Ask, desk: Desk) -> ComeUpon:
    """As few questions as can be: it is urgent (SAF-6)."""
    sort = HazardSort(await ask.choice("sort", [str(one) for one in desk.turn.terms.policy.hazards.sorts]))
    place = await ask.text("place", at_most=200)
    words = await ask.text("words", at_most=500, photos="photos")
    photos = await ask.photos("photos", at_most=5)
    return ComeUpon(sort, place, ask.words("photos", words), tuple(photos))


async def hazard_removed(ask: Ask, desk: Desk) -> Words:
    """How it was removed (SAF-6)."""
    return Words(await ask.text("words", at_most=500))


async def clean_up(ask: Ask, desk: Desk) -> Words:
    """What is to be cleaned up or done over (SAF-7)."""
    return Words(await ask.text("words", at_most=500))
