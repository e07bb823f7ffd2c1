"""The page of docs/clients, on another origin than the gateway, in a real Chromium."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from app.serving import application
from app.settings import Settings
from app.storage import Storage
from tests.browser.conftest import Watched
from tests.passwords.conftest import PASSWORD, Passwords
from tests.rest_shim.serving import serving
from tests.world import World

PAGE = Path(__file__).parents[2] / "docs" / "clients" / "rest" / "page.html"


@pytest.fixture
async def page_address(world: World, settings: Settings, storage: Storage) -> AsyncIterator[str]:
    """Where the page is served, which the gateway lets in."""
    text = PAGE.read_text("utf-8")
    ours = 'content="http://127.0.0.1:8000"'
    assert ours in text
    gateways: list[str] = []

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:
        answer = HTMLResponse(text.replace(ours, f'content="{gateways[0]}"'))
        await answer(scope, receive, send)

    async with serving(pages) as (host, port):
        listed = settings.model_copy(update={"cors_origins": (f"http://{host}:{port}",)})
        async with serving(application(world.gateway, listed, storage)) as (_, gateway_port):
            gateways.append(f"http://{host}:{gateway_port}")
            yield f"http://{host}:{port}/"


async def test_a_page_of_another_origin_reads_saves_and_is_refused(
    world: World, watched: Watched, page_address: str
) -> None:
    """Signed in with a password, and still so when it is loaded again; refusals are sentences on the page."""
    person = await world.person(await world.organization(), name="Petra Page")
    await Passwords(world).give(person, PASSWORD)
    await world.complete_before(person, "product-development")
    page = watched.page
    outcome = page.get_by_role("status")
    await page.goto(page_address)
    await expect(outcome).to_have_text("Nobody is signed in.")
    await page.get_by_label("Mail address").fill(person.account.email)
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(outcome).to_contain_text("do not belong together")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(outcome).to_have_text("Version 0")
    await expect(page.get_by_role("listitem")).to_have_count(5)
    await page.get_by_label("Products to keep").fill("Oven planner\n<img src=x onerror=alert(1)>")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(outcome).to_have_text("Saved: version 1")
    await page.get_by_role("button", name="Save a price, too").click()
    await expect(outcome).to_have_text("Refused: locked until product-development")

    saved = await world.graphql(
        person, 'mutation { saveProductDevelopment(input: {portfolio: {keep: ["Bread"]}}) { __typename } }'
    )
    assert saved.data == {"saveProductDevelopment": {"__typename": "SubmissionSaved"}}
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(outcome).to_have_text("Refused: somebody saved version 2 meanwhile")

    await page.reload()
    await expect(outcome).to_have_text("Version 2")
    told = [text for text in watched.complaints if not text.startswith("Failed to load resource")]  # the refusals
    assert told == []
