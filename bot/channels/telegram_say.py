"""From bubbles to what Telegram takes: plain text with entities counted in UTF-16 units, and inline keyboards."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from handlers.bubbles import Bubble, Button

Plain = dict[str, Any]
"""A MessageEntity, an InlineKeyboardMarkup or a button as the Bot API has it in JSON."""

TEXT_UNITS = 4096
LABEL_CHARS = 60
_A_ROW, _AT_MOST = 8, 100
_BORDERS = ("\n\n", "\n", "。", " ")


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def compose(bubble: Bubble) -> tuple[str, list[Plain]]:
    """The words of a bubble: its title strong on a line of its own, the text, and links that no button can carry."""
    links = [f"{one.label}：{one.url}" for row in bubble.rows for one in row if one.url and not _is_linkable(one.url)]
    title = _whole(bubble.title).strip()
    words = [title, _whole(bubble.text).strip(), *map(_whole, links)]
    text = "\n".join(part for part in words if part)
    if not text and bubble.rows:
        text = "…"  # Telegram takes no keyboard without words
    return text, [{"type": "bold", "offset": 0, "length": units(title)}] if title else []


def split(text: str, most: int = TEXT_UNITS) -> list[str]:
    """Parts of at most `most` UTF-16 units, cut between paragraphs if possible, else lines, sentences, words."""
    parts = []
    while units(text) > most:
        cut = _cut(text, most)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in (*parts, text) if part]


def keyboard(rows: Sequence[Sequence[Button]]) -> Plain | None:
    """Inline buttons, at most eight in a row and a hundred in all; None when there are none."""
    left = _AT_MOST
    markup: list[list[Plain]] = []
    for row in rows:
        keys = [_key(one) for one in row if one.token or _is_linkable(one.url)][:left]
        left -= len(keys)
        markup += [keys[n : n + _A_ROW] for n in range(0, len(keys), _A_ROW)]
    return {"inline_keyboard": markup} if markup else None


def _key(button: Button) -> Plain:
    label = " ".join(_whole(button.label).split()) or "…"
    if len(label) > LABEL_CHARS:
        label = f"{label[: LABEL_CHARS - 1]}…"
    if button.token:
        return {"text": label, "callback_data": button.token}
    return {"text": label, "url": button.url}


def _is_linkable(url: str) -> bool:
    """Whether Telegram takes the address on a button: it refuses the whole message for localhost and for tel:."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "")


def _cut(text: str, most: int) -> int:
    """Where the first part ends, in characters."""
    head = text[:most]
    while units(head) > most:
        head = head[: len(head) - max(1, (units(head) - most) // 2)]
    return next(_borders(head), len(head))


def _borders(head: str) -> Iterator[int]:
    """The last border of each sort that does not leave a scrap, best sort first."""
    for border in _BORDERS:
        at = head.rfind(border)
        if at > len(head) // 4:
            yield at + len(border)


def _whole(text: str) -> str:
    """Text that can be put into UTF-8: halves of characters are joined or replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
