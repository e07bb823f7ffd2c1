"""How far the caller is: all tools, the next one, and sums."""

from tests.rest_shim.rest import Rest
from tests.world import Person, World


async def test_progress_counts_and_lists_every_tool(rest: Rest, world: World, person: Person) -> None:
    """GET /api/user/progress: counts that add up, and a row for each of the 31 tools."""
    await world.complete(person, "woop")
    await rest.post(person, "/api/tools/know-thyself/data", {"data": {"dream": "Sail"}})
    found = (await rest.get(person, "/api/user/progress")).data
    rows = found.pop("progress")
    assert found == {
        "total_tools": 31,
        "completed_tools": 1,
        "in_progress_tools": 1,
        "unlocked_tools": 0,
        "locked_tools": 29,
        "overall_completion_percentage": 3,
        "current_tool": "know-thyself",
    }
    assert len(rows) == 31
    assert [(row["tool_slug"], row["status"]) for row in rows[:3]] == [
        ("woop", "completed"),
        ("know-thyself", "in_progress"),
        ("dream", "locked"),
    ]
    assert rows[0].keys() == {
        "tool_slug",
        "status",
        "progress_percentage",
        "unlocked_at",
        "started_at",
        "completed_at",
    }
    assert rows[1]["progress_percentage"] == 17
    assert (rows[1]["unlocked_at"], rows[1]["completed_at"]) == (rows[0]["completed_at"], None)


async def test_the_next_tool_is_the_open_one(rest: Rest, person: Person) -> None:
    """A new participant is sent to WOOP, with a sentence."""
    assert (await rest.get(person, "/api/user/next-tool")).data == {
        "tool_slug": "woop",
        "message": "WOOP is open: start it.",
    }


async def test_the_next_tool_is_the_one_begun(rest: Rest, world: World, person: Person) -> None:
    """What was begun comes before what could be begun."""
    await world.complete(person, "woop", "know-thyself", "dream")
    await rest.post(person, "/api/tools/energy/data", {"data": {"note": "begun"}})
    assert (await rest.get(person, "/api/user/next-tool")).data["tool_slug"] == "energy"


async def test_after_the_last_tool_there_is_no_next_one(rest: Rest, world: World, person: Person) -> None:
    """tool_slug is null when everything is completed; progress is 100."""
    await world.complete(person, *(tool.slug for tool in world.catalogue.sequence))
    assert (await rest.get(person, "/api/user/next-tool")).data == {
        "tool_slug": None,
        "message": "All tools are completed. Well done.",
    }
    found = (await rest.get(person, "/api/user/progress")).data
    assert (found["overall_completion_percentage"], found["current_tool"]) == (100, None)


async def test_statistics_sum_the_hours_of_completed_tools(rest: Rest, world: World, person: Person) -> None:
    """GET /api/user/stats: totals, and hours from first save to first completion, in all and for one tool."""
    await world.complete(person, "woop", "know-thyself")
    await _took(world, person, "woop", hours=3)
    await _took(world, person, "know-thyself", hours=2)
    assert (await rest.get(person, "/api/user/stats")).data == {
        "total_tools": 31,
        "completed_tools": 2,
        "in_progress_tools": 0,
        "unlocked_tools": 2,
        "locked_tools": 27,
        "completion_percentage": 6,
        "total_time_spent_hours": 5.0,
        "average_time_per_tool_hours": 2.5,
    }


async def _took(world: World, person: Person, slug: str, *, hours: int) -> None:
    async with world.as_owner() as connection:
        await connection.exec_driver_sql(
            "UPDATE tool_access.progress SET started_at = completed_at - make_interval(hours => $1)"
            " WHERE user_id = $2 AND tool_slug = $3",
            (hours, person.id, slug),
        )
