"""On site: 聽 listen, 看 look, 查 check, 作出處理 act, parts, the customer's try-out: each a short flow (VIS)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.parts import part_line
from rules import analyses, damages, interims
from rules.attendants import is_wanted
from rules.jobs import is_repair
from rules.late_photos import MARK
from rules.orders import Step
from rules.visits import LISTENED, is_unrepaired


@dataclass(frozen=True)
class Found:
    """The answers of a step, by key."""

    step: Step
    answers: dict[str, Any]


NOBODY = "nobody"


@dataclass(frozen=True)
class Nobody:
    """Nobody was there: what was tried, and the picture of the door."""

    tried: str
    words: str
    picture: str
    late_reason: str = ""


async def arrive(ask: Ask, desk: Desk) -> Found | Nobody:
    """Who was met, and where: the clock has stopped already (VIS-1)."""
    late = await ask.text("late_reason") if desk.args.get("is_late") else None
    place = await ask.location("place", optional=True)
    report = desk.order.report
    met = await ask.text("met", at_most=100, suggestions=(report.contact, report.customer_name), others=(NOBODY,))
    if met == NOBODY:
        return replace(await nobody_there(ask, desk), late_reason=late or "")
    answers = {"met": met, "place": place, "late_reason": late, "introduced": True}
    if is_wanted(desk.turn.terms.policy):  # who leads into an occupied room, and stays while the guest is out (VIS-2)
        answers["attendant"] = await ask.text("attendant", at_most=60)
        answers["guest"] = await ask.choice("guest", ["present", "absent", "vacant"])
    return Found(Step.ARRIVE, answers)


async def nobody_there(ask: Ask, desk: Desk) -> Nobody:
    """What was tried, and a photo that shows where one stood."""
    tried = await ask.choice("tried", ["no_answer", "later", "other"], family="nobody.tried", wording="nobody.tried")
    words = await ask.text("tried_words", at_most=300, wording="nobody.words") if tried == "other" else ""
    photo = await ask.photo("door", wording="nobody.door")
    return Nobody(tried, words, photo["photo"])


async def listen(ask: Ask, desk: Desk) -> Found:
    """聽: what the customer says, and why he can't say it where it has to be told (VIS-3)."""
    policy = desk.turn.terms.policy.visit
    wanted = policy.listen
    answers: dict[str, Any] = {"account": await ask.text_or_voice("account")}
    if "operating_time" in wanted:
        answers["operating_time"] = _text(await ask.number("operating_time", optional=True, unit="h"))
    if "mileage" in wanted:
        answers["mileage"] = _text(await ask.number("mileage", optional=True, unit="km"))
    answers["usage_conditions"] = await ask.text("usage_conditions", optional=True)
    answers["before_fault"] = await ask.text("before_fault", optional=True)
    answers["after_fault"] = await ask.text("after_fault", optional=True)
    answers |= await _photos(ask)
    for n, name in enumerate(LISTENED, 1):
        if policy.listen_required and name in wanted and not answers[name]:
            answers[f"na{n}"] = await ask.text(f"na{n}", at_most=300, facts={"what": {"text": f"listen.{name}.label"}})
    await ask.confirm()
    return Found(Step.LISTEN, answers)


async def look(ask: Ask, desk: Desk) -> Found:
    """看: warranty, signs of earlier opening, counters read by oneself (VIS-4)."""
    wanted = desk.turn.terms.policy.visit.listen
    answers: dict[str, Any] = {"warranty_verdict": await ask.choice("warranty_verdict", ["in", "out", "unclear"])}
    answers["tampered"] = await ask.yes_no("tampered")
    if answers["tampered"]:
        answers["tampered_by"] = await ask.text("tampered_by", optional=True)
    if "operating_time" in wanted:
        answers["operating_time_read"] = _text(await ask.number("operating_time_read", optional=True, unit="h"))
    if "mileage" in wanted:
        answers["mileage_read"] = _text(await ask.number("mileage_read", optional=True, unit="km"))
    answers |= await _photos(ask)
    await ask.confirm()
    return Found(Step.LOOK, answers)


async def check(ask: Ask, desk: Desk) -> Found:
    """查: the true cause (VIS-5), and whether it is what was thought before (PRE-4)."""
    answers: dict[str, Any] = {
        "component": await ask.text("component", at_most=200),
        "checks_done": await ask.text("checks_done", optional=True),
        "root_cause": await ask.text("root_cause"),
    }
    if analyses.is_wanted(desk.order, desk.turn.terms.policy):
        answers["analysis"] = await ask.choice("analysis", ["fits", "wrong"], facts={"briefing": desk.order.briefing})
    causes = ["defect", "bought_in", "wear", "misuse", "third_party", "installation", "unknown"]
    answers["cause_class"] = await ask.choice("cause_class", causes)
    if answers["cause_class"] == "unknown":
        answers["next_step"] = await ask.choice("next_step", ["help", "take_back", "supplier"])
    answers |= await _photos(ask)
    await ask.confirm()
    return Found(Step.CHECK, answers)


async def act(ask: Ask, desk: Desk) -> Found:
    """作出處理: what was done, whose affair it is, whether the customer agrees (VIS-6, VIS-17, VIS-18, VIS-20)."""
    answers: dict[str, Any] = {"action_taken": await ask.text("action_taken")}
    if not is_repair(desk.order):  # nothing was broken: nobody is responsible for it (DSP-9)
        return await _done(ask, answers | {"result": "done"})
    answers["responsibility"] = await ask.choice("responsibility", ["none", "maker", "supplier", "user", "third_party"])
    if damages.is_wanted(desk.turn.terms.policy) and answers["responsibility"] in damages.BY_SOMEBODY:
        answers["damage_responsible"] = await ask.text("damage_responsible", optional=True, at_most=200)
        if answers["damage_responsible"]:
            answers["damage_tell"] = await ask.text("damage_tell", at_most=200)
    answers["user_agrees"] = await ask.choice("user_agrees", ["yes", "partly", "no"])
    if answers["user_agrees"] != "yes":
        answers["user_words"] = await ask.text("user_words")
        answers["demand"] = await ask.choice("demand", ["none", "compensation", "other"])
    answers["result"] = await ask.choice("result", ["fixed", "temporary", "not_fixable", "refused"])
    if answers["result"] == "not_fixable" and "hand_off" in desk.turn.terms.policy.visit.act:
        answers["hand_off"] = await ask.text("hand_off", at_most=200)
        answers["hand_off_words"] = await ask.text("hand_off_words", at_most=500)
    if answers["result"] == "temporary" and interims.is_wanted(desk.turn.terms.policy):
        answers["interim"] = await ask.text("interim", at_most=500)
        answers["until"] = datetime.fromisoformat(await ask.moment("until")).date().isoformat()
    return await _done(ask, answers)


async def _done(ask: Ask, answers: dict[str, Any]) -> Found:
    answers["parts_used"] = await ask.yes_no("parts_used")
    answers["advice"] = await ask.text("advice", optional=True)
    answers |= await _photos(ask)
    await ask.confirm()
    return Found(Step.ACT, answers)


async def parts(ask: Ask, desk: Desk) -> Found:
    """Parts used, each with quantity and cause (VIS-7), and what became of the old one (PRT-5)."""
    lines: list[dict[str, Any]] = []
    for n in range(1, 31):
        line = await part_line(ask, desk, str(n))
        if desk.turn.terms.policy.escalation.part_cost_limit and "cost" not in line:  # the catalogue names no price
            line["cost"] = _text(await ask.number(f"cost{n}", optional=True))
        lines.append(line)
        if not await ask.yes_no(f"more{n}", in_summary=False):
            break
    await ask.confirm()
    return Found(Step.PARTS, {"lines": lines})


async def test(ask: Ask, desk: Desk) -> Found:
    """The customer tries the machine (VIS-11), where it was repaired; the place is left clean (VIS-15)."""
    results = ["none", "pass", "fail"] if is_unrepaired(desk.order) else ["pass", "fail"]
    answers: dict[str, Any] = {"customer_test": await ask.choice("customer_test", results)}
    if answers["customer_test"] == "fail":
        answers["words"] = await ask.text("words")
    else:
        answers["site_cleaned"] = await ask.yes_no("site_cleaned")
    return Found(Step.TEST, answers)


async def _photos(ask: Ask) -> dict[str, Any]:
    """A step's photos, or the promise that they come: then the signature waits for them (VIS-21)."""
    photos, is_promised = await ask.photos_or_later("photos")
    words = ask.words("photos")
    return {"photos": photos} | ({"photo_words": words} if words else {}) | ({MARK: True} if is_promised else {})


def _text(number: Any) -> str | None:
    return None if number is None else format(number, "f")
