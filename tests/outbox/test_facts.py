"""What is done becomes facts in the transaction in which it is done; those alone read them who may see the work."""

import pytest

from db.viewer import ANONYMOUS, Role
from tests.outbox.conftest import START, Here, Save, Since, events_after
from tests.world import World

KNOW_THYSELF = "identity.personal_dream,identity.personal_values,identity.strengths.matrix"
DREAM = "identity.dream.narrative,identity.dream.one_sentence,identity.dream.visualization"


async def test_a_save_says_which_fields_changed(world: World, save: Save, since: Since, here: Here) -> None:
    """The first one also that the tool is being worked on; one that changes nothing says nothing."""
    person = await world.person(await world.organization())
    await save(person, "woop", wish="A bakery", outcome="Bread")
    assert await since(person, START) == [
        "field_changed woop intro.woop.wish cleared=[] version=1",
        "progress_changed woop from=unlocked to=in_progress",
    ]
    cursor = await here(person)
    await save(person, "woop", wish="A bakery")
    assert await since(person, cursor) == []
    await save(person, "woop", outcome="Rolls")
    assert await since(person, cursor) == [], "an answer that nobody else can ask for is no field"
    await save(person, "woop", wish=None)
    assert await since(person, cursor) == ["field_changed woop intro.woop.wish cleared=['intro.woop.wish'] version=4"]


async def test_a_submit_unlocks(world: World, since: Since) -> None:
    """The tool itself, and each tool that waited for it."""
    person = await world.person(await world.organization())
    await world.complete(person, "woop")
    assert await since(person, START) == [
        "field_changed woop intro.woop.wish cleared=[] version=1",
        "submitted woop version=1",
        "progress_changed woop from=unlocked to=completed",
        "progress_changed know-thyself from=locked to=unlocked",
        "tool_unlocked know-thyself",
    ]


async def test_what_is_built_on_a_changed_value_is_stale_until_it_is_written_anew(
    world: World, save: Save, since: Since, here: Here
) -> None:
    """Said once when it turns, of what turns: not of values that were stale before, nor of those built on nothing."""
    person = await world.person(await world.organization())
    await world.complete(person, "woop", "know-thyself", "dream")
    cursor = await here(person)
    await save(person, "woop", wish="Another wish")
    assert await since(person, cursor) == [
        "field_changed woop intro.woop.wish cleared=[] version=2",
        f"stale_changed know-thyself {KNOW_THYSELF} stale=True",
    ]
    cursor = await here(person)
    await save(person, "woop", wish="Yet another")
    assert await since(person, cursor) == ["field_changed woop intro.woop.wish cleared=[] version=3"]
    cursor = await here(person)
    await save(person, "know-thyself", dream="Another dream")
    assert await since(person, cursor) == [
        "field_changed know-thyself identity.personal_dream cleared=[] version=2",
        "stale_changed know-thyself identity.personal_dream stale=False",
        f"stale_changed dream {DREAM} stale=True",
    ]


async def test_a_verdict_and_a_reopening(world: World, since: Since, here: Here) -> None:
    """A comment stays out of it."""
    company = await world.organization()
    person, guru = await world.person(company), await world.person(company, Role.GURU)
    await world.complete(person, "woop")
    cursor = await here(person)
    approve = 'mutation ($user: ID!) { approveSubmission(userId: $user, tool: "woop", comment: "Good") { __typename } }'
    reject = 'mutation ($user: ID!) { rejectSubmission(userId: $user, tool: "woop", comment: "No") { __typename } }'
    reopen = 'mutation { reopenTool(tool: "woop") { __typename } }'
    for who, act in (
        (guru, reject),
        (person, 'mutation { submitTool(tool: "woop") { __typename } }'),
        (guru, approve),
        (person, reopen),
    ):
        answer = await world.graphql(who, act, {"user": str(person.id)} if who is guru else {})
        assert not answer.errors, answer
    found = await since(person, cursor)
    assert found == await since(person, cursor, guru)
    assert found == [
        "rejected woop",
        "progress_changed woop from=completed to=in_progress",
        "submitted woop version=1",
        "progress_changed woop from=in_progress to=completed",
        "approved woop",
        "reopened woop version=1",
        "progress_changed woop from=completed to=in_progress",
    ]


async def test_who_may_see_the_work_reads_its_facts(world: World, save: Save, since: Since) -> None:
    """Nobody, a colleague, another organisation; then the person, their admin, their guru."""
    company = await world.organization()
    person = await world.person(company)
    await save(person, "woop", wish="Mine")
    assert not await events_after(world, ANONYMOUS, person.id)
    for other in (
        await world.person(company),
        await world.person(await world.organization(), Role.ADMIN),
        await world.person(await world.organization(), Role.GURU),
        await world.person(None, Role.PLATFORM_ADMIN),
    ):
        assert await since(person, START, other) == []
    for reader in (person, await world.person(company, Role.ADMIN), await world.person(company, Role.GURU)):
        assert len(await since(person, START, reader)) == 2


async def test_an_export_is_a_fact_about_whose_work_it_is(world: World, since: Since, here: Here) -> None:
    """Whoever asked for it."""
    company = await world.organization()
    person, admin = await world.person(company), await world.person(company, Role.ADMIN)
    await world.complete(person, "woop")
    cursor = await here(person)
    response = await world.client.get(f"/api/tools/woop/export?user_id={person.id}", headers=admin.headers)
    assert response.status_code == 200, response.text
    assert await since(person, cursor) == ["exported woop format=json version=1"]


async def test_no_answer_is_in_the_outbox(world: World, save: Save) -> None:
    """Neither what was written, nor what became of it."""
    person = await world.person(await world.organization())
    await save(person, "woop", wish="Zeppelinhangar")
    events = await events_after(world, person.viewer, person.id)
    assert events
    assert "Zeppelinhangar" not in repr(events)


@pytest.mark.parametrize("thing", ["field_changed", "submitted"])
async def test_nothing_is_recorded_of_what_is_refused(world: World, since: Since, here: Here, thing: str) -> None:
    """A refused change leaves no fact."""
    person = await world.person(await world.organization())
    cursor = await here(person)
    act = "saveSubmission" if thing == "field_changed" else "submitTool"
    await world.graphql(person, f'mutation {{ {act}(tool: "dream", data: {{ one_sentence: "x" }}) {{ __typename }} }}')
    assert await since(person, cursor) == []
