"""The three-phone page in a real Chromium: the whole job, played by clicking and typing; its pictures stand in the README."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Frame, Page

from tests import story
from tests.browsers import needs_chromium, running_browser
from tests.stage import PATIENCE, ROOT, Program

PICTURES = os.environ.get("FIELDHAND_PICTURES", "")  # a folder: the README's pictures are taken anew

_SEES = """([words, mark]) => [...document.querySelectorAll('#log .line:not(.mine)')].slice(-4)
    .some(line => words.every(word => line.innerText.includes(word)))"""


class BrowserPhone:
    """One of the three frames."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    async def says(self, words: str) -> None:
        await self.frame.fill("#words", words)
        await self.frame.press("#words", "Enter")

    async def presses(self, label: str) -> None:
        exact = self.frame.get_by_role("button", name=label, exact=True).and_(self.frame.locator(".press"))
        near = self.frame.locator(".press", has_text=label)
        await exact.or_(near).last.wait_for(timeout=PATIENCE * 1000)
        found = exact if await exact.count() else near
        await found.last.click()

    async def sends_photo(self, content: bytes) -> None:
        await self.frame.set_input_files("#pick-photo", {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content})

    async def sees(self, *words: str) -> None:
        await self.frame.wait_for_function(_SEES, arg=[list(words), 0], timeout=PATIENCE * 1000)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as running:
        yield running


async def _phone(page: Page, seat: str) -> BrowserPhone:
    element = await page.wait_for_selector(f'.phone[data-seat="{seat}"] iframe')
    frame = await element.content_frame()
    assert frame is not None
    phone = BrowserPhone(frame)
    await frame.wait_for_selector("#words")
    await phone.sees("您好")
    return phone


async def _keep_picture(page: Page, name: str) -> None:
    """For the README, when somebody asks for new pictures."""
    if PICTURES:
        await page.wait_for_timeout(700)  # let the scrolling come to rest
        await page.screenshot(path=f"{PICTURES}/{name}.png")


def _watched(page: Page) -> list[str]:
    """What goes wrong inside the page."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    return wrong


@needs_chromium
async def test_the_job_is_played_on_the_three_phone_page(tmp_path: Path, browser: Browser) -> None:
    desk = await Program(tmp_path).start()
    page = await browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-TW", reduced_motion="reduce")
    wrong = _watched(page)
    await page.goto(f"{desk.address}/")
    zhang, li, wang = [await _phone(page, seat) for seat in ("customer", "supervisor", "technician")]

    await story.reports(zhang)
    await li.sees("新報修", "客廳冷氣漏水")
    await _keep_picture(page, "three-phones")
    await li.presses("派 王師傅")
    await story.gets_there(wang)
    await zhang.sees("王師傅")
    await story.works(wang)
    await _keep_picture(page, "on-site")
    await story.signs(wang)
    await wang.sees("簽名收到")
    await zhang.sees("您簽名的服務報告")
    await story.leaves(wang)
    await li.sees("王師傅 離場")
    await li.presses("核准")
    await li.sees("已核准")
    await zhang.sees("已結案")
    await _keep_picture(page, "closed")

    assert wrong == []
    await desk.stop()


@pytest.mark.parametrize(("language", "words"), [("zh-Hant", "哪裡壞了"), ("zh-Hans", "哪里坏了"), ("en", "What is wrong?")])
@needs_chromium
async def test_a_stranger_reports_on_a_small_phone_in_his_language(
    tmp_path: Path, browser: Browser, language: str, words: str
) -> None:
    desk = await Program(tmp_path).start()
    page = await browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, locale=language)
    wrong = _watched(page)
    await page.goto(f"{desk.address}/chat?lang={language}")
    phone = BrowserPhone(page.main_frame)
    await page.locator("#log .press.primary").first.click()
    await phone.sees(words)

    width = await page.evaluate("document.documentElement.scrollWidth")
    heights = await page.eval_on_selector_all(".press", "all => all.map(one => one.getBoundingClientRect().height)")

    assert width <= 390, "the page scrolls sideways"
    assert all(height >= 40 for height in heights), "a button is too small for a thumb"
    assert wrong == []
    await _keep_picture(page, f"phone-{language}")
    await desk.stop()


def test_the_pictures_of_the_readme_are_there() -> None:
    pictures = {path.name for path in (ROOT / "docs" / "pictures").glob("*.png")}

    assert {"three-phones.png", "on-site.png", "closed.png", "phone-zh-Hant.png"} <= pictures
