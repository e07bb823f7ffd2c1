"""The pages for people, in a real Chromium under their own content security policy."""

import asyncio

from playwright.async_api import expect

from db.permissions import PERMISSIONS
from db.viewer import Role
from tests.browser.conftest import Watched
from tests.world import World


async def test_a_newcomer_picks_a_person_and_runs_the_first_query(world: World, watched: Watched) -> None:
    """Opening the explorer, picking a demo user and pressing the button answers, and nothing leaves this host."""
    organization = await world.organization("Aardvark")  # the list shows two hundred people, by organisation
    person = await world.person(organization, name="Nina Newcomer")
    page = watched.page
    await page.goto(f"{watched.base}/graphiql")
    await page.get_by_label("Demo user").select_option(person.account.email)
    await expect(page.get_by_text("Nina Newcomer").first).to_be_visible()
    await page.locator(".graphiql-execute-button").click()
    await expect(page.locator(".result-window")).to_contain_text("LOCKED")
    assert all(url.startswith((watched.base, "data:", "blob:")) for url in watched.requests)
    assert watched.complaints == []


async def test_a_subscription_shows_what_happens(world: World, watched: Watched) -> None:
    """The example listens until it is stopped, and shows what somebody does meanwhile."""
    person = await world.person(await world.organization("Aardvark"), name="Lia Listener")
    await world.complete(person, "woop", "know-thyself")
    page = watched.page
    await page.goto(f"{watched.base}/graphiql")
    await page.get_by_label("Demo user").select_option(person.account.email)
    await expect(page.get_by_text("Lia Listener").first).to_be_visible()
    await page.get_by_role("button", name="Examples").click()
    await page.get_by_role("menuitem", name="Listen to my dream, live").click()
    await page.locator(".graphiql-execute-button").click()
    await expect(page.locator(".result-window")).to_contain_text("Listening")
    await world.complete(person, "dream")
    await expect(page.locator(".result-window")).to_contain_text("FieldChanged")
    assert world.gateway.streams.count == 1
    await page.locator(".graphiql-execute-button").click()
    async with asyncio.timeout(20):
        while world.gateway.streams.count:  # noqa: ASYNC110 - a stream that ends sets no event
            await asyncio.sleep(0.05)
    assert watched.complaints == []


async def test_it_says_what_one_may_do(world: World, watched: Watched) -> None:
    """By the server's own table of permissions, for the role that is signed in."""
    person = await world.person(await world.organization("Aardvark"), Role.GURU, name="Gus Guru")
    page = watched.page
    await page.goto(f"{watched.base}/graphiql")
    await page.get_by_label("Demo user").select_option(person.account.email)
    await page.get_by_text("What you may do").click()
    rules = page.locator(".may li")
    wanted = [permission for permission, roles in PERMISSIONS.items() if roles.get(Role.GURU)]
    await expect(rules).to_have_count(len(wanted))
    await expect(rules.filter(has_text="review submissions")).to_contain_text("of those you look after")
    await expect(rules.filter(has_text="manage people")).to_have_count(0)
    assert watched.complaints == []


async def test_a_pasted_token_signs_in_and_a_bad_one_says_so(world: World, watched: Watched) -> None:
    """A token can be pasted; one that identifies nobody is refused in words."""
    person = await world.person(await world.organization(), name="Paul Paste")
    page = watched.page
    await page.goto(f"{watched.base}/graphiql")
    await page.get_by_label("Token", exact=True).fill("not.a.token")
    await page.get_by_role("button", name="Use token").click()
    await expect(page.get_by_text("Invalid token").first).to_be_visible()
    await page.get_by_label("Token", exact=True).fill(person.token)
    await page.get_by_role("button", name="Use token").click()
    await expect(page.get_by_text("Paul Paste").first).to_be_visible()


async def test_the_rest_documentation_lists_the_routes(watched: Watched) -> None:
    """The documentation page shows the routes, from this host alone and without a complaint."""
    page = watched.page
    await page.goto(f"{watched.base}/docs")
    await expect(page.get_by_text("/api/tools/{slug}/dependencies", exact=True)).to_be_visible()
    assert all(url.startswith((watched.base, "data:", "blob:")) for url in watched.requests)
    assert watched.complaints == []
