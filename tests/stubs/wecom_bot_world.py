"""What stands in the chats of one smart bot, and what WeCom lets it do there."""

import asyncio
import base64
import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

WINDOW = 5.0  # seconds in which a press or an entering may be answered
MEDIA_SECONDS = 300
CHUNK, CHUNKS = 512 * 1024, 100
TEXT_BYTES = 20480
PER_MINUTE, PER_HOUR = 30, 1000
_TASK = re.compile(r"[0-9A-Za-z_@-]{1,128}")


class Refused(Exception):
    """WeCom's no."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code} {words}")
        self.code, self.words = code, words


class Fault(StrEnum):
    """What goes wrong with a command."""

    REFUSE = "refuse"  # with a code
    HANG = "hang"  # never answered, nothing done
    SILENT = "silent"  # done, and never answered
    CUT = "cut"  # the connection ends before it is done
    CLOSE = "close"  # done, and the connection ends before the answer
    GARBAGE = "garbage"  # done, and the answer is none


@dataclass
class Trouble:
    command: str
    fault: Fault
    times: int
    code: int


@dataclass(eq=False)
class Message:
    """One message as its reader sees it."""

    n: int
    sort: str  # text, markdown, card, or a kind of file
    is_bots: bool
    text: str = ""
    card: dict[str, Any] = field(default_factory=dict)
    content: bytes = b""

    @property
    def buttons(self) -> list[str]:
        return [one["text"] for one in self.card.get("button_list", ())]

    @property
    def shown(self) -> str:
        """The words, of a card all of them."""
        links = [f"{one['keyname']} {one['value']}" for one in self.card.get("horizontal_content_list", ())]
        of_card = [self.card.get("main_title", {}).get("title", ""), self.card.get("sub_title_text", ""), *links]
        return "\n".join(part for part in (self.text.replace("  \n", "\n"), *of_card) if part)


@dataclass(frozen=True)
class Appearance:
    """A bot's message as it was when it was sent or changed."""

    n: int
    message: Message
    shown: str
    buttons: tuple[str, ...]


@dataclass
class Chat:
    """A person's chat with the bot, or a group."""

    id: str
    is_group: bool = False
    has_written: bool = False
    messages: list[Message] = field(default_factory=list)
    appearances: list[Appearance] = field(default_factory=list)
    sent_at: list[float] = field(default_factory=list)


@dataclass
class Callback:
    """Something that was told to the bot and may be answered."""

    chat: str
    sort: str  # message, enter or press
    task: str
    until: float
    is_answered: bool = False


@dataclass
class Upload:
    """A file on its way in."""

    about: dict[str, Any]
    chunks: dict[int, bytes] = field(default_factory=dict)


class World:
    """State of one bot."""

    def __init__(self, bot_id: str, secret: str, clock: Callable[[], float] | None) -> None:
        self.bot_id, self.secret = bot_id, secret
        self.clock = clock or time.time
        self.changed = asyncio.Condition()
        self.is_stopping = False
        self.chats: dict[str, Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self.tasks: dict[str, Message] = {}  # by the card's task_id, which is never taken twice
        self.uploads: dict[str, Upload] = {}
        self.media: dict[str, tuple[str, bytes]] = {}  # brought by the bot
        self.shelf: dict[str, tuple[bytes, float]] = {}  # enciphered, to be fetched by the bot
        self.troubles: list[Trouble] = []
        self.frames: list[dict[str, Any]] = []
        self.refusals: list[str] = []
        self.lost: list[dict[str, Any]] = []  # said while nobody held the connection
        self.n = 0

    async def tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def wait_for(self, found: Callable[[], Any], timeout: float) -> Any:
        """What `found` gives as soon as it gives something, or its last answer when the time is over."""
        try:
            async with asyncio.timeout(timeout), self.changed:
                return await self.changed.wait_for(lambda: found() or self.is_stopping)
        except TimeoutError:
            return found()

    def trouble(self, command: str) -> Trouble | None:
        """The fault that a command meets, used up by it."""
        for one in self.troubles:
            if one.times and one.command in (command, "*"):
                one.times -= 1
                return one
        return None

    def number(self) -> int:
        self.n += 1
        return self.n

    def expects(self, req_id: str, chat: str, sort: str, *, task: str = "") -> None:
        """A callback that may be answered by its req_id."""
        until = asyncio.get_running_loop().time() + (24 * 3600 if sort == "message" else WINDOW)
        self.callbacks[req_id] = Callback(chat, sort, task, until)

    def put(self, chat: Chat, message: Message) -> Message:
        chat.messages.append(message)
        self.appear(chat, message)
        return message

    def appear(self, chat: Chat, message: Message) -> None:
        if message.is_bots:
            chat.appearances.append(Appearance(self.number(), message, message.shown, tuple(message.buttons)))


def do(world: World, command: str, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a command gives. Raises Refused."""
    if command == "aibot_send_msg":
        return _send(world, body)
    if command == "aibot_respond_msg":
        return _respond(world, req_id, body)
    if command == "aibot_respond_welcome_msg":
        chat = _answered(world, req_id, "enter").chat
        _say(world, world.chats[chat], body, sorts=("text", "template_card"))
        return {}
    if command == "aibot_respond_update_msg":
        return _update(world, req_id, body)
    if command.startswith("aibot_upload_media_"):
        return _upload(world, command.removeprefix("aibot_upload_media_"), body)
    raise Refused(40058, f"unknown command {command}")


def _send(world: World, body: dict[str, Any]) -> dict[str, Any]:
    chat = world.chats.get(str(body.get("chatid")))
    if chat is None or body.get("chat_type", 1) != (2 if chat.is_group else 1):
        raise Refused(93006, "invalid chatid")
    if not chat.has_written:
        raise Refused(846607, "nobody has written here")
    _say(world, chat, body, sorts=("markdown", "template_card", "file", "image", "voice", "video"))
    return {}


def _respond(world: World, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
    callback = world.callbacks.get(req_id)
    if callback is None or callback.sort != "message":
        raise Refused(846605, "invalid req_id")
    _say(
        world,
        world.chats[callback.chat],
        body,
        sorts=("stream", "markdown", "template_card", "file", "image", "voice", "video"),
    )
    return {}


def _update(world: World, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
    callback = _answered(world, req_id, "press")
    card = body.get("template_card")
    if body.get("response_type") != "update_template_card" or not isinstance(card, dict):
        raise Refused(40058, "no update")
    _check_card(card)
    if card.get("task_id") != callback.task:
        raise Refused(40058, "another task_id")
    message = world.tasks[callback.task]
    message.card = card
    world.appear(world.chats[callback.chat], message)
    return {}


def _answered(world: World, req_id: str, sort: str) -> Callback:
    """The callback of a req_id, which can be answered once, within five seconds."""
    callback = world.callbacks.get(req_id)
    if callback is None or callback.sort != sort or callback.is_answered:
        raise Refused(846605, "invalid req_id")
    if asyncio.get_running_loop().time() > callback.until:
        raise Refused(846605, "too late")
    callback.is_answered = True
    return callback


def _say(world: World, chat: Chat, body: dict[str, Any], *, sorts: tuple[str, ...]) -> None:
    sort = body.get("msgtype")
    content = body.get(str(sort))
    if sort not in sorts or not isinstance(content, dict):
        raise Refused(40008, f"msgtype {sort}")
    message = _message(world, str(sort), content)
    now = world.clock()
    chat.sent_at = [at for at in chat.sent_at if at > now - 3600]
    if len(chat.sent_at) >= PER_HOUR or sum(at > now - 60 for at in chat.sent_at) >= PER_MINUTE:
        raise Refused(45009, "api freq out of limit")
    chat.sent_at.append(now)
    if message.card:
        world.tasks[message.card["task_id"]] = message
    world.put(chat, message)


def _message(world: World, sort: str, content: dict[str, Any]) -> Message:
    if sort == "template_card":
        _check_card(content)
        if content["task_id"] in world.tasks:
            raise Refused(42014, "task_id used")
        return Message(world.number(), "card", True, card=content)
    if sort in ("text", "markdown", "stream"):
        text = content.get("content")
        if not isinstance(text, str) or not text or len(text.encode()) > TEXT_BYTES:
            raise Refused(40058, "content")
        return Message(world.number(), sort, True, text=text)
    brought = world.media.get(str(content.get("media_id")))
    if brought is None or brought[0] != sort:
        raise Refused(40007, "invalid media_id")
    return Message(world.number(), sort, True, content=brought[1])


def _check_card(card: dict[str, Any]) -> None:
    """A button card as D 101032 has it."""
    buttons = card.get("button_list")
    if card.get("card_type") != "button_interaction" or not card.get("main_title", {}).get("title"):
        raise Refused(40058, "card_type or main_title")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 6:
        raise Refused(40058, "button_list")
    keys = [str(one.get("key", "")) for one in buttons]
    if len(set(keys)) != len(keys) or not all(0 < len(key.encode()) <= 1024 for key in keys):
        raise Refused(40058, "button key")
    if not all(one.get("text") for one in buttons) or len(card.get("horizontal_content_list", ())) > 6:
        raise Refused(40058, "button text or horizontal_content_list")
    if not isinstance(card.get("task_id"), str) or not _TASK.fullmatch(card["task_id"]):
        raise Refused(40058, "task_id")


def _upload(world: World, step: str, body: dict[str, Any]) -> dict[str, Any]:
    if step == "init":
        if body.get("type") not in ("file", "image", "voice", "video") or not 1 <= body.get("total_chunks", 0) <= CHUNKS:
            raise Refused(40058, "type or total_chunks")
        name = f"upload-{world.number()}"
        world.uploads[name] = Upload(body)
        return {"upload_id": name}
    upload = world.uploads.get(str(body.get("upload_id")))
    if upload is None:
        raise Refused(40058, "upload_id")
    if step == "chunk":
        piece = base64.b64decode(body["base64_data"], validate=True)
        if len(piece) > CHUNK:
            raise Refused(40006, "chunk too large")
        upload.chunks[int(body["chunk_index"])] = piece
        return {}
    return _finished(world, upload)


def _finished(world: World, upload: Upload) -> dict[str, Any]:
    """Chunks may have come in any order; their numbers begin at 0, or at 1 as in the documentation's example."""
    numbers = sorted(upload.chunks)
    content = b"".join(upload.chunks[n] for n in numbers)
    first = numbers[0] if numbers else 0
    if first not in (0, 1) or numbers != list(range(first, first + upload.about["total_chunks"])):
        raise Refused(40058, "chunks are missing")
    if len(content) != upload.about["total_size"]:
        raise Refused(40006, "total_size")
    if upload.about.get("md5") not in (None, hashlib.md5(content).hexdigest()):
        raise Refused(40058, "md5")
    media_id = f"media-{world.number()}"
    world.media[media_id] = (upload.about["type"], content)
    return {"type": upload.about["type"], "media_id": media_id, "created_at": str(int(world.clock()))}
