"""Sensitive answers over the REST paths and as the HTML pages send them: plain text in, plain text out."""

import logging
from typing import Any

import pytest

from db.encryption import MARK
from db.viewer import Role
from tests.resolvers.stored import submission
from tests.rest_shim.rest import Rest
from tests.world import Person, World

STORY = "On my sixtieth birthday the whole lighthouse sang."
HARDSHIPS = "Twice the ovens went cold; Marzipan the dog stayed."
SENSITIVE = {"birthday_story": STORY, "birthdayStory": STORY, "hardships": HARDSHIPS}
WORDS = ("lighthouse", "sixtieth", "ovens", "Marzipan")

TOOL = "/api/tools/know-thyself"


@pytest.fixture
async def author(world: World) -> Person:
    """A participant whose Know Thyself is open."""
    person = await world.person(await world.organization())
    await world.complete(person, "woop")
    return person


async def stored(world: World, person: Person) -> dict[str, Any]:
    """The answers as they are stored."""
    row = await submission(world, person, "know-thyself")
    assert row is not None
    data: dict[str, Any] = row["data"]
    return data


async def test_what_a_tool_saves_every_path_reads(rest: Rest, world: World, author: Person) -> None:
    """Data, answers of the page, the dashboard and the export, for the author; data for guru and admin too."""
    answers = world.answers("know-thyself") | SENSITIVE
    await rest.post(author, f"{TOOL}/submit", {"data": answers})
    assert not [word for word in WORDS if word in str(await stored(world, author))]
    assert (await rest.get(author, f"{TOOL}/data")).data["data"] == answers
    loaded = await rest.get(author, "/api/toolsave/load", tool_slug="know-thyself", user_id=author.id)
    assert loaded.data == answers
    rows = (await rest.get(author, "/api/dashboard/submission", tool_slug="know-thyself")).data
    assert HARDSHIPS in [row["answer"] for row in rows]
    assert (await rest.get(author, f"{TOOL}/export", format="json")).body["submission"] == answers
    for role in (Role.GURU, Role.ADMIN):
        reader = await world.person(author.account.organization_id, role)
        assert (await rest.get(reader, f"{TOOL}/data", user_id=author.id)).data["data"] == answers


async def test_a_page_saves_and_loads_them(rest: Rest, world: World, author: Person) -> None:
    """Question by question, as text."""
    questions = (await rest.get(None, "/api/toolsave/questions", tool_slug="know-thyself")).data
    ids = {question["question_key"]: question["id"] for question in questions}
    responses = [{"question_id": ids[key], "response_value": SENSITIVE[key]} for key in ("birthday_story", "hardships")]
    await rest.post(author, "/api/toolsave/save", {"user_id": str(author.id), "responses": responses})
    data = await stored(world, author)
    assert [data[key].keys() for key in ("birthday_story", "hardships")] == [{MARK}, {MARK}]
    loaded = await rest.get(author, "/api/toolsave/load", tool_slug="know-thyself", user_id=author.id)
    assert loaded.data == {"birthday_story": STORY, "hardships": HARDSHIPS}


async def test_an_envelope_is_refused_with_its_path(rest: Rest, author: Person) -> None:
    """400, and nothing is written."""
    refused = await rest.post(author, f"{TOOL}/data", {"data": {"goal_1": {MARK: {"version": 1}}}})
    assert (refused.status, refused.paths) == (400, ["data.goal_1"])
    assert (await rest.get(author, f"{TOOL}/data")).status == 404


async def test_what_is_refused_is_not_repeated(
    rest: Rest, world: World, author: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """Answers of the wrong kind, a stale version, a locked tool: neither the answer nor the log says what was sent."""
    stranger = await world.person(await world.organization())
    with caplog.at_level(logging.DEBUG):
        replies = [
            await rest.post(author, f"{TOOL}/data", {"data": {"hardships": [HARDSHIPS], "birthday_story": STORY}}),
            await rest.post(author, f"{TOOL}/data", {"data": {"hardships": HARDSHIPS}}, if_match='"9"'),
            await rest.post(stranger, f"{TOOL}/data", {"data": {"hardships": HARDSHIPS}}),
            await rest.post(author, f"{TOOL}/submit", {"data": {"hardships": HARDSHIPS}}),
        ]
    assert [reply.status for reply in replies] == [400, 409, 403, 400]
    told = caplog.text + str([reply.body for reply in replies])
    assert not [word for word in WORDS if word in told]
