"""What the programme's dashboards show."""

from tests.rest_shim.rest import Rest
from tests.world import Person, World


async def test_progress_has_one_row_for_each_tool(rest: Rest, world: World, person: Person) -> None:
    """GET /api/dashboard/progress: slug, status, percentage and completion of all 31."""
    await world.complete(person, "woop")
    await rest.post(person, "/api/tools/know-thyself/data", {"data": {"dream": "Sail"}})
    rows = (await rest.get(person, "/api/dashboard/progress")).data
    assert [row["slug"] for row in rows] == [tool.slug for tool in world.catalogue.tools]
    completed_at = rows[0].pop("completedAt")
    assert completed_at is not None
    assert rows[0] == {"slug": "woop", "status": "completed", "progress": 100}
    assert rows[1] == {"slug": "know-thyself", "status": "in_progress", "progress": 17, "completedAt": None}
    assert rows[2] == {"slug": "dream", "status": "locked", "progress": 0, "completedAt": None}


async def test_a_submission_is_read_question_by_question(rest: Rest, world: World, person: Person) -> None:
    """GET /api/dashboard/submission: every question by its label, in the tool's order; text as answer, all as data."""
    await world.complete(person, "woop", "know-thyself", "dream")
    rows = (await rest.get(person, "/api/dashboard/submission", tool_slug="dream")).data
    dream, answers = world.catalogue.by_slug["dream"], world.answers("dream")
    assert rows == [
        {
            "question": question.label,
            "section": question.section,
            "answer": answers[question.key] if isinstance(answers[question.key], str) else None,
            "data": answers[question.key],
        }
        for question in dream.questions
    ]
    assert any(row["answer"] is None for row in rows)


async def test_before_the_first_save_every_answer_is_null(rest: Rest, person: Person) -> None:
    """The questions come all the same."""
    rows = (await rest.get(person, "/api/dashboard/submission", tool_slug="woop")).data
    assert len(rows) == 16
    assert {(row["answer"], row["data"]) for row in rows} == {(None, None)}


async def test_a_submission_needs_a_tool(rest: Rest, person: Person) -> None:
    """tool_slug missing: 400; unknown: 404."""
    missing = await rest.get(person, "/api/dashboard/submission")
    assert (missing.status, missing.paths) == (400, ["tool_slug"])
    unknown = await rest.get(person, "/api/dashboard/submission", tool_slug="cartomancy")
    assert (unknown.status, unknown.body["message"]) == (404, "Tool not found: cartomancy")
