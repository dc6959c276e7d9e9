"""The day's report and what is said of a branch's: the conversations (DLY-1..3, DLY-6)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from rules.timesheets import DAY_MINUTES, OWN, TimeLine

MOST_CHANGES = 40


@dataclass(frozen=True)
class DayTold:
    """A day as somebody tells it."""

    day: date
    lines: tuple[TimeLine, ...]


async def daily(ask: Ask, desk: Desk) -> DayTold:
    """The timers' lines; kinds that are not known are asked for, then whatever is not right is mended (DLY-1)."""
    day = date.fromisoformat(desk.args["day"])
    lines = [TimeLine(**one) for one in desk.args["lines"]]
    kinds = [one for one in desk.turn.terms.policy.fees.types if one != OWN]
    for n, one in enumerate(lines):
        if not one.kind:
            lines[n] = replace(one, kind=await ask.choice(f"kind{n + 1}", kinds, facts=_facts(one)))
    for n in range(1, MOST_CHANGES):
        facts = {"day": day, "lines": [_shown(one) for one in lines]}
        picked = await ask.choice(f"next{n}", ["right", "change", "own"], facts=facts) if lines else "own"
        if picked == "right":
            break
        if picked == "own":
            lines.append(await _own(ask, n))
        else:
            await _change(ask, lines, n)
    return DayTold(day, tuple(lines))


async def _own(ask: Ask, n: int) -> TimeLine:
    """Work that is no order's: what, and how long (kind D)."""
    words = await ask.text(f"words{n}", at_most=200)
    minutes = await ask.number(f"minutes{n}", at_least=1, at_most=DAY_MINUTES, is_whole=True, facts={"what": words})
    return TimeLine(OWN, int(minutes or 0), words=words)


async def _change(ask: Ask, lines: list[TimeLine], n: int) -> None:
    """Other minutes for a line; none takes it out."""
    labels = {str(k): one.number or one.words for k, one in enumerate(lines)}
    which = int(await ask.choice(f"which{n}", list(labels), labels=labels))
    what = lines[which].number or lines[which].words
    minutes = int(await ask.number(f"mend{n}", at_most=DAY_MINUTES, is_whole=True, facts={"what": what}) or 0)
    if minutes:
        lines[which] = replace(lines[which], minutes=minutes)
    else:
        del lines[which]


def _facts(line: TimeLine) -> dict[str, Any]:
    return {"number": line.number, "minutes": line.minutes}


def _shown(line: TimeLine) -> dict[str, Any]:
    facts = {"kind": line.kind, "what": line.number or line.words, "minutes": line.minutes}
    return {"text": "daily.line", "facts": facts}


async def daily_back(ask: Ask, desk: Desk) -> Words:
    """What has to be mended (DLY-1)."""
    return Words(await ask.text("words", at_most=500))


async def branch_sign(ask: Ask, desk: Desk) -> Words:
    """What the supervisor says about the day; a week needs words (DLY-2, DLY-6)."""
    is_week = desk.args["period"] == "week"
    key = "week" if is_week else "words"
    return Words(await ask.text(key, at_most=1000, optional=not is_week) or "")


async def branch_back(ask: Ask, desk: Desk) -> Words:
    """What the manager wants otherwise (DLY-3)."""
    return Words(await ask.text("words", at_most=500))
