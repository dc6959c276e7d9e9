"""Typed commands: slash commands and plain words in three languages do what buttons do (DESIGN 10.2)."""

import re
import unicodedata
from functools import cache

from texts import catalog

MENU = (
    "report", "mine", "queue", "find", "register", "invite", "language", "name", "help", "talk", "link", "resume", "alarm",
    "in", "out", "hours", "roster", "absence", "licences", "deputies", "holdings", "contracts", "rounds", "daily", "month",
    "handover", "hazard", "sheets", "documents", "goods", "machine", "news", "complain", "cases", "ratings", "figures",
    "volume", "aging", "agenda", "customer",
    "money", "expenses", "returns", "stock", "van", "base",
    "more",
)  # fmt: skip
CONTROL = ("cancel", "back", "skip", "later", "help", "resume")
DONE_BY_WORD = (
    "accept", "decline", "prepare", "depart", "arrive", "listen", "look", "check", "act", "parts", "test", "sign", "unsigned",
    "leave", "problem", "late", "wait_parts", "take_back", "resume_work", "why", "details", "approve", "return", "file",
    "dispatch", "copy", "dispute", "write_contact", "answer", "cancel_order", "object", "refuse_unsafe", "safety", "clean_up",
    "ask_parts", "use_part", "unsure", "fits", "misfit", "urgent",
    "injury", "ready", "chase", "above", "override", "nobody_there", "correct",
    "classify", "quote", "accept_quote", "decline_quote", "collect", "ask_invoice", "receipts", "compensate",
)  # fmt: skip
_ACTION_OF = {"resume_work": "resume", "cancel_order": "cancel"}
_ORDER = re.compile(r"(?<!\d)(\d{4})-?(\d{4})(?!\d)")
_COMPLAINT = re.compile(r"[Aa]?[2-4]\d(?:0[1-9]|1[0-2])\d{2,3}")
_PAPER = re.compile(r"[A-Z]{1,2}[2-4]\d-\d{3,5}|\d{4}-\d{4}-[A-Z]{1,2}\d{1,3}", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z0-9_-]{22}")
_PARTS = re.compile(r"^(?:用了|換了|换了|used)\s*(\d{1,3})\s*(?:個|个|件|片|x|×|pcs?)?\s*(.{1,60})$", re.IGNORECASE)


@cache
def _known(group: tuple[str, ...]) -> dict[str, str]:
    return {word: name for name in group for word in catalog.words(f"words.{name}")}


def menu_word(text: str) -> str:
    """The menu command that is meant, empty when none is: `/help`, `報修`, `my orders`."""
    word = catalog.fold(text.removeprefix("/").split("@")[0] if text.startswith("/") else text)
    return word if text.startswith("/") and word in MENU else _known(MENU).get(word, "")


def control_word(text: str) -> str:
    """cancel, back, skip, later, help or resume, empty when it is none of them."""
    word = catalog.fold(text.removeprefix("/"))
    return word if text.startswith("/") and word in CONTROL else _known(CONTROL).get(word, "")


def action_word(text: str) -> tuple[str, str]:
    """(action, order number) of a typed action such as `到了` or `接單 2611-0003`; empty texts where there is none."""
    number = order_number(text)
    rest = _ORDER.sub("", text) if number else text
    name = _known(DONE_BY_WORD).get(catalog.fold(rest.removeprefix("/")), "")
    return _ACTION_OF.get(name, name), number


@cache
def _on_buttons() -> dict[str, str]:
    """What stands on the buttons of an order's card, in three languages, without its picture."""
    named = {key: key.removeprefix("button.") for key in catalog.texts(catalog.SOURCE) if re.fullmatch(r"button\.\w+", key)}
    return {
        plain(catalog.texts(language)[key]): name for language in reversed(catalog.LANGUAGES) for key, name in named.items()
    }


def plain(label: str) -> str:
    """A button's words without its picture, as typed words are compared."""
    return catalog.fold(re.sub(r"^\W+", "", label))


def label_word(text: str) -> tuple[str, str]:
    """(action, order number) of words that stand on a button, such as `開放搶單 2611-0003`; empty texts where there is none."""
    number = order_number(text)
    return _on_buttons().get(plain(_ORDER.sub("", text) if number else text), ""), number


def order_number(text: str) -> str:
    """An order number anywhere in a text, with its hyphen; empty when there is none."""
    match = _ORDER.search(text)
    return f"{match[1]}-{match[2]}" if match else ""


def is_only_number(text: str) -> bool:
    """Whether a text asks for an order: its number alone, or after `order`, `單號`, `#`."""
    rest = catalog.fold(_ORDER.sub("", text))
    return bool(order_number(text)) and (rest in ("", "#") or rest in set(catalog.words("words.order")))


def case_number(text: str) -> str:
    """The number of a case, such as 261101, A261102, L26-001, RC26-004 or 2611-0003-W1, that is a whole text; empty when it is
    none."""
    text = unicodedata.normalize("NFKC", text).strip()
    return text.upper() if _COMPLAINT.fullmatch(text) or _PAPER.fullmatch(text) else ""


def complaint_words(text: str) -> str:
    """What follows `我要投訴` in a longer text, empty when it doesn't begin like that."""
    folded = catalog.fold(text)
    for word in sorted(_known(("complain",)), key=len, reverse=True):
        if folded.startswith(word) and len(folded) > len(word):
            rest = text.strip()[len(word) :].strip(" ，,。:：、!！")
            return rest if len(word) >= 3 else ""
    return ""


def is_code(text: str) -> bool:
    """Whether a text looks like one of our codes: 22 characters, small and capital letters among them."""
    return bool(_CODE.fullmatch(text)) and text != text.lower() and text != text.upper()


def used_parts(text: str) -> tuple[str, str]:
    """(quantity, part) of `用了 2 個 A123`; empty texts when it is something else."""
    match = _PARTS.match(text.strip())
    return (match[1], match[2].strip()) if match else ("", "")
