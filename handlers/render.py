"""From what is said to a bubble in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.bubbles import Bubble, Button, Hint
from handlers.said import Body
from texts import catalog


@dataclass(frozen=True)
class Reader:
    """For whom a text is made: language, the company's zone, and who a person's number stands for (empty: nobody).

    `shares_places` is false where a place can't be sent: then a text's variant `<id>.typed` is said, if it has one.
    """

    language: str
    zone: str
    name_of: Callable[[int], str]
    shares_places: bool = True

    def say(self, text: str, facts: Mapping[str, Any] | None = None) -> str:
        if not self.shares_places and catalog.has(f"{text}.typed"):
            text = f"{text}.typed"
        return catalog.say(self.language, text, self._named(facts) if facts else None, zone=self.zone)

    def words(self, value: Any) -> str:
        """A line of a body: {"text", "facts"} or {"literal"} or a plain string."""
        if isinstance(value, Mapping):
            return str(value["literal"]) if "literal" in value else self.say(value["text"], value.get("facts"))
        return str(value)

    def _named(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        named = {key: self._resolve(value) for key, value in facts.items()}
        for key, value in facts.items():
            if key.endswith("_id") and isinstance(value, int):
                named[key.removesuffix("_id")] = self.name_of(value) or "—"
        return named

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, str | int):
            return value
        if isinstance(value, Mapping) and "text" in value:
            return self.say(value["text"], value.get("facts"))
        return [self._resolve(one) for one in value] if isinstance(value, list | tuple) else value


def render(body: Body, reader: Reader) -> Bubble:
    """The bubble that a reader gets."""
    parts = [reader.words(body["headline"])] if body.get("headline") else []
    if body.get("text"):
        parts.append(reader.say(body["text"], body.get("facts")))
    parts += [reader.words(line) for line in body.get("lines", ())]
    return Bubble(
        text="\n".join(part for part in parts if part),
        title=reader.words(body["title"]) if body.get("title") else "",
        rows=tuple(tuple(_button(one, reader) for one in row) for row in body.get("rows", ()) if row),
        photos=tuple(body.get("photos", ())),
        voices=tuple(body.get("voices", ())),
        files=tuple(body.get("files", ())),
        hint=Hint(body.get("hint", "")),
        placeholder=reader.words(body["placeholder"]) if body.get("placeholder") else "",
        more=reader.say("fit.more") if body.get("rows") else "",
        pick=reader.say("fit.pick") if body.get("rows") else "",
    )


def _button(one: Mapping[str, Any], reader: Reader) -> Button:
    return Button(reader.words(one["label"]), one.get("token", ""), one.get("url", ""), one.get("tone", "plain"))
