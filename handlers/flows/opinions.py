"""Words on an opinion card, and how a task went (SUR-2, SUR-4, SUR-9, CMP-10)."""

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words


async def task_done(ask: Ask, desk: Desk) -> Words:
    """How it went; of an improvement or a repair, whether it worked (CMP-10, MNT-7, VIS-18)."""
    task = desk.task
    effect = await ask.choice("effect", ["yes", "no"]) if task.errand == "effect" else ""
    if task.errand == "verify":
        effect = await ask.choice("mended", ["yes", "no"])
    elif task.errand == "restore":
        effect = await ask.choice("restored", ["yes", "no"])
    key = {"comment": "answer", "claim_return": "parcel"}.get(task.errand, "result")
    return Words(await ask.text(key, facts={"words": task.words}, at_most=1000), picked=effect)


async def survey_words(ask: Ask, desk: Desk) -> Words:
    """What a customer wants to say besides (SUR-2)."""
    return Words(await ask.text("words", at_most=1000))
