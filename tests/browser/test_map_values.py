"""Values on the map: their history and lineage, what has fallen behind, and a megabyte of it."""

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from db.viewer import Role
from tests.browser.conftest import Watched
from tests.browser.mapping import complaints, open_map, panel, tool
from tests.world import Person, World

SAVE = "mutation ($tool: String!, $data: JSON!) { saveSubmission(tool: $tool, data: $data) { __typename } }"


async def save(world: World, person: Person, slug: str, **answers: object) -> None:
    """Answers are saved, elsewhere than on the page."""
    saved = await world.graphql(person, SAVE, {"tool": slug, "data": answers})
    assert saved.data == {"saveSubmission": {"__typename": "SubmissionSaved"}}


@pytest.fixture
async def dreamer(world: World) -> Person:
    """Somebody whose Values are built on a Dream."""
    person = await world.person(await world.organization(), name="Dora Dream")
    await world.complete(person, "woop", "know-thyself", "dream", "values")
    return person


async def opened(page: Page, label: str) -> None:
    """Open the story of a value."""
    await panel(page).locator("summary", has_text=f"history and sources of {label}").click()


async def test_what_a_value_has_been(world: World, watched: Watched, dreamer: Person) -> None:
    """Who and when; versions of one piece of work together; what one of them changed, in words."""
    await save(world, dreamer, "dream", one_sentence="Bread for all")
    await save(world, dreamer, "dream", one_sentence="Bread for most")
    page = await open_map(watched, dreamer, "#tool=dream")
    await opened(page, "Dream in one sentence")
    await expect(panel(page).get_by_text("Versions 1 to 3", exact=True)).to_be_visible()
    await expect(panel(page).locator(".history").first).to_contain_text("by Dora Dream")
    await panel(page).get_by_role("button", name="Each of 3").click()
    await panel(page).get_by_role("button", name="What changed in version 3").click()
    changed = panel(page).locator(".compared")
    await expect(changed.locator("del")).to_have_text("all")
    await expect(changed.locator("ins")).to_have_text("most")
    assert complaints(watched) == []


async def test_more_versions_than_a_page(world: World, watched: Watched, dreamer: Person) -> None:
    """The oldest that is listed is compared with the one before it, which is not; then the earlier ones follow."""
    for number in range(25):
        await save(world, dreamer, "dream", one_sentence=f"Bread for {number}")
    page = await open_map(watched, dreamer, "#tool=dream")
    await opened(page, "Dream in one sentence")
    await expect(panel(page).get_by_text("Versions 7 to 26", exact=True)).to_be_visible()
    await panel(page).get_by_role("button", name="What changed in versions 7 to 26").click()
    await expect(panel(page).locator(".compared del")).to_have_text("4")
    await expect(panel(page).locator(".compared ins")).to_have_text("24")
    await panel(page).get_by_role("button", name="Earlier versions").click()
    await expect(panel(page).get_by_text("Versions 1 to 26", exact=True)).to_be_visible()
    await expect(panel(page).get_by_role("button", name="Earlier versions")).to_have_count(0)


async def test_a_value_that_is_gone_keeps_its_history(world: World, watched: Watched) -> None:
    """Cleared: there is none now, and one can see what it was."""
    person = await world.person(await world.organization())
    await world.complete(person, "woop")
    await world.complete(person, "know-thyself")
    await save(world, person, "dream", one_sentence="Bread for all")
    await save(world, person, "dream", one_sentence=None)
    page = await open_map(watched, person, "#tool=dream")
    await opened(page, "Dream in one sentence")
    await expect(panel(page).locator("summary", has_text="No value now").first).to_be_visible()
    await panel(page).get_by_role("button", name="Each of 2").click()
    await panel(page).get_by_role("button", name="What changed in version 2").click()
    await expect(panel(page).locator(".compared del")).to_have_text("Bread for all")


async def test_where_a_value_comes_from_and_goes(watched: Watched, dreamer: Person) -> None:
    """Up and down, a step further on demand, each with a way to go there; what a change of it would do."""
    page = await open_map(watched, dreamer, "#tool=dream")
    await opened(page, "Dream in one sentence")
    story = panel(page).locator("details[open]")
    await expect(story.locator("li", has_text="Personal values of Know Thyself")).to_contain_text("version 1")
    await expect(story.get_by_text("Core values of Values")).to_be_visible()
    await expect(story.get_by_text("A change of it would turn")).to_contain_text("in Values")
    await story.get_by_role("button", name="A step further").click()
    await expect(story.get_by_text("2 steps away").first).to_be_visible()
    await story.get_by_role("button", name="Values", exact=True).first.click()
    await expect(panel(page).get_by_role("heading", name="Values", exact=True)).to_be_focused()


async def test_seen_still_right(world: World, watched: Watched, dreamer: Person) -> None:
    """A stale tool says which source has moved, shows it then and now, and is fresh when its author says so."""
    page = await open_map(watched, dreamer, "#tool=values")
    await save(world, dreamer, "dream", one_sentence="Bread for most")
    await expect(tool(page, "Values, done, stale")).to_be_visible()
    review = panel(page).locator(".review")
    await expect(review).to_contain_text("version 1, now version 2")
    await review.get_by_role("button", name="Then and now").first.click()
    await expect(review.locator(".compared")).to_contain_text("most")
    await opened(page, "Core values")
    built_on = panel(page).locator("details[open] li", has_text="Dream in one sentence of Dream")
    await expect(built_on).to_contain_text("version 1, now 2")
    await save(world, dreamer, "dream", one_sentence="Bread for some")
    await expect(review).to_contain_text("version 1, now version 3")
    await expect(review.locator(".compared")).to_have_count(0)  # what was compared is not what there is now
    await review.get_by_role("button", name="Seen, still right").first.click()
    await expect(review.get_by_role("status")).to_have_text("Noted: seen, still right.")
    await expect(review.get_by_role("status")).to_be_focused()
    await expect(tool(page, "Values, done")).to_be_visible()
    await expect(panel(page).get_by_role("heading", name="Stale")).to_have_count(0)


async def test_answers_of_a_tool_that_publishes_none(world: World, watched: Watched) -> None:
    """They fall behind as a whole, and are still right as a whole."""
    person = await world.person(await world.organization())
    await world.complete_before(person, "focus")
    await world.complete(person, "focus")
    page = await open_map(watched, person, "#tool=focus")
    name = world.catalogue.by_slug["focus"].name
    await expect(tool(page, f"{name}, done")).to_be_visible()
    need = world.catalogue.by_slug["focus"].needs[0]
    source = next(each for each in world.catalogue.tools if need.field in {q.publishes for q in each.questions})
    (question,) = (each for each in source.questions if each.publishes == need.field)
    changed = {"list": ["Other"], "text": "Other"}.get(question.type, {"other": "Other"})
    await save(world, person, source.slug, **{question.key: changed})
    await expect(tool(page, f"{name}, done, stale")).to_be_visible()
    review = panel(page).locator(".review")
    await expect(review).to_contain_text("Its answers")
    await review.get_by_role("button", name="Seen, still right").click()
    await expect(tool(page, f"{name}, done")).to_be_visible()


async def test_a_value_is_seen_as_it_is_saved(world: World, watched: Watched, dreamer: Person) -> None:
    """Somebody who only watches has the new words before them."""
    admin = await world.person(dreamer.account.organization_id, Role.ADMIN)
    page = await open_map(watched, admin, f"#person={dreamer.id}&tool=dream")
    await expect(panel(page)).to_contain_text(world.answers("dream")["one_sentence"])
    await save(world, dreamer, "dream", one_sentence="Bread for the watchers")
    await expect(panel(page)).to_contain_text("Bread for the watchers")


async def test_a_source_that_moves_once_more_meanwhile(world: World, watched: Watched, dreamer: Person) -> None:
    """What was not looked at is not confirmed: it says so and shows what there is now."""
    deaf = False

    def through(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: None if deaf else socket.send(message))

    await watched.page.route_web_socket("**/graphql", through)
    page = await open_map(watched, dreamer, "#tool=values")
    await save(world, dreamer, "dream", one_sentence="Bread for most")
    review = panel(page).locator(".review")
    await expect(review).to_contain_text("now version 2")
    deaf = True  # nothing is heard any more
    await save(world, dreamer, "dream", one_sentence="Bread for some")
    await review.get_by_role("button", name="Seen, still right").first.click()
    await expect(review).to_contain_text("now version 3")
    await expect(tool(page, "Values, done, stale")).to_be_visible()


async def test_a_megabyte(world: World, watched: Watched, dreamer: Person) -> None:
    """Shown by its beginning, never compared letter by letter; the page answers all the while."""
    for letter in "ab":
        await save(world, dreamer, "woop", wish=f"{letter} " * 480_000)
    page = await open_map(watched, dreamer, "#tool=woop")
    await opened(page, "Wish")
    await panel(page).get_by_role("button", name="What changed").first.click()
    await expect(panel(page).get_by_text("Too much to compare here.")).to_be_visible()
    await panel(page).locator("summary", has_text="After, 960,000 characters").click()
    await expect(panel(page).get_by_role("button", name="Show all 960,000 characters").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(panel(page)).to_have_count(0)
