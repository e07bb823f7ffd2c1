"""What the map must bear: any theme by the rules of WCAG, sixty tools, all of them stale, people without rows."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import text

from app.serving import application
from app.settings import Settings
from db.catalogue import CATALOGUE_PATH, Catalogue, load_catalogue
from db.viewer import Role
from tests.browser.conftest import Watched
from tests.browser.mapping import complaints, open_map, panel, tool
from tests.node import install, needs_node
from tests.rest_shim.serving import serving
from tests.world import Person, World, open_world

MAP = Path(__file__).parents[2] / "map"


@pytest.fixture
async def person(world: World) -> Person:
    """Somebody whose Values are stale."""
    person = await world.person(await world.organization("Lighthouse"), name="Lucia Light")
    await world.complete(person, "woop", "know-thyself", "dream", "values")
    await world.graphql(person, 'mutation { saveDream(input: {oneSentence: "Another"}) { __typename } }')
    return person


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, as pinned beside the map."""
    folder = tmp_path_factory.mktemp("axe")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(MAP / name, folder)
    install(folder)
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


async def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds: rule, element, why."""
    await page.evaluate(axe)
    found: list[Any] = await page.evaluate("axe.run(document).then((result) => result.violations)")
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


@needs_node
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_it_breaks_no_rule_of_accessibility(
    world: World, watched: Watched, person: Person, axe: str, theme: Literal["light", "dark"]
) -> None:
    """Signed out; with a panel that shows everything; an organisation; contrast included."""
    await watched.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page = await open_map(watched)
    await expect(tool(page, "WOOP")).to_be_visible()
    assert await violations(page, axe) == []
    await open_map(watched, person, "?#tool=values")
    await panel(page).locator("summary").first.click()
    await expect(panel(page).get_by_role("heading", name="History")).to_be_visible()
    await panel(page).get_by_role("button", name="Then and now").first.click()
    await panel(page).get_by_role("button", name="What changed").first.click()
    await expect(panel(page).locator(".compared")).to_have_count(2)
    assert await violations(page, axe) == []
    admin = await world.person(person.account.organization_id, Role.ADMIN)
    await open_map(watched, admin, f"?people#organization={person.account.organization_id}")
    await expect(page.get_by_role("rowheader", name="Lucia Light")).to_be_visible()
    assert await violations(page, axe) == []


async def test_everything_stale(world: World, watched: Watched) -> None:
    """Each card says so, in its name too: of all tools but those that build on nothing."""
    person = await world.person(await world.organization())
    await world.complete(person, *(each.slug for each in world.catalogue.sequence))
    async with world.as_owner() as owner:
        for each in world.catalogue.tools:
            moved = f"UPDATE {each.schema_name}.field_outputs SET version = version + 1 WHERE user_id = :who"
            await owner.execute(text(moved), {"who": person.id})
    stale = sum(bool(each.needs) for each in world.catalogue.tools)
    assert stale >= 30
    page = await open_map(watched, person)
    await expect(page.get_by_role("button", name=", stale")).to_have_count(stale)
    await expect(page.get_by_text(f"31 of 31 done · {stale} stale")).to_be_visible()


async def test_somebody_without_rows(world: World, watched: Watched) -> None:
    """An account of which no tool knows: the first one is open, the others wait."""
    person = await world.person()
    async with world.as_owner() as owner:
        await owner.execute(text("DELETE FROM tool_access.progress WHERE user_id = :who"), {"who": person.id})
    page = await open_map(watched, person)
    await expect(tool(page, "WOOP, open")).to_be_visible()
    await expect(page.locator("main").get_by_role("button", name=", locked")).to_have_count(30)
    assert complaints(watched) == []


TOOL = """
slug = "extra-{number}"
sprint = {number}
name = "Extra tool number {number} with quite a long name"
description = "One of many."
guidance = "Begin."
module = {module}
prerequisites = ["{first}", "{second}"]

[[questions]]
key = "answer"
label = "Answer"
description = "What there is to say."
type = "text"
required = true
publishes = "synthesis.tool_{number}.answer"
"""


@pytest.fixture(scope="module")
def sixty_tools(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Catalogue:
    """The real catalogue with 29 more, each after two others."""
    folder = tmp_path_factory.mktemp("catalogue")
    shutil.copytree(CATALOGUE_PATH, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    slugs = [each.slug for each in catalogue.tools]
    for number in range(31, 60):
        first, second = slugs[number * 7 % len(slugs)], slugs[number * 11 % len(slugs)]
        if first == second:
            second = slugs[0] if first != slugs[0] else slugs[1]
        filled = TOOL.format(number=number, module=number % 9, first=first, second=second)
        (folder / "tools" / f"{number}_extra_{number}.toml").write_text(filled, "utf-8")
        slugs.append(f"extra-{number}")
    return load_catalogue(Path(folder))


@pytest.fixture
async def wide_address(world: World, settings: Settings, sixty_tools: Catalogue) -> AsyncIterator[str]:
    """A gateway of sixty tools; the catalogue is all that is asked of it, so nothing is migrated."""
    storage = world.storage
    async with (
        open_world(storage, sixty_tools, settings) as wide,
        serving(application(wide.gateway, settings, storage)) as (host, port),
    ):
        yield f"http://{host}:{port}"


async def test_sixty_tools(wide_address: str, watched: Watched, sixty_tools: Catalogue) -> None:
    """All of them are there, none covers another, and each is reached by keys."""
    watched.base = wide_address
    page = await open_map(watched)
    buttons = page.locator(".tool")
    await expect(buttons).to_have_count(60)
    boxes = [box for each in await buttons.all() if (box := await each.bounding_box())]
    assert len(boxes) == 60
    for one in boxes:
        overlapping = [
            other
            for other in boxes
            if one["x"] < other["x"] + other["width"]
            and other["x"] < one["x"] + one["width"]
            and one["y"] < other["y"] + other["height"]
            and other["y"] < one["y"] + one["height"]
        ]
        assert overlapping == [one]
    arrows = sum(len(each.prerequisites) for each in sixty_tools.tools)
    await expect(page.locator(".arrows > path")).to_have_count(arrows)
    await buttons.first.focus()
    await page.keyboard.press("End")
    await expect(buttons.last).to_be_focused()
