"""Adding a tool is adding one file: no line of Python knows how many there are, or what they ask.

A database of its own lives through it: people work with 31 tools, a file is added, the migrations run again, and the
same people find a 32nd tool, typed, unlocked by what they have completed, saved, submitted and read by others.
"""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType
from sqlalchemy.engine import make_url

from app.settings import Settings
from app.storage import Storage, create_database
from db.catalogue import CATALOGUE_PATH, Catalogue, load_catalogue
from tests.world import Person, World, open_world

TOOL = """
slug = "bread-scoring"
sprint = 31
name = "Bread Scoring"
description = "Scores the company's bread against its dream."
guidance = "Taste first."
module = 1
prerequisites = ["dream", "energy"]
also_accepts = ["crumb"]

[[questions]]
key = "verdict"
label = "Verdict"
description = "What the tasting came to."
type = "text"
required = true
publishes = "identity.bread.verdict"

[[questions]]
key = "crustScore"
label = "Crust"
description = "Points for the crust."
type = "number"
required = true

[[questions]]
key = "tasters"
label = "Tasters"
description = "Who was there."
type = "list"

[[needs]]
field = "identity.dream.one_sentence"
target = "dream_context"
label = "Dream in one sentence"
required = true
"""

READ = """{ viewer { breadScoring {
  verdict crustScore tasters stale progress { status percentage } whyLocked { tool { slug } fields { id } }
  needs { dreamContext } fieldValues { id value stale } sources { dream { oneSentence } } } } }"""


@dataclass
class Bakery:
    """The database after the file was added, and people from before it was."""

    world: World
    dreamer: Person
    newcomer: Person


@pytest.fixture(scope="module")
def wider_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The real catalogue with one file more."""
    folder = tmp_path_factory.mktemp("catalogue")
    shutil.copytree(CATALOGUE_PATH, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "tools" / "31_bread_scoring.toml").write_text(TOOL, "utf-8")
    return load_catalogue(Path(folder))


@pytest.fixture(scope="module")
async def bakery(
    storage: Storage, settings: Settings, catalogue: Catalogue, wider_catalogue: Catalogue
) -> AsyncIterator[Bakery]:
    """Two people who worked with 31 tools, one of them as far as the dream; then the 32nd came."""
    own = _beside(storage, "_32")
    await create_database(own, anew=True)
    await own.migrate(catalogue)
    async with open_world(own, catalogue, settings) as world:
        dreamer = await world.person(await world.organization())
        await world.complete(dreamer, "woop", "know-thyself", "dream")
        newcomer = await world.person(await world.organization())
    applied = await own.migrate(wider_catalogue)
    assert applied
    assert all("sprint_31" in step for step in applied)
    async with open_world(own, wider_catalogue, settings) as world:
        yield Bakery(world, dreamer, newcomer)


def _beside(storage: Storage, suffix: str) -> Storage:
    """The same server and roles, another database."""

    def renamed(url: str) -> str:
        parsed = make_url(url)
        return parsed.set(database=f"{parsed.database}{suffix}").render_as_string(hide_password=False)

    assert storage.owner_url
    return replace(storage, owner_url=renamed(storage.owner_url), gateway_url=renamed(storage.gateway_url))


async def _scoring(bakery: Bakery, person: Person) -> dict[str, Any]:
    answer = await bakery.world.graphql(person, READ)
    assert not answer.errors
    found: dict[str, Any] = answer.data["viewer"]["breadScoring"]
    return found


async def test_the_type_is_there_with_typed_fields(bakery: Bakery) -> None:
    """Question by question, with an input and a mutation of its own, beside 31 others."""
    schema = bakery.world.gateway.graph.schema
    tool, participant, mutation = (schema.type_map[name] for name in ("BreadScoringTool", "Participant", "Mutation"))
    for each in (tool, participant, mutation):
        assert isinstance(each, GraphQLObjectType)
    fields = {name: str(field.type) for name, field in tool.fields.items()}  # type: ignore[attr-defined]
    assert fields.items() >= {"verdict": "String", "crustScore": "Float", "tasters": "[JSON]"}.items()
    assert str(participant.fields["breadScoring"].type) == "BreadScoringTool!"  # type: ignore[attr-defined]
    assert str(mutation.fields["saveBreadScoring"].args["input"].type) == "BreadScoringInput!"  # type: ignore[attr-defined]
    assert "breadScoring" in schema.type_map["DreamDependents"].fields  # type: ignore[attr-defined]


async def test_an_older_account_that_is_far_enough_finds_it_open(bakery: Bakery) -> None:
    """No progress row was written for it; the dream is completed, and the optional energy does not block."""
    scoring = await _scoring(bakery, bakery.dreamer)
    assert scoring["progress"] == {"status": "UNLOCKED", "percentage": 0}
    assert scoring["whyLocked"] == []
    assert scoring["needs"]["dreamContext"] == bakery.world.answers("dream")["one_sentence"]


async def test_an_older_account_that_is_not_finds_it_locked(bakery: Bakery) -> None:
    """The missing tool is the dream; submitting that opens it, for an account as old."""
    world, person = bakery.world, bakery.newcomer
    scoring = await _scoring(bakery, person)
    assert scoring["progress"]["status"] == "LOCKED"
    assert scoring["whyLocked"] == [{"tool": {"slug": "dream"}, "fields": [{"id": "identity.dream.one_sentence"}]}]
    refused = await world.graphql(
        person, 'mutation { saveBreadScoring(input: {verdict: "x"}) { __typename ... on Refusal { message } } }'
    )
    assert refused.data["saveBreadScoring"] == {
        "__typename": "Locked",
        "message": "Bread Scoring is locked. Complete these tools first: Dream.",
    }
    await world.complete(person, "woop", "know-thyself")
    answer = await world.graphql(
        person,
        """mutation ($data: JSON!) { submitTool(tool: "dream", data: $data) {
          ... on SubmissionSubmitted { unlocked { slug } } } }""",
        {"data": world.answers("dream")},
    )
    assert {"slug": "bread-scoring"} in answer.data["submitTool"]["unlocked"]
    assert (await _scoring(bakery, person))["progress"]["status"] == "UNLOCKED"


async def test_a_new_account_has_it_locked(bakery: Bakery) -> None:
    """With a row of its own, like any other tool."""
    person = await bakery.world.person(await bakery.world.organization())
    assert (await _scoring(bakery, person))["progress"]["status"] == "LOCKED"


async def test_it_is_saved_submitted_and_read(bakery: Bakery) -> None:
    """Typed save, list of what is missing, submit, value by field id, staleness when the dream changes."""
    world = bakery.world
    person = await world.person(await world.organization())
    await world.complete(person, "woop", "know-thyself", "dream")
    saved = await world.graphql(
        person,
        """mutation { saveBreadScoring(input: {verdict: "Good crumb", tasters: ["Ana", 2]}) {
          ... on SubmissionSaved { created tool { progress { status percentage } } } } }""",
    )
    assert saved.data["saveBreadScoring"] == {
        "created": True,
        "tool": {"progress": {"status": "IN_PROGRESS", "percentage": 50}},
    }
    missing = await world.graphql(
        person,
        'mutation { submitTool(tool: "bread-scoring") { __typename ... on MissingAnswers { questions { key } } } }',
    )
    assert missing.data["submitTool"] == {"__typename": "MissingAnswers", "questions": [{"key": "crustScore"}]}
    wrong = await world.graphql(
        person,
        """mutation { saveSubmission(tool: "bread-scoring", data: {crustScore: "nine"}) {
          ... on InvalidAnswers { problems { message } } } }""",
    )
    assert wrong.data["saveSubmission"] == {"problems": [{"message": "Crust takes number, not text."}]}
    submitted = await world.graphql(
        person,
        """mutation { submitTool(tool: "bread-scoring", data: {crustScore: 8.5, crumb: "open"}) {
          __typename ... on SubmissionSubmitted { tool { progress { status } } } } }""",
    )
    assert submitted.data["submitTool"] == {
        "__typename": "SubmissionSubmitted",
        "tool": {"progress": {"status": "COMPLETED"}},
    }
    scoring = await _scoring(bakery, person)
    assert (scoring["verdict"], scoring["crustScore"], scoring["tasters"]) == ("Good crumb", 8.5, ["Ana", 2])
    impact = '{ impact(fieldId: "identity.dream.one_sentence") { wouldTurnStale { id } tools { slug } } }'
    assert (await world.graphql(person, impact)).data["impact"] == {
        "wouldTurnStale": [{"id": "identity.bread.verdict"}],
        "tools": [{"slug": "bread-scoring"}],
    }
    read = '{ field(id: "identity.bread.verdict") { value version stale sourceTool { slug } } }'
    value = (await world.graphql(person, read)).data["field"]
    assert value == {"value": "Good crumb", "version": 1, "stale": False, "sourceTool": {"slug": "bread-scoring"}}
    await world.graphql(person, 'mutation { saveDream(input: {oneSentence: "Another"}) { __typename } }')
    assert (await world.graphql(person, read)).data["field"]["stale"]
    assert (await _scoring(bakery, person))["stale"]


async def test_an_older_account_has_nothing_built_in_it(bakery: Bakery) -> None:
    """Its values end in no lineage, and nothing of it is stale."""
    lineage = '{ lineage(fieldId: "identity.bread.verdict") { upstream { distance } downstream { distance } } }'
    for person in (bakery.dreamer, bakery.newcomer):
        assert not (await _scoring(bakery, person))["stale"]
        found = (await bakery.world.graphql(person, lineage)).data["lineage"]
        assert found == {"upstream": [], "downstream": []}


async def test_it_is_in_the_catalogue(bakery: Bakery) -> None:
    """Listed, counted, and named among the dependents of what it builds on."""
    answer = await bakery.world.graphql(
        bakery.dreamer,
        """{ tools { slug } viewer { progressSummary { totalTools } }
          tool(slug: "bread-scoring") { schemaName prerequisites { slug isOptional } fields { usedBy { slug } } } }""",
    )
    assert len(answer.data["tools"]) == answer.data["viewer"]["progressSummary"]["totalTools"] == 32
    assert answer.data["tool"] == {
        "schemaName": "sprint_31_bread_scoring",
        "prerequisites": [{"slug": "dream", "isOptional": False}, {"slug": "energy", "isOptional": True}],
        "fields": [{"usedBy": []}],
    }


async def test_its_rows_are_as_protected_as_any(bakery: Bakery) -> None:
    """Policies and grants come from the same templates: its author reads the value, a stranger finds nothing."""
    world = bakery.world
    author, stranger = [await world.person(await world.organization()) for _ in range(2)]
    await world.complete(author, "woop", "know-thyself", "dream")
    await world.graphql(author, 'mutation { saveBreadScoring(input: {verdict: "Ours"}) { __typename } }')
    read = 'query ($id: ID!) { field(id: "identity.bread.verdict", userId: $id) { value } }'
    found = [await world.graphql(who, read, {"id": str(author.id)}) for who in (author, stranger)]
    assert [answer.data["field"]["value"] for answer in found] == ["Ours", None]


# The same tool over REST: tests/rest_shim/test_thirty_second_tool.py.
