"""The signature drawn on a screen: a one-time page that answers instead of a photo (SIG-1)."""

import base64
import io
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Browser

from tests import story
from tests.browsers import needs_chromium, running_browser
from tests.journeys import stories
from tests.journeys.several import free_port
from tests.journeys.stages import TelegramStage
from tests.phones import TelegramPhone
from tests.stage import PATIENCE, Program, WebPhone

STROKES = [{"points": [{"x": 1, "y": 2, "time": 3, "pressure": 0.5}]}]


def drawn(*, mark: int = 0) -> str:
    """A PNG as the page sends it."""
    picture = Image.new("RGB", (600, 240), "white")
    ImageDraw.Draw(picture).line([(20, 200), (200, 30 + mark), (320, 210), (560, 60)], fill="#10201d", width=6)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


@pytest.fixture
async def ready(tmp_path: Path) -> AsyncIterator[SimpleNamespace]:
    """A job that only wants its signature, and the page's address."""
    desk = await Program(tmp_path).start()
    zhang, li, wang = [await WebPhone(desk.address, seat=seat).opens() for seat in ("customer", "supervisor", "technician")]
    await story.reports(zhang, with_photo=False)
    await li.presses("派 王師傅")
    await story.gets_there(wang)
    await story.works(wang)
    await story.brings_the_report(wang)
    async with httpx.AsyncClient(base_url=desk.address, timeout=PATIENCE, headers={"x-fieldhand": "1"}, verify=False) as client:
        yield SimpleNamespace(desk=desk, zhang=zhang, wang=wang, client=client, page=page_of(wang))
    for phone in (zhang, li, wang):
        await phone.closes()
    await desk.stop()


def page_of(wang: WebPhone) -> str:
    """The address under the newest button that opens one."""
    newest = sorted(wang.messages.values(), key=lambda one: -int(one["id"]))
    buttons = (button for one in newest for row in one["body"].get("rows", ()) for button in row)
    return "/sign/" + next(one["url"] for one in buttons if "/sign/" in one.get("url", "")).rsplit("/", 1)[1]


BAD: list[dict[str, Any]] = [
    {},
    {"png": "data:image/png;base64,AAAA", "strokes": STROKES},
    {"png": drawn(), "strokes": []},
    {"png": "data:image/svg+xml;base64,PHN2Zz4=", "strokes": STROKES},
    {"png": "data:image/png;base64,***", "strokes": STROKES},
]


async def test_a_drawn_signature_seals_the_report_once_whatever_else_was_sent_before(ready: SimpleNamespace) -> None:
    good = {"png": drawn(), "strokes": STROKES}
    page = await ready.client.get(ready.page)
    assert page.status_code == 200
    assert "昨晚開始滴水" in page.text
    assert "張先生" in page.text

    unreadable = [(await ready.client.post(ready.page, json=one)).status_code for one in BAD]
    guessed = await ready.client.post("/sign/guessed-token-of-somebody", json=good)
    elsewhere = await ready.client.post(ready.page, json=good, headers={"origin": "https://evil.example"})
    a_form = await ready.client.post(ready.page, json=good, headers={"x-fieldhand": ""})
    first = await ready.client.post(ready.page, json=good)
    again = await ready.client.post(ready.page, json={"png": drawn(mark=9), "strokes": STROKES})

    assert unreadable == [400] * len(BAD)
    assert (guessed.status_code, elsewhere.status_code, a_form.status_code) == (410, 403, 403)
    assert (first.status_code, again.status_code) == (200, 410)
    await ready.wang.sees("簽名收到")
    await ready.zhang.sees("您簽名的服務報告")
    assert (await ready.client.get(ready.page)).status_code == 410


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as running:
        yield running


async def signs_with_the_mouse(browser: Browser, address: str) -> None:
    """Open the page, write on it, send it, and be thanked."""
    page = await browser.new_page(viewport={"width": 390, "height": 780}, locale="zh-TW")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    await page.goto(address)
    assert await page.locator("#send").is_disabled()

    box = await page.locator("#pad").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 40, box["y"] + 120)
    await page.mouse.down()
    for x, y in ((90, 40), (140, 130), (200, 50), (280, 120)):
        await page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    await page.mouse.up()
    await page.locator("#send").click()

    await page.locator("#done").wait_for(state="visible", timeout=PATIENCE * 1000)
    assert wrong == []


@needs_chromium
async def test_the_customer_signs_with_the_mouse_in_a_real_browser(ready: SimpleNamespace, browser: Browser) -> None:
    await signs_with_the_mouse(browser, f"{ready.desk.address}{ready.page}")

    await ready.wang.sees("簽名收到")


@needs_chromium
async def test_story_3_the_second_signature_is_drawn_on_the_page_that_telegram_leads_to(
    tmp_path: Path, browser: Browser
) -> None:
    port = str(free_port())
    stage = TelegramStage(tmp_path, settings={"HTTP_PORT": port, "PUBLIC_URL": f"http://127.0.0.1:{port}"})

    async def draws(wang: TelegramPhone) -> None:
        await story.brings_the_report(wang)
        offered = (one for shown in wang.user.messages[::-1] for row in shown.keyboard for one in row)
        page = next(one["url"] for one in offered if one["text"] == "✍ 在螢幕上簽")
        await signs_with_the_mouse(browser, page)

    await stories.what_was_signed_is_what_was_done(stage, draws)
