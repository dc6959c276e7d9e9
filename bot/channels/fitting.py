"""The one rule by which a bubble is cut down to what a messenger can show (CHANNELS 5)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from handlers.bubbles import Bubble, Button

_BORDERS = ("\n\n", "\n", "。", " ")


@dataclass(frozen=True)
class Fitted:
    """The words in as many messages as they need, and the buttons under the last one.

    Where the buttons are too many they stand in the words as numbered lines instead, and `numbered` holds their tokens.
    """

    texts: tuple[str, ...]
    buttons: tuple[Button, ...]
    numbered: tuple[str, ...] = ()


def fit(
    bubble: Bubble, *, chars: int, byte_limit: int = 0, buttons: int, label_chars: int = 0, links_as_buttons: bool = False
) -> Fitted:
    """`chars` and `byte_limit` bound one message (0: no such limit); one label over `label_chars` numbers the lines as well."""
    every = [one for row in bubble.rows for one in row]
    links = [] if links_as_buttons else [f"{one.label}：{one.url}" for one in every if one.url]
    keys = [one for one in every if one.token or links_as_buttons]
    is_long = label_chars > 0 and any(len(one.label) > label_chars for one in keys)
    numbered: tuple[str, ...] = ()
    lines: list[str] = []
    if len(keys) > buttons or is_long:
        chosen = [one for one in keys if one.token]
        numbered = tuple(one.token for one in chosen)
        lines = [*(f"{n}. {one.label}" for n, one in enumerate(chosen, 1)), bubble.pick]
        links += [f"{one.label}：{one.url}" for one in keys if one.url]
        keys = []
    words = "\n".join(line for line in (bubble.title, bubble.text, *links, *lines) if line)
    return Fitted(tuple(split(words, fits(chars, byte_limit))), tuple(keys), numbered)


def fits(chars: int, byte_limit: int = 0) -> Callable[[str], bool]:
    """Whether a text keeps to a limit of characters and one of UTF-8 bytes; 0 is no limit."""

    def does(text: str) -> bool:
        return (not chars or len(text) <= chars) and (not byte_limit or len(text.encode("utf-8", "replace")) <= byte_limit)

    return does


def split(text: str, does_fit: Callable[[str], bool]) -> list[str]:
    """Parts that fit, cut between paragraphs if possible, else lines, sentences, words; no part is empty."""
    parts = []
    while not does_fit(text):
        head = text[: _longest(text, does_fit)]
        cut = next(_borders(head), len(head))
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in (*parts, text) if part]


def _longest(text: str, does_fit: Callable[[str], bool]) -> int:
    """How many characters of the text fit at most, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if does_fit(text[:middle]) else (low, middle - 1)
    return low


def _borders(head: str) -> Iterator[int]:
    """The last border of each sort that does not leave a scrap, best sort first."""
    for border in _BORDERS:
        at = head.rfind(border)
        if at > len(head) // 4:
            yield at + len(border)
