"""Papers of complaints and opinion cards: the form, slips, letters, cards for the pen (CMP-14, CMP-21, SUR-1)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.reports.opinion_card import card_facts
from bot.reports.press import Press
from bot.reports.scribe import Album, Cells, Facts, LoadFile, Scribe
from handlers.turn import Company
from rules.case_papers import FORM, LETTER, OPINION, SLIP
from rules.complaint_records import CaseStage, Handling, Paper, Passage
from rules.complaints import Complaint
from rules.surveys import Survey
from storage import cases, journal, people

_PHOTO_SIDE, _MOST_PHOTOS = 640, 8
_LEFT = {
    CaseStage.QUALITY: ("case_quality", ("cause", "responsible", "persons")),
    CaseStage.MANUFACTURING: ("case_manufacturing", ("analysis", "remedy", "unit", "machine", "workers", "produced_on")),
    CaseStage.RND: ("case_rnd", ("opinion",)),
    CaseStage.SALES: ("case_sales", ("negotiated", "opinion")),
}
"""What each stage left, in the order of its conversation, whose labels it has."""


class CasePapers:
    """Makes them as things stand now."""

    def __init__(self, company: Callable[[], Company], press: Press, load_file: LoadFile) -> None:
        self._company, self._press, self._load_file = company, press, load_file

    def made(self, connection: Connection, paper: str, language: str) -> tuple[bytes, str] | None:
        """(content, file name); None for what there is not. Raises ValueError for what names nothing, typst.TypstError."""
        kind, _, rest = paper.partition(":")
        case_id, _, which = rest.partition(":")
        if f"{kind}:" == OPINION:
            return self._opinion_card(connection, int(case_id), language)
        case = cases.by_id(connection, Complaint, int(case_id))
        if case is None:
            return None
        if f"{kind}:" == LETTER:
            return self._letter(connection, case, language)
        scribe, album = Scribe(connection, self._company(), language), Album(self._load_file)
        if f"{kind}:" == FORM:
            facts, number = ComplaintForm(scribe, case, album).facts(int(which)), f"{case.number}-{which}"
        else:
            slip = next((one for one in case.papers if one.number == which), None)
            if f"{kind}:" != SLIP or slip is None:
                return None
            facts, number = slip_facts(scribe, case, slip, album), slip.number
        content = self._press.pdf("sheet", facts, album.kept, at=_last_touched(connection, case))
        return content, f"{scribe.say(f'paper.{kind}-file', number=number)}.pdf"

    def _letter(self, connection: Connection, case: Complaint, language: str) -> tuple[bytes, str] | None:
        """In the customer's language, whoever prints it; None as long as there is no answer (ROL-2)."""
        if case.answer is None:
            return None
        own = people.language_of(connection, case.customer) if case.customer else ""
        scribe = Scribe(connection, self._company(), own or self._company().language)
        name = Scribe(connection, self._company(), language).say("paper.complaint-letter-file", number=case.number)
        return self._press.pdf("letter", letter_facts(scribe, case), {}, at=case.answer.at.astimezone(UTC)), f"{name}.pdf"

    def _opinion_card(self, connection: Connection, survey_id: int, language: str) -> tuple[bytes, str] | None:
        survey = cases.by_id(connection, Survey, survey_id)
        if survey is None:
            return None
        scribe, album = Scribe(connection, self._company(), language), Album(self._load_file)
        facts = card_facts(scribe, survey, album)
        name = scribe.say("paper.opinion-card-file", number=survey.number)
        return self._press.pdf("sheet", facts, album.kept, at=survey.opened_at.astimezone(UTC)), f"{name}.pdf"


def _last_touched(connection: Connection, case: Complaint) -> datetime:
    """The date that a paper bears: of the last thing that happened, so that a repeat is the same file."""
    lines = journal.lines(connection, case.subject)
    return (lines[-1].at if lines else case.opened_at).astimezone(UTC)


@dataclass(frozen=True)
class ComplaintForm:
    """The closed form with what each department wrote, the decision, and who has which copy (客戶抱怨處理表, 一式五聯)."""

    scribe: Scribe
    case: Complaint
    album: Album

    def facts(self, copy: int) -> Facts:
        """What the template `sheet` wants."""
        case, say = self.case, self.scribe.say
        unit = next((one.unit for one in case.copies if one.number == copy), "")
        head = self.scribe.head(
            "paper.complaint-form", case.number, footer="paper.complaint-form-footer",
            state=f"stage.case.{case.stage}", is_well=not case.is_open,
        )  # fmt: skip
        which = say("paper.form-copy-of", n=copy, unit=say(_copy_text(unit))) if unit else ""
        samples = case.form.samples or case.photos
        return head | {
            "about": [*self.scribe.pairs(("paper.form-copy", which)), *goods_of(self.scribe, case), *self._asked()],
            "sections": [self._route(), *self._decision(), self._copies()],
            "photos": [{"path": self.album.photo(one, _PHOTO_SIDE), "label": ""} for one in samples[:_MOST_PHOTOS]],
            "signers": [_signer(self.scribe, "sales", case.form.signed_by, case.opened_at), *_verdict(self.scribe, case)],
            "proof": [[say("paper.lines", n=len(lines)), lines[-1].hash]] if (lines := self._journal()) else [],
            "labels": {"proof": say("paper.journal"), "photos": say("file_goods.samples.label"),
                       "photo_missing": say("paper.photo-missing")},
        }  # fmt: skip

    def _journal(self) -> list[journal.Line]:
        return journal.lines(self.scribe.connection, self.case.subject)

    def _asked(self) -> list[Cells]:
        case, say = self.case, self.scribe.say
        return self.scribe.pairs(
            ("paper.form-class", say(f"category.{case.category}") if case.category else ""),
            ("file_goods.reason.label", case.form.reason or case.account),
            ("file_goods.opinion.label", case.form.opinion),
            ("paper.form-accepted", self.scribe.dated(case.accepted_at)),
            ("paper.form-due", self.scribe.dated(case.due_at)),
        )

    def _route(self) -> Facts:
        """Each stage with who passed it on, by when it was due and when it left (CMP-7, CMP-12)."""
        columns = [("paper.form-stage", 0, "l"), ("paper.form-wrote", 1, "l"), ("paper.form-who", 0, "l")]
        columns += [("paper.form-due-at", 0, "l"), ("paper.form-left-at", 0, "l")]
        rows = [self._passage(one) for one in self.case.passages if one.left_at is not None]
        return self.scribe.table("paper.form-route", columns, rows)

    def _passage(self, one: Passage) -> Cells:
        late = f" {self.scribe.say('paper.late')}" if one.is_late else ""
        words = one.skipped or "\n".join(self._left(one))
        stage, left = self.scribe.say(f"stage.case.{one.stage}"), self.scribe.dated(one.left_at)
        return [stage, words, self.scribe.name(one.by), self.scribe.dated(one.due_at) or "—", f"{left}{late}"]

    def _left(self, one: Passage) -> Iterator[str]:
        flow, keys = _LEFT.get(one.stage, ("", ()))
        colon = ": " if self.scribe.language == "en" else "："
        for key in keys:
            if value := one.output.get(key):
                shown = self.scribe.say(f"unit.{value}") if key == "responsible" else str(value)
                label = "" if key == "persons" else f"{self.scribe.say(f'{flow}.{key}.label')}{colon}"
                yield f"{label}{shown}"

    def _decision(self) -> list[Facts]:
        """What was proposed and decided (CMP-9, CMP-10); nothing before there is a proposal."""
        case, opinion, say = self.case, self.case.opinion, self.scribe.say
        if opinion is None:
            return []
        shares = [f"{say(f'unit.{one.unit}')} {self.scribe.show(one.percent)} %" for one in opinion.shares]
        loss = self.scribe.show(opinion.loss) if opinion.loss is not None else say("word.not-configured")
        rows = self.scribe.pairs(
            ("case_opinion.outcome.label", say(f"outcome.{opinion.outcome}")),
            ("case_opinion.handling.label", say(f"handling.{opinion.handling}")),
            ("case_opinion.amount.label", self.scribe.show(opinion.amount)),
            ("case_opinion.reason.label", opinion.reason),
            ("case_opinion.analysis.label", opinion.analysis),
            ("case_opinion.loss.label", loss),
            ("case_opinion.unit.label", self.scribe.show(shares)),
            ("case_opinion.remedy.label", opinion.remedy),
            ("case_opinion.remedy_due.label", opinion.remedy_due_on),
            ("paper.form-answer", case.answer.words if case.answer else ""),
            ("paper.form-result", say(f"card.case-result-{case.result}", words=case.objection_words) if case.result else ""),
        )
        columns = [("paper.form-what", 0, "l"), ("paper.form-words", 1, "l")]
        return [self.scribe.table("paper.form-decision", columns, rows)]

    def _copies(self) -> Facts:
        columns = [("paper.form-copy", 0, "l"), ("paper.form-unit", 1, "l"), ("paper.form-who", 0, "l")]
        columns += [("paper.form-has-it", 0, "l")]
        rows = [
            [f"{one.number}", self.scribe.say(_copy_text(one.unit)), self.scribe.name(one.acknowledged_by),
             self.scribe.dated(one.acknowledged_at) or "—"]
            for one in self.case.copies
        ]  # fmt: skip
        return self.scribe.table("paper.form-copies", columns, rows)


def _copy_text(unit: str) -> str:
    return f"paper.copy-{unit.replace('_', '-')}"


def goods_of(scribe: Scribe, case: Complaint) -> list[Cells]:
    """Whose complaint it is and about which goods (CMP-4)."""
    form, say = case.form, scribe.say
    wanted = form.demand_quantity if form.is_determined else say("file_goods.is_known.undetermined")
    return scribe.pairs(
        ("paper.customer", case.customer_name),
        ("paper.form-opened", scribe.dated(case.opened_at)),
        ("paper.form-order", form.order_no),
        ("file_goods.part_no.label", form.part_no),
        ("file_goods.delivered_on.label", form.delivered_on),
        ("file_goods.quantity.label", _number(scribe, form.quantity)),
        ("file_goods.defective.label", _number(scribe, form.defective)),
        ("file_goods.demand.label", form.demand),
        ("file_goods.demand_quantity.label", wanted if form.demand else ""),
    )


def _number(scribe: Scribe, value: Decimal | None) -> str:
    return scribe.show(value) if value is not None else ""


def _signer(scribe: Scribe, part: str, person: int | None, at: datetime | None) -> Facts:
    name = scribe.name(person) if person is not None else ""
    return {"label": scribe.say(f"paper.form-signer-{part}"), "name": name, "at": scribe.dated(at) if name else ""}


def _verdict(scribe: Scribe, case: Complaint) -> list[Facts]:
    if case.verdict is None:
        return []
    label = scribe.say("paper.form-verdict", post=scribe.say(f"role.{case.verdict.post}"))
    return [{"label": label, "name": scribe.name(case.verdict.by), "at": scribe.dated(case.verdict.at)}]


def slip_facts(scribe: Scribe, case: Complaint, slip: Paper, album: Album) -> Facts:
    """銷貨折讓證明單 with room for the customer's signature, or 成品退貨單 with what came back (CMP-21..23)."""
    say, is_allowance = scribe.say, slip.handling is Handling.ALLOWANCE
    title = "paper.allowance" if is_allowance else "paper.goods-return"
    head = scribe.head(title, slip.number, footer="paper.complaint-slip-footer", state=f"handling.{slip.handling}")
    about = scribe.pairs(
        ("paper.form-case", case.number),
        ("paper.form-basis", _basis(scribe, case)),
        ("paper.slip-amount" if is_allowance else "paper.slip-quantity", scribe.show(slip.approved)),
        ("paper.slip-reason", slip.reason),
        ("paper.slip-received", _number(scribe, slip.received)),
        ("paper.slip-match", say(f"match.{slip.match}") if slip.match else ""),
        ("paper.slip-proof", say(f"proof.{slip.proof}") if slip.proof else ""),
    )
    rows = [[f"{n}", say(_copy_text(unit))] for n, unit in enumerate(slip.copies, 1)]
    columns = [("paper.form-copy", 0, "l"), ("paper.form-unit", 1, "l")]
    others = ("customer", "accountant") if is_allowance else ("store", "accountant")
    photos = [{"path": album.photo(slip.proof_photo, _PHOTO_SIDE), "label": ""}] if slip.proof_photo else []
    labels = {"photos": say("paper.slip-proof"), "photo_missing": say("paper.photo-missing")}
    return head | {
        "about": [*goods_of(scribe, case), *about], "sections": [scribe.table("paper.form-copies", columns, rows)],
        "photos": photos, "labels": labels,
        "signers": [_signer(scribe, "sales", slip.by, slip.at), *_verdict(scribe, case),
                    *(_signer(scribe, one, None, None) for one in others)],
    }  # fmt: skip


def _basis(scribe: Scribe, case: Complaint) -> str:
    """The decision that a slip follows from (CMP-21)."""
    if case.verdict is None:
        return ""
    return f"{scribe.say(f'role.{case.verdict.post}')} {scribe.name(case.verdict.by)} · {scribe.dated(case.verdict.at)}"


def letter_facts(scribe: Scribe, case: Complaint) -> Facts:
    """The answer as the customer has it, with nothing of the form (ROL-2)."""
    assert case.answer is not None  # the caller saw to it
    head = scribe.head("paper.complaint-letter", case.number, footer="paper.complaint-letter-footer")
    return head | {
        "greeting": scribe.say("paper.letter-greeting", customer=case.customer_name),
        "paragraphs": [one for one in case.answer.words.splitlines() if one.strip()],
        "closing": scribe.say("paper.letter-closing", number=case.number),
        "sender": scribe.company.name,
        "day": scribe.on(case.answer.at.astimezone(ZoneInfo(scribe.company.zone)).date()),
    }
