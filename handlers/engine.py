"""The conversation engine: replays a flow over its stored answers and puts the pending question (DESIGN 3)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from handlers.ask import Ask, Replay, replay
from handlers.desk import Desk
from handlers.drawing import with_drawing
from handlers.events import Event, Kind
from handlers.photo_questions import Photos, beside, received, with_words
from handlers.questions import Confirm, Misread, Question, Text, clean
from handlers.said import Body, Row, button, in_rows, said
from handlers.turn import Turn
from rules.refusals import Refused
from storage import conversations, subjects
from storage.conversations import Conversation
from texts import catalog

FlowFunction = Callable[[Ask, Desk], Awaitable[Any]]
Apply = Callable[[Turn, Any, Any], None]
"""What becomes of an outcome: the turn, the subject that it is about (None for nothing in particular), the outcome."""


@dataclass(frozen=True)
class Flow:
    """A conversation: how it asks, and what is done with its outcome."""

    name: str
    run: FlowFunction
    apply: Apply


class OutcomeRefused(Exception):
    """The rules say no to what a conversation came to. Another last answer may help, or nothing does."""

    def __init__(self, conversation: Conversation, refused: Refused) -> None:
        super().__init__(refused.code)
        self.conversation, self.refused = conversation, refused

    @property
    def may_be_mended(self) -> bool:
        return self.refused.code in _MENDED_BY_ANOTHER_ANSWER


_MENDED_BY_ANOTHER_ANSWER = {
    "photo-too-old", "reason-missing", "answer-missing", "question-missing", "remarks-missing", "decision-missing",
    "brief-missing", "hold-evidence", "proposal-and-demand", "written-contact-needs-text", "part-line-incomplete",
    "opinion-incomplete", "output-missing", "paper-incomplete", "refusal-needs-reason", "remedy-needs-date", "result-missing",
    "shares-not-whole", "words-missing", "above-decision", "account-missing",
    "count-differs", "currency-mix", "more-than-agreed", "above-cash-limit", "invoice-number-missing", "quote-empty",
    "cause-missing", "unknown-needs-next-step", "unsigned-needs-evidence", "leader-missing", "crew-missing", "date-passed",
}  # fmt: skip


class Engine:
    """Runs the flows it was given. It holds no state: everything is in the stored conversation."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self.flows = flows

    def start(
        self,
        turn: Turn,
        flow: str,
        *,
        order: int | None = None,
        about: str = "",
        answers: Mapping[str, Any] | None = None,
        args: Mapping[str, Any] | None = None,
        note: Body | None = None,
    ) -> None:
        """Begin a flow, parking what was live. Answers that are known already are not asked.

        `about` names the subject, such as `complaint:3`; `order` is short for an order's; `note` stands above the question.
        """
        conversation = conversations.begin(
            turn.connection,
            turn.person.id,
            flow,
            subject=f"order:{order}" if order else about,
            args=dict(args or {}),
            answers=dict(answers or {}),
            now=turn.now,
        )
        self.advance(turn, conversation, note=note)

    def advance(self, turn: Turn, conversation: Conversation, *, note: Body | None = None) -> None:
        """Ask the pending question, or apply the outcome when there is none."""
        self._go_on(turn, conversation, self._stand(turn, conversation), note=note)

    def _go_on(self, turn: Turn, conversation: Conversation, stand: "Stand", *, note: Body | None = None) -> None:
        desk, ended = stand.desk, stand.ended
        if ended.pending is not None:
            asked = replace(conversation, turn=conversation.turn + 1, asked=ended.pending.key)
            conversations.keep(turn.connection, asked, now=turn.now)
            body = with_drawing(turn, asked, ended.pending, self.prompt(asked, ended, note=note))
            turn.reply_body(body, subject=f"talk:{asked.id}", order=asked.order)
            return
        conversations.keep(turn.connection, replace(conversation, state="done"), now=turn.now)
        try:
            self.flows[conversation.flow].apply(desk.turn, desk.subject, ended.outcome)
        except Refused as refused:
            raise OutcomeRefused(conversation, refused) from refused
        _settle(turn, conversation)

    def replayed(self, turn: Turn, conversation: Conversation) -> Replay:
        """Where the stored answers lead."""
        return self._stand(turn, conversation).ended

    def _stand(self, turn: Turn, conversation: Conversation) -> "Stand":
        about = subjects.by_name(turn.connection, conversation.subject)
        desk = Desk(turn.under(about), about, conversation.args, conversation.asked)
        given = {key: value for key, value in conversation.answers.items() if not key.endswith("~")}
        ask = Ask(conversation.flow, given)
        return Stand(desk, replay(self.flows[conversation.flow].run(ask, desk), ask))  # type: ignore[arg-type]

    def repeat(self, turn: Turn, conversation: Conversation, note: Body | None = None) -> None:
        """Put the pending question once more; old buttons of it stay good."""
        ended = self.replayed(turn, conversation)
        if ended.pending is None:
            self.advance(turn, conversation)
            return
        body = with_drawing(turn, conversation, ended.pending, self.prompt(conversation, ended, note=note))
        turn.reply_body(body, subject=f"talk:{conversation.id}", order=conversation.order)

    def answer(self, turn: Turn, conversation: Conversation, event: Event) -> None:
        """Take an event as the answer to the pending question. Raises Misread; nothing is lost then."""
        self.take(turn, conversation, self.read(turn, conversation, event))

    def read(self, turn: Turn, conversation: Conversation, event: Event) -> "Answer":
        """The answer that an event gives to the pending question; writes nothing. Raises Misread."""
        stand = self._stand(turn, conversation)
        question = stand.ended.pending
        if question is None:
            return Answer(stand)
        if event.kind is Kind.PHOTO and isinstance(question, Text) and question.photos:
            return _untimely(stand, question, conversation, event, turn)
        partial = conversation.answers.get(f"{question.key}~")
        return Answer(stand, *question.adds(partial, event, turn.setting))

    def keeps_words(self, turn: Turn, conversation: Conversation, event: Event) -> bool:
        """Where photos are asked for, what is written meanwhile is kept beside them; False elsewhere. Raises Misread."""
        stand = self._stand(turn, conversation)
        question = stand.ended.pending
        if not isinstance(question, Photos) or question.is_label(event):
            return False
        partial = list(conversation.answers.get(f"{question.key}~", []))
        self.take(turn, conversation, Answer(stand, with_words(partial, event), is_complete=False))
        return True

    def take(self, turn: Turn, conversation: Conversation, answer: "Answer") -> None:
        """Keep an answer that was read, and go on."""
        desk, ended = answer.stand.desk, answer.stand.ended
        if ended.pending is None:
            self._go_on(turn, conversation, answer.stand)
            return
        key = ended.pending.key if answer.is_complete else f"{ended.pending.key}~"
        kept = answer.aside if answer.is_only_aside else {**answer.aside, key: answer.value}
        taken = replace(conversation, answers={**conversation.answers, **kept})
        if answer.is_complete:
            self._go_on(turn, taken, Stand(desk, ended.answered(answer.value)))
            return
        conversations.keep(turn.connection, taken, now=turn.now)
        body = self.prompt(taken, ended, note=received(answer.value, turn.event))
        turn.reply_body(body | {"collapses": True}, subject=f"talk:{taken.id}", order=taken.order)

    def press(self, turn: Turn, conversation: Conversation, option: str) -> None:
        """A button of the pending question: an option's number, or b(ack), s(kip), x cancel, r(epeat), e(dit) and e<number>."""
        stand = self._stand(turn, conversation)
        question = stand.ended.pending
        if question is None or option == "x":
            self.cancel(turn, conversation)
        elif option == "b":
            self.back(turn, conversation)
        elif option == "s":
            self.skip(turn, conversation)
        elif option == "r":
            self.repeat(turn, conversation)
        elif option == "e":
            turn.reply_body(self._edit_menu(conversation, question), subject=f"talk:{conversation.id}")
        elif option.startswith("e") and isinstance(question, Confirm):
            self.edit(turn, conversation, question.asked[int(option[1:])].key)
        elif option.isdigit() and int(option) < len(question.options()):
            value = question.options()[int(option)][0]
            if isinstance(question, Photos):
                value = question.ended(conversation.answers.get(f"{question.key}~", []), value)
            self.take(turn, conversation, Answer(stand, value))
        else:
            raise Misread("misread.choice")

    def back(self, turn: Turn, conversation: Conversation) -> None:
        """Drop the last answer of the path."""
        path = [one.key for one in self.replayed(turn, conversation).path]
        answered = [key for key in path if key in conversation.answers]
        if not answered:
            self.repeat(turn, conversation)
            return
        dropped = answered[-1]
        kept = {key: value for key, value in conversation.answers.items() if key.removesuffix("~") not in (dropped, path[-1])}
        self.advance(turn, replace(conversation, answers=kept))

    def edit(self, turn: Turn, conversation: Conversation, key: str) -> None:
        """Drop one answer and keep the rest."""
        kept = {name: value for name, value in conversation.answers.items() if name.removesuffix("~") not in (key, "confirm")}
        self.advance(turn, replace(conversation, answers=kept))

    def skip(self, turn: Turn, conversation: Conversation) -> None:
        """Leave an optional question unanswered."""
        stand = self._stand(turn, conversation)
        question = stand.ended.pending
        if question is None or not question.is_optional:
            raise Misread("misread.not-optional")
        self.take(turn, conversation, Answer(stand, None))

    def cancel(self, turn: Turn, conversation: Conversation) -> None:
        """End a conversation without an outcome; the next parked one is offered."""
        conversations.keep(turn.connection, replace(conversation, state="cancelled"), now=turn.now)
        turn.reply(_own(f"talk.cancelled.{conversation.flow}", "talk.cancelled"), rows=resume_rows(turn))
        _settle(turn, conversation)

    def park(self, turn: Turn, conversation: Conversation) -> None:
        conversations.keep(turn.connection, replace(conversation, state="parked"), now=turn.now)
        turn.reply("talk.parked", rows=resume_rows(turn))
        _settle(turn, conversation)

    def resume(self, turn: Turn, conversation: Conversation) -> None:
        """Go on where it was left."""
        if conversation.state not in ("live", "parked") or conversation.person != turn.person.id:
            turn.reply("talk.passed")
            return
        conversations.resume(turn.connection, conversation, now=turn.now)
        self.advance(turn, replace(conversation, state="live"))

    def prompt(self, conversation: Conversation, ended: Replay, *, note: Body | None = None) -> Body:
        """The pending question as a message: its words, its buttons, and the way back."""
        question = ended.pending
        assert question is not None  # callers ask only for pending questions
        so_far = conversation.answers.get(f"{question.key}~")
        if note is None and so_far and isinstance(question, Photos):
            note = received(so_far)
        stem = f"q.{conversation.id}.{conversation.turn}"
        options: list[dict[str, Any]] = [
            {"label": {"text": label} if isinstance(label, str) else label, "token": f"{stem}.{n}", "tone": "plain"}
            for n, (_value, label) in enumerate(question.options())
            if not (isinstance(question, Photos) and question.lacks(so_far))
        ]
        if len(options) == 1 or isinstance(question, Confirm):
            options[0]["tone"] = "primary"
        width = 1 if any(len(str(one["label"].get("literal", ""))) > 10 for one in options) else 2
        rows = in_rows(options, width) + self._controls(question, stem, n_answered=len(ended.path) - 1)
        lines = list(_summary_lines(question)) if isinstance(question, Confirm) else []
        body = said(question.text, question.facts, rows=rows, lines=lines, hint=str(question.hint))
        return body | {"headline": {"text": note["text"], "facts": note["facts"]}} if note else body

    def _controls(self, question: Question, stem: str, *, n_answered: int) -> list[Row]:
        controls = []
        if isinstance(question, Confirm):
            controls.append(button("ask.edit", f"{stem}.e"))
        if question.is_optional and not isinstance(question, Photos):
            controls.append(button("ask.skip", f"{stem}.s"))
        if n_answered > 0 and not isinstance(question, Confirm):
            controls.append(button("ask.back", f"{stem}.b"))
        controls.append(button(_own(f"ask.cancel.{question.flow}", "ask.cancel"), f"{stem}.x", tone="danger"))
        return [controls]

    def _edit_menu(self, conversation: Conversation, question: Question) -> Body:
        if not isinstance(question, Confirm):
            raise Misread("misread.choice")
        stem = f"q.{conversation.id}.{conversation.turn}"
        buttons = [button(one.label, f"{stem}.e{n}") for n, one in enumerate(question.asked)]
        return said("ask.edit-which", rows=[*in_rows(buttons), [button("ask.keep", f"{stem}.r")]])


@dataclass(frozen=True)
class Stand:
    """Where a conversation stands, and the window through which its flow reads. The flow may go on from there."""

    desk: Desk
    ended: Replay


@dataclass(frozen=True)
class Answer:
    """An answer to the pending question as it was read; without meaning when none was pending."""

    stand: Stand
    value: Any = None
    is_complete: bool = True
    aside: Mapping[str, Any] = field(default_factory=dict)  # what is kept with it for other questions, by key
    is_only_aside: bool = False  # the pending question is not answered at all


def _untimely(stand: Stand, question: Text, conversation: Conversation, event: Event, turn: Turn) -> Answer:
    """A photo where words are asked for: kept with the photos, asked for already or not, and its caption is the answer."""
    key = question.photos if question.photos in conversation.answers else f"{question.photos}~"
    kept = {key: beside(conversation.answers.get(key), event)}
    if not clean(event.text):
        return Answer(stand, kept[key], is_complete=False, aside=kept, is_only_aside=True)
    value, _is_complete = question.adds(None, replace(event, kind=Kind.TEXT), turn.setting)
    return Answer(stand, value, aside=kept)


def _own(text: str, usual: str) -> str:
    """A flow's own words, where it has them: whoever breaks off calling an order off has not called it off."""
    return text if catalog.has(text) else usual


def _settle(turn: Turn, conversation: Conversation) -> None:
    """The last question loses its buttons; those before it lost theirs when the next one went out."""
    subject = f"talk:{conversation.id}"
    turn.unit.settle(turn.person.id, channel=turn.account.channel, chat=turn.account.chat, subject=subject)


def resume_rows(turn: Turn) -> list[Row]:
    """A button for each conversation that somebody left in the middle."""
    return [
        [button("talk.resume", f"m.resume.{one.id}", flow={"text": f"flow.{one.flow}"})]
        for one in conversations.parked(turn.connection, turn.person.id)[:3]
    ]


def takes(question: Question, event: Event) -> bool:
    """Whether an event is of a kind that a question could take, so that a photo never answers a number."""
    if event.kind is Kind.TEXT or (event.kind is Kind.PHOTO and question.takes_photo()):
        return True
    kinds = {Kind.PHOTO: "photo", Kind.VOICE: "voice", Kind.LOCATION: "location", Kind.CONTACT: "phone contact"}
    hint = "voice" if getattr(question, "takes_voice", False) else str(question.hint)
    return hint != "" and hint in kinds.get(event.kind, "")


def _summary_lines(question: Confirm) -> list[dict[str, Any]]:
    return [
        {"text": "ask.summary-line", "facts": {"label": {"text": one.label}, "value": one.show(question.given.get(one.key))}}
        for one in question.asked
    ]
