"""From bubbles to what WeCom takes: text messages of 2048 bytes, and cards with up to six buttons.

More than six choices are shown on two or three cards, for one tap does it there; a vote card would take two, and typing a
number needs a dry thumb. Above eighteen the choices are numbered lines.
"""

import re
from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlsplit

from bot.channels.fitting import fit, fits, split
from handlers.bubbles import Bubble, Button

TEXT_BYTES = 2048
LABEL_WIDTH = 10
A_CARD, CARDS = 6, 3

Card = dict[str, Any]

_TITLE, _SUBTITLE, _ROWS, _KEY, _VALUE = 36, 160, 6, 5, 30
_STYLES = {"primary": 1, "plain": 2, "danger": 3}
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
_TAG = re.compile(r"<(?=\s*/?\s*a\b)", re.IGNORECASE)
_BORDERS = ("。！？!?；;，,", " ")  # a space may stand within a date and its hour


@dataclass(frozen=True)
class Said:
    """One bubble as WeCom shows it: texts first, then cards. `numbered` holds the tokens that a typed number presses."""

    texts: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()  # still without task_id
    numbered: tuple[str, ...] = ()


def compose(bubble: Bubble) -> Said:
    """Words and buttons of a bubble; pictures and voices go on their own."""
    bubble = _plain(bubble)
    every = [one for row in bubble.rows for one in row]
    keys = list({one.token or one.url: one for one in every if one.token or _is_linkable(one.url)}.values())
    links = [f"{one.label}：{one.url}" for one in every if not one.token and not _is_linkable(one.url)]
    if not keys:
        return Said(_texts([bubble.title, bubble.text, *links]))
    if len(keys) > A_CARD * CARDS:
        fitted = fit(bubble, chars=0, byte_limit=TEXT_BYTES, buttons=0)
        return Said(tuple(map(_safe, fitted.texts)), (), fitted.numbered)
    labels, lines, numbered = _labels(keys, bubble.pick)
    body = "\n".join(line for line in (bubble.text, *links, *lines) if line)
    face = _face(bubble.title, body)
    texts: tuple[str, ...] = ()
    if face is None:
        texts = _texts([bubble.title, body])
        asked = [line for line in bubble.text.splitlines() if line.strip()] or ["…"]  # what is asked comes last
        face = {"main_title": {"title": _cut(bubble.title or asked[-1], _TITLE)}}
    return Said(texts, tuple(_cards(face, list(zip(keys, labels, strict=True)))), numbered)


def width(label: str) -> float:
    """How much room words take on a button: a Latin letter half of a Chinese character."""
    return sum(1.0 if ord(one) >= 0x1100 else 0.5 for one in label)


def _labels(keys: list[Button], pick: str) -> tuple[list[str], list[str], tuple[str, ...]]:
    """(what stands on the buttons, lines that say it in full, tokens by number); the same number stands before both."""
    whole = [" ".join(one.label.split()) or "…" for one in keys]
    if all(width(one) <= LABEL_WIDTH for one in whole):
        return whole, [], ()
    chosen = [n for n, one in enumerate(keys) if one.token]
    numbers = {n: f"{place}. " for place, n in enumerate(chosen, 1)}
    short = [_narrow(numbers.get(n, "") + label) for n, label in enumerate(whole)]
    lines = [numbers[n] + whole[n] for n in chosen] + ([pick] if pick and chosen else [])
    return short, lines, tuple(keys[n].token for n in chosen)


def _face(title: str, body: str) -> Card | None:
    """The words on a card, None when they don't fit. Lines such as `客戶：張先生` may stand in its table."""
    if not title:
        title, body = _headed(body)
    if len(title) > _TITLE:
        return None
    face: Card = {"main_title": {"title": title}}
    lines = body.splitlines()
    rows: list[Card] = []
    while len("\n".join(lines)) > _SUBTITLE and len(rows) < _ROWS:
        n, row = next(((n, row) for n, line in enumerate(lines) if (row := _row(line))), (0, None))
        if row is None:
            return None
        rows.append(row)
        del lines[n]
    if len(text := "\n".join(lines)) > _SUBTITLE:
        return None
    return face | ({"sub_title_text": text} if text else {}) | ({"horizontal_content_list": rows} if rows else {})


def _headed(body: str) -> tuple[str, str]:
    """A title from the first words of a body, cut where a sentence or a part of it ends, else between two words."""
    first, _, rest = body.partition("\n")
    if len(first) <= _TITLE:
        return first or "…", rest
    ends = (n for borders in _BORDERS for n in range(_TITLE, _TITLE // 4, -1) if first[n - 1] in borders)
    cut = next(ends, _TITLE)
    return first[:cut].rstrip(), f"{first[cut:].lstrip()}\n{rest}".rstrip()


def _row(line: str) -> Card | None:
    key, colon, value = line.partition("：")
    is_one = colon and 0 < len(key) <= _KEY and 0 < len(value.strip()) <= _VALUE
    return {"keyname": key, "value": value.strip()} if is_one else None


def _cards(face: Card, keys: list[tuple[Button, str]]) -> list[Card]:
    n_cards = ceil(len(keys) / A_CARD)
    size = ceil(len(keys) / n_cards)
    title = _cut(face["main_title"]["title"], _TITLE - 4)
    heads = [face, *({"main_title": {"title": f"{title} {n}/{n_cards}"}} for n in range(2, n_cards + 1))]
    shared = {"card_type": "button_interaction"}
    return [
        shared | head | {"button_list": [_button(one, label) for one, label in keys[n * size : (n + 1) * size]]}
        for n, head in enumerate(heads)
    ]


def _button(button: Button, label: str) -> Card:
    key: Card = {"text": label, "style": _STYLES.get(button.tone, 2)}
    return key | ({"key": button.token} if button.token else {"type": 1, "url": button.url})


def _texts(lines: list[str]) -> tuple[str, ...]:
    return tuple(split(_safe("\n".join(line for line in lines if line)), fits(0, TEXT_BYTES)))


def _safe(text: str) -> str:
    """WeCom turns `<a href=…>` into a link; nobody's words may."""
    return _TAG.sub("＜", text)


def _plain(bubble: Bubble) -> Bubble:
    """Without what JSON would have to escape: WeCom refuses escapes."""
    rows = tuple(tuple(Button(_whole(one.label), one.token, one.url, one.tone) for one in row) for row in bubble.rows)
    return Bubble(_whole(bubble.text), title=" ".join(_whole(bubble.title).split()), rows=rows, pick=_whole(bubble.pick))


def _whole(text: str) -> str:
    return _CONTROLS.sub("", text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")).strip()


def _is_linkable(url: str) -> bool:
    """Whether a button may open it; `tel:` may not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _narrow(label: str) -> str:
    """As much of a label as a button shows."""
    if width(label) <= LABEL_WIDTH:
        return label
    while width(label) > LABEL_WIDTH - 1:
        label = label[:-1]
    return f"{label.rstrip()}…"
