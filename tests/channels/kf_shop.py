"""The whole way from a decision to a customer's chat, in this process: reception, outbox, delivery, 微信客服."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.channels.base import Channel
from bot.channels.wecom_kf import WecomKf
from bot.delivery import Delivery
from bot.leases import Leases
from bot.reception import Reception
from handlers.said import said
from handlers.turn import Company
from rules.orders import WorkOrder
from rules.people import Role
from storage import orders, people
from storage.files import Shelf
from storage.outbox import COURTESY, MUST
from storage.people import Account
from storage.tables import accounts, outbox
from storage.unit import Unit
from tests.channels.kf_desk import KfDesk
from tests.room import terms_of
from tests.storage.making import an_order
from tests.stubs.wecom_kf import Visitor

LI_CHANNEL = "paper"
"""Where the supervisor is told: nobody takes it from there, so that it can be read."""


class Shop:
    """A company with one supervisor, whose customers write through 微信客服."""

    def __init__(self, desk: KfDesk, folder: Path, channels: dict[str, Channel]) -> None:
        self.desk, self.store, self.stub = desk, desk.store, desk.stub
        self.channel: WecomKf = desk.channel
        company = Company("測試家電", "Asia/Taipei", "TW", "zh-Hant", "main", terms_of("appliance"))
        self.company = company
        self.channels: dict[str, Channel] = {"kf": self.channel, **channels}
        leases = Leases(self.store)
        self.delivery = Delivery(self.store, self.channels, lambda: company, leases)
        shelf = Shelf(folder / "files")
        told: Any = {"holder": leases.holder, "delivery": self.delivery, "on_committed": self.delivery.wake}
        self.reception = Reception(self.store, shelf, self.channels, lambda: company, **told)
        self.li = self._add_supervisor()
        self._sending: asyncio.Task[None]

    async def opens(self) -> None:
        """Receive and send. WeCom calls when there is something."""
        await self.channel.start(self.reception.accept)
        self.sends()

    def sends(self) -> None:
        self._sending = asyncio.create_task(self.delivery.run())

    async def closes(self) -> None:
        await self.channel.stop()
        await self.reception.finish()
        await self.delivery.finish()
        self._sending.cancel()
        await asyncio.gather(self._sending, return_exceptions=True)

    # Saying

    def notice(self, visitor: Visitor, words: str, *, is_must: bool = True, order: int | None = None, **more: Any) -> None:
        """A notice to a customer waits in the outbox."""
        person = self.account(visitor).person
        body = said("notice.answer", {"number": "—", "answer": words}, **more)
        self.write(lambda unit: unit.say(person, body, priority=MUST if is_must else COURTESY, order=order))

    def card(self, visitor: Visitor, order: WorkOrder, text: str, **facts: Any) -> None:
        """The customer's card of an order, headed by a notice."""
        person = self.account(visitor).person
        headline = {"text": text, "facts": {"number": order.number} | facts}
        self.write(lambda unit: unit.show_card(person, order.subject, headline=headline, is_reply=False))

    def order_of(self, visitor: Visitor, **others: Any) -> WorkOrder:
        customer = self.read(lambda c: people.person(c, self.account(visitor).person))
        return self.store.write_now(lambda c: an_order(c, customer=customer, **({"branch": "main"} | others)))

    def goes(self) -> None:
        self.delivery.wake()

    # Looking

    def account(self, visitor: Visitor) -> Account:
        found = self.read(lambda c: people.account_of(c, "kf", visitor.id))
        assert found is not None
        return found

    def rows(self, chat: str) -> list[Row[Any]]:
        """What is, or was, to be said in a chat."""
        return self.read(lambda c: list(c.execute(select(outbox).where(outbox.c.chat == chat).order_by(outbox.c.id))))

    def told(self) -> list[str]:
        """Text ids that the supervisor was told."""
        return [row.body["text"] for row in self.rows("li")]

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until it is so; whatever happens here wakes the stub or the store."""
        async with asyncio.timeout(10):
            while not is_so():
                await asyncio.sleep(0.01)

    def was_heard(self, visitor: Visitor, ago: timedelta) -> None:
        """Turn back the moment of the last word."""
        at = datetime.now(UTC) - ago
        self.store.write_now(lambda c: c.execute(update(accounts).where(accounts.c.chat == visitor.id).values(heard_at=at)))

    def read(self, work: Callable[[Connection], Any]) -> Any:
        return self.store.read_now(work)

    def write(self, work: Callable[[Unit], None]) -> None:
        self.store.write_now(lambda c: work(Unit(c, datetime.now(UTC), self.company.terms)))

    def change(self, order: WorkOrder, **values: Any) -> WorkOrder:
        return self.store.write_now(lambda c: orders.change(c, order, replace(order, **values)))

    def _add_supervisor(self) -> int:
        def work(connection: Connection) -> int:
            now = datetime.now(UTC)
            li = people.add_person(connection, name="李主任", roles=[Role.SUPERVISOR], branch="main", now=now)
            people.add_account(connection, li.id, channel=LI_CHANNEL, address="li", chat="li", now=now)
            return li.id

        return self.store.write_now(work)


@asynccontextmanager
async def opened(desk: KfDesk, folder: Path, channels: dict[str, Channel] | None = None) -> AsyncIterator[Shop]:
    """A shop that receives and sends; everything is closed at the end."""
    shop = Shop(desk, folder, channels or {})
    await shop.opens()
    try:
        yield shop
    finally:
        await shop.closes()
