"""A signature drawn on a screen: a page with a one-time address answers the question instead of a photo (SIG-1)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers.events import Event, Kind, Media
from handlers.questions import Photo, Question
from handlers.said import Body, link
from handlers.turn import Turn
from storage import conversations, notes, people
from storage.conversations import Conversation
from texts import catalog

CHANNEL = "sign"
_LIFE = timedelta(hours=2)


@dataclass(frozen=True)
class Drawing:
    """What a page is for: one question of one person's conversation, with the text that is signed."""

    token: str
    person: int
    order: int
    channel: str
    address: str
    chat: str
    signer: str
    shown: str


def with_drawing(turn: Turn, conversation: Conversation, question: Question, body: Body) -> Body:
    """Add the page's address to a question that may be answered by drawing, where browsers can reach our pages."""
    if not (isinstance(question, Photo) and question.may_be_drawn and turn.company.page_address):
        return body
    token = secrets.token_urlsafe(24)
    note = {"conversation": conversation.id, "turn": conversation.turn, "account": turn.account.id}
    notes.put(turn.connection, CHANNEL, _key(token), note, until=turn.now + _LIFE)
    row = [link("sign.draw", f"{turn.company.page_address}/sign/{token}")]
    drawn = f"{body['text']}.drawn"  # a text that speaks of the screen first
    return body | {"rows": [row, *body["rows"]]} | ({"text": drawn} if catalog.has(drawn) else {})


def find(connection: Connection, token: str, *, now: datetime) -> Drawing | None:
    """What a page is for; None once it was used, is too old, or the conversation has gone on."""
    note = notes.get(connection, CHANNEL, _key(token), now=now)
    conversation = conversations.by_id(connection, note["conversation"]) if note else None
    if note is None or conversation is None or conversation.state != "live" or conversation.turn != note["turn"]:
        return None
    account = next((one for one in people.accounts_of(connection, conversation.person) if one.id == note["account"]), None)
    if account is None or conversation.order is None:
        return None
    signer, shown = str(conversation.answers.get("signer") or ""), str(conversation.args.get("shown") or "")
    where = (account.channel, account.address, account.chat)
    return Drawing(token, conversation.person, conversation.order, *where, signer=signer, shown=shown)


def take(connection: Connection, drawing: Drawing, picture: str, *, now: datetime) -> Event | None:
    """The drawing as the photo that answers the question; None when the address was used already."""
    if notes.take(connection, CHANNEL, _key(drawing.token), now=now) is None:
        return None
    media = Media(CHANNEL, "image/png", sha256=picture)
    key = f"{CHANNEL}:{_key(drawing.token)[:32]}"
    return Event(drawing.channel, drawing.address, drawing.chat, key, Kind.PHOTO, now, media=media)


def _key(token: str) -> str:
    """Only the hash is kept, as with every other code."""
    return hashlib.sha256(token.encode()).hexdigest()
