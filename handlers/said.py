"""What is said, before it has a language: text ids, facts and buttons as plain JSON (an outbox body)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Body = dict[str, Any]
Row = list[dict[str, Any]]


def said(
    text: str = "",
    facts: Mapping[str, Any] | None = None,
    *,
    rows: Sequence[Row] = (),
    lines: Iterable[Mapping[str, Any]] = (),
    hint: str = "",
    **more: Any,
) -> Body:
    """A message: a text with facts, further lines below it, buttons."""
    body: Body = {
        "text": text,
        "facts": dict(facts or {}),
        "rows": [list(row) for row in rows],
        "lines": list(lines),
        "hint": hint,
    }
    return body | more


def button(label: str, token: str, *, tone: str = "plain", **facts: Any) -> dict[str, Any]:
    """A button with a text id as its label."""
    return {"label": {"text": label, "facts": facts}, "token": token, "tone": tone}


def literal_button(label: str, token: str, *, tone: str = "plain") -> dict[str, Any]:
    """A button whose label is data, such as a name."""
    return {"label": {"literal": label}, "token": token, "tone": tone}


def link(label: str, url: str) -> dict[str, Any]:
    """A button that opens an address."""
    return {"label": {"text": label}, "url": url}


def in_rows(buttons: Iterable[dict[str, Any]], width: int = 2) -> list[Row]:
    """Buttons in rows of at most `width`."""
    every = list(buttons)
    return [every[n : n + width] for n in range(0, len(every), width)]
