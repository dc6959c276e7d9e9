"""Several messages as one, and as much of them as there is room for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.parcels import Ready
from handlers.bubbles import Bubble, Button
from storage.outbox import COURTESY, Parcel
from texts import catalog

KEPT_FREE = 2
"""Messages that courtesies leave to what must arrive; when no more are left, the person is asked for a word."""


@dataclass(frozen=True)
class Piece:
    """A parcel and what it says; `is_open` when it is about an order that goes on."""

    parcel: Parcel
    ready: Ready
    is_open: bool = False


@dataclass(frozen=True)
class Fit:
    """What goes as one message, and how much of the allowance it takes."""

    pieces: tuple[Piece, ...]
    bubble: Bubble
    weight: int


def fit_in(pieces: Sequence[Piece], room: int, weigh: Callable[[Bubble], int]) -> Fit | None:
    """As many of the pieces as fit into the room, from the first on; None when not even that one does.

    Pictures give way to words. Courtesies among themselves leave some room for what must arrive.
    """
    for n in range(len(pieces), 0, -1):
        chosen = tuple(pieces[:n])
        is_courtesy = all(one.parcel.priority == COURTESY for one in chosen)
        most = room - KEPT_FREE if is_courtesy else room
        language = chosen[-1].ready.language
        bubble = _with_media_for(_joined(chosen), most, weigh, language)
        if bubble is None:
            continue
        if room - weigh(bubble) < KEPT_FREE and any(one.is_open for one in chosen):
            bubble = _asking_for_a_word(bubble, weigh, language)
        return Fit(chosen, bubble, weigh(bubble))
    return None


def join(bubbles: Sequence[Bubble]) -> Bubble:
    """The texts and buttons one below the other; of buttons with the same label the newest stays."""
    if len(bubbles) == 1:
        return bubbles[0]
    newest = next((one for one in reversed(bubbles) if one.rows), bubbles[-1])
    words = ("\n".join(part for part in (one.title, one.text) if part) for one in bubbles)
    return replace(
        newest,
        title="",
        text="\n\n".join(part for part in words if part),
        rows=_rows(bubbles),
        photos=tuple(dict.fromkeys(photo for one in bubbles for photo in one.photos)),
        voices=tuple(dict.fromkeys(voice for one in bubbles for voice in one.voices)),
        files=tuple(file for one in bubbles for file in one.files),
        file_names=tuple(_name(one, n) for one in bubbles for n in range(len(one.files))),
    )


def _rows(bubbles: Sequence[Bubble]) -> tuple[tuple[Button, ...], ...]:
    """Two buttons that read alike could not be told apart below one text."""
    seen: set[str] = set()
    kept: list[tuple[Button, ...]] = []
    for row in reversed([row for one in bubbles for row in one.rows]):
        kept.append(tuple(button for button in row if button.label not in seen))
        seen.update(button.label for button in row)
    return tuple(row for row in reversed(kept) if row)


def _name(bubble: Bubble, n: int) -> str:
    return bubble.file_names[n] if n < len(bubble.file_names) else ""


def _joined(pieces: Sequence[Piece]) -> Bubble:
    return join([one.ready.bubble for one in pieces if one.ready.bubble is not None])


def _with_media_for(bubble: Bubble, most: int, weigh: Callable[[Bubble], int], language: str) -> Bubble | None:
    """The bubble with as many files as there is room for, saying how many are left out; None when its words don't fit."""
    if weigh(bubble) <= most:
        return bubble
    n_media = len(bubble.photos) + len(bubble.voices) + len(bubble.files)
    for n in range(n_media - 1, -1, -1):
        note = catalog.say(language, "window.left-out", {"n": n_media - n})
        slim = replace(_with_first(bubble, n), text=f"{bubble.text}\n{note}".strip())
        if weigh(slim) <= most:
            return slim
    return None


def _with_first(bubble: Bubble, n: int) -> Bubble:
    """The first `n` of its files: photos go before voices, and those before anything else."""
    n_voices = max(0, n - len(bubble.photos))
    n_files = max(0, n_voices - len(bubble.voices))
    files, names = bubble.files[:n_files], bubble.file_names[:n_files]
    return replace(bubble, photos=bubble.photos[:n], voices=bubble.voices[:n_voices], files=files, file_names=names)


def _asking_for_a_word(bubble: Bubble, weigh: Callable[[Bubble], int], language: str) -> Bubble:
    """Little more may be said: any word of the person's opens it all again, and a button is one."""
    hint = catalog.say(language, "window.last")
    button = Button(catalog.say(language, "window.keep"), "w")
    pick = bubble.pick or catalog.say(language, "fit.pick")
    asking = replace(bubble, text=f"{bubble.text}\n\n{hint}".strip(), rows=(*bubble.rows, (button,)), pick=pick)
    return asking if weigh(asking) == weigh(bubble) else bubble
