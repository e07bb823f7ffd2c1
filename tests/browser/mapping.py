"""The map as its readers use it: opened as somebody, its tools by name, its panel."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Locator, Page, Route, expect

from app.pages import MAP_OPERATIONS
from graphql_api.stored import document_id
from tests.browser.conftest import Watched, watch
from tests.world import Person

REFUSED_COOKIE = "Failed to load resource: the server responded with a status of 401"
"""What Chromium says when a newcomer has no cookie yet."""


async def open_map(watched: Watched, person: Person | None = None, address: str = "", *, heard: bool = True) -> Page:
    """The map in this page, in development's way as ``person``; with them, once changes are ``heard``."""
    page = watched.page
    if person is not None:
        await page.add_init_script(f"sessionStorage.setItem('fast-track-map.picked', '{person.account.email}')")
    await page.goto(f"{watched.base}/{address}")
    if person is not None and heard:
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    return page


async def another(browser: Browser, watched: Watched, person: Person, address: str = "") -> Page:
    """The map in a browser window of its own."""
    context = await browser.new_context()
    return await open_map(watch(await context.new_page(), watched.base), person, address)


def tool(page: Page, name: str) -> Locator:
    """The button of a tool, by the beginning of what a screen reader says."""
    return page.locator("main").get_by_role("button", name=name, exact=True)


def panel(page: Page) -> Locator:
    """What is open beside the map."""
    return page.get_by_role("complementary")


def outcome(page: Page) -> Locator:
    """What a save came to."""
    return panel(page).locator("form").get_by_role("status")


def complaints(watched: Watched) -> list[str]:
    """What the page complained about, but the cookie that is not there."""
    return [each for each in watched.complaints if not each.startswith(REFUSED_COOKIE)]


@asynccontextmanager
async def held(page: Page, operation: str) -> AsyncIterator[None]:
    """Whatever the page asks by this stored operation inside the block is answered at its end."""
    asked = document_id(json.loads(MAP_OPERATIONS.read_text("utf-8"))[operation])
    free = asyncio.Event()

    async def hold(route: Route) -> None:
        if (route.request.post_data_json or {}).get("documentId") == asked:
            await free.wait()
        await route.continue_()

    await page.route("**/graphql", hold)
    try:
        yield
    finally:
        free.set()
        await page.unroute_all(behavior="wait")
