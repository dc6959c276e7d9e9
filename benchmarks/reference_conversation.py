"""The reference of the turns: python-telegram-bot's ConversationHandler with PicklePersistence, as its own examples build it.

It asks the same questions with the same buttons. Persistence is flushed at every update, so that a reply is never ahead of what
is kept; the file is not synced to the disk, as the library doesn't. No network: the API's answers are made on the spot.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.request import BaseRequest, RequestData

from benchmarks.crowd import talks, update

Context = ContextTypes.DEFAULT_TYPE
Step = Callable[[Update, Context], Awaitable[int]]

QUESTIONS: tuple[tuple[str, str, list[list[str]]], ...] = (
    ("", "哪裡壞了？請寫下來或錄音。", [["取消"]]),
    ("fault", "有照片嗎？可以傳好幾張。", [["就這些"], ["上一題", "取消"]]),
    ("photos", "機型是什麼？", [["上一題", "取消"]]),
    ("model", "地址是哪裡？", [["上一題", "取消"]]),
    ("address", "到場找哪一位？", [["上一題", "取消"]]),
    ("contact", "電話號碼？", [["上一題", "取消"]]),
    ("phone", "在市區還是市郊？", [["市區", "市郊"], ["上一題", "取消"]]),
    ("zone", "這樣對嗎？", [["確認"], ["修改", "取消"]]),
)


class Silent(BaseRequest):
    """Answers every call at once, as Telegram would."""

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_others: Any, **_more: Any
    ) -> tuple[int, bytes]:
        told = request_data.parameters if request_data else {}
        result: dict[str, Any] = {"id": 8000000001, "is_bot": True, "first_name": "外勤幫手", "username": "bench_bot"}
        if "chat_id" in told:
            chat = {"id": told["chat_id"], "type": "private", "first_name": "張先生"}
            result = {"message_id": 7, "date": 1_790_000_000, "chat": chat, "text": told.get("text", "")}
        return 200, json.dumps({"ok": True, "result": result}).encode()


def messages_per_second(folder: Path, n_messages: int, *, crowd: int) -> float:
    """Updates handled and kept in a second, `crowd` people taking turns."""
    return asyncio.run(_measure(folder, n_messages, crowd))


async def _measure(folder: Path, n_messages: int, crowd: int) -> float:
    builder = Application.builder().token("8000000001:AAH-bench").request(Silent()).get_updates_request(Silent())
    application = builder.persistence(PicklePersistence(folder / "conversations.pickle")).build()
    application.add_handler(_conversation())
    await application.initialize()
    people = [(5_000 + n, talks(n)) for n in range(crowd)]
    start = time.perf_counter()
    for n in range(n_messages):
        chat, talk = people[n % crowd]
        await application.process_update(Update.de_json(update(chat, next(talk)), application.bot))
        await application.update_persistence()
    return n_messages / (time.perf_counter() - start)


def _conversation() -> ConversationHandler[Context]:
    steps = [MessageHandler(filters.TEXT, _ask(n, *question)) for n, question in enumerate(QUESTIONS)]
    states: dict[object, list[Any]] = {n: [step] for n, step in enumerate(steps[1:])}
    states[len(QUESTIONS) - 1] = [MessageHandler(filters.TEXT, _finish)]
    return ConversationHandler([steps[0]], states, [], name="report", persistent=True)


def _ask(n: int, kept: str, question: str, labels: list[list[str]]) -> Step:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(one, callback_data=one) for one in row] for row in labels])

    async def step(update: Update, context: Context) -> int:
        assert update.message is not None and context.user_data is not None
        if kept:
            context.user_data[kept] = update.message.text
        await update.message.reply_text(question, reply_markup=keyboard)
        return n

    return step


async def _finish(update: Update, context: Context) -> int:
    """A bot of this sort would keep the report in `bot_data`, which grows the file for ever; it is let go here."""
    assert update.message is not None and context.user_data is not None
    context.user_data.clear()
    await update.message.reply_text("收到，編號 2611-0001。")
    return ConversationHandler.END
