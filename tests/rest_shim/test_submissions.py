"""Saving, reading and submitting the answers of one tool."""

from typing import Any

import pytest

from tests.resolvers.stored import everything
from tests.rest_shim.rest import Reply, Rest
from tests.world import Person, World

WOOP = "/api/tools/woop/data"
SUBMISSION = {
    "id",
    "user_id",
    "organization_id",
    "data",
    "status",
    "version",
    "created_at",
    "updated_at",
    "submitted_at",
    "completed_at",
}


async def save(rest: Rest, person: Person, data: dict[str, Any], if_match: str | None = None) -> Reply:
    """Save answers to WOOP."""
    return await rest.post(person, WOOP, {"data": data}, if_match=if_match)


async def test_before_the_first_save_there_is_no_submission(rest: Rest, person: Person) -> None:
    """An open tool without answers: 404 with the contract's sentence."""
    refused = await rest.get(person, WOOP)
    assert (refused.status, refused.body["message"]) == (404, "No submission found for this tool")


async def test_the_first_save_creates_a_draft(rest: Rest, person: Person) -> None:
    """201 with version 1; GET then gives the same submission."""
    saved = await save(rest, person, {"wish": "Sail to Madeira"})
    assert saved.status == 201
    assert saved.body.keys() == {"success", "data", "message"}
    assert saved.data.keys() == SUBMISSION | {"ignored"}
    assert (saved.data["status"], saved.data["version"]) == ("draft", 1)
    assert saved.data["user_id"] == str(person.id)
    assert saved.data["organization_id"] == str(person.account.organization_id)
    assert (saved.data["submitted_at"], saved.data["completed_at"], saved.data["ignored"]) == (None, None, [])
    stored = (await rest.get(person, WOOP)).data
    assert stored == {key: saved.data[key] for key in SUBMISSION}


async def test_every_further_save_adds_one_to_the_version(rest: Rest, person: Person) -> None:
    """200, version + 1, the same row; absent keys stay and null clears."""
    first = await save(rest, person, {"wish": "Sail", "outcome": "Calm", "plan_if_then": "If, then"})
    second = await save(rest, person, {"wish": "Row", "outcome": None})
    assert (second.status, second.data["version"], second.data["id"]) == (200, 2, first.data["id"])
    assert second.data["data"] == {"wish": "Row", "plan_if_then": "If, then"}


@pytest.mark.parametrize("etag", ["1", '"1"', 'W/"1"'])
async def test_if_match_takes_the_version_that_is_stored(rest: Rest, person: Person, etag: str) -> None:
    """The version, bare or as an entity tag, lets the save pass."""
    await save(rest, person, {"wish": "Sail"})
    assert (await save(rest, person, {"wish": "Row"}, if_match=etag)).data["version"] == 2


async def test_a_stale_version_is_refused_with_the_current_one(rest: Rest, world: World, person: Person) -> None:
    """If-Match of an older version: 409, the current version and data, and nothing written."""
    await save(rest, person, {"wish": "Sail"})
    current = await save(rest, person, {"wish": "Row"})
    before = await everything(world, person)
    refused = await save(rest, person, {"wish": "Fly"}, if_match="1")
    assert (refused.status, refused.body["code"]) == (409, "STALE_VERSION")
    assert refused.body["details"]["current_version"] == 2
    assert refused.body["details"]["current"] == {key: current.data[key] for key in SUBMISSION}
    assert await everything(world, person) == before


async def test_a_locked_tool_is_neither_read_nor_saved_nor_submitted(rest: Rest, world: World, person: Person) -> None:
    """403 with exactly the prerequisites that are missing and their required field ids; nothing written."""
    before = await everything(world, person)
    for refused in (
        await rest.get(person, "/api/tools/values/data"),
        await rest.post(person, "/api/tools/values/data", {"data": {}}),
        await rest.post(person, "/api/tools/values/submit", {"data": world.answers("values")}),
    ):
        assert (refused.status, refused.body["code"]) == (403, "LOCKED")
        assert refused.body["details"] == {
            "missing": [
                {"tool": "dream", "fields": ["identity.dream.one_sentence"]},
                {"tool": "know-thyself", "fields": ["identity.personal_values"]},
            ]
        }
    assert await everything(world, person) == before


async def test_answers_that_do_not_fit_are_refused_one_by_one(rest: Rest, world: World, person: Person) -> None:
    """400 with a problem for each answer; the good ones beside them are not saved either."""
    before = await everything(world, person)
    refused = await save(rest, person, {"wish": "Sail", "first_action": 5, "commitment_level": 11})
    assert (refused.status, refused.body["code"]) == (400, "INVALID_ANSWERS")
    assert refused.body["details"] == [
        {"path": "data.first_action", "message": "First action takes text, not number."},
        {
            "path": "data.commitment_level",
            "message": "Commitment level takes one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, not 11.",
        },
    ]
    assert await everything(world, person) == before


async def test_unknown_keys_are_stored_and_reported(rest: Rest, person: Person) -> None:
    """A key that is no question is kept and named in `ignored`; an older key of the page is kept in silence."""
    saved = await save(rest, person, {"wish": "Sail", "mood": "fine", "reflection": "older key"})
    assert saved.data["ignored"] == ["mood"]
    assert saved.data["data"] == {"wish": "Sail", "mood": "fine", "reflection": "older key"}


async def test_the_status_goes_forward_only(rest: Rest, person: Person) -> None:
    """A save may set draft and in_progress, not go back, and not submit."""
    body = {"data": {"wish": "Sail"}, "status": "in_progress"}
    assert (await rest.post(person, WOOP, body)).data["status"] == "in_progress"
    back = await rest.post(person, WOOP, body | {"status": "draft"})
    assert (back.status, back.body["code"]) == (409, "INVALID_TRANSITION")
    submitted = await rest.post(person, WOOP, body | {"status": "submitted"})
    assert (submitted.status, submitted.paths) == (400, ["status"])


async def test_submitting_completes_the_tool_and_opens_its_dependents(rest: Rest, world: World, person: Person) -> None:
    """200, status submitted, the opened slugs; completed at 100 and opened at one and the same moment."""
    answers = world.answers("woop")
    await save(rest, person, answers)
    submitted = await rest.post(person, "/api/tools/woop/submit")
    assert submitted.data.keys() == SUBMISSION | {"unlocked"}
    assert (submitted.status, submitted.data["status"], submitted.data["version"]) == (200, "submitted", 1)
    assert submitted.data["unlocked"] == ["know-thyself"]
    progress = (await rest.get(person, "/api/user/progress")).data["progress"]
    woop, know_thyself = progress[:2]
    assert (woop["status"], woop["progress_percentage"]) == ("completed", 100)
    assert know_thyself["status"] == "unlocked"
    assert know_thyself["unlocked_at"] == woop["completed_at"] == submitted.data["submitted_at"]


async def test_submitting_can_bring_the_answers(rest: Rest, world: World, person: Person) -> None:
    """`data` of a submit is saved first, in the same step."""
    submitted = await rest.post(person, "/api/tools/woop/submit", {"data": world.answers("woop")})
    assert submitted.data["data"] == world.answers("woop")
    assert (submitted.data["version"], submitted.data["unlocked"]) == (1, ["know-thyself"])


async def test_required_questions_must_be_answered_to_submit(rest: Rest, world: World, person: Person) -> None:
    """400 with the questions that are missing; nothing is completed, not even what came along is saved."""
    before = await everything(world, person)
    refused = await rest.post(person, "/api/tools/woop/submit", {"data": {"wish": "Sail", "outcome": " "}})
    assert (refused.status, refused.body["code"]) == (400, "MISSING_ANSWERS")
    assert refused.paths == ["data.outcome", "data.obstacle_internal", "data.plan_if_then"]
    assert await everything(world, person) == before


async def test_a_stale_submit_is_refused(rest: Rest, world: World, person: Person) -> None:
    """If-Match holds for a submit as for a save."""
    await save(rest, person, world.answers("woop"))
    refused = await rest.post(person, "/api/tools/woop/submit", {}, if_match="7")
    assert (refused.status, refused.body["details"]["current_version"]) == (409, 1)
