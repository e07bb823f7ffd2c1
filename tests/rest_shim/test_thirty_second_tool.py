"""A tool added as one file is on every REST path, and no line of Python knows it."""

import shutil
from collections.abc import AsyncIterator

import pytest
from openapi_spec_validator import validate

from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue, load_catalogue
from db.catalogue.load import CATALOGUE_PATH
from tests.db.databases import fresh_database
from tests.rest_shim.documented import Documented
from tests.rest_shim.rest import Rest
from tests.world import Person, World, open_world

RETROSPECTIVE = """
slug = "retrospective"
sprint = 31
name = "Retrospective"
description = "What the programme has changed."
guidance = "Start with the wish."
module = 0
prerequisites = ["woop"]
aliases = ["looking-back"]

[[questions]]
key = "lesson"
label = "Lesson"
description = "What was learned."
type = "text"
required = true
publishes = "synthesis.retrospective.lesson"

[[questions]]
key = "scores"
label = "Scores"
description = "How each module did."
type = "list"

[[needs]]
field = "intro.woop.wish"
target = "first_wish"
label = "The wish of the beginning"
required = true
"""


@pytest.fixture(scope="module")
def bigger_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The catalogue with one file more."""
    folder = tmp_path_factory.mktemp("catalogue")
    shutil.copytree(CATALOGUE_PATH, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "tools" / "31_retrospective.toml").write_text(RETROSPECTIVE, "utf-8")
    return load_catalogue(folder)


@pytest.fixture(scope="module")
async def bigger(bigger_catalogue: Catalogue, storage: Storage, settings: Settings) -> AsyncIterator[World]:
    """A gateway on it, with a database of its own."""
    async with fresh_database(storage, "rest_thirty_second_tool") as found:
        await found.migrate(bigger_catalogue)
        async with open_world(found, bigger_catalogue, settings) as opened:
            yield opened


@pytest.fixture
async def rest(bigger: World) -> Rest:
    """Its REST paths, held against its own document."""
    return Rest(bigger.client, Documented((await bigger.client.get("/openapi.json")).json()))


@pytest.fixture
async def person(bigger: World) -> Person:
    """A participant who has completed WOOP."""
    person = await bigger.person(await bigger.organization())
    await bigger.complete(person, "woop")
    return person


async def test_it_is_listed_and_waits_for_its_prerequisite(rest: Rest, bigger: World) -> None:
    """32 tools; to a newcomer it is locked, and says why."""
    newcomer = await bigger.person(await bigger.organization())
    tools = (await rest.get(newcomer, "/api/tools")).data
    assert (len(tools), tools[31]["slug"], tools[31]["user_status"]) == (32, "retrospective", "locked")
    assert tools[31]["schema_name"] == "sprint_31_retrospective"
    refused = await rest.post(newcomer, "/api/tools/retrospective/data", {"data": {"lesson": "Sail"}})
    assert (refused.status, refused.body["details"]["missing"][0]["tool"]) == (403, "woop")


async def test_it_is_saved_submitted_and_exported(rest: Rest, bigger: World, person: Person) -> None:
    """The paths of tools and fields, by slug and by alias."""
    tool = "/api/tools/looking-back"
    assert (await rest.get(person, tool)).data["user_status"] == "unlocked"
    wish = bigger.answers("woop")["wish"]
    dependencies = (await rest.get(person, f"{tool}/dependencies")).data["dependencies"]
    assert [(item["target_field"], item["value"]) for item in dependencies] == [("first_wish", wish)]
    assert len((await rest.get(person, f"{tool}/dependencies/metadata")).data["dependencies"]) == 1
    missing = await rest.post(person, f"{tool}/submit", {"data": {"scores": [1]}})
    assert (missing.status, missing.paths) == (400, ["data.lesson"])
    assert (await rest.post(person, f"{tool}/data", {"data": {"lesson": "Small steps"}})).status == 201
    assert (await rest.post(person, f"{tool}/submit", if_match="1")).data["status"] == "submitted"
    assert (await rest.get(person, f"{tool}/data")).data["data"] == {"lesson": "Small steps"}
    export = await rest.get(person, f"{tool}/export")
    assert export.body["export_metadata"]["sprint_number"] == 31
    assert export.body["dependencies"]["intro.woop.wish"]["value"] == wish
    field_id = "synthesis.retrospective.lesson"
    assert (await rest.get(person, f"/api/data/{field_id}")).data["value"] == "Small steps"
    assert (await rest.post(person, "/api/data/batch", {"field_ids": [field_id]})).data == {field_id: "Small steps"}


async def test_a_page_of_it_works(rest: Rest, person: Person) -> None:
    """The paths of pages and dashboards."""
    me, slug = {"user_id": str(person.id)}, {"tool_slug": "retrospective"}
    questions = (await rest.get(None, "/api/toolsave/questions", **slug)).data
    ids = {question["question_key"]: question["id"] for question in questions}
    responses = [
        {"question_id": ids["lesson"], "response_value": "Small steps"},
        {"question_id": ids["scores"], "response_value": "[3, 5]"},
    ]
    assert (await rest.post(person, "/api/toolsave/save", {**me, "responses": responses})).data == {"saved": 2}
    loaded = (await rest.get(person, "/api/toolsave/load", **slug, **me)).data
    assert loaded == {"lesson": "Small steps", "scores": [3, 5]}
    assert (await rest.post(person, "/api/toolsave/complete", {**me, **slug})).data["missing"] == []
    asked = {"reference_key": "synthesis.retrospective.lesson"}
    assert (await rest.get(person, "/api/toolsave/dependency", **asked, **me)).data == "Small steps"
    assert (await rest.get(person, "/api/toolsave/completions", **me)).data == ["woop", "retrospective"]
    assert (await rest.get(person, "/api/toolsave/team-unlock", **slug, **me)).data["unlocked"] is True
    shown = (await rest.get(person, "/api/dashboard/submission", **slug)).data
    assert [row["data"] for row in shown] == ["Small steps", [3, 5]]
    progress = (await rest.get(person, "/api/dashboard/progress")).data
    assert (progress[31]["slug"], progress[31]["status"]) == ("retrospective", "completed")
    assert (await rest.get(person, "/api/user/progress")).data["total_tools"] == 32


async def test_the_document_stays_valid(bigger: World) -> None:
    """OpenAPI 3.1, still."""
    validate((await bigger.client.get("/openapi.json")).json())
