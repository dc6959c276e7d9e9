"""A small bot on PyPI's wecom-aibot-sdk: whoever writes to it sees what the SDK makes of our long connection."""

import asyncio
import hashlib
import sys
from typing import Any

from wecom_aibot_sdk import WSClient


class Quiet:
    """Their logger writes down whole messages."""

    def __getattr__(self, _name: str) -> Any:
        return lambda *_words: None


def card(task: str, title: str, label: str) -> dict[str, Any]:
    button = {"text": label, "style": 1, "key": "yes"}
    return {"card_type": "button_interaction", "main_title": {"title": title}, "button_list": [button], "task_id": task}


async def main(url: str, bot_id: str, secret: str) -> None:
    bot = WSClient(bot_id, secret, ws_url=url, logger=Quiet())

    async def welcomes(frame: Any) -> None:
        await bot.reply_welcome(frame, {"msgtype": "text", "text": {"content": "welcome"}})

    async def changes(frame: Any) -> None:
        task = frame["body"]["event"]["template_card_event"]["task_id"]
        await bot.update_template_card(frame, card(task, "changed", "done"))

    async def opens(frame: Any) -> None:
        image = frame["body"]["image"]
        found = await bot.download_file(image["url"], image["aeskey"])
        await bot.reply_stream(frame, "image", hashlib.sha256(found["buffer"]).hexdigest(), True)

    async def hears(frame: Any) -> None:
        words, sender = frame["body"]["text"]["content"], frame["body"]["from"]["userid"]
        if words == "card":
            await bot.send_message(sender, {"msgtype": "template_card", "template_card": card("judge-1", "press", "yes")})
        elif words == "file":
            brought: Any = await bot.upload_media(b"\x07" * 700 * 1024, type="file", filename="judge.bin")
            await bot.send_media_message(sender, "file", brought["media_id"])
        else:
            await bot.reply_stream(frame, "words", f"heard {words}", True)
            await bot.send_message(sender, {"msgtype": "markdown", "markdown": {"content": "pushed"}})

    bot.on("authenticated", lambda: print("authenticated", flush=True))
    bot.on("event.disconnected_event", lambda _frame: print("displaced", flush=True))
    bot.on("error", lambda error: print(f"error {error}", flush=True))
    bot.on("event.enter_chat", welcomes)
    bot.on("event.template_card_event", changes)
    bot.on("message.image", opens)
    bot.on("message.text", hears)
    await bot.connect()
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
