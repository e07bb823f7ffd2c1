"""The map at ``/``, in a real Chromium under its own policy: signed out and in, live, by keyboard, on a phone."""

import re

import pytest
from playwright.async_api import Browser, WebSocketRoute, expect

from db.viewer import Role
from tests.browser.conftest import Watched
from tests.browser.mapping import another, complaints, open_map, outcome, panel, tool
from tests.world import Person, World


@pytest.fixture
async def person(world: World) -> Person:
    """Somebody with nothing written yet."""
    return await world.person(await world.organization(), name="Mara Map")


async def test_signed_out_it_shows_the_programme(world: World, watched: Watched) -> None:
    """Every tool, what it asks and needs; nothing from another host, nothing that the policy forbids."""
    page = await open_map(watched)
    await expect(page.get_by_role("heading", name="Sign in to see your work")).to_be_visible()
    for each in world.catalogue.tools:
        await expect(tool(page, each.name)).to_be_attached()
    await tool(page, "Dream").click()
    await expect(panel(page).get_by_role("heading", name="What it asks")).to_be_visible()
    await expect(panel(page).get_by_role("button", name="Know Thyself").first).to_be_visible()
    assert all(url.startswith((watched.base, "data:")) for url in watched.requests)
    assert complaints(watched) == []


async def test_it_changes_while_somebody_works(world: World, watched: Watched, person: Person) -> None:
    """What is completed elsewhere is done here, and what it opened is open; both are said."""
    page = await open_map(watched, person)
    await expect(tool(page, "Know Thyself, locked")).to_be_visible()
    await world.complete(person, "woop")
    await expect(tool(page, "WOOP, done")).to_be_visible()
    await expect(tool(page, "Know Thyself, open")).to_be_visible()
    await expect(page.locator(".news")).to_contain_text("Know Thyself is open.")


async def test_a_locked_tool_says_why(watched: Watched, person: Person) -> None:
    """What to complete first, with what it lacks; each name leads there."""
    page = await open_map(watched, person)
    await tool(page, "Know Thyself, locked").click()
    opened = panel(page)
    await expect(opened.get_by_role("heading", name="Why it is locked")).to_be_visible()
    await expect(opened).to_contain_text("Complete this tool first")
    await expect(opened.locator("li", has_text="Dream").first).to_be_visible()
    await opened.get_by_role("button", name="WOOP").first.click()
    await expect(opened.get_by_role("heading", name="WOOP", exact=True)).to_be_focused()
    await expect(opened).to_contain_text("waits for this one")
    await page.go_back()
    await expect(opened.get_by_role("heading", name="Know Thyself", exact=True)).to_be_visible()


async def test_by_keyboard(watched: Watched, person: Person) -> None:
    """One stop of the Tab key, arrows from there, Enter opens, Escape closes and leads back."""
    page = await open_map(watched, person)
    await page.get_by_role("button", name="Sign out").focus()
    await page.keyboard.press("Tab")
    await expect(tool(page, "WOOP, open")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(tool(page, "Know Thyself, locked")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(tool(page, "Dream, locked")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(panel(page).get_by_role("heading", name="Dream", exact=True)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(panel(page)).to_have_count(0)
    await expect(tool(page, "Dream, locked")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(panel(page)).to_be_visible()
    await tool(page, "Values, locked").focus()
    await page.keyboard.press("Escape")  # from wherever one is
    await expect(panel(page)).to_have_count(0)


async def test_two_save_the_same_answer_while_a_third_watches(
    world: World, browser: Browser, watched: Watched, person: Person
) -> None:
    """The second is refused, loses nothing and compares; the third sees each save without doing anything."""
    admin = await world.person(person.account.organization_id, name="Wanda Watch", role=Role.ADMIN)
    one = await open_map(watched, person, "#tool=woop")
    two = await another(browser, watched, person, "#tool=woop")
    third = await another(browser, watched, admin, f"#person={person.id}&tool=woop")
    await expect(third.get_by_role("heading", name="The map of Mara Map")).to_be_visible()
    await expect(panel(third).get_by_role("button", name="Save", exact=True)).to_have_count(0)
    plan = "If-then plan"
    for page, words in ((one, "If it rains, I read."), (two, "If it rains, I run.")):
        await panel(page).get_by_label(plan).fill(words)
    await panel(one).get_by_role("button", name="Save", exact=True).click()
    await expect(outcome(one)).to_have_text("Saved.")
    await expect(tool(one, "WOOP, in progress")).to_be_visible()
    await expect(tool(third, "WOOP, in progress")).to_be_visible()

    await panel(two).get_by_role("button", name="Save", exact=True).click()
    await expect(outcome(two)).to_contain_text("Somebody has saved this tool since you began.")
    await expect(panel(two).get_by_label(plan, exact=False).first).to_have_value("If it rains, I run.")
    await expect(panel(two).get_by_role("group", name=f"{plan}: what is stored now")).to_contain_text("I read.")
    await panel(two).get_by_label("Wish", exact=False).first.fill("To run in the rain")
    await panel(two).get_by_role("button", name="Save", exact=True).click()
    await expect(outcome(two)).to_have_text("Saved.")
    await expect(panel(third)).to_contain_text("To run in the rain")
    await expect(panel(third)).to_contain_text("If it rains, I run.")
    await panel(one).get_by_label("First action").fill("Buy boots")
    await panel(one).get_by_role("button", name="Save", exact=True).click()
    stored = await world.graphql(person, "{ viewer { woop { planIfThen } } }")
    assert stored.data["viewer"]["woop"]["planIfThen"] == "If it rains, I run."


async def test_numbers_lists_and_what_does_not_fit(world: World, watched: Watched, person: Person) -> None:
    """A list is one entry a line, a number is a number; what is none is refused beside its answer."""
    page = await open_map(watched, person, "#tool=woop")
    rating = panel(page).get_by_label("Commitment level")
    await rating.fill("very")
    await panel(page).get_by_role("button", name="Save", exact=True).click()
    await expect(panel(page)).to_contain_text("takes")
    await expect(rating).to_have_attribute("aria-invalid", "true")
    await rating.fill("9")
    await panel(page).get_by_role("button", name="Save", exact=True).click()
    await expect(outcome(page)).to_have_text("Saved.")
    stored = await world.graphql(person, "{ viewer { woop { commitmentLevel } } }")
    assert stored.data["viewer"]["woop"]["commitmentLevel"] == 9


async def test_where_nothing_can_be_heard(world: World, watched: Watched, person: Person) -> None:
    """As behind a proxy that passes no WebSockets: it is read again every half minute."""
    await watched.page.route_web_socket("**/graphql", lambda _: None)
    await watched.page.clock.install()
    page = await open_map(watched, person, heard=False)
    await expect(tool(page, "Know Thyself, locked")).to_be_visible()
    await world.complete(person, "woop")
    await page.clock.run_for(31_000)
    await expect(tool(page, "Know Thyself, open")).to_be_visible()
    await expect(page.get_by_text("Connecting…")).to_be_visible()


async def test_an_answer_that_nobody_builds_on(world: World, watched: Watched, person: Person) -> None:
    """Nothing tells of it; who watches the tool sees it within half a minute all the same."""
    await world.complete(person, "woop")
    admin = await world.person(person.account.organization_id, Role.ADMIN)
    await watched.page.clock.install()
    page = await open_map(watched, admin, f"#person={person.id}&tool=woop")
    await expect(panel(page)).to_contain_text(world.answers("woop")["plan_if_then"])
    saved = 'mutation { saveSubmission(tool: "woop", data: {plan_if_then: "Another plan"}) { __typename } }'
    await world.graphql(person, saved)
    await page.clock.run_for(31_000)
    await expect(panel(page)).to_contain_text("Another plan")


async def test_what_has_changed_is_said_for_a_while(world: World, watched: Watched, person: Person) -> None:
    """And no longer, whatever else is read meanwhile."""
    await watched.page.clock.install()
    page = await open_map(watched, person)
    await world.complete(person, "woop")
    await expect(page.locator(".news")).to_contain_text("Know Thyself is open.")
    await page.clock.run_for(4_000)
    saved = 'mutation { saveSubmission(tool: "woop", data: {plan_if_then: "Another"}) { __typename } }'
    await world.graphql(person, saved)
    await page.clock.run_for(10_000)
    await expect(page.locator(".news")).to_have_text("")


async def test_after_an_hour_of_sleep(world: World, watched: Watched, person: Person) -> None:
    """The connection is dead and nobody has said so; awake, the page opens another and shows what has happened."""
    asleep = False
    connections = []

    async def through(socket: WebSocketRoute) -> None:
        connections.append(socket)
        server = socket.connect_to_server()
        socket.on_message(lambda message: None if asleep else server.send(message))
        server.on_message(lambda message: None if asleep else socket.send(message))

    await watched.page.route_web_socket("**/graphql", through)
    await watched.page.clock.install()
    page = await open_map(watched, person)
    await expect(tool(page, "Know Thyself, locked")).to_be_visible()
    asleep = True
    await world.complete(person, "woop")
    await expect(tool(page, "Know Thyself, locked")).to_be_visible()
    asleep = False
    await page.clock.fast_forward("01:00:00")
    await expect(tool(page, "Know Thyself, open")).to_be_visible()
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    assert len(connections) == 2


async def test_on_a_phone(watched: Watched, person: Person) -> None:
    """400 pixels: nothing to push sideways, targets for thumbs, one lane below the other, the panel over all of it."""
    await watched.page.set_viewport_size({"width": 400, "height": 800})
    page = await open_map(watched, person)
    sideways = "document.documentElement.scrollWidth > innerWidth"
    assert not await page.evaluate(sideways)
    box = await tool(page, "WOOP, open").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] > 300
    await tool(page, "WOOP, open").focus()
    await page.keyboard.press("ArrowDown")
    await expect(tool(page, "Know Thyself, locked")).to_be_focused()
    await tool(page, "WOOP, open").click()
    await expect(panel(page)).to_be_visible()
    opened = await panel(page).bounding_box()
    assert opened is not None
    assert (opened["x"], opened["width"]) == (0, 400)
    await expect(page.locator("main")).to_have_attribute("inert", "")  # nothing behind it is reached
    assert not await page.evaluate(sideways)


async def test_without_javascript(browser: Browser, watched: Watched) -> None:
    """It says what it needs and where else to go."""
    page = await (await browser.new_context(java_script_enabled=False)).new_page()
    await page.goto(watched.base)
    await expect(page.get_by_text(re.compile("It needs JavaScript"))).to_be_visible()
    links = [await link.get_attribute("href") for link in await page.get_by_role("link").all()]
    assert links == ["/graphiql", "/docs", "/openapi.json", "/schema.graphql"]
