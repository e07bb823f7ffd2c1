"""The demo data: written by the command, looked at through the graph by the people that are in it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.demo import content
from app.demo.seed import DEMO_PASSWORD
from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from tests.app.conftest import Shell
from tests.conftest import ENCRYPTION_KEYS
from tests.db.databases import fresh_database
from tests.world import World, open_world

SUMMARY = "{ viewer { progressSummary { completedTools inProgressTools unlockedTools lockedTools } } }"
STATUSES = "{ viewer { tools { slug progress { status } } } }"
VALUES = "{ viewer { tools { slug fieldValues { id available stale } dependencies { fieldId stale } } } }"
ANSWERS = "{ viewer { tools { slug answers } } }"
REVIEWS = "{ viewer { woop { submission { status reviewComment } } } }"
WORK = 'mutation { saveSubmission(tool: "dream", data: {note: "Seen again."}) { __typename } }'


@pytest.fixture(scope="module")
async def demo(storage: Storage, catalogue: Catalogue, settings: Settings) -> AsyncIterator[World]:
    """A gateway on a migrated database of its own."""
    async with fresh_database(storage, "demo") as found:
        await found.migrate(catalogue)
        async with open_world(found, catalogue, settings) as world:
            yield world


@pytest.fixture
def seeded(shell: Shell, demo: World) -> World:
    """The same after ``seed``, which is run anew before each test."""
    assert demo.storage.owner_url is not None
    shell.set(DATABASE_URL=demo.storage.owner_url, ENCRYPTION_KEYS=ENCRYPTION_KEYS)
    printed = shell.run("seed")
    assert (printed.status, printed.out) == (0, ""), printed.err
    return demo


async def ask(seeded: World, email: str, query: str) -> Any:
    """What the graph answers this person to a query of one field."""
    (answer,) = (await asked(seeded, email, query)).values()
    return answer


async def asked(seeded: World, email: str, query: str) -> Any:
    """The data of what the graph answers this person."""
    token = (await seeded.client.post("/dev/token", json={"email": email})).json()["access_token"]
    response = await seeded.client.post("/graphql", json={"query": query}, headers={"Authorization": f"Bearer {token}"})
    body = response.json()
    assert "errors" not in body, body
    return body["data"]


async def events(seeded: World) -> int:
    """How many changes there were."""
    async with seeded.as_owner() as owner:
        found: int = await owner.scalar(text("SELECT count(*) FROM audit.events"))
    return found


@pytest.fixture
async def worked(seeded: World) -> int:
    """Somebody goes on working in the demo; the number of audit events after it."""
    saved = await ask(seeded, "halfway@beta.example", WORK)
    assert saved == {"__typename": "SubmissionSaved"}
    return await events(seeded)


@pytest.fixture
def seeded_again(worked: int, seeded: World, shell: Shell) -> World:
    """After another ``seed``, with work done between the two."""
    printed = shell.run("seed")
    assert worked
    assert "demo data is there" in printed.err
    return seeded


async def test_the_starter_has_only_woop_open(seeded: World) -> None:
    """Thirty tools wait."""
    tools = (await ask(seeded, "starter@acme.example", STATUSES))["tools"]
    assert {tool["slug"] for tool in tools if tool["progress"]["status"] != "LOCKED"} == {"woop"}
    assert next(tool for tool in tools if tool["slug"] == "woop")["progress"]["status"] == "UNLOCKED"


async def test_the_finisher_has_completed_all_31(seeded: World) -> None:
    """Nothing is left."""
    summary = (await ask(seeded, "finisher@acme.example", SUMMARY))["progressSummary"]
    assert summary == {"completedTools": 31, "inProgressTools": 0, "unlockedTools": 0, "lockedTools": 0}


@pytest.mark.parametrize("email", ["halfway@acme.example", "halfway@beta.example"])
async def test_halfway_has_completed_17_and_begun_one(seeded: World, email: str) -> None:
    """In both companies."""
    summary = (await ask(seeded, email, SUMMARY))["progressSummary"]
    assert (summary["completedTools"], summary["inProgressTools"]) == (17, 1)
    assert summary["unlockedTools"] + summary["lockedTools"] == 13


async def test_halfway_has_exactly_one_stale_value(seeded: World) -> None:
    """The meeting rhythm was built on a dashboard that has been revised since; the tool says on what."""
    tools = (await ask(seeded, "halfway@acme.example", VALUES))["tools"]
    stale = [(tool["slug"], value["id"]) for tool in tools for value in tool["fieldValues"] if value["stale"]]
    assert len(stale) == 1, stale
    (slug, _) = stale[0]
    assert slug == "meeting-rhythm"
    moved = [
        item["fieldId"] for tool in tools if tool["slug"] == slug for item in tool["dependencies"] if item["stale"]
    ]
    assert moved == ["performance.accountability.execution_dashboard"]


async def test_the_example_of_the_lineage_page_shows_it(seeded: World) -> None:
    """docs/lineage.md: what the dashboard was built on, the stale meeting rhythm, and that it is stale already."""
    page = (Path(__file__).parents[2] / "docs" / "lineage.md").read_text("utf-8")
    example = page.partition("```graphql\n")[2].partition("```")[0]
    body = await asked(seeded, "halfway@acme.example", example)
    assert {node["distance"] for node in body["lineage"]["upstream"]} == {1, 2}
    rhythm = [node["field"] for node in body["lineage"]["downstream"] if node["field"]["stale"]]
    assert [each["sourceTool"] for each in rhythm] == [{"name": "Meeting Rhythm"}]
    assert body["impact"]["alreadyStale"] == [{"id": each["id"]} for each in rhythm]
    assert {tool["slug"] for tool in body["viewer"]["tools"] if tool["stale"]} == {"meeting-rhythm"}


@pytest.mark.parametrize("email", ["starter@acme.example", "finisher@acme.example"])
async def test_nobody_else_is_stale_by_accident(seeded: World, email: str) -> None:
    """What was done in order fits together."""
    tools = (await ask(seeded, email, VALUES))["tools"]
    assert not [value["id"] for tool in tools for value in tool["fieldValues"] if value["stale"]]


async def test_the_finishers_answers_are_complete(seeded: World) -> None:
    """Every question of every tool has one, so that every query of the README answers something."""
    tools = (await ask(seeded, "finisher@acme.example", ANSWERS))["tools"]
    unanswered = {
        tool["slug"]: set(seeded.catalogue.by_slug[tool["slug"]].question_by_key) - set(tool["answers"])
        for tool in tools
    }
    assert {slug: keys for slug, keys in unanswered.items() if keys} == {}


async def test_the_guru_has_approved_the_first_tools(seeded: World) -> None:
    """With a comment that the participant reads."""
    submission = (await ask(seeded, "halfway@acme.example", REVIEWS))["woop"]["submission"]
    assert submission["status"] == "COMPLETED"
    assert submission["reviewComment"]


async def test_every_person_of_the_demo_can_sign_in(seeded: World) -> None:
    """Gurus and admins included."""
    for person in content.people():
        viewer = await ask(seeded, person.account.email, "{ viewer { email role } }")
        assert viewer == {"email": person.account.email, "role": person.account.role.name}


async def test_there_is_what_the_files_say(seeded: World) -> None:
    """Two companies with their people, and nobody else."""
    async with seeded.as_owner() as owner:
        companies = (await owner.execute(text("SELECT slug FROM organizations.companies"))).scalars().all()
        accounts = (await owner.execute(text("SELECT email FROM users.accounts"))).scalars().all()
    assert sorted(companies) == ["acme", "beta"]
    assert sorted(accounts) == sorted(person.account.email for person in content.people())


async def test_seeding_again_leaves_what_people_did(worked: int, seeded_again: World) -> None:
    """It says that the demo data is there, and not one more event is in the trail."""
    assert await events(seeded_again) == worked


async def test_the_password_of_the_demo_is_for_development(seeded: World) -> None:
    """Everybody signs in with it there."""
    for person in content.people():
        answer = await seeded.client.post(
            "/api/auth/login", json={"email": person.account.email, "password": DEMO_PASSWORD}
        )
        assert answer.status_code == 200


@pytest.fixture
async def empty(storage: Storage, catalogue: Catalogue) -> AsyncIterator[Storage]:
    """A migrated database with nobody in it."""
    async with fresh_database(storage, "demo_production") as found:
        await found.migrate(catalogue)
        yield found


@pytest.fixture
def seeded_in_production(shell: Shell, empty: Storage) -> Storage:
    """The same after ``seed``, where it should not be run."""
    assert empty.owner_url is not None
    shell.set(DATABASE_URL=empty.owner_url, ENCRYPTION_KEYS=ENCRYPTION_KEYS)
    shell.set(ENVIRONMENT="production", JWT_SECRET="k" * 32)
    assert shell.run("seed").status == 0
    return empty


async def test_production_gives_demo_people_no_password(seeded_in_production: Storage) -> None:
    """Everybody would know it."""
    async with seeded_in_production.owner() as owner, owner.connect() as rows:
        hashes = await rows.scalars(text("SELECT DISTINCT password_hash FROM users.accounts"))
        assert hashes.all() == [None]


async def test_some_values_have_a_history(seeded: World) -> None:
    """What was tried first, oldest last, before the value there is."""
    query = '{ history(fieldId: "intro.woop.wish") { edges { node { version value at } } } }'
    versions = [edge["node"] for edge in (await ask(seeded, "finisher@acme.example", query))["edges"]]
    assert [each["version"] for each in versions] == [3, 2, 1]
    assert versions[-1]["value"] == "By the end of 2026 I want to work less and have Acme grow."
    assert sorted((each["at"] for each in versions), reverse=True) == [each["at"] for each in versions]
