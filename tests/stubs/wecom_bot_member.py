"""A member of the company with WeCom in the hand: says, presses, sends."""

import base64
import secrets
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.stage import PATIENCE
from tests.stubs.wecom_bot_world import Appearance, Chat, Message

if TYPE_CHECKING:
    from tests.stubs.wecom_bot import WecomBotStub


class Member:
    """One userid with its chat with the bot."""

    def __init__(self, stub: "WecomBotStub", userid: str, name: str) -> None:
        self.id, self.name, self._stub, self._world = userid, name, stub, stub.world
        self.chat = self._world.chats.setdefault(userid, Chat(userid))

    # Doing

    async def enters(self) -> None:
        """Open the chat, for the first time today."""
        await self._happens({"eventtype": "enter_chat"}, "enter")

    async def says(self, words: str, *, quoting: str = "", group: Chat | None = None) -> dict[str, Any]:
        quote = {"quote": {"msgtype": "text", "text": {"content": quoting}}} if quoting else {}
        content = f"@外勤幫手 {words}" if group else words
        return await self.sends("text", {"content": content}, group=group, **quote)

    async def sends_photo(self, data: bytes) -> dict[str, Any]:
        return await self.sends("image", self.enciphered(data))

    async def sends_file(self, data: bytes) -> dict[str, Any]:
        return await self.sends("file", self.enciphered(data))

    async def sends_video(self, data: bytes) -> dict[str, Any]:
        return await self.sends("video", self.enciphered(data))

    async def speaks(self, transcript: str) -> dict[str, Any]:
        """A voice note, of which the bot gets the words."""
        return await self.sends("voice", {"content": transcript})

    async def sends_mixed(self, *parts: str | bytes, group: Chat | None = None) -> dict[str, Any]:
        """Words and pictures in one message."""
        pieces = [
            {"msgtype": "text", "text": {"content": one}}
            if isinstance(one, str)
            else {"msgtype": "image", "image": self.enciphered(one)}
            for one in parts
        ]
        return await self.sends("mixed", {"msg_item": pieces}, group=group)

    async def presses(self, label: str, *, message: Message | None = None) -> None:
        """Press a button of the newest card that has it, or of a message."""
        cards = [message] if message else [one for one in reversed(self.chat.messages) if one.card]
        for one in cards:
            for button in one.card["button_list"]:
                if button["text"] == label or (label in button["text"] and label):
                    await self.presses_key(one.card["task_id"], button["key"])
                    return
        raise AssertionError(f"{self.name} has no button {label!r}")

    async def presses_key(self, task: str, key: str) -> dict[str, Any]:
        told = {"card_type": "button_interaction", "event_key": key, "task_id": task}
        event = {"eventtype": "template_card_event", "template_card_event": told}
        return await self._happens(event, "press", task=task)

    async def likes(self) -> dict[str, Any]:
        """A thumb up under an answer."""
        return await self._happens({"eventtype": "feedback_event", "feedback_event": {"id": "1", "type": 1}}, "message")

    async def sends(self, sort: str, content: dict[str, Any], *, group: Chat | None = None, **more: Any) -> dict[str, Any]:
        """A message of any sort, as WeCom names them; gives the frame that the bot gets."""
        chat = group or self.chat
        chat.has_written = True
        self._world.put(chat, Message(self._world.number(), sort, False, text=str(content.get("content", ""))))
        body = self._head(group) | {"msgtype": sort, sort: content} | more
        return await self._tell("aibot_msg_callback", body, chat.id, "message")

    async def repeats(self, frame: dict[str, Any]) -> None:
        """The very same callback once more."""
        await self._stub.tells(frame)

    def enciphered(self, data: bytes) -> dict[str, str]:
        """Where a file lies, with the key of its own."""
        key = secrets.token_bytes(32)
        n_padding = 32 - len(data) % 32
        sealing = Cipher(algorithms.AES256(key), modes.CBC(key[:16])).encryptor()
        sealed = sealing.update(data + bytes([n_padding]) * n_padding) + sealing.finalize()
        return {"url": self._stub.offers(sealed), "aeskey": base64.b64encode(key).decode()}

    # Seeing

    @property
    def messages(self) -> list[Message]:
        """What the bot has said here."""
        return [one for one in self.chat.messages if one.is_bots]

    async def sees(self, *words: str, since: int = 0, timeout: float = PATIENCE) -> Appearance:
        """Wait for a message, sent or changed since appearance `since`, that shows all these words."""

        def look() -> Appearance | None:
            fresh = reversed(self.chat.appearances[since:])
            return next((one for one in fresh if all(word in one.shown for word in words)), None)

        found = await self._world.wait_for(look, timeout)
        assert isinstance(found, Appearance), f"{self.name} waits in vain for {words} in:\n{self.transcript()}"
        return found

    def transcript(self) -> str:
        lines = [f"{'bot' if one.is_bots else 'me '} [{one.sort}] {one.shown!r} {one.buttons}" for one in self.chat.messages]
        return "\n".join([*lines[-12:], *(f"refused: {one}" for one in self._world.refusals[-3:])])

    async def _happens(self, event: dict[str, Any], sort: str, *, task: str = "") -> dict[str, Any]:
        body = self._head(None) | {"msgtype": "event", "event": event}
        if sort == "enter":
            del body["chattype"]  # so it stands in D 101463
        return await self._tell("aibot_event_callback", body, self.chat.id, sort, task=task)

    async def _tell(self, command: str, body: dict[str, Any], chat: str, sort: str, *, task: str = "") -> dict[str, Any]:
        req_id = secrets.token_hex(8)
        self._world.expects(req_id, chat, sort, task=task)
        frame = {"cmd": command, "headers": {"req_id": req_id}, "body": body}
        await self._stub.tells(frame)
        return frame

    def _head(self, group: Chat | None) -> dict[str, Any]:
        where = {"chattype": "group", "chatid": group.id} if group else {"chattype": "single"}
        head = {"msgid": secrets.token_hex(12), "aibotid": self._world.bot_id, "create_time": int(self._world.clock())}
        return head | where | {"from": {"userid": self.id}}
