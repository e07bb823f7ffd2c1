"""The map for those who look after others: who stands where, who is stuck, whose work is stale."""

import pytest
from playwright.async_api import Locator, Page, expect
from sqlalchemy import text

from db.viewer import Role
from tests.browser.conftest import Watched
from tests.browser.mapping import complaints, open_map, panel, tool
from tests.world import Person, World


@pytest.fixture
async def admin(world: World) -> Person:
    """Whose organisation has two participants, one of whom has done nothing for a month."""
    organization = await world.organization("Harbour")
    await world.person(organization, name="Bela Busy")
    idle = await world.person(organization, name="Ida Idle")
    async with world.as_owner() as owner:
        await owner.execute(
            text("UPDATE tool_access.progress SET unlocked_at = now() - interval '30 days' WHERE user_id = :who"),
            {"who": idle.id},
        )
    return await world.person(organization, Role.ADMIN, name="Ada Admin")


def row(page: Page, name: str) -> Locator:
    """What the table says of somebody."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


async def test_who_stands_where(watched: Watched, admin: Person) -> None:
    """Every participant by every tool, each cell in a word too."""
    page = await open_map(watched, admin)
    await page.get_by_role("link", name="Harbour").click()
    await expect(page.get_by_role("heading", name="Harbour")).to_be_visible()
    await expect(page.get_by_role("row")).to_have_count(3)
    cells = row(page, "Bela Busy").get_by_role("cell")
    await expect(cells.nth(1)).to_have_text("open")
    await expect(cells.nth(2)).to_have_text("locked")
    assert complaints(watched) == []


async def test_who_is_stuck(watched: Watched, admin: Person) -> None:
    """Whoever could go on and has done nothing for 14 days, and on what."""
    page = await open_map(watched, admin)
    await page.get_by_role("link", name="Harbour").click()
    await page.get_by_role("button", name="Nothing done for 14 days (1)").click()
    await expect(page.get_by_role("row")).to_have_count(2)
    await expect(row(page, "Ida Idle").get_by_role("cell").first).to_have_text("WOOP")


@pytest.mark.parametrize("role", [Role.GURU, Role.ADMIN])
async def test_work_is_seen_as_it_is_done(world: World, watched: Watched, role: Role) -> None:
    """Who looks after somebody sees a cell change, goes to the person's map and changes nothing there."""
    organization = await world.organization("Quay")
    busy = await world.person(organization, name="Bela Busy")
    guide = await world.person(organization, role)
    page = await open_map(watched, guide)
    await page.get_by_role("link", name="Quay").click()
    await expect(row(page, "Bela Busy").get_by_role("cell").nth(1)).to_have_text("open")
    await world.complete(busy, "woop", "know-thyself", "dream", "values")
    await expect(row(page, "Bela Busy").get_by_role("cell").nth(1)).to_have_text("done")
    await world.graphql(busy, 'mutation { saveDream(input: {oneSentence: "Another"}) { __typename } }')
    await expect(page.get_by_role("button", name="With stale work (1)")).to_be_visible()
    await page.get_by_role("link", name="Bela Busy").click()
    await expect(page.get_by_role("heading", name="The map of Bela Busy")).to_be_visible()
    await tool(page, "Values, done, stale").click()
    await expect(panel(page).get_by_role("heading", name="Stale")).to_be_visible()
    await expect(panel(page).get_by_role("button", name="Seen, still right")).to_have_count(0)
    await expect(panel(page).get_by_role("textbox")).to_have_count(0)
    await page.get_by_role("link", name="My map").click()
    await expect(page.get_by_role("heading", name="The map", exact=False).first).to_be_visible()


async def test_people_on_a_phone(watched: Watched, admin: Person) -> None:
    """The table is pushed sideways, the page is not; names stay in sight."""
    await watched.page.set_viewport_size({"width": 400, "height": 800})
    page = await open_map(watched, admin)
    await page.get_by_role("link", name="Harbour").click()
    await page.get_by_role("region", name="How the people of Harbour").evaluate("table => table.scrollLeft = 600")
    await expect(page.get_by_role("link", name="Ida Idle")).to_be_in_viewport()
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


async def test_more_people_than_a_page(world: World, watched: Watched) -> None:
    """They are read a page at a time, all of them: who is stuck is counted among all."""
    organization = await world.organization("Fleet")
    people = [await world.person(organization, name=f"Sailor {number:02}") for number in range(27)]
    async with world.as_owner() as owner:
        await owner.execute(
            text("UPDATE tool_access.progress SET unlocked_at = now() - interval '30 days' WHERE user_id = :who"),
            {"who": people[-1].id},
        )
    page = await open_map(watched, await world.person(organization, Role.ADMIN))
    await page.get_by_role("link", name="Fleet").click()
    await expect(page.get_by_role("button", name="All people (27)")).to_be_visible()
    await expect(page.get_by_role("row")).to_have_count(28)
    await expect(page.get_by_role("button", name="Nothing done for 14 days (1)")).to_be_visible()
    await expect(page.get_by_role("button", name="More people")).to_have_count(0)


async def test_those_one_may_not_see(world: World, watched: Watched) -> None:
    """A stranger's map is nobody's, and so is a stranger's organisation; each is said."""
    stranger = await world.person(await world.organization())
    admin = await world.person(await world.organization("Mole"), Role.ADMIN)
    page = await open_map(watched, admin, f"#person={stranger.id}", heard=False)  # there is nothing to hear of
    await expect(page.get_by_role("alert")).to_contain_text("nobody here whom you may see")
    await page.goto(f"{watched.base}/#organization={stranger.account.organization_id}")
    await expect(page.get_by_role("alert")).to_contain_text("no such organisation")
