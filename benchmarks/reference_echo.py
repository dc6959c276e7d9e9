"""The reference of the latency: an echo bot on a webhook, as python-telegram-bot's own example for custom webhooks builds it.

It stores nothing and promises nothing: the update is put into a queue in memory and confirmed.
"""

import asyncio
import os

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def main() -> None:
    """Serve until somebody ends it."""
    port, base = int(os.environ["HTTP_PORT"]), os.environ["TELEGRAM_API_BASE"]
    builder = Application.builder().token(os.environ["TELEGRAM_BOT_TOKEN"]).updater(None)
    builder = builder.read_timeout(60.0).write_timeout(60.0).connect_timeout(60.0).pool_timeout(60.0)
    application = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, _echo))

    async def telegram(request: Request) -> Response:
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return Response()

    web = Starlette(routes=[Route("/telegram", telegram, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(web, port=port, host="127.0.0.1", log_level="critical"))
    async with application:
        await application.start()
        await application.bot.set_webhook(f"http://127.0.0.1:{port}/telegram")
        await server.serve()
        await application.stop()


async def _echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None and update.message.text is not None
    await update.message.reply_text(update.message.text)


if __name__ == "__main__":
    asyncio.run(main())
