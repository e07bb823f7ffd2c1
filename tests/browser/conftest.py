"""The gateway on a real port, and a real Chromium in front of it."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from app.serving import application
from app.settings import Settings
from app.storage import Storage
from tests.rest_shim.serving import serving
from tests.world import World

CHROMIUM = shutil.which("chromium")

expect.set_options(timeout=20_000)  # nobody waits for it but where something is missing, or the machine is busy


@dataclass(slots=True)
class Watched:
    """A page, with every request it makes and everything it complains about."""

    page: Page
    base: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
async def address(world: World, storage: Storage, settings: Settings) -> AsyncIterator[str]:
    """Where the gateway listens: a free port of the loopback address."""
    async with serving(application(world.gateway, settings, storage)) as (host, port):
        yield f"http://{host}:{port}"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser of this test's own."""
    if CHROMIUM is None:
        pytest.skip("Chromium is missing. Install it: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        await browser.close()


@pytest.fixture
async def watched(address: str, browser: Browser) -> Watched:
    """A page of a browser that has never been here."""
    return watch(await browser.new_page(), address)


def watch(page: Page, address: str) -> Watched:
    """Note what a page does."""
    found = Watched(page, address)
    page.on("request", lambda request: found.requests.append(request.url))
    page.on("console", lambda message: found.complaints.append(message.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    return found
