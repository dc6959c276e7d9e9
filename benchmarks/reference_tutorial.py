"""The reference of durable turns: the stack that tutorials build, with python-telegram-bot, Starlette and SQLAlchemy's ORM on
aiosqlite, asking the same questions and as durable as Fieldhand.

An update is committed (WAL, synchronous=FULL) together with the new state and the reply before it is confirmed; the reply is
marked once it is sent. One connection, since SQLite has one writer: with more, "database is locked" comes instead of speed.
"""

import asyncio
import os
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import uvicorn
from sqlalchemy import JSON, BigInteger, ForeignKey, Text, event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.request import HTTPXRequest

from benchmarks.reference_conversation import QUESTIONS


class Base(DeclarativeBase):
    type_annotation_map = {dict[str, Any]: JSON, datetime: Text}  # noqa: RUF012


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str]
    step: Mapped[int] = mapped_column(default=-1)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Received(Base):
    __tablename__ = "received"
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    body: Mapped[dict[str, Any]]


class Report(Base):
    __tablename__ = "reports"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    answers: Mapped[dict[str, Any]]
    reported_at: Mapped[str]


class Reply(Base):
    __tablename__ = "replies"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str]
    labels: Mapped[dict[str, Any]]
    message_id: Mapped[int | None] = mapped_column(BigInteger)


class Desk:
    """Takes updates, keeps them with what follows from them, and answers."""

    def __init__(self, bot: Bot, engine: AsyncEngine) -> None:
        self._bot, self._sessions = bot, async_sessionmaker(engine, expire_on_commit=False)
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: set[asyncio.Task[None]] = set()

    async def telegram(self, request: Request) -> Response:
        """The webhook: 200 says that it is stored."""
        body = await request.json()
        update = Update.de_json(body, self._bot)
        chat, message = update.effective_chat, update.message
        if chat is None or message is None:
            return Response()
        async with self._locks[chat.id], self._sessions() as session:
            session.add(Received(update_id=update.update_id, body=body))
            try:
                await session.flush()
            except IntegrityError:
                return Response()  # it came again
            reply = await _answer(session, chat.id, chat.first_name or "", message.text or "")
            session.add(reply)
            await session.commit()
        task = asyncio.create_task(self._send(reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return Response()

    async def _send(self, reply: Reply) -> None:
        rows = [[InlineKeyboardButton(one, callback_data=one) for one in row] for row in reply.labels["rows"]]
        sent = await self._bot.send_message(reply.chat, reply.text, reply_markup=InlineKeyboardMarkup(rows))
        async with self._sessions() as session:
            stored = await session.get_one(Reply, reply.id)
            stored.message_id = sent.message_id
            await session.commit()


async def _answer(session: AsyncSession, chat: int, name: str, text: str) -> Reply:
    """Store an answer and put the next question."""
    customer = (await session.execute(select(Customer).where(Customer.id == chat))).scalar_one_or_none()
    if customer is None:
        customer = Customer(id=chat, name=name, step=-1, answers={})
        session.add(customer)
    customer.step += 1
    if customer.step == len(QUESTIONS):
        report = Report(customer_id=chat, answers=customer.answers, reported_at=datetime.now(UTC).isoformat())
        session.add(report)
        await session.flush()
        customer.step, customer.answers = -1, {}
        return Reply(chat=chat, text=f"收到，編號 {report.id}。", labels={"rows": []})
    kept, question, labels = QUESTIONS[customer.step]
    if kept:
        customer.answers = {**customer.answers, kept: text}
    return Reply(chat=chat, text=question, labels={"rows": labels})


async def main() -> None:
    """Serve until somebody ends it."""
    port, base = int(os.environ["HTTP_PORT"]), os.environ["TELEGRAM_API_BASE"]
    engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=1, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    bot = Bot(os.environ["TELEGRAM_BOT_TOKEN"], f"{base}/bot", request=HTTPXRequest(64, 60.0, 60.0, 60.0, 60.0))
    desk = Desk(bot, engine)
    web = Starlette(routes=[Route("/telegram", desk.telegram, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(web, port=port, host="127.0.0.1", log_level="critical"))
    async with bot:
        await bot.set_webhook(f"http://127.0.0.1:{port}/telegram")
        await server.serve()


if __name__ == "__main__":
    asyncio.run(main())
