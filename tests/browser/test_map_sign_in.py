"""Signing in to the map, staying so, and the end of it; in production with trusted documents only."""

import asyncio
from http import HTTPStatus

import pytest
from playwright.async_api import Browser, Page, Route, expect

from app.serving import application
from app.settings import Settings
from tests.browser.conftest import Watched, watch
from tests.browser.mapping import open_map, outcome, panel, tool
from tests.passwords.conftest import PASSWORD, Passwords
from tests.rest_shim.school import Pupil, link
from tests.rest_shim.serving import serving
from tests.world import Person, World, open_world


@pytest.fixture
async def person(world: World) -> Person:
    """Somebody with a password and nothing written yet."""
    person = await world.person(await world.organization(), name="Mara Map")
    await Passwords(world).give(person, PASSWORD)
    return person


async def test_with_a_password_until_one_signs_out(watched: Watched, person: Person) -> None:
    """A wrong password is a sentence; the cookie outlives a reload; no token is kept where scripts could find it."""
    page = await open_map(watched)
    await page.get_by_label("Mail address").fill(person.account.email)
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("banner").get_by_text("Mara Map")).to_be_visible()
    await expect(tool(page, "WOOP, open")).to_be_visible()
    await page.reload()
    await expect(tool(page, "WOOP, open")).to_be_visible()
    assert await page.evaluate("[...Object.keys(sessionStorage), ...Object.keys(localStorage), document.cookie]") == [
        ""
    ]
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in to see your work")).to_be_visible()
    await expect(tool(page, "WOOP")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Sign in to see your work")).to_be_visible()


async def test_from_the_school(watched: Watched) -> None:
    """Whoever follows the school's link is signed in by the cookie that it set, without a form."""
    page = watched.page
    await page.goto(watched.base + link(Pupil(name="Sally School"), "/"))
    await expect(page.get_by_role("banner").get_by_text("Sally School")).to_be_visible()
    await expect(tool(page, "WOOP, open")).to_be_visible()
    assert watched.complaints == []


async def test_a_token_that_runs_out_is_renewed(watched: Watched, person: Person) -> None:
    """The person notices nothing: the cookie gives the next token, and the request is sent once more."""
    page = await open_map(watched)
    await _sign_in(page, person)
    refused = 0

    async def once(route: Route) -> None:
        nonlocal refused
        refused += 1
        await route.fulfill(status=401, json={"errors": [{"message": "Token expired"}]})

    await page.route("**/graphql", once, times=1)
    watched.requests.clear()
    await tool(page, "WOOP, open").click()
    await expect(panel(page).get_by_label("If-then plan")).to_be_visible()
    assert refused == 1
    assert f"{watched.base}/api/auth/refresh" in watched.requests


async def test_a_session_that_is_ended_loses_nothing(world: World, watched: Watched, person: Person) -> None:
    """The page says so at once, by the connection that hears; signed in again, what was typed is there to be saved."""
    page = await open_map(watched)
    await _sign_in(page, person)
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await tool(page, "WOOP, open").click()
    await panel(page).get_by_label("If-then plan").fill("If it ends, I go on.")
    ended = await world.graphql(person, "mutation { revokeSessions { __typename } }")
    assert ended.data == {"revokeSessions": {"__typename": "SessionsRevoked"}}
    await page.evaluate("dispatchEvent(new Event('online'))")  # the gateway would look at it within half a minute
    await expect(page.get_by_role("alert").first).to_contain_text("Your session has ended.")
    await _sign_in(page, person)
    await expect(panel(page).get_by_label("If-then plan")).to_have_value("If it ends, I go on.")
    await panel(page).get_by_role("button", name="Save", exact=True).click()
    await expect(outcome(page)).to_have_text("Saved.")


async def test_many_who_are_refused_at_once_say_so_once(world: World, watched: Watched, person: Person) -> None:
    """The connection that hears and a tool that is read are refused together: the page still says what has happened."""
    page = await open_map(watched)
    await _sign_in(page, person)
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    asked, answered = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await answered.wait()
        await route.continue_()

    await page.route("**/api/auth/refresh", hold)
    await world.graphql(person, "mutation { revokeSessions { __typename } }")
    await page.evaluate("dispatchEvent(new Event('online'))")
    async with asyncio.timeout(30):
        await asked.wait()  # the connection that hears is refused, and waits for another token
    async with page.expect_response(lambda response: response.status == HTTPStatus.UNAUTHORIZED):
        await tool(page, "WOOP, open").click()
    answered.set()
    await expect(page.get_by_role("heading", name="Sign in to see your work")).to_be_visible()
    await expect(page.get_by_role("alert").first).to_contain_text("Your session has ended.")


async def test_a_server_that_is_just_restarting(watched: Watched, person: Person) -> None:
    """Nobody is taken for signed out because of it: the page says what it waits for, and goes on by itself."""
    page = await open_map(watched)
    await _sign_in(page, person)
    await page.route("**/api/auth/refresh", lambda route: route.fulfill(status=503, json={}), times=1)
    await page.reload()
    await expect(page.get_by_role("alert")).to_contain_text("This page tries again by itself.")
    await expect(tool(page, "WOOP, open")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_a_server_that_was_not_told(watched: Watched, person: Person) -> None:
    """Signed out here, but the cookie is still good: that is said, until it has been told."""
    page = await open_map(watched)
    await _sign_in(page, person)
    await page.route("**/api/auth/logout", lambda route: route.abort(), times=1)
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("alert").first).to_contain_text("the server could not be told")
    await page.get_by_role("button", name="Sign out once more").click()
    await expect(page.get_by_role("button", name="Sign out once more")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_role("heading", name="Sign in to see your work")).to_be_visible()


async def _sign_in(page: Page, person: Person) -> None:
    await page.get_by_label("Mail address").fill(person.account.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(tool(page, "WOOP, open")).to_be_visible()


async def test_in_production_with_trusted_documents_only(
    world: World, settings: Settings, browser: Browser, person: Person
) -> None:
    """No page but this one, no document but stored ones: signing in, reading, hearing, saving, histories."""
    strict = settings.model_copy(update={"environment": "production", "trusted_documents_only": True})
    async with (
        open_world(world.storage, world.catalogue, strict) as deployed,
        serving(application(deployed.gateway, strict, deployed.storage)) as (host, port),
    ):
        watched = watch(await browser.new_page(), f"http://{host}:{port}")
        page = await open_map(watched)
        await expect(page.get_by_label("Demo person")).to_have_count(0)
        await _sign_in(page, person)
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()
        await world.complete(person, "woop")
        await tool(page, "Know Thyself, open").click()
        await tool(page, "WOOP, done").click()
        await panel(page).get_by_label("If-then plan").fill("If it is deployed, I smile.")
        await panel(page).get_by_role("button", name="Save", exact=True).click()
        await expect(outcome(page)).to_have_text("Saved.")
        await panel(page).locator("summary", has_text="history and sources of Wish").click()
        await expect(panel(page).get_by_text("Version 1", exact=True)).to_be_visible()
        told = [each for each in watched.complaints if not each.startswith("Failed to load resource")]
        assert told == []  # neither of the cookie that was not there yet nor of development's people, who are not
        await page.context.close()
