"""From bubbles to what the smart bot takes: Markdown with nothing of people's in it that could act, and button cards."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.channels.fitting import fit, fits, split
from handlers.bubbles import Bubble, Button

TEXT_BYTES = 20480
BUTTONS = 6  # on one card
LABEL_CHARS = 30  # WeCom advises 10 and shows as much of a longer one as there is room for
_TITLE_CHARS, _CARD_CHARS, _LINKS, _LINK_CHARS = 26, 112, 6, 26
_STYLES = {"primary": 1}
_PLAIN_STYLE = 2
_MORE = "more."

# Markdown is shown whole, and nothing says that a backslash escapes; so what would act becomes its full-width twin.
_ACTING = str.maketrans("*`[]<~|\\", "＊｀［］＜～｜＼")
_URL = re.compile(r"(https?://[^\s*`\[\]<~|\\]+)")  # an address stays as it is, or nobody could follow it
_OUTER_LINE = re.compile(r"(?<!\w)_|_(?!\w)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_HEAD = re.compile(r"^[ \t]*(?:([#>=+-])(?=[#>=+\s-]|$)|(\d{1,9})([.)])(?=\s|$))", re.MULTILINE)
_TWINS = {"#": "＃", ">": "＞", "=": "＝", "+": "＋", "-": "－", ".": "．", ")": "）"}


@dataclass(frozen=True)
class Card:
    """A button card as it is remembered: everything that drawing it again needs."""

    title: str
    text: str = ""
    buttons: tuple[tuple[str, str, str], ...] = ()  # label, token, tone
    links: tuple[tuple[str, str], ...] = ()  # label, address
    more: str = ""  # what the button is called that turns to the next ones

    @property
    def pages(self) -> int:
        n_buttons = len(self.buttons)
        return 1 if n_buttons <= BUTTONS else -(-n_buttons // (BUTTONS - 1))


@dataclass(frozen=True)
class Composed:
    """The words that go before, and the card under them. Words are not yet Markdown."""

    texts: tuple[str, ...]
    card: Card | None


def compose(bubble: Bubble) -> Composed:
    """What a bubble becomes. With buttons it is one card, as long as its words fit on one; longer words go before it."""
    fitted = fit(bubble, chars=0, buttons=10_000, links_as_buttons=True)
    keys = tuple(one for one in fitted.buttons if one.token)
    links = [one for one in fitted.buttons if one.url]
    words = whole("\n".join(fitted.texts)).strip()
    if not keys:
        return Composed(_texts(words, links), None)
    title, rest = _headed(words)
    on_card = [one for one in links if _is_linkable(one.url)][:_LINKS]
    is_whole = len(rest) <= _CARD_CHARS and len(on_card) == len(links)
    card = Card(
        title,
        rest if is_whole else "",
        _once(keys),
        tuple((_label(one), one.url) for one in on_card) if is_whole else (),
        bubble.more,
    )
    return Composed(() if is_whole else _texts(words, links), card)


def weight(bubble: Bubble) -> int:
    """How many messages a bubble takes at most."""
    composed = compose(bubble)
    n_files = len(bubble.photos) + len(bubble.voices) + len(bubble.files)
    return max(1, len(composed.texts) + (composed.card is not None) + n_files)


def drawn(card: Card, task: str, *, page: int = 0) -> dict[str, Any]:
    """The template card with the buttons of one page."""
    return _template(card, task, _page(card, page % card.pages))


def ticked(card: Card, task: str, token: str) -> dict[str, Any]:
    """The card after a press that leaves it good: the pressed button has a tick, on its page."""
    place = next((n for n, one in enumerate(card.buttons) if one[1] == token), 0)
    page = place // (BUTTONS - 1) if card.pages > 1 else 0
    buttons = [(f"✓ {label}", key, tone) if key == token else (label, key, tone) for label, key, tone in _page(card, page)]
    return _template(card, task, buttons)


def done(card: Card, task: str, token: str) -> dict[str, Any]:
    """The card after its last press: of its buttons only that one is left, ticked. WeCom takes no card without any."""
    pressed = next((one for one in card.buttons if one[1] == token), card.buttons[0])
    return _template(card, task, [(f"✓ {pressed[0]}", pressed[1], "plain")])


def next_page(token: str) -> int | None:
    """The page that a press asks for, None when it is a button of ours."""
    number = token.removeprefix(_MORE)
    return int(number) if token.startswith(_MORE) and number.isdecimal() and len(number) < 4 else None


def packed(card: Card) -> dict[str, Any]:
    """A card as JSON."""
    return {"title": card.title, "text": card.text, "buttons": card.buttons, "links": card.links, "more": card.more}


def unpacked(plain: dict[str, Any]) -> Card:
    buttons = tuple((label, token, tone) for label, token, tone in plain["buttons"])
    return Card(plain["title"], plain["text"], buttons, tuple((label, url) for label, url in plain["links"]), plain["more"])


def markdown(text: str) -> str:
    """Plain words in Markdown: nothing in them acts, and every line stays a line."""
    quiet = "".join(part if _URL.match(part) else _quiet(part) for part in _URL.split(text))
    return "  \n".join(line.strip() for line in _HEAD.sub(_twin, quiet).split("\n"))


def whole(text: str) -> str:
    """Text that can be put into UTF-8: halves of characters are joined or replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _template(card: Card, task: str, buttons: list[tuple[str, str, str]]) -> dict[str, Any]:
    shown: dict[str, Any] = {"card_type": "button_interaction", "main_title": {"title": card.title}, "task_id": task}
    if card.text:
        shown["sub_title_text"] = card.text
    if card.links:
        shown["horizontal_content_list"] = [
            {"type": 1, "keyname": "🔗", "value": label[:_LINK_CHARS], "url": url} for label, url in card.links
        ]
    shown["button_list"] = [
        {"text": label, "style": _STYLES.get(tone, _PLAIN_STYLE), "key": token} for label, token, tone in buttons
    ]
    return shown


def _page(card: Card, page: int) -> list[tuple[str, str, str]]:
    """All buttons when they fit; else five and one that turns the page, from the last one back to the first."""
    if card.pages == 1:
        return list(card.buttons)
    size = BUTTONS - 1
    turn = (f"{card.more or '⋯'} {page + 1}/{card.pages}", f"{_MORE}{(page + 1) % card.pages}", "plain")
    return [*card.buttons[page * size : (page + 1) * size], turn]


def _headed(words: str) -> tuple[str, str]:
    """(title, rest): a card must have a title, which is the first line, or as much of it as a title holds."""
    first, _, rest = words.partition("\n")
    head = split(first, fits(_TITLE_CHARS))[:1] or ["…"]
    left = first.strip().removeprefix(head[0]).strip() if first else ""
    return head[0], "\n".join(part for part in (left, rest.strip()) if part)


def _texts(words: str, links: list[Button]) -> tuple[str, ...]:
    """The words with the links that no card carries at their end, in as many messages as they need as Markdown."""
    lines = (f"{_label(one)}：{one.url}" for one in links)
    return tuple(split("\n".join(part for part in (words, *lines) if part), _fits_as_markdown))


def _fits_as_markdown(text: str) -> bool:
    return len(markdown(text).encode()) <= TEXT_BYTES


def _once(keys: tuple[Button, ...]) -> tuple[tuple[str, str, str], ...]:
    """Buttons with keys of their own; WeCom takes no key twice on a card."""
    found = {one.token: (_label(one), one.token, one.tone) for one in reversed(keys)}
    return tuple(reversed(found.values()))


def _label(button: Button) -> str:
    label = " ".join(whole(button.label).split()) or "…"
    return label if len(label) <= LABEL_CHARS else f"{label[: LABEL_CHARS - 1]}…"


def _is_linkable(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _quiet(text: str) -> str:
    return _ENTITY.sub("＆", _OUTER_LINE.sub("＿", text.translate(_ACTING)))


def _twin(match: re.Match[str]) -> str:
    mark, number, dot = match.groups()
    return _TWINS[mark] if mark else f"{number}{_TWINS[dot]}"
