"""An opinion card to be filled in with a pen, for customers who have no chat (SUR-1, SUR-2)."""

from typing import Any

from bot.reports.scribe import Album, Facts, Scribe
from bot.reports.service_report import opinion_address
from rules.surveys import BEST, LOWEST, Survey
from storage import orders

_EMPTY, _TICKED = "□", "■"


def card_facts(scribe: Scribe, survey: Survey, album: Album) -> Facts:
    """Four aspects by four levels with boxes to tick, the question about money, room for words; what is known is ticked."""
    order = orders.by_id(scribe.connection, survey.about_order or 0)
    levels = range(BEST, LOWEST - 1, -1)
    marks = [[scribe.say(f"aspect.{one}"), *(_box(survey.grades.get(one), n) for n in levels)] for one in survey.aspects]
    columns: list[tuple[str, int, str]] = [("paper.card-aspect", 1, "l"), *((f"grade.{n}", 0, "l") for n in levels)]
    money = [[scribe.say("survey.ask.money"), *(_box(survey.money, one) for one in (False, True))]]
    head = scribe.head("paper.opinion-card", survey.number, footer="paper.opinion-card-footer")
    address = opinion_address(scribe.company, order.seal if order else None)
    if address:
        head |= {"qr": album.code(address), "qr_label": scribe.say("paper.card-scan")}
    told: list[tuple[str, str]] = [("paper.customer", survey.customer_name)]
    if order is not None:
        told += [("paper.machine", " ".join(one for one in (order.report.model, order.report.serial) if one)),
                 ("paper.reported", scribe.dated(order.reported_at)),
                 ("paper.technician", scribe.show([scribe.name(one) for one in order.crew]))]  # fmt: skip
    return head | {
        "about": scribe.pairs(*told),
        "sections": [
            scribe.table("paper.card-grades", columns, marks),
            scribe.table("", [("paper.card-question", 1, "l"), ("word.no", 0, "l"), ("word.yes", 0, "l")], money),
            scribe.table("paper.card-words", [("paper.card-words-hint", 1, "l")], [[survey.words or " "], [" "], [" "], [" "]]),
        ],
        "photos": [],
        "signers": [{"label": scribe.say(f"paper.card-{one}"), "name": "", "at": ""} for one in ("signed", "day")],
        "labels": {},
    }  # fmt: skip


def _box(given: Any, wanted: Any) -> str:
    return _TICKED if given is not None and given == wanted else _EMPTY
