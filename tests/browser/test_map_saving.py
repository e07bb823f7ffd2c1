"""Saving and handing in from the map: what one has typed, what is stored, and what others save meanwhile."""

import pytest
from playwright.async_api import Browser, expect

from db.viewer import Role
from tests.browser.conftest import Watched
from tests.browser.mapping import another, complaints, held, open_map, outcome, panel, tool
from tests.world import Person, World

SAVE = 'mutation ($data: JSON!) { saveSubmission(tool: "woop", data: $data) { __typename } }'
PLAN = "If-then plan"


@pytest.fixture
async def person(world: World) -> Person:
    """Somebody with nothing written yet."""
    return await world.person(await world.organization(), name="Mara Map")


async def test_what_is_saved_stays_in_sight(watched: Watched, person: Person) -> None:
    """Also while it is read again: nothing jumps back, and what is typed then goes on from it."""
    page = await open_map(watched, person, "#tool=woop")
    plan = panel(page).get_by_label(PLAN).first
    await plan.fill("If it rains, I read.")
    async with held(page, "MapTool"):
        await panel(page).get_by_role("button", name="Save", exact=True).click()
        await expect(outcome(page)).to_have_text("Saved.")
        await expect(plan).to_have_value("If it rains, I read.")
        await plan.fill("If it rains, I read aloud.")
        await expect(outcome(page)).to_have_text("")
        await panel(page).get_by_role("button", name="Save", exact=True).click()
        await expect(outcome(page)).to_have_text("Saved.")
    await expect(plan).to_have_value("If it rains, I read aloud.")
    await expect(panel(page).get_by_role("group", name="what is stored now")).to_have_count(0)
    assert complaints(watched) == []


async def test_nobody_is_overwritten_unseen(world: World, watched: Watched, person: Person) -> None:
    """Refused because somebody has saved: only once their words are on the page can one's own take their place."""
    await watched.page.route_web_socket("**/graphql", lambda _: None)  # nothing is heard
    page = await open_map(watched, person, "#tool=woop", heard=False)
    await panel(page).get_by_label(PLAN).first.fill("Mine")
    await world.graphql(person, SAVE, {"data": {"plan_if_then": "Theirs"}})
    save = panel(page).get_by_role("button", name="Save", exact=True)
    async with held(page, "MapTool"):
        await save.click()
        await expect(outcome(page)).to_contain_text("Somebody has saved this tool since you began.")
        await expect(save).to_be_disabled()
    await expect(panel(page).get_by_role("group", name=f"{PLAN}: what is stored now")).to_contain_text("Theirs")
    await save.click()
    await expect(outcome(page)).to_have_text("Saved.")
    stored = await world.graphql(person, "{ viewer { woop { planIfThen } } }")
    assert stored.data["viewer"]["woop"]["planIfThen"] == "Mine"


async def test_a_draft_is_on_nobody_elses_map(world: World, watched: Watched, person: Person) -> None:
    """What somebody who looks after others has typed at their own tool is not shown at another's, and comes back."""
    guru = await world.person(person.account.organization_id, Role.GURU)
    page = await open_map(watched, guru, "#tool=woop")
    await panel(page).get_by_label(PLAN).first.fill("The guru's own")
    await page.evaluate(f"location.hash = '#person={person.id}&tool=woop'")
    await expect(page.get_by_role("heading", name="The map of Mara Map")).to_be_visible()
    await expect(panel(page).get_by_role("heading", name=PLAN)).to_be_visible()
    await expect(panel(page)).not_to_contain_text("The guru's own")
    await expect(panel(page).get_by_role("textbox")).to_have_count(0)
    await page.go_back()
    await expect(panel(page).get_by_label(PLAN).first).to_have_value("The guru's own")


async def test_the_next_person_sees_nothing_of_the_one_before(world: World, watched: Watched, person: Person) -> None:
    """Another signs in at the same address: what the first had read is gone before the second has read."""
    await world.complete(person, "woop")
    guru = await world.person(person.account.organization_id, Role.GURU)
    stranger = await world.person(await world.organization(), name="Stan Stranger")
    page = await open_map(watched, guru, f"#person={person.id}&tool=woop")
    await expect(panel(page)).to_contain_text(world.answers("woop")["plan_if_then"])
    await page.get_by_role("button", name="Sign out").click()
    async with held(page, "MapTool"):
        await page.get_by_label("Demo person").select_option(stranger.account.email)
        await expect(page.get_by_role("banner").get_by_text("Stan Stranger")).to_be_visible()
        await expect(panel(page)).not_to_contain_text(world.answers("woop")["plan_if_then"])


async def test_handing_in(world: World, browser: Browser, watched: Watched, person: Person) -> None:
    """Refused beside each answer that is missing; with all it is done, says what it opened, and the map shows it."""
    admin = await world.person(person.account.organization_id, Role.ADMIN)
    page = await open_map(watched, person, "#tool=woop")
    third = await another(browser, watched, admin, f"#person={person.id}")
    hand_in = panel(page).get_by_role("button", name="Hand in")
    await hand_in.click()
    await expect(outcome(page)).to_contain_text("WOOP")
    assert await panel(page).locator("[aria-invalid=true]").count() > 1
    answers = world.answers("woop")
    plan = answers.pop("plan_if_then")
    await panel(page).get_by_label(PLAN).first.fill(plan)
    await world.graphql(person, SAVE, {"data": answers})
    both = panel(page).get_by_role("button", name="Save and hand in")
    await both.click()  # on the version that it was begun on
    await expect(outcome(page)).to_contain_text("Somebody has saved this tool since you began.")
    await both.click()
    await expect(outcome(page)).to_have_text("Handed in. Open now: Know Thyself.")
    for watching in (page, third):
        await expect(tool(watching, "WOOP, done")).to_be_visible()
        await expect(tool(watching, "Know Thyself, open")).to_be_visible()
    await expect(hand_in).to_have_count(0)
    assert complaints(watched) == []
