"""Parcels on their way: rendered when they go, in the reader's language, and remembered when they are gone (DESIGN 4)."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from prometheus_client import Counter
from sqlalchemy import Connection

from bot.channels.base import Later, Sent
from bot.limits import PACE
from bot.reports.printer import Print
from handlers.bubbles import Bubble
from handlers.every_card import card_of
from handlers.numbers import remember_numbers
from handlers.render import Reader, render
from handlers.turn import Company
from handlers.undelivered import never
from storage import living_cards, outbox, people
from storage.living_cards import Card
from storage.outbox import Parcel
from storage.unit import Unit

SENT = Counter("fieldhand_sent_total", "messages sent", ["channel"])
DEAD = Counter("fieldhand_dead_total", "messages that will never arrive", ["channel"])
KEEP_TRYING = timedelta(hours=72)
"""How long a message that could not be sent is tried again: a messenger may be out of reach over a whole weekend."""


@dataclass(frozen=True)
class Ready:
    """A parcel with everything that sending it needs."""

    bubble: Bubble | None  # None: nothing left to say
    ref: str = ""  # the living message
    body_hash: str = ""
    is_same: bool = False
    headline: dict[str, Any] | None = None
    language: str = ""


def no_paper(_connection: Connection, _paper: str, _order: int, _language: str) -> None:
    """A desk without a press."""


class _NeedsLook(Exception):
    """Somebody's name is wanted."""


class Preparer:
    """Renders parcels as things stand now, with the papers that go along."""

    def __init__(
        self,
        company: Callable[[], Company],
        print_paper: Print,
        *,
        typed: frozenset[str] = frozenset(),
        sparing: frozenset[str] = frozenset(),
    ) -> None:
        """`typed`: channels in which no place can be shared, so that an address has to be typed.

        `sparing`: channels that count each message, so that a whole opinion card is one.
        """
        self._company, self._print, self._typed, self._sparing = company, print_paper, typed, sparing

    def __call__(self, connection: Connection, parcel: Parcel, *, is_brief: bool = False) -> Ready:
        """`is_brief`: its headline alone, because a later message shows the rest."""
        living = None
        if parcel.person is not None and parcel.subject:
            living = living_cards.card(connection, parcel.person, parcel.subject, parcel.channel, parcel.chat)
        ref = living.ref if living else ""
        if parcel.kind == "settle":
            return Ready(None, ref)
        if parcel.body.get("collapses") and outbox.is_superseded(connection, parcel.id, parcel.chat, parcel.subject):
            return Ready(None)
        company, headline = self._company(), _headline(parcel, living)
        body = _brief(headline) if is_brief else self._whole(connection, parcel, company, headline)
        if body is None:
            return Ready(None)
        language = company.language
        if parcel.person is not None:
            language = people.language_of(connection, parcel.person) or language
        bubble = render(body, self._reader(parcel, company, language, partial(people.name_of, connection)))
        bubble = self._with_papers(connection, parcel, bubble, body.get("papers", ()), language)
        digest = hashlib.sha256(repr(bubble).encode()).hexdigest() if parcel.kind == "card" else ""
        is_same = living is not None and is_refresh(parcel) and living.body_hash == digest
        return Ready(bubble, ref, digest, is_same, headline, language)

    def at_once(self, parcel: Parcel) -> Ready | None:
        """The same from what was read when the parcel was claimed, for a message that goes right then, None where it won't do.

        A trip to a reader's thread, and its looks at the database, are a fifth of what an answer costs.
        """
        beside, body = parcel.beside, parcel.body
        if beside is None or parcel.kind == "card" or body.get("collapses") or body.get("papers"):
            return None
        if parcel.kind == "settle":
            return Ready(None, beside.ref)
        company = self._company()
        language = beside.language or company.language
        try:
            bubble = render(body, self._reader(parcel, company, language, _nobody))
        except _NeedsLook:
            return None
        return Ready(bubble, beside.ref, headline=body.get("headline"), language=language)

    def _reader(self, parcel: Parcel, company: Company, language: str, name_of: Callable[[int], str]) -> Reader:
        return Reader(language, company.zone, name_of, shares_places=parcel.channel not in self._typed)

    def _whole(
        self, connection: Connection, parcel: Parcel, company: Company, headline: dict[str, Any] | None
    ) -> dict[str, Any] | None:
        if parcel.kind != "card":
            return parcel.body
        if parcel.person is None:
            return None
        now, is_sparing = datetime.now(UTC), parcel.channel in self._sparing
        person = people.person(connection, parcel.person, now=now)
        found = card_of(connection, parcel.subject, person, company, now=now, is_sparing=is_sparing)
        if found is None:
            return None
        return found | _media(headline) | ({"headline": headline} if headline else {})

    def _with_papers(
        self, connection: Connection, parcel: Parcel, bubble: Bubble, papers: Sequence[str], language: str
    ) -> Bubble:
        """The papers that go along, made now; what can't be printed leaves the words alone."""
        if not papers:
            return bubble
        printed = [self._print(connection, paper, parcel.order or 0, language) for paper in papers]
        made = [one for one in printed if one is not None and not one.is_picture]
        shown = tuple(one.sha256 for one in printed if one is not None and one.is_picture)
        files, names = tuple(one.sha256 for one in made), tuple(one.name for one in made)
        return replace(bubble, photos=(*bubble.photos, *shown), files=files, file_names=names)


def _nobody(_person: int) -> str:
    raise _NeedsLook


def is_refresh(parcel: Parcel) -> bool:
    """Whether it only brings a card up to date where it stands."""
    return parcel.kind == "card" and not parcel.body["is_fresh"]


def keep_sent(connection: Connection, parcel: Parcel, ready: Ready, sent: Sent, now: datetime) -> None:
    """It is there: remember where its living message is, and which numbers press what."""
    SENT.labels(parcel.channel).inc()
    outbox.sent(connection, parcel.id, ref=sent.ref, now=now)
    if sent.numbered:
        remember_numbers(connection, parcel.channel, parcel.chat, sent.numbered, now=now)
    if parcel.kind != "settle" and parcel.person is not None and parcel.subject:
        key = (parcel.person, parcel.subject, parcel.channel, parcel.chat)
        living_cards.keep_card(connection, *key, ref=sent.ref, body_hash=ready.body_hash, headline=ready.headline, now=now)


def keep_dead(connection: Connection, parcel: Parcel, company: Company, reason: str, now: datetime) -> None:
    """It will never arrive there: another way is tried, or somebody hears of it."""
    DEAD.labels(parcel.channel).inc()
    never(Unit(connection, now, company.terms), company, parcel, reason)


def pause_after(later: Later, attempts: int) -> timedelta:
    """How long to wait for the next attempt: what was asked for, and longer and longer while it does not help.

    Our own pace knows to the second when a message may go.
    """
    grown = 0.0 if later.reason == PACE else min(2.0 ** min(attempts, 10) / 4, 60.0)
    return timedelta(seconds=max(later.seconds, grown))


def is_tried_again(parcel: Parcel, now: datetime) -> bool:
    """Whether a message that could not be sent this time is worth another attempt."""
    return now - parcel.created_at < KEEP_TRYING


def _headline(parcel: Parcel, living: Card | None) -> dict[str, Any] | None:
    headline: dict[str, Any] | None = parcel.body.get("headline")
    if headline is None and is_refresh(parcel) and living:
        return living.headline
    return headline


def _brief(headline: dict[str, Any] | None) -> dict[str, Any] | None:
    return _media(headline) | {"headline": headline} if headline else None


def _media(headline: dict[str, Any] | None) -> dict[str, Any]:
    return {kind: (headline or {}).get(kind, []) for kind in ("photos", "voices", "papers")}
