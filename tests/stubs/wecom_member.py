"""Somebody with the app open in WeCom: says, presses, sends and sees. Fits tests/story.py."""

import re
from collections.abc import Callable
from typing import Any

from tests.stage import PATIENCE
from tests.stubs.wecom_callback import Caller, xml
from tests.stubs.wecom_world import App, Chat, Message, World, transcript

AMR = b"#!AMR\n" + bytes(range(200))


class Member:
    """A member of the corp who sees the app."""

    def __init__(self, world: World, caller: Caller, app: App, user: str, name: str) -> None:
        self.world, self.caller, self.app, self.id, self.name = world, caller, app, user, name
        self.chat = world.chats.setdefault(user, Chat(user, name))
        self._mark = 0
        self.takes_time: Callable[[], None] = lambda: None
        """Called before anything he does."""

    # Doing

    async def opens(self, payload: str = "") -> "Member":
        """Enter the app for the first time, perhaps with a code to type."""
        self.enters()
        if payload:
            await self.says(payload)
        return self

    def enters(self) -> None:
        self._begins()
        self.happens("enter_agent", EventKey="")

    def subscribes(self) -> None:
        self._begins()
        self.happens("subscribe", EventKey="")

    def unsubscribes(self) -> None:
        self.happens("unsubscribe", EventKey="")

    async def says(self, words: str) -> None:
        self._sends("text", text=words, Content=words)

    async def sends_photo(self, content: bytes, *, date: int | None = None) -> None:
        """`date`: when it was sent, if it arrives only now."""
        told: dict[str, Any] = {"PicUrl": "http://p.example/x", "MediaId": self.world.keep("image", content, "photo.jpg")}
        self._sends("image", data=content, **told, **({} if date is None else {"CreateTime": date}))

    async def sends_voice(self, content: bytes = AMR) -> None:
        self._sends("voice", data=content, MediaId=self.world.keep("voice", content, "voice.amr"), Format="amr")

    async def sends_video(self, content: bytes = b"video!") -> None:
        media_id = self.world.keep("video", content, "video.mp4")
        self._sends("video", data=content, MediaId=media_id, ThumbMediaId=media_id)

    async def sends_link(self, url: str) -> None:
        self._sends("link", text=url, Title="連結", Description="", Url=url, PicUrl="")

    async def shares_place(self, latitude: float, longitude: float, label: str = "") -> None:
        """A point as WeCom tells it, which in mainland China is in GCJ-02."""
        self._sends("location", Location_X=latitude, Location_Y=longitude, Scale=16, Label=label, AppType="wxwork")

    async def presses(self, label: str) -> None:
        """Press the newest button with this label since the last own action, or type the number of such a line."""
        found = await self._until(lambda: self._button(label) or self._numbered(label), f"a button {label!r}")
        if isinstance(found, str):
            await self.says(found)
        else:
            self.presses_key(*found)

    async def presses_token(self, token: str) -> None:
        """A press on the newest card, whether or not it has such a button: kept from long ago, told by others, made up."""
        self.presses_key(next(one for one in reversed(self.messages) if one.card), token)

    def presses_key(self, message: Message, key: str) -> str:
        """A press whether or not such a button is there (any more); returns the response_code that comes with it."""
        self._begins()
        code = self.world.code_for(message)
        card = message.card
        self.happens(
            "template_card_event", EventKey=key, TaskId=card.get("task_id", ""), CardType=card["card_type"], ResponseCode=code
        )
        return code

    async def taps_menu(self, name: str) -> None:
        """A line of the app's menu at the lower edge."""
        every = [one for top in self.app.menu for one in top.get("sub_button") or [top]]
        key = next(one["key"] for one in every if name in one["name"])
        self._begins()
        self.happens("click", EventKey=key)

    def happens(self, event: str, **more: Any) -> None:
        self.caller.push(self.app, xml(self._head("event") | {"Event": event} | more | {"AgentID": self.app.agent_id}))

    # Seeing

    async def sees(self, *words: str) -> str:
        """Wait for a message, sent or changed since the last own action, that shows all these words."""
        return str(await self._until(lambda: self._appearance(words), f"{words!r}"))

    def shows(self, words: str) -> bool:
        return any(words in one.shown for one in self.chat.messages)

    def seen(self) -> None:
        """Look only at what comes from now on."""
        self._begins()

    @property
    def messages(self) -> list[Message]:
        """The app's messages as they stand."""
        return [one for one in self.chat.messages if one.is_bots]

    def _sends(self, kind: str, *, text: str = "", data: bytes = b"", **told: Any) -> None:
        self._begins()
        message = self.world.put(self.chat, is_bots=False, kind=kind, text=text, data=data)
        self.caller.push(self.app, xml(self._head(kind) | told | {"MsgId": int(message.id), "AgentID": self.app.agent_id}))

    def _head(self, kind: str) -> dict[str, Any]:
        names = {"ToUserName": self.world.corp_id, "FromUserName": self.id}
        return names | {"CreateTime": int(self.world.clock()), "MsgType": kind}

    def _begins(self) -> None:
        self.takes_time()
        self._mark = len(self.chat.appearances)

    async def _until(self, look: Any, what: str) -> Any:
        found = await self.world.wait_for(look, PATIENCE)
        assert found not in (None, True, False), f"{self.name} waits in vain for {what} in:\n{transcript(self.chat)}"
        return found

    def _appearance(self, words: tuple[str, ...]) -> str | None:
        fresh = reversed(self.chat.appearances[self._mark :])
        return next((one.text for one in fresh if all(word in one.text for word in words)), None)

    def _since(self) -> list[Message]:
        """Messages that stand since the last own action and the one before it, newest first."""
        known = {one.message.id for one in self.chat.appearances[max(0, self._mark - 1) :]}
        return [one for one in reversed(self.messages) if one.id in known]

    def _button(self, label: str) -> tuple[Message, str] | None:
        for exact in (True, False):
            for message in self._since():
                for one in (one for one in message.buttons if one.get("type") != 1):
                    if one["text"] == label if exact else label in one["text"]:
                        return message, one["key"]
        return None

    def _numbered(self, label: str) -> str | None:
        """The number before a line with these words."""
        for message in self._since():
            if found := re.search(rf"^(\d+)\. .*{re.escape(label)}", message.shown, re.MULTILINE):
                return found[1]
        return None
