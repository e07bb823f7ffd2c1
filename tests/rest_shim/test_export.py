"""A submission as a file to keep."""

from datetime import UTC, datetime

import pytest

from tests.rest_shim.rest import Rest
from tests.world import Person, World

EXPORT = "/api/tools/dream/export"


@pytest.fixture
async def author(world: World) -> Person:
    """A participant who has completed the tools up to Dream."""
    author = await world.person(await world.organization("Caravela"), name="Inês Vasconcelos")
    await world.complete(author, "woop", "know-thyself", "dream")
    return author


async def test_an_export_holds_the_answers_and_what_they_build_on(rest: Rest, world: World, author: Person) -> None:
    """A bare document: metadata, submission, dependencies by field id, missing dependencies."""
    answer = await rest.get(author, EXPORT, format="json")
    assert answer.status == 200
    metadata = answer.body["export_metadata"]
    exported_at = datetime.fromisoformat(metadata.pop("exported_at"))
    assert abs((datetime.now(UTC) - exported_at).total_seconds()) < 60
    assert metadata == {
        "tool_slug": "dream",
        "tool_name": "Dream",
        "sprint_number": 2,
        "user_email": author.account.email,
        "user_name": "Inês Vasconcelos",
        "organization_name": "Caravela",
        "submission_version": 1,
    }
    assert answer.body["submission"] == world.answers("dream")
    dependencies = answer.body["dependencies"]
    assert dependencies.keys() == {need.entry.field for need in world.catalogue.needs["dream"]}
    source = world.catalogue.fields["identity.personal_dream"].question.key
    assert dependencies["identity.personal_dream"] == {
        "value": world.answers("know-thyself")[source],
        "source_tool": "know-thyself",
        "available": True,
    }
    assert answer.body["missing_dependencies"] == []


async def test_values_that_are_gone_are_named_as_missing(rest: Rest, world: World, author: Person) -> None:
    """A source that was reopened and cleared since is null, unavailable and missing."""
    await world.graphql(author, 'mutation { reopenTool(tool: "know-thyself") { __typename } }')
    await rest.post(author, "/api/tools/know-thyself/data", {"data": {"values": None}})
    body = (await rest.get(author, EXPORT)).body
    assert body["missing_dependencies"] == ["identity.personal_values"]
    assert body["dependencies"]["identity.personal_values"] == {
        "value": None,
        "source_tool": "know-thyself",
        "available": False,
    }


@pytest.mark.parametrize(
    ("name", "last_name"),
    [
        ("Zoë Ångström", "angstrom"),
        ("José Peña-García", "pena-garcia"),
        ("Sinéad O'Connor", "o-connor"),
        ("Łukasz Żółć", "zoc"),
        ("李小龍", "export"),
        ('A ../../etc/"passwd"', "etc-passwd"),
    ],
)
async def test_the_files_name_is_safe_in_a_url(rest: Rest, world: World, name: str, last_name: str) -> None:
    """{slug}_{last name}_{YYYY-MM-DD}.json in plain characters, whatever the person is called."""
    author = await world.person(await world.organization(), name=name)
    await world.complete(author, "woop")
    answer = await rest.get(author, "/api/tools/woop/export")
    day = answer.body["export_metadata"]["exported_at"][:10]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == f'attachment; filename="woop_{last_name}_{day}.json"'


async def test_the_eleventh_export_of_an_hour_is_refused(rest: Rest, author: Person) -> None:
    """Ten with the allowance counted down in the headers; then 429 with the seconds to wait, for every tool."""
    for left in range(9, -1, -1):
        answer = await rest.get(author, EXPORT)
        assert (answer.status, answer.headers["x-ratelimit-limit"]) == (200, "10")
        assert answer.headers["x-ratelimit-remaining"] == str(left)
        assert 3500 < int(answer.headers["x-ratelimit-reset"]) <= 3600
    for path in (EXPORT, "/api/tools/woop/export"):
        refused = await rest.get(author, path)
        assert (refused.status, refused.body["code"]) == (429, "RATE_LIMITED")
        assert (refused.headers["x-ratelimit-limit"], refused.headers["x-ratelimit-remaining"]) == ("10", "0")
        assert 3500 < int(refused.headers["retry-after"]) <= 3600
        assert refused.headers["x-ratelimit-reset"] == refused.headers["retry-after"]


async def test_nothing_to_export_is_not_found(rest: Rest, person: Person) -> None:
    """An open tool that was never saved: 404, and the allowance is not touched."""
    refused = await rest.get(person, "/api/tools/woop/export")
    assert (refused.status, refused.body["message"]) == (404, "No submission found for this tool")
    await rest.post(person, "/api/tools/woop/data", {"data": {"wish": "Sail"}})
    assert (await rest.get(person, "/api/tools/woop/export")).headers["x-ratelimit-remaining"] == "9"


@pytest.mark.parametrize("form", ["PDF", "JSON", "xml", ""])
async def test_a_form_that_there_is_not_is_refused(rest: Rest, author: Person, form: str) -> None:
    """Bad format: 400 at `format`."""
    refused = await rest.get(author, EXPORT, format=form)
    assert (refused.status, refused.paths) == (400, ["format"])
