"""Where an event goes: a pressed button, an answer, a command, a word about an order, or a remark (DESIGN 3, 10.2)."""

from dataclasses import replace
from datetime import timedelta

from handlers import (
    actions,
    alarms,
    case_router,
    duty,
    duty_router,
    enrolment,
    goods,
    groups,
    hours,
    machines,
    meant,
    menu,
    money_router,
    offered,
    records,
    refusing,
    remarking,
    stock_lists,
    stock_router,
    surveying,
    undelivered,
    words,
)
from handlers.engine import OutcomeRefused, takes
from handlers.events import Event, Kind
from handlers.flowbook import ENGINE
from handlers.numbers import numbered
from handlers.questions import Misread, Setting, clean
from handlers.said import said
from handlers.turn import Company, Turn
from rules.goods import PAYLOAD
from rules.paper_cards import is_payload
from rules.people import Deed, Person, Role, Standing, may, require
from rules.refusals import Refused
from storage import conversations, invitations, orders, people, windows
from storage.conversations import Conversation
from storage.engine import savepoint
from storage.people import Account
from storage.unit import Unit
from texts import catalog

_FRESH = timedelta(seconds=5)


def handle(unit: Unit, company: Company, event: Event) -> None:
    """Handle one event in the caller's transaction. Whatever people do ends in an answer; only bugs raise."""
    if event.kind is Kind.BLOCKED:
        people.mark_unreachable(unit.connection, event.channel, event.chat, unit.now)
        return
    if event.kind is Kind.GROUP:
        groups.hears(unit, company, event)
        return
    if groups.is_stranger(unit, event):
        return
    if event.kind in (Kind.UNDELIVERED, Kind.SHUT):
        undelivered.told(unit, company, event)
        return
    person, account = _who(unit, company, event)
    turn = Turn(unit, company, event, person, account, Setting(company.zone, company.region))
    try:
        with savepoint(unit.connection):
            _route(turn)
    except Misread as misread:
        refusing.misread(turn, misread)
    except OutcomeRefused as outcome:
        if not outcome.may_be_mended:
            conversations.end(unit.connection, outcome.conversation.id, now=unit.now)
        refusing.refused(turn, outcome.refused)
    except Refused as refused:
        refusing.refused(turn, refused)


def _who(unit: Unit, company: Company, event: Event) -> tuple[Person, Account]:
    """The person behind an address; a stranger is a customer from the first word on (ROL: no enrolment)."""
    known = people.who(unit.connection, event.channel, event.address, unit.now)
    if known is not None:
        _heard(unit, known[1], event)
        return known
    language = catalog.nearest(event.language, default=company.language)
    person = people.add_person(
        unit.connection, name=clean(event.name)[:60], roles=[Role.CUSTOMER], language=language, now=unit.now
    )
    account = people.add_account(
        unit.connection, person.id, channel=event.channel, address=event.address, chat=event.chat, now=unit.now
    )
    _heard(unit, account, event)
    return person, account


def _heard(unit: Unit, account: Account, event: Event) -> None:
    """Where the messenger counts what is said after a word, this one opens a new window."""
    if event.n_said is not None:
        at = event.at if unit.now - event.at > _FRESH else unit.now  # messengers count in whole seconds
        windows.heard(unit.connection, account, at=at, now=unit.now, n_said=event.n_said)


def _route(turn: Turn) -> None:
    event = turn.event
    if event.is_edit:  # an answer that was taken stays; nothing is answered twice by mending a word
        raise Misread("misread.edited")
    if event.kind is Kind.PRESS:
        _pressed(turn, event.token)
    elif event.kind is Kind.START:
        _started(turn, event.text.strip())
    elif event.kind is Kind.TEXT and not clean(event.text):
        turn.reply("misread.empty")
    elif alarms.hears(turn):
        return
    elif event.kind is Kind.TEXT:
        _typed(turn, clean(event.text))
    elif event.kind is Kind.UNSUPPORTED:
        turn.reply("misread.unsupported")
    else:
        _sent(turn)


def _started(turn: Turn, payload: str) -> None:
    if turn.person.standing is Standing.LEFT and turn.person.is_staff and not payload:
        turn.reply("start.left")
        return
    if words.is_code(payload) and invitations.is_good_code(turn.connection, payload, now=turn.now):
        enrolment.redeem(turn, payload)  # first of all: it is drawn by lot, and may begin like any of those below
        return
    if is_payload(payload):  # the code on a customer's copy opens its opinion card (SUR-8)
        surveying.scanned(turn, payload)
        return
    if payload.startswith(PAYLOAD):  # the code on a repair card (WKS-4)
        goods.scanned(turn, payload.removeprefix(PAYLOAD))
        return
    if payload.startswith("m_"):  # a sticker on a machine: its model and serial, for a report (DESIGN 10.8)
        model, _, serial = payload.removeprefix("m_").partition("_")
        if turn.person.holds(Role.TECHNICIAN):  # whoever works on it wants to know its history first (MNT-16)
            machines.show(turn, serial or model)
            return
        ENGINE.start(turn, "report", args={"model": model, "serial": serial})
        return
    if not payload or enrolment.redeem(turn, payload):
        if not payload:
            menu.welcome(turn)
        return
    turn.reply("enrol.bad-code")


def _pressed(turn: Turn, token: str) -> None:
    """A button's token is only a hint: what it names is looked up and every right checked again (story 11)."""
    kind, *rest = token.split(".")
    try:
        if kind == "q" and len(rest) == 3:
            _answered(turn, int(rest[0]), int(rest[1]), rest[2])
        elif kind == "o" and len(rest) >= 2:
            order = turn.order(int(rest[0]), None if rest[1] == "take" else Deed.SEE_ORDER)
            actions.run(turn, order, rest[1], ".".join(rest[2:]))
        elif kind == "m" and rest and rest[0] in menu.COMMANDS:
            menu.run(turn, rest[0], ".".join(rest[1:]))
        elif kind in money_router.LETTERS and len(rest) >= 2:
            money_router.pressed(turn, kind, int(rest[0]), rest[1], ".".join(rest[2:]))
        elif kind in duty_router.LETTERS and len(rest) >= 2:
            duty_router.pressed(turn, kind, int(rest[0]), rest[1], ".".join(rest[2:]))
        elif kind == "j" and len(rest) >= 2:
            stock_router.pressed(turn, int(rest[0]), rest[1], ".".join(rest[2:]))
        elif kind == "i" and rest:
            stock_lists.press(turn, rest[0], ".".join(rest[1:]))
        elif kind in records.LETTERS and len(rest) >= 2:
            records.pressed(turn, kind, int(rest[0]), rest[1], ".".join(rest[2:]))
        elif kind == "w" and rest:
            duty.press(turn, rest[0], ".".join(rest[1:]))
        elif kind == "r" and len(rest) == 2:
            remarking.place(turn, int(rest[0]), int(rest[1]))
        elif kind == "f" and len(rest) == 1:
            remarking.relay(turn, int(rest[0]))
        elif kind == "s" and len(rest) == 2:
            enrolment.confirm(turn, int(rest[0]), is_welcome=rest[1] == "yes")
        elif kind == "d" and len(rest) == 2:
            case_router.acknowledged(turn, rest[0], rest[1])
        elif kind in case_router.LETTERS and len(rest) >= 2:
            case_router.pressed(turn, kind, int(rest[0]), rest[1], ".".join(rest[2:]))
        elif kind == "p" and len(rest) == 2:
            _reply_to(turn, int(rest[1]))
        elif kind == "w":
            turn.reply("window.kept")
        else:
            turn.reply("talk.passed")
    except ValueError:
        turn.reply("talk.passed")


def _reply_to(turn: Turn, order_id: int) -> None:
    if order_id:
        actions.run(turn, turn.order(order_id), "answer")
    else:
        turn.reply("reply_to.no-order")


def _answered(turn: Turn, conversation_id: int, asked_turn: int, option: str) -> None:
    conversation = conversations.by_id(turn.connection, conversation_id)
    if conversation is None or conversation.person != turn.person.id:
        turn.unit.refuse(f"person:{turn.person.id}", "not-your-button", "ROL-5", by=turn.person.id)
        turn.reply("talk.passed")
        return
    if conversation.state == "parked" and asked_turn == conversation.turn:
        conversations.resume(turn.connection, conversation, now=turn.now)
        conversation = replace(conversation, state="live")
    if conversation.state != "live" or asked_turn != conversation.turn:
        _passed(turn, conversation, asked_turn)
        return
    ENGINE.press(turn, conversation, option)


def _passed(turn: Turn, conversation: Conversation, asked_turn: int) -> None:
    """A stale button. The second tap of a double tap is met with silence, others with the question that is open."""
    if conversation.state == "live" and asked_turn == conversation.turn - 1:
        return
    live = conversations.live(turn.connection, turn.person.id)
    if live is None:
        turn.reply("talk.passed")
        return
    ENGINE.repeat(turn, live, said("talk.passed"))


def _typed(turn: Turn, text: str) -> None:
    if text.startswith("/start"):
        _started(turn, text.removeprefix("/start").strip())
        return
    live = conversations.live(turn.connection, turn.person.id)
    control = words.control_word(text)
    if live is not None and control:
        _controlled(turn, live, control)
        return
    command = words.menu_word(text)
    if command and (text.startswith("/") or live is None or _is_no_answer(turn, command, live)):
        menu.run(turn, command)
        return
    if text.startswith("/"):
        _slash(turn, text)
        return
    if words.is_code(text) and (live is None or invitations.is_good_code(turn.connection, text, now=turn.now)):
        _started(turn, text)  # who said hello before it is in the middle of a report
    elif live is not None:
        _answer(turn, live, text)
    elif (number := words.case_number(text)) and case_router.shows_number(turn, number):
        return
    elif account := words.complaint_words(text):
        menu.run(turn, "complain", account)
    elif token := _numbered(turn, text):
        _pressed(turn, token)
    else:
        _word_about_order(turn, text)


def _is_no_answer(turn: Turn, command: str, live: Conversation) -> bool:
    """A customer who asks for a person means it wherever he is: nobody's machine is called `找真人`."""
    return command == "talk" and live.flow != "talk" and not turn.person.is_staff


def _numbered(turn: Turn, text: str) -> str:
    return numbered(turn.connection, turn.event.channel, turn.account.chat, text, now=turn.now)


def _controlled(turn: Turn, live: Conversation, control: str) -> None:
    if control == "cancel":
        ENGINE.cancel(turn, live)
    elif control == "back":
        ENGINE.back(turn, live)
    elif control == "skip":
        ENGINE.skip(turn, live)
    elif control == "later":
        ENGINE.park(turn, live)
    elif control == "resume":  # whoever lost sight of the question, or goes on at another messenger
        ENGINE.repeat(turn, live)
    else:
        ENGINE.repeat(turn, live, said("help.in-talk"))


def _slash(turn: Turn, text: str) -> None:
    """`/order 2611-0001`, `/find 林`, `/join CODE`, `/arrive`; anything else is unknown."""
    command, _, rest = text[1:].partition(" ")
    command = command.split("@")[0].casefold()
    if command == "order" and words.order_number(rest):
        _show_order(turn, words.order_number(rest))
    elif command == "find" and rest.strip():
        menu.run(turn, "find", rest.strip())
    elif command == "machine" and rest.strip():
        menu.run(turn, "machine", rest.strip())
    elif command == "join" and rest.strip():
        _started(turn, rest.strip())
    elif words.action_word(f"{command} {rest}".strip())[0]:
        _word_about_order(turn, f"{command} {rest}".strip())
    else:
        turn.reply("misread.command")


def _answer(turn: Turn, live: Conversation, text: str) -> None:
    """The pending question has the first word; what it can't read may still be an action word."""
    try:
        answer = ENGINE.read(turn, live, turn.event)
    except Misread as misread:
        action, _number = words.action_word(text)
        if action:
            _word_about_order(turn, text)
        elif command := words.menu_word(text):
            menu.run(turn, command)
        elif token := _numbered(turn, text):
            _pressed(turn, token)
        elif not ENGINE.keeps_words(turn, live, turn.event):
            raise misread
        return
    ENGINE.take(turn, live, answer)


def _word_about_order(turn: Turn, text: str) -> None:
    if words.is_only_number(text):
        _show_order(turn, words.order_number(text))
        return
    action, number = meant.action_of(turn, text)
    quantity, part = words.used_parts(text)
    if action or part:
        try:
            order = meant.order_of(turn, action or "parts", number)
        except meant.Nowhere:
            if not _offered(turn, text):
                turn.reply("meant.none")
            return
        if order is None:
            return
        if part:
            require(turn.person, Deed.RECORD_FINDINGS, order.ties)
            ENGINE.start(turn, "parts", order=order.id, answers={"name1": part, "quantity1": quantity})
            return
        actions.run(turn, order, action)
        return
    if not turn.event.message and (surveying.typed(turn, text) or _offered(turn, text)):
        return
    remarking.take(turn)


def _offered(turn: Turn, text: str) -> bool:
    """Press what stands on a button of the newest messages, if that was typed."""
    token = offered.token_of(turn, text)
    if token:
        _pressed(turn, token)
    return bool(token)


def _show_order(turn: Turn, number: str) -> None:
    found = orders.by_number(turn.connection, number)
    if found is None or not may(turn.person, Deed.SEE_ORDER, found.ties):
        raise Refused("no-such-order", rule="ROL-1")
    turn.show_card(found.id)


def _sent(turn: Turn) -> None:
    """A photo, voice note, file, place or contact: the answer to a question that takes it, else a remark."""
    live = conversations.live(turn.connection, turn.person.id)
    if live is not None:
        question = ENGINE.replayed(turn, live).pending
        if question is not None and (takes(question, turn.event) or not actions.known_orders(turn)):
            ENGINE.answer(turn, live, turn.event)  # what fits no order either is misread by the question, in its words
            return
    if turn.event.kind is Kind.CONTACT:
        turn.reply("misread.not-now")
        return
    if hours.takes_place(turn):
        return
    remarking.take(turn)
