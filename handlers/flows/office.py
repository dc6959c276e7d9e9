"""The office's and everybody's short questions: a reason, an answer, a person to send."""

from datetime import datetime

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from rules.appointments import MOST
from rules.holds import reasons
from rules.intake import zones

_DECLINE = ["busy", "far", "skill", "unwell", "other"]


async def decline(ask: Ask, desk: Desk) -> Words:
    """Why not (DSP-12)."""
    return await _reason(ask, _DECLINE)


async def cancel(ask: Ask, desk: Desk) -> Words:
    """Why it is called off."""
    return await _reason(ask, ["solved", "mistake", "other"])


async def hold(ask: Ask, desk: Desk) -> Words:
    """Which of the reasons that stop the clock in this line of business, and the evidence (SLA-32)."""
    reason = await ask.choice("reason", reasons(desk.turn.terms.policy))
    return Words(await ask.text("evidence"), picked=reason)


async def object_(ask: Ask, desk: Desk) -> Words:
    """Disagreement with an assignment (ROL-7)."""
    return Words(await ask.text("reason"))


async def override(ask: Ask, desk: Desk) -> Words:
    """Why to go without what is missing."""
    return Words(await ask.text("reason"))


async def ask_back(ask: Ask, desk: Desk) -> Words:
    """What the customer is to be asked (INT-3)."""
    return Words(await ask.text("questions"))


async def answer(ask: Ask, desk: Desk) -> Words:
    """A substantive answer to the customer (SLA-12)."""
    return Words(await ask.text("answer"))


async def appoint(ask: Ask, desk: Desk) -> Words:
    """Up to three times for the customer to choose from (INT-13)."""
    told = [await ask.moment(f"slot{n}", optional=n > 1, wants_clock=True) for n in range(1, MOST + 1)]
    return Words("", picked=[datetime.fromisoformat(one) for one in told if one])


async def rezone(ask: Ask, desk: Desk) -> Words:
    """In which zone the place is after all, and why (INT-8)."""
    zone = await ask.choice("zone", zones(desk.turn.terms.policy))
    return Words(await ask.text("reason", at_most=300), picked=zone)


async def solve(ask: Ask, desk: Desk) -> Words:
    """How it was solved without a visit (INT-15)."""
    return Words(await ask.text("answer"))


async def write_contact(ask: Ask, desk: Desk) -> Words:
    """Written contact: to whom, and what was written (SLA-30)."""
    recipient = await ask.text("recipient", at_most=200)
    return Words(await ask.text("text"), recipient)


async def problem(ask: Ask, desk: Desk) -> Words:
    """A larger problem: one's own proposal and the user's demand (VIS-8)."""
    proposal = await ask.text("proposal")
    return Words(proposal, await ask.text("demand"))


async def decide(ask: Ask, desk: Desk) -> Words:
    """The supervisor's decision on it."""
    problem = desk.order.problem
    facts = {"proposal": problem.proposal, "demand": problem.demand} if problem else {}
    return Words(await ask.text("decision", facts=facts))


async def wait(ask: Ask, desk: Desk) -> Words:
    """Why it can't be finished today (WKS-1)."""
    return Words(await ask.text("reason"))


async def late(ask: Ask, desk: Desk) -> Words:
    """The date can't be met: why, and when instead (SLA-33)."""
    reason = await ask.text("reason")
    return Words(reason, picked=datetime.fromisoformat(await ask.moment("new_date")))


async def dispute(ask: Ask, desk: Desk) -> Words:
    """What is not right (SIG-4)."""
    return Words(await ask.text("words"))


async def return_(ask: Ask, desk: Desk) -> Words:
    """What has to be put right in a report (CLS-5)."""
    return Words(await ask.text("remarks"))


async def clear(ask: Ask, desk: Desk) -> Words:
    """What was found out about a flagged signature (SIG-4)."""
    return Words(await ask.text("cleared"))


async def give_next(ask: Ask, desk: Desk) -> Words:
    """Where the technician goes next (CLS-1)."""
    if await ask.choice("next", ["none", "write"]) == "none":
        return Words("")
    return Words(await ask.text("words", at_most=300))


async def dispatch(ask: Ask, desk: Desk) -> Words:
    """Who goes, who leads, what they ought to know (DSP-1, 4, 5)."""
    labels = desk.labels()
    first = await ask.choice("first", list(labels), labels=labels)
    second = await ask.choice("second", [one for one in labels if one != first], labels=labels, optional=True)
    crew = [one for one in (first, second) if one]
    lead = first
    if len(crew) > 1:
        lead = await ask.choice("lead", crew, labels=labels)
    briefing = await ask.text("briefing", optional=True)
    against = desk.concerns([int(one) for one in crew])
    reason = await ask.text("reason", facts={"concerns": against}) if against else ""
    return Words(briefing or "", reason, picked={"crew": [int(one) for one in crew], "lead": int(lead)})


async def send(ask: Ask, desk: Desk) -> Words:
    """Why somebody is sent although something speaks against it (DSP-2, DSP-3, STF-3)."""
    return Words("", await ask.text("reason", facts={"concerns": desk.args["concerns"]}), picked=desk.args["crew"])


async def breach(ask: Ask, desk: Desk) -> Words:
    """Why a promise was broken (SLA-31)."""
    return Words(await ask.text("reason"), desk.args.get("clock", ""))


async def find(ask: Ask, desk: Desk) -> Words:
    """What to look for (REC-1)."""
    return Words(await ask.text("words", at_most=100))


async def invite(ask: Ask, desk: Desk) -> Words:
    """For which role an invitation is (ROL)."""
    roles = ["technician", "supervisor", "clerk", "manager", "service_dept", "deputy_gm", "gm"]
    if desk.turn.terms.policy.complaint.route == "product":
        roles += ["case_office", "sales", "quality", "manufacturing", "rnd", "accountant", "warehouse"]
    return Words("", picked=await ask.choice("role", [*roles, "administrator"]))


async def talk(ask: Ask, desk: Desk) -> Words:
    """What the customer wants to say to a person."""
    return Words(await ask.text("words"))


async def name(ask: Ask, desk: Desk) -> Words:
    """How somebody is to be called."""
    return Words(await ask.text("name", at_most=60))


async def _reason(ask: Ask, options: list[str]) -> Words:
    picked = await ask.choice("reason", options)
    return Words(await ask.text("words") if picked == "other" else "", picked=picked)
