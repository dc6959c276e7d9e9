"""A bubble as 微信客服 can say it: words, or words with a menu of lines to tap (WeCom's document 96427)."""

from dataclasses import dataclass, replace
from typing import Any

from bot.channels.fitting import fit, fits, split
from handlers.bubbles import Bubble, Button

TEXT_BYTES, HEAD_BYTES = 2048, 1024
LINES, LINE_BYTES, TOKEN_BYTES, URL_BYTES = 10, 128, 64, 2048
MOST_PARTS = 4
"""Messages that the words of one bubble take at most: with more the allowance would never do for it."""

Message = dict[str, Any]


@dataclass(frozen=True)
class Spoken:
    """The words as messages without receiver, and the tokens of buttons that became numbered lines."""

    messages: tuple[Message, ...]
    numbered: tuple[str, ...] = ()


def compose(bubble: Bubble) -> Spoken:
    """As few messages as may be: a menu costs nothing more, unless the words above it are too long; then numbers do."""
    buttons = [one for row in bubble.rows for one in row]
    numbered = _as_numbers(bubble)
    if not buttons or not all(_can_be_a_line(one) for one in buttons) or len(buttons) > LINES:
        return numbered
    menu = _as_menu(bubble, buttons)
    return menu if len(menu.messages) <= len(numbered.messages) else numbered


def _as_menu(bubble: Bubble, buttons: list[Button]) -> Spoken:
    words = "\n".join(part for part in (bubble.title, bubble.text) if part)
    parts = _parts(words)
    last = parts.pop() if parts else ""
    if not fits(0, HEAD_BYTES)(last):
        *more, last = split(last, fits(0, HEAD_BYTES))
        parts += more
    head = {"head_content": last} if last else {}
    menu = {"msgtype": "msgmenu", "msgmenu": head | {"list": [_line(one) for one in buttons]}}
    return Spoken((*map(_text, parts), menu))


def _as_numbers(bubble: Bubble) -> Spoken:
    fitted = fit(bubble, chars=0, byte_limit=TEXT_BYTES, buttons=0)
    if len(fitted.texts) > MOST_PARTS:
        fitted = fit(replace(bubble, text="\n".join(_parts(bubble.text))), chars=0, byte_limit=TEXT_BYTES, buttons=0)
    return Spoken(tuple(map(_text, fitted.texts)), fitted.numbered)


def _parts(words: str) -> list[str]:
    """The words in parts that fit, the last one ending in dots when they are too many."""
    parts = split(words, fits(0, TEXT_BYTES - 4))
    if len(parts) < MOST_PARTS:
        return parts
    return [*parts[: MOST_PARTS - 2], parts[MOST_PARTS - 2] + "…"]


def _can_be_a_line(button: Button) -> bool:
    n_bytes = len(_whole(button.label).encode())
    if button.url:
        is_address = button.url.startswith(("http://", "https://")) and len(button.url.encode()) <= URL_BYTES
        return is_address and 0 < n_bytes <= HEAD_BYTES
    return 0 < n_bytes <= LINE_BYTES and 0 < len(button.token.encode()) <= TOKEN_BYTES


def _line(button: Button) -> Message:
    if button.url:
        return {"type": "view", "view": {"url": button.url, "content": _whole(button.label)}}
    return {"type": "click", "click": {"id": button.token, "content": _whole(button.label)}}


def _text(words: str) -> Message:
    return {"msgtype": "text", "text": {"content": _whole(words)}}


def _whole(text: str) -> str:
    """Text that can be put into UTF-8: halves of characters are joined or replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
