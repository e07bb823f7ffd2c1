"""The gateway on a real port, and a real Chromium in front of it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright

from app.serving import application
from app.settings import Settings
from app.storage import Storage
from tests.world import World

CHROMIUM = shutil.which("chromium")


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
    config = uvicorn.Config(application(world.gateway, settings, storage), host="127.0.0.1", port=0, log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event to wait for
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving


@pytest.fixture
async def watched(address: str) -> AsyncIterator[Watched]:
    """A page of a browser that has never been here."""
    if CHROMIUM is None:
        pytest.skip("Chromium is missing. Install it: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        page = await browser.new_page()
        found = Watched(page, address)
        page.on("request", lambda request: found.requests.append(request.url))
        page.on("console", lambda message: found.complaints.append(message.text))
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        yield found
        await browser.close()
