"""A real Chromium, where there is one."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_ABSENT = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


def needs_chromium(test: object) -> object:
    """Marks a browser test."""
    return pytest.mark.browser(_ABSENT(test))


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield running
        finally:
            await running.close()
