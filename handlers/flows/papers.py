"""The signature, its absence, and the word before leaving (SIG, CLS-1)."""

from dataclasses import dataclass
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from rules.orders import Step
from rules.signatures import signers


@dataclass(frozen=True)
class Signed:
    """A signature as it was collected."""

    summary: str
    comment: str
    signer: str
    signer_role: str
    picture: str
    sent_at: str


@dataclass(frozen=True)
class Unsigned:
    """Why nobody signed, with the picture that shows it."""

    reason: str
    evidence: str


@dataclass(frozen=True)
class Words:
    """A flow that ends in words: one or two texts and a choice."""

    text: str
    more: str = ""
    picked: Any = None


async def sign(ask: Ask, desk: Desk) -> Signed:
    """Report shown, comment offered, then the signature of one who may sign this order (SIG-5, SIG-9, SIG-10)."""
    summary = desk.args["shown"]
    comment = await ask.text("comment", optional=True, facts={"summary": summary})
    policy = desk.turn.terms.policy
    roles = list(signers(desk.order, policy))
    signer = await ask.text("signer", at_most=60, suggestions=_met(desk))
    role = await ask.choice("signer_role", roles) if len(roles) > 1 else roles[0]
    photo = await ask.photo("picture", may_be_drawn=policy.signature.photo_or_drawn != "photo")
    return Signed(summary, comment or "", signer, role, photo["photo"], photo["sent_at"])


def _met(desk: Desk) -> tuple[str, ...]:
    """Who usually signs: whoever was met, the contact, the customer."""
    report = desk.order.report
    return str(desk.order.found(Step.ARRIVE).get("met") or ""), report.contact, report.customer_name


async def unsigned(ask: Ask, desk: Desk) -> Unsigned:
    """Absent or unwilling (SIG-7)."""
    reason = await ask.choice("reason", ["absent", "refused"])
    photo = await ask.photo("evidence")
    return Unsigned(reason, photo["photo"])


async def leave(ask: Ask, desk: Desk) -> Words:
    """The brief report (CLS-1), proposed from what was recorded."""
    found = desk.order.findings
    action = str(found["act"].answers.get("action_taken", "")) if "act" in found else ""
    options = {"proposal": action[:60]} if action else {}
    if options:
        picked = await ask.choice("proposal", ["use", "write"], facts={"proposal": action})
        if picked == "use":
            return Words(action)
    return Words(await ask.text("brief", at_most=500))


async def attendant(ask: Ask, desk: Desk) -> Words:
    """Before leaving a room of a hotel: who confirms it, with a signature (VIS-2)."""
    led_in = str(desk.order.found(Step.ARRIVE).get("attendant") or "—")
    name = await ask.text("name", at_most=60, facts={"attendant": led_in}, suggestions=(led_in.strip("—"),))
    photo = await ask.photo("picture", may_be_drawn=desk.turn.terms.policy.signature.photo_or_drawn != "photo")
    return Words(name, photo["photo"])


async def reason(ask: Ask, desk: Desk) -> Words:
    """Why not."""
    return Words(await ask.text("reason", at_most=500))


async def unsure(ask: Ask, desk: Desk) -> Words:
    """What one can't answer for certain, for somebody who can (VIS-14)."""
    return Words(await ask.text("words", at_most=500))
