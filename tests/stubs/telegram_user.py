"""A person with Telegram in the hand: says, presses, sends, and sees."""

from typing import Any

from tests.stage import PATIENCE
from tests.stubs.telegram_world import Appearance, Chat, Message, World, transcript


class User:
    """One account with its private chat with the bot."""

    def __init__(self, world: World, number: int, name: str, *, last_name: str, language_code: str) -> None:
        self.id, self.name, self._world = number, name, world
        self.account: dict[str, Any] = {"id": number, "is_bot": False, "first_name": name}
        self.account |= {"last_name": last_name} if last_name else {}
        self.account |= {"language_code": language_code} if language_code else {}
        self.chat = world.chats[number] = Chat(number, "private", name)
        self._mark = 0
        self._n_presses = 0

    @property
    def messages(self) -> list[Message]:
        """The chat as it stands, without what was deleted."""
        return [one for one in self.chat.messages if not one.is_deleted]

    # Doing

    async def starts(self, payload: str = "") -> Message:
        return await self.says(f"/start {payload}".strip())

    async def says(self, text: str, *, reply_to: Message | None = None, group: Chat | None = None) -> Message:
        return await self.sends({"text": text}, kind="text", text=text, reply_to=reply_to, group=group)

    async def sends_photo(self, data: bytes, caption: str = "", album: str | None = None) -> Message:
        content = {"photo": self._world.photo(data)} | ({"media_group_id": album} if album else {})
        return await self.sends(content, kind="photo", text=caption, data=data)

    async def sends_voice(self, data: bytes, seconds: int = 3) -> Message:
        content = {"voice": self._world.keep(data, duration=seconds, mime_type="audio/ogg")}
        return await self.sends(content, kind="voice", data=data)

    async def sends_document(self, data: bytes, name: str, mime: str, caption: str = "") -> Message:
        content = {"document": self._world.keep(data, file_name=name, mime_type=mime)}
        return await self.sends(content, kind="document", text=caption, data=data, name=name)

    async def sends_video(self, data: bytes, caption: str = "") -> Message:
        video = self._world.keep(data, width=640, height=480, duration=4, mime_type="video/mp4")
        return await self.sends({"video": video}, kind="video", text=caption, data=data)

    async def sends_sticker(self) -> Message:
        sticker = self._world.keep(b"webp", type="regular", width=512, height=512, is_animated=False, is_video=False)
        return await self.sends({"sticker": sticker}, kind="sticker")

    async def shares_location(
        self, lat: float, lon: float, *, title: str = "", address: str = "", live: bool = False
    ) -> Message:
        point = {"latitude": lat, "longitude": lon} | ({"live_period": 900} if live else {})
        venue = {"venue": {"location": point, "title": title, "address": address}} if title else {}
        return await self.sends({"location": point, **venue}, kind="location")

    async def shares_contact(self, phone: str, *, name: str = "", is_own: bool = True) -> Message:
        card = {"phone_number": phone, "first_name": name or self.name} | ({"user_id": self.id} if is_own else {})
        return await self.sends({"contact": card}, kind="contact")

    async def sends(
        self, content: dict[str, Any], *, reply_to: Message | None = None, group: Chat | None = None, **told: Any
    ) -> Message:
        """A message of any contents, as the Bot API names them."""
        chat = group or self.chat
        chat.is_open = True
        message = self._world.put(chat, is_bots=False, content=content | {"from": self.account}, **told)
        if reply_to is not None:
            message.content["reply_to_message"] = self._world.shown(reply_to)
        await self._world.publish("message", self._world.shown(message))
        return message

    async def edits(self, message: Message, text: str) -> Message:
        message.text, message.is_edited = text, True
        if message.kind == "text":
            message.content["text"] = text
        await self._world.publish("edited_message", self._world.shown(message))
        return message

    async def moves(self, message: Message, lat: float, lon: float) -> None:
        """A live location goes on."""
        message.content["location"] = message.content["location"] | {"latitude": lat, "longitude": lon}
        message.is_edited = True
        await self._world.publish("edited_message", self._world.shown(message))

    async def presses(self, label: str, *, timeout: float = PATIENCE) -> Message:
        """Press the inline button of that label or token on the newest message that has one; waits for it."""
        found = await self._world.wait_for(lambda: self._button(label), timeout)
        assert isinstance(found, tuple), f"{self.name} finds no button {label!r} in:\n{transcript(self.messages)}"
        message, token = found
        await self.presses_token(message, token)
        return message

    async def presses_token(self, message: Message, token: str) -> str:
        """A press whether or not such a button is there (any more); returns its id."""
        self._n_presses += 1
        press = f"press{self.id}-{self._n_presses}"
        body = {"id": press, "from": self.account, "chat_instance": "1", "data": token}
        await self._world.publish("callback_query", body | {"message": self._world.shown(message)})
        return press

    async def blocks(self) -> None:
        await self._changes_membership("kicked")

    async def unblocks(self) -> None:
        await self._changes_membership("member")

    # Seeing

    async def sees(self, text: str, *, timeout: float = PATIENCE) -> Message:
        """Wait until the bot sent, or changed a message to, something with these words; looks on from what was seen last."""
        found = await self._world.wait_for(lambda: self._appearance(text), timeout)
        assert isinstance(found, Appearance), f"{self.name} does not see {text!r} in:\n{transcript(self.messages)}"
        self._mark = found.n
        return found.message

    def seen(self) -> None:
        """Look only at what comes from now on."""
        self._mark = len(self.chat.appearances)

    def _appearance(self, text: str) -> Appearance | None:
        return next((one for one in self.chat.appearances[self._mark :] if text in one.text), None)

    def _button(self, label: str) -> tuple[Message, str] | None:
        """On the newest message; the exact label goes before a part of one."""
        for fits in (lambda one: label in (one["text"], one["callback_data"]), lambda one: label in one["text"]):
            for message in reversed(self.messages):
                for one in (one for row in message.keyboard for one in row if "callback_data" in one):
                    if fits(one):
                        return message, one["callback_data"]
        return None

    async def _changes_membership(self, status: str) -> None:
        self.chat.is_blocked = status == "kicked"
        old = "member" if self.chat.is_blocked else "kicked"
        user = {key: self._world.bot[key] for key in ("id", "is_bot", "first_name", "username")}
        body: dict[str, Any] = {"chat": self.chat.shown(), "from": self.account, "date": self._world.clock()}
        body |= {"old_chat_member": {"user": user, "status": old}, "new_chat_member": {"user": user, "status": status}}
        await self._world.publish("my_chat_member", body)
