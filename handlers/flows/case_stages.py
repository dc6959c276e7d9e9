"""A complaint on its way: each department's short conversation, the proposal, the answer, the papers (CMP-5..10)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.complaints import DEPARTMENTS, UNITS, Complained
from handlers.flows.papers import Words
from rules.complaint_externals import SORTS
from rules.complaint_papers import proofs_for
from rules.complaint_records import UNDETERMINED, Handling, Opinion, Outcome, Share
from rules.complaints import Complaint
from rules.sanctions import GROUNDS

_HANDLINGS = {
    "product": (Handling.ALLOWANCE, Handling.RETURN, Handling.REWORK, Handling.EXCHANGE, Handling.EXPLAIN),
    "service": (Handling.SERVICE, Handling.ALLOWANCE, Handling.EXPLAIN),
}


@dataclass(frozen=True)
class Output:
    """What a stage leaves behind; `without_rnd` is why R&D is not needed."""

    answers: dict[str, Any]
    without_rnd: str = ""


@dataclass(frozen=True)
class Picked:
    """A colleague, a kind and an amount, or whatever else a short question came to."""

    person: int = 0
    kind: str = ""
    amount: Decimal = Decimal(0)
    words: str = ""
    photo: str = ""
    unit: str = ""


async def case_check(ask: Ask, desk: Desk) -> Picked:
    """Which class it is (CMP-2)."""
    return Picked(kind=await ask.choice("category", ["quality", "non_quality"], family="category"))


async def case_quality(ask: Ask, desk: Desk) -> Output:
    """Quality: cause, responsible department, who (CMP-7, CMP-20)."""
    cause = await ask.text("cause", at_most=1000)
    responsible = await ask.choice("responsible", UNITS, family="unit")
    persons = await ask.text("persons", optional=True, at_most=200)
    return Output({"cause": cause, "responsible": responsible, "persons": persons or ""})


async def case_manufacturing(ask: Ask, desk: Desk) -> Output:
    """Manufacturing: analysis and remedy, unit, machine or shift, workers, date (CMP-7, CMP-20)."""
    answers = {"analysis": await ask.text("analysis", at_most=1000), "remedy": await ask.text("remedy", at_most=1000)}
    for key in ("unit", "machine", "workers", "produced_on"):
        answers[key] = await ask.text(key, at_most=200)
    needs_rnd = await ask.yes_no("rnd")
    return Output(answers, "" if needs_rnd else await ask.text("without_rnd", at_most=300))


async def case_rnd(ask: Ask, desk: Desk) -> Output:
    """R&D's opinion (CMP-7)."""
    return Output({"opinion": await ask.text("opinion", at_most=1000)})


async def case_skip(ask: Ask, desk: Desk) -> Words:
    """Why R&D is left out (CMP-7)."""
    return Words(await ask.text("reason", at_most=300))


async def case_sales(ask: Ask, desk: Desk) -> Output:
    """What came of talking to the customer, and how sales would handle it (CMP-8)."""
    answers: dict[str, Any] = {"negotiated": await ask.text("negotiated", at_most=1000)}
    if not desk.complaint.form.is_determined:
        found = await ask.number("demand_quantity", optional=True)
        answers["demand_quantity"] = str(found) if found is not None else UNDETERMINED
    answers["opinion"] = await ask.text("opinion", at_most=1000)
    return Output(answers)


async def case_quantity(ask: Ask, desk: Desk) -> Picked:
    """How much the customer wants to return, once it is known (CMP-4)."""
    return Picked(amount=Decimal(await ask.number("demand_quantity") or 0))


async def case_visit(ask: Ask, desk: Desk) -> Output:
    """What the visit found (SUR-5)."""
    return Output({"findings": await ask.text("findings", at_most=1500)})


async def case_unit(ask: Ask, desk: Desk) -> Output:
    """What the unit concerned does about an anomaly (CMP-1)."""
    return Output({"remedy": await ask.text("remedy", at_most=1000)})


async def case_opinion(ask: Ask, desk: Desk) -> Opinion:
    """The proposal: outcome, handling, money, who answers for it, remedy, the customer's answer (CMP-9, CMP-10)."""
    case = desk.complaint
    outcome = Outcome(await ask.choice("outcome", [str(one) for one in Outcome], family="outcome"))
    handling, amount, reason = Handling.EXPLAIN, Decimal(0), ""
    if outcome is Outcome.UPHELD:
        handling = Handling(await ask.choice("handling", [str(one) for one in _HANDLINGS[case.route]], family="handling"))
        amount = Decimal(await ask.number("amount") or 0)
    else:
        reason = await ask.text("reason", at_most=500)
    analysis = await ask.text("analysis", at_most=1500)
    loss, shares, remedy = await _losses(ask, case, outcome)
    answer = await ask.text("answer", at_most=1000)
    await ask.confirm()
    return Opinion(outcome, handling, analysis, answer, amount, reason, loss, shares, *remedy)


async def _losses(
    ask: Ask, case: Complaint, outcome: Outcome
) -> tuple[Decimal | None, tuple[Share, ...], tuple[str, str, str]]:
    """Loss, shares and remedy, where the goods were at fault (CMP-10)."""
    if case.route != "product" or outcome is not Outcome.UPHELD:
        return None, (), ("", "", "")
    loss = await ask.number("loss", optional=True)
    shares, left, n = list[Share](), Decimal(100), 1
    while left > 0 and n <= len(UNITS):
        unit = await ask.choice(
            f"unit{n}", [one for one in UNITS if one not in [share.unit for share in shares]], family="unit"
        )
        part = Decimal(await ask.number(f"percent{n}", at_most=int(left)) or 0)
        shares.append(Share(unit, part))
        left, n = left - part, n + 1
    if case.category == "non_quality":  # human carelessness is exempt from tracking (CMP-10)
        return loss, tuple(shares), ("", "", "")
    remedy = await ask.text("remedy", optional=True, at_most=500)
    if not remedy:
        return loss, tuple(shares), ("", "", "")
    unit = await ask.choice("remedy_unit", DEPARTMENTS, family="unit")
    return loss, tuple(shares), (remedy, unit, str(await ask.moment("remedy_due"))[:10])


async def case_send_back(ask: Ask, desk: Desk) -> Words:
    """Why it is not decided like this."""
    return Words(await ask.text("reason", at_most=500))


async def case_answer(ask: Ask, desk: Desk) -> Words:
    """The answer to the customer: the draft that was decided, or other words; by letter or telephone without a chat (X-28)."""
    opinion = desk.complaint.opinion
    draft = opinion.answer if opinion else ""
    words = draft
    if await ask.choice("draft", ["use", "write"], facts={"draft": draft}) == "write":
        words = await ask.text("answer", at_most=1000)
    is_letter_owed = desk.complaint.is_serious and not desk.turn.terms.policy.channel.chat_counts_as_letter
    if desk.has_chat(desk.complaint.customer) and not is_letter_owed:
        return Words(words, picked="chat")
    return Words(words, picked=await ask.choice("medium", ["letter"] if is_letter_owed else ["letter", "phone"]))


async def case_reject(ask: Ask, desk: Desk) -> Words:
    """Why the result is not accepted (CMP-15)."""
    return Words(await ask.text("words", at_most=1000))


async def case_object(ask: Ask, desk: Desk) -> Words:
    """A department's memo (CMP-18)."""
    return Words(await ask.text("words", at_most=1000))


async def case_pass_on(ask: Ask, desk: Desk) -> Words:
    """The deputy general manager's word to whose turn it is (SUR-7)."""
    return Words(await ask.text("words", at_most=500))


async def case_colleague(ask: Ask, desk: Desk) -> Picked:
    """Who goes: anybody of the branch whom it is not about (SUR-5, CMP-5)."""
    labels = {str(one.id): one.name for one in desk.colleagues()}
    return Picked(person=int(await ask.choice("person", list(labels), labels=labels)))


async def case_inspect(ask: Ask, desk: Desk) -> Picked:
    """Where and when, and whether quality can come (CMP-5)."""
    place = await ask.text("place", at_most=200)
    return Picked(words=place, kind="absent" if not await ask.yes_no("quality") else "")


async def case_inspect_report(ask: Ask, desk: Desk) -> Complained:
    """What the joint inspection found (CMP-6)."""
    report = await ask.text("report", at_most=1500)
    photos = tuple(await ask.photos("photos"))
    return Complained(ask.words("photos", report), photos)


async def case_query(ask: Ask, desk: Desk) -> Words:
    """Why a department was late, in its own words (CMP-13)."""
    slip = desk.args["slip"]
    return Words(await ask.text("words", facts={"slip": slip}, at_most=1000), picked=slip)


async def case_paper(ask: Ask, desk: Desk) -> Picked:
    """How much is taken back or allowed, and on what basis (CMP-21)."""
    amount = await ask.number("approved")
    return Picked(amount=Decimal(amount or 0), words=await ask.text("reason", at_most=500))


async def case_receive(ask: Ask, desk: Desk) -> Picked:
    """How much came back (CMP-22)."""
    return Picked(amount=Decimal(await ask.number("received") or 0))


async def case_prove(ask: Ask, desk: Desk) -> Picked:
    """Which proof, with its picture (CMP-23)."""
    paper = next(one for one in desk.complaint.papers if one.number == desk.args["paper"])
    kinds = proofs_for(paper, desk.turn.terms.policy)
    labels = {one: one for one in kinds if not desk.has_text(f"proof.{one}")}
    kind = await ask.choice("proof", kinds, labels=labels, family="proof")
    photo = await ask.photo("picture")
    return Picked(kind=kind, photo=photo["photo"])


async def case_sanction(ask: Ask, desk: Desk) -> Picked:
    """A proposal to the GM: ground, unit, person, amount (CMP-25)."""
    ground = await ask.choice("ground", GROUNDS, family="ground")
    unit = await ask.choice("unit", DEPARTMENTS, family="unit")
    person = await ask.text("person", optional=True, at_most=60)
    amount = await ask.number("amount")
    return Picked(kind=ground, unit=unit, words=person or "", amount=Decimal(amount or 0))


async def case_external(ask: Ask, desk: Desk) -> Output:
    """Which other firm a complaint touches, how it is reached, what is asked of it (CLM-3)."""
    answers = {"sort": await ask.choice("sort", list(SORTS)), "name": await ask.text("name", at_most=100)}
    answers["contact"] = await ask.text("contact", at_most=100, optional=True) or ""
    answers["words"] = await ask.text("words", at_most=500)
    return Output(answers)
