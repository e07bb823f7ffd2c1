"""Development's school, in a real Chromium: somebody new comes by its link, and completes a course."""

from playwright.async_api import expect

from tests.browser.conftest import Watched
from tests.world import World


async def test_somebody_new_comes_from_the_school(world: World, watched: Watched) -> None:
    """Signed in by the link and its cookie, seen by the explorer; a completed course opens a tool."""
    assert world
    page = watched.page
    await page.goto(f"{watched.base}/dev/learnworlds")
    await expect(page.get_by_role("status")).to_have_text("Nobody is signed in.")
    await page.get_by_label("Mail address").fill("Frida.Fresh@browser.example")
    await page.get_by_label("Name", exact=True).fill("Frida Fresh")
    await page.get_by_role("button", name="Open Fast Track").click()
    await expect(page.get_by_role("status")).to_have_text("Frida Fresh (user) is signed in. Open: woop.")
    assert page.url == f"{watched.base}/dev/learnworlds#signed-in"
    await page.get_by_label("Person").select_option(label="Frida Fresh · user")
    await page.get_by_label("Course").select_option("fast-track-dream")
    await page.get_by_role("button", name="Completes the course").click()
    await expect(page.get_by_role("status")).to_have_text("Frida Fresh (user) is signed in. Open: woop, dream.")
    await page.get_by_role("link", name="Go on to GraphiQL as this person").click()
    await expect(page.get_by_text("Frida Fresh").first).to_be_visible()
    assert all(url.startswith((watched.base, "data:", "blob:")) for url in watched.requests)
    assert watched.complaints == []


async def test_a_participant_who_is_there_is_picked(world: World, watched: Watched) -> None:
    """With the address and the name that the account has."""
    person = await world.person(await world.organization("Caravela"), name="Petra Picked")
    page = watched.page
    await page.goto(f"{watched.base}/dev/learnworlds")
    await page.get_by_label("Person").select_option(f"school-{person.account.email}")
    await expect(page.get_by_label("Mail address")).to_have_value(person.account.email)
    await page.get_by_role("button", name="Open Fast Track").click()
    await expect(page.get_by_role("status")).to_contain_text("Petra Picked (user) is signed in.")
    assert watched.complaints == []
