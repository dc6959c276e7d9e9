"""How a rule says no."""

from typing import Any


class Refused(Exception):
    """The rules say no. `code` is a text id under `refused.`; `rule` the id to cite; `facts` fill the text.

    `offer` names the action or text that shows the next legal step (RULEBOOK 0: say what is missing, offer what is legal).
    """

    def __init__(self, code: str, *, rule: str = "", offer: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.rule = rule
        self.offer = offer
        self.facts = facts
