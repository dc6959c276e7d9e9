"""微信客服 over real HTTP, with customers on plain WeChat.

stub = await KfStub.start()
zhang = stub.customer("張先生")
await stub.connects(f"{address}/wecom/kf")
await zhang.enters()
await zhang.says("冷氣漏水")
await zhang.presses("就這些")
await zhang.sees("哪一台")
await stub.stop()
"""

import itertools
from typing import Any

from tests.stubs.wecom import AES_KEY, Fault, WecomStub
from tests.stubs.wecom_callback import xml
from tests.stubs.wecom_kf_api import methods
from tests.stubs.wecom_kf_customer import Visitor
from tests.stubs.wecom_kf_world import COLLEAGUE, ENDED, OPEN_KFID, STAFFED, SYSTEM, Customer, KfWorld
from tests.stubs.wecom_world import App

__all__ = ["OPEN_KFID", "Customer", "Fault", "KfStub", "Visitor"]

SECRET, TOKEN = "kf-secret-stub-stub-stub-stub", "kfCallbackToken1"


class KfStub:
    """One corp's 微信客服 with one account."""

    def __init__(self, wecom: WecomStub, kf: KfWorld) -> None:
        self.wecom, self.kf, self.world = wecom, kf, wecom.world
        self._users = itertools.count(1)

    @classmethod
    async def start(cls) -> "KfStub":
        """Serve on a free port."""
        found: list[KfWorld] = []
        wecom = await WecomStub.start(methods(lambda: found[0]))
        app = wecom.world.apps.setdefault(SECRET, App(SECRET, 0, TOKEN, AES_KEY))
        found.append(KfWorld(wecom.world, app))
        return cls(wecom, found[0])

    async def stop(self) -> None:
        await self.wecom.stop()

    @property
    def origin(self) -> str:
        return self.wecom.origin

    @property
    def settings(self) -> dict[str, str]:
        """What the program is told."""
        return {
            "WECOM_CORP_ID": self.world.corp_id,
            "WECOM_API_BASE": self.origin,
            "WECOM_KF_SECRET": SECRET,
            "WECOM_KF_OPEN_ID": OPEN_KFID,
            "WECOM_KF_TOKEN": TOKEN,
            "WECOM_KF_AES_KEY": AES_KEY,
        }

    def customer(self, name: str) -> Visitor:
        """Somebody new on WeChat."""
        user = f"wmAJ2GCAAAme1XQRC-NI-q0_{next(self._users):06}"
        customer = self.kf.customers[user] = Customer(user, name)
        return Visitor(self.kf, customer, self.calls_back)

    async def connects(self, url: str) -> None:
        """Set the callback's address as the console does: it has to pass the check."""
        status, text = await self.wecom.caller.check(self.kf.app, url)
        assert (status, text) == (200, "1616140317555161061"), (status, text)
        self.kf.app.hook = url

    async def calls_back(self) -> None:
        """Tell the program that there is something, if it has an address."""
        if self.kf.app.hook:
            told: dict[str, Any] = {"ToUserName": self.world.corp_id, "CreateTime": int(self.kf.now()), "MsgType": "event"}
            told |= {"Event": "kf_msg_or_event", "Token": self.kf.callback_token(), "OpenKfId": OPEN_KFID}
            self.wecom.caller.push(self.kf.app, xml(told))
        await self.world.tell()

    # What colleagues do in WeCom's own client

    async def takes_over(self, visitor: Visitor) -> None:
        """A colleague answers the customer himself."""
        visitor.customer.state = STAFFED
        self.kf.write(visitor.customer, SYSTEM, "event", {"event_type": "session_status_change", "change_type": 1})
        self.kf.write(visitor.customer, COLLEAGUE, "text", {"content": "您好，我是真人"})
        await self.calls_back()

    async def ends(self, visitor: Visitor) -> None:
        """The session is ended by hand."""
        visitor.customer.state = ENDED
        self.kf.write(visitor.customer, SYSTEM, "event", {"event_type": "session_status_change", "change_type": 3})
        await self.calls_back()

    async def fails(self, visitor: Visitor, msgid: str, fail_type: int) -> None:
        """A message that was taken did not arrive."""
        told = {"event_type": "msg_send_fail", "fail_msgid": msgid, "fail_type": fail_type}
        self.kf.write(visitor.customer, SYSTEM, "event", told)
        await self.calls_back()
