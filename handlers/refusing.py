"""What somebody hears whose answer can't be read, or who is refused (RULEBOOK 0, REC-7)."""

from handlers import actions, case_actions
from handlers.flowbook import ENGINE
from handlers.questions import Misread
from handlers.said import Row, button, said
from handlers.turn import Turn
from handlers.words import order_number
from rules.dispatch import is_under_way
from rules.nexts import next_actions
from rules.people import Deed, may
from rules.refusals import Refused
from storage import conversations, orders


def misread(turn: Turn, problem: Misread) -> None:
    """Say what was wrong with it and put the question again; nothing that was answered is lost."""
    live = conversations.live(turn.connection, turn.person.id)
    note = said(problem.text, problem.facts)
    if live is None:
        turn.reply_body(note)
        return
    ENGINE.repeat(turn, live, note)


def refused(turn: Turn, refusal: Refused) -> None:
    """Say which rule blocks it and what to do instead; write it down (RULEBOOK 0, REC-7)."""
    subject = f"person:{turn.person.id}"
    turn.unit.refuse(subject, refusal.code, refusal.rule, by=turn.person.id)
    facts = dict(refusal.facts)
    if "roles" in facts:
        facts["roles"] = [{"text": f"role.{role}"} for role in facts["roles"]]
    if "stage" in facts:
        facts["stage"] = {"text": f"stage.{facts['stage']}"}
    lines = []
    if refusal.rule and refusal.rule[0].isalpha() and refusal.code not in ("no-such-order", "no-such-case"):
        lines = [{"text": "refused.rule", "facts": {"rule": refusal.rule}}]
    turn.reply(f"refused.{refusal.code}", facts, lines=lines, rows=_instead(turn, refusal))


def _instead(turn: Turn, refusal: Refused) -> list[Row]:
    """What to do instead as a button, where the refusal names it and we know of which order."""
    kind, *rest = turn.event.token.split(".")
    if kind == "c" and refusal.offer in case_actions.ACTIONS and rest and rest[0].isdigit():
        return [[button(f"button.case.{refusal.offer}", f"c.{rest[0]}.{refusal.offer}", tone="primary")]]
    is_about_stage = refusal.code in ("stage-passed", "stage-order")
    if not is_about_stage and refusal.offer not in {*actions.ACTIONS, *actions.STEPS}:
        return []
    live = conversations.live(turn.connection, turn.person.id)
    order = int(rest[0]) if kind == "o" and rest and rest[0].isdigit() else live.order if live else _typed_about(turn)
    offer = _next(turn, order) if order is not None and is_about_stage else refusal.offer
    if order is None or not offer:
        return []
    found = [button(f"button.{offer}", f"o.{order}.{offer}", tone="primary")]
    if refusal.code == "not-signed":  # the way out for whoever gets no signature (SIG-7)
        found.append(button("button.unsigned", f"o.{order}.unsigned"))
    return [found]


def _next(turn: Turn, order: int) -> str:
    """What comes next on an order that stands elsewhere, empty where it is nobody's turn or somebody else's."""
    found = orders.by_id(turn.connection, order)
    if found is None or not may(turn.person, Deed.SEE_ORDER, found.ties):
        return ""
    coming = (one for one in next_actions(found, turn.person, turn.under(found).terms) if one.is_primary)
    return next((one.action for one in coming), "")


def _typed_about(turn: Turn) -> int | None:
    """The order that a typed word was about: named with it, or the only one in hand."""
    number = order_number(turn.event.text)
    known = [one for one in actions.known_orders(turn) if not number or one.number == number]
    in_hand = [one for one in known if is_under_way(one)] if len(known) > 1 else known
    return in_hand[0].id if len(in_hand) == 1 else None
