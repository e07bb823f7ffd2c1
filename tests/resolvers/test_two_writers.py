"""Two writers of one tool: nobody's work is lost, and who comes second is told what is there now."""

import asyncio
from typing import Any

import pytest

from resolvers.context import Context
from resolvers.refusals import StaleVersion
from resolvers.tools.saving import save_answers
from resolvers.tools.submitting import submit_tool
from tests.resolvers import stored
from tests.world import Person, World


async def test_the_second_writer_of_a_version_gets_the_current_data(
    world: World, person: Person, context: Context
) -> None:
    """Both read version 1; the second learns of version 2 and what is in it, and has written nothing."""
    await save_answers(context, "woop", {"wish": "One", "outcome": "Same"})
    await save_answers(await world.context(person), "woop", {"wish": "Two"}, expected_version=1)
    before = await stored.everything(world, person)
    with pytest.raises(StaleVersion) as refusal:
        await save_answers(context, "woop", {"wish": "Three"}, expected_version=1)
    assert (refusal.value.expected_version, refusal.value.current_version) == (1, 2)
    assert refusal.value.current is not None
    assert refusal.value.current.data == {"wish": "Two", "outcome": "Same"}
    assert await stored.everything(world, person) == before


async def test_the_right_version_is_accepted(world: World, person: Person, context: Context) -> None:
    """Zero expects that nothing is there yet; each save then expects the version before it."""
    for version in range(3):
        await save_answers(context, "woop", {"wish": f"Wish {version}"}, expected_version=version)
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert (row["version"], row["data"]) == (3, {"wish": "Wish 2"})


@pytest.mark.parametrize("expected", [-1, 1, 2**31 - 1])
async def test_a_version_that_never_was_is_stale(world: World, person: Person, context: Context, expected: int) -> None:
    """Before the first save the current version is 0 and there is no data to show."""
    before = await stored.everything(world, person)
    with pytest.raises(StaleVersion) as refusal:
        await save_answers(context, "woop", {"wish": "x"}, expected_version=expected)
    assert (refusal.value.current_version, refusal.value.current) == (0, None)
    assert await stored.everything(world, person) == before


async def test_a_stale_submit_is_refused_too(world: World, person: Person, context: Context) -> None:
    """What would be submitted is not what the person has seen."""
    await save_answers(context, "woop", world.answers("woop"))
    with pytest.raises(StaleVersion):
        await submit_tool(context, "woop", expected_version=0)
    assert (await stored.progress(world, person))["woop"]["status"] == "in_progress"


async def test_of_writers_at_the_same_moment_one_wins(world: World, person: Person, context: Context) -> None:
    """Eight saves of version 1 at once: one is version 2, the others are told of it with its data."""
    await save_answers(context, "woop", {"wish": "Start"})
    results = await asyncio.gather(
        *(_save(world, person, {"wish": f"Writer {number}"}, expected_version=1) for number in range(8)),
        return_exceptions=True,
    )
    row = await stored.submission(world, person, "woop")
    assert row is not None
    lost = [result for result in results if isinstance(result, StaleVersion)]
    assert len(lost) == 7
    assert len([result for result in results if not isinstance(result, BaseException)]) == 1
    assert row["version"] == 2
    assert {refusal.current.data["wish"] for refusal in lost if refusal.current} == {row["data"]["wish"]}
    assert len(await stored.events(world, person)) == 2


async def test_of_first_saves_at_the_same_moment_one_wins(world: World, person: Person) -> None:
    """The submission is created once, even though neither writer finds one."""
    results = await asyncio.gather(
        *(_save(world, person, {"wish": f"Writer {number}"}, expected_version=0) for number in range(4)),
        return_exceptions=True,
    )
    assert [type(result) for result in results].count(StaleVersion) == 3
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert row["version"] == 1


async def test_writers_who_name_no_version_all_get_through(world: World, person: Person) -> None:
    """Saves of different answers at once follow one another: each answer is there at the end."""
    keys = ["wish", "outcome", "obstacle_internal", "plan_if_then", "first_action"]
    await asyncio.gather(*(_save(world, person, {key: f"{key}!"}) for key in keys))
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert row["data"] == {key: f"{key}!" for key in keys}
    assert row["version"] == len(keys)


async def test_two_people_do_not_wait_for_each_other_in_the_same_row(world: World) -> None:
    """Saves of two participants at once are two submissions, each with its own answers."""
    one, other = await world.person(), await world.person()
    await asyncio.gather(_save(world, one, {"wish": "One's"}), _save(world, other, {"wish": "Other's"}))
    rows = [await stored.submission(world, each, "woop") for each in (one, other)]
    assert [row["data"]["wish"] for row in rows if row] == ["One's", "Other's"]


async def _save(world: World, person: Person, given: dict[str, Any], expected_version: int | None = None) -> None:
    context = await world.context(person)
    await save_answers(context, "woop", given, expected_version=expected_version)
