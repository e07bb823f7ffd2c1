"""How often a write goes to PostgreSQL and back: counted by what is sent, BEGIN and COMMIT included.

No tool of the programme opens eight others, and none has twenty questions: a catalogue with both stands in for it.
"""

import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.settings import Settings
from app.storage import Storage
from db.catalogue import CATALOGUE_PATH, Catalogue, load_catalogue
from tests.db.databases import fresh_database
from tests.world import Person, World, open_world

SAVE_LIMIT = 4
SUBMIT_LIMIT = 5
DEPENDENTS = [f"branch-{number}" for number in range(8)]

TOOL = """
slug = "{slug}"
sprint = {sprint}
name = "{slug}"
description = "A tool."
guidance = "Work on it."
module = 0
prerequisites = ["{after}"]
"""

QUESTION = """
[[questions]]
key = "question_{number}"
label = "Question {number}"
description = "A question."
type = "text"
required = true
"""

ANSWERS = {f"question_{number}": f"Answer {number}" for number in range(20)}


@pytest.fixture(scope="module")
def wide_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """WOOP opens the trunk, which asks twenty questions and publishes every answer; eight branches wait for it."""
    folder: Path = tmp_path_factory.mktemp("catalogue")
    shutil.copytree(CATALOGUE_PATH, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    trunk = TOOL.format(slug="trunk", sprint=31, after="woop")
    for number in range(20):
        trunk += QUESTION.format(number=number) + f'publishes = "synthesis.trunk.question_{number}"\n'
    (folder / "tools" / "31_trunk.toml").write_text(trunk, "utf-8")
    for number, slug in enumerate(DEPENDENTS):
        branch = TOOL.format(slug=slug, sprint=32 + number, after="trunk") + QUESTION.format(number=0)
        (folder / "tools" / f"{32 + number}_{slug.replace('-', '_')}.toml").write_text(branch, "utf-8")
    return load_catalogue(folder)


@pytest.fixture(scope="module")
async def wide(wide_catalogue: Catalogue, storage: Storage, settings: Settings) -> AsyncIterator[World]:
    """A gateway on it, with a database of its own."""
    async with fresh_database(storage, "round_trips") as found:
        await found.migrate(wide_catalogue)
        async with open_world(found, wide_catalogue, settings) as opened:
            yield opened


@pytest.fixture
async def person(wide: World) -> Person:
    """Someone for whom the trunk has just opened."""
    person = await wide.person(await wide.organization())
    await wide.complete(person, "woop")
    return person


@dataclass(frozen=True, slots=True)
class Trips:
    """What was sent: who is asking, the write from BEGIN to COMMIT, and what the answer shows of it."""

    identity: int
    write: int
    payload: int

    @classmethod
    def of(cls, sent: Sequence[str]) -> "Trips":
        """Sorted out; fails unless there was exactly one transaction."""
        (begin,) = [number for number, sql in enumerate(sent) if sql.startswith("BEGIN")]
        (commit,) = [number for number, sql in enumerate(sent) if sql == "COMMIT"]
        assert begin < commit
        return cls(begin, commit - begin + 1, len(sent) - commit - 1)


async def written(wide: World, person: Person, query: str, **variables: Any) -> tuple[Any, Trips]:
    """What the one mutation of ``query`` answers, and what it took."""
    with wide.sql() as sent:
        answer = await wide.graphql(person, query, variables)
    assert not answer.errors
    (payload,) = answer.data.values()
    return payload, Trips.of(sent)


SAVE = """mutation ($input: TrunkInput!, $version: Int) { saveTrunk(input: $input, expectedVersion: $version) {
  __typename ... on SubmissionSaved { created } } }"""
SAVE_AND_SHOW = """mutation ($input: TrunkInput!) { saveTrunk(input: $input) {
  ... on SubmissionSaved { created submission { version } tool { progress { status percentage } } } } }"""
SUBMIT = """mutation ($data: JSON) { submitTool(tool: "trunk", data: $data) {
  __typename ... on SubmissionSubmitted { unlocked { slug } } } }"""
SUBMIT_AND_SHOW = """mutation ($data: JSON) { submitTool(tool: "trunk", data: $data) {
  ... on SubmissionSubmitted { unlocked { slug } submission { version } tool { progress { status } } } } }"""

INPUT = {f"question{number}": f"Answer {number}" for number in range(20)}


async def test_saving_twenty_answers(wide: World, person: Person) -> None:
    """Who is asking, begin, look, write, commit: the first save, a second one, and one of a single answer."""
    for number, given in enumerate((INPUT, {key: f"Better {key}" for key in INPUT}, {"question7": "Once more"})):
        payload, trips = await written(wide, person, SAVE, input=given, version=number)
        assert payload == {"__typename": "SubmissionSaved", "created": number == 0}
        assert trips == Trips(identity=1, write=4, payload=0)
        assert trips.write <= SAVE_LIMIT
    assert await _stored(wide, person) == [20, 20]


async def test_saving_by_the_general_mutation(wide: World, person: Person) -> None:
    """``saveSubmission`` costs what the typed one does."""
    query = 'mutation ($data: JSON!) { saveSubmission(tool: "trunk", data: $data) { __typename } }'
    _, trips = await written(wide, person, query, data=ANSWERS)
    assert trips == Trips(identity=1, write=4, payload=0)


async def test_showing_what_was_saved(wide: World, person: Person) -> None:
    """The payload is read after the commit: one statement for each kind of row that it shows."""
    payload, trips = await written(wide, person, SAVE_AND_SHOW, input=INPUT)
    assert payload == {
        "created": True,
        "submission": {"version": 1},
        "tool": {"progress": {"status": "IN_PROGRESS", "percentage": 100}},
    }
    assert trips == Trips(identity=1, write=4, payload=2)


@pytest.mark.parametrize("saved_before", [True, False])
async def test_submitting_what_opens_eight_tools(wide: World, person: Person, *, saved_before: bool) -> None:
    """With the identity not more than five, and all eight are open."""
    if saved_before:
        await written(wide, person, SAVE, input=INPUT)
    payload, trips = await written(wide, person, SUBMIT, data=None if saved_before else ANSWERS)
    assert payload == {"__typename": "SubmissionSubmitted", "unlocked": [{"slug": slug} for slug in DEPENDENTS]}
    assert trips == Trips(identity=1, write=4, payload=0)
    assert trips.identity + trips.write <= SUBMIT_LIMIT
    tools = await wide.graphql(person, "{ viewer { tools(status: UNLOCKED) { slug } } }")
    assert {tool["slug"] for tool in tools.data["viewer"]["tools"]} >= set(DEPENDENTS)


async def test_showing_what_was_submitted(wide: World, person: Person) -> None:
    """The payload as after a save."""
    payload, trips = await written(wide, person, SUBMIT_AND_SHOW, data=ANSWERS)
    assert len(payload["unlocked"]) == 8
    assert (payload["submission"], payload["tool"]) == ({"version": 1}, {"progress": {"status": "COMPLETED"}})
    assert trips == Trips(identity=1, write=4, payload=2)


async def test_over_rest_it_is_the_same(wide: World, person: Person) -> None:
    """A save and a submit of the old paths."""
    for path, body in (("data", {"data": ANSWERS}), ("submit", {})):
        with wide.sql() as sent:
            answer = await wide.client.post(f"/api/tools/trunk/{path}", json=body, headers=person.headers)
        assert answer.json()["success"], answer.text
        trips = Trips.of(sent)
        assert (trips.identity, trips.write) == (1, 4)


async def _stored(wide: World, person: Person) -> list[int]:
    """Answers and published values that are really there."""
    counts = (
        "SELECT count(*) FROM sprint_31_trunk.submissions AS s, jsonb_object_keys(s.data) WHERE s.user_id = :id",
        "SELECT count(*) FROM sprint_31_trunk.field_outputs WHERE user_id = :id",
    )
    async with wide.as_owner() as owner:
        return [await owner.scalar(text(count), {"id": person.id}) for count in counts]
