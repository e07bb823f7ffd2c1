"""A submission as PDF over REST and GraphQL: what stands in it, who gets it, what counts."""

from base64 import b64decode
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from db.viewer import Role
from resolvers.tools.exporting import document
from tests.pdf.documents import needs_libraries, text_of
from tests.rest_shim.rest import Rest
from tests.world import Person, World

pytestmark = needs_libraries()

EXPORT = "/api/tools/dream/export"


@pytest.fixture
async def author(world: World) -> Person:
    """A participant who has completed the tools up to Dream."""
    author = await world.person(await world.organization("Caravela"), name="Inês Vasconcelos")
    await world.complete(author, "woop", "know-thyself", "dream")
    return author


async def _pdf(world: World, person: Person, path: str = EXPORT, **query: Any) -> Any:
    return await world.client.get(path, params={"format": "pdf", **query}, headers=person.headers)


async def test_it_is_a_file_with_every_answer_and_what_it_builds_on(world: World, author: Person) -> None:
    """An attachment by the contract's name; each question with its answer, each source with its tool."""
    answer = await _pdf(world, author)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="dream_vasconcelos_')
    assert disposition.endswith('.pdf"')
    assert answer.headers["x-ratelimit-remaining"] == "9"
    pdf = PdfReader(BytesIO(answer.content))
    words = text_of(pdf)
    tool = world.catalogue.by_slug["dream"]
    for question in tool.questions:
        assert question.label in words
    for section in {question.section for question in tool.questions if question.section}:
        assert section in words
    assert world.answers("dream")["one_sentence"].split()[0] in words
    assert "Built upon" in words
    for need in world.catalogue.needs["dream"]:
        assert f"From {need.source.tool.name}" in words
    assert "Caravela" in words


async def test_what_is_not_answered_yet_says_so(world: World, person: Person) -> None:
    """A draft with one answer: the others are `[Not yet completed]`."""
    await world.graphql(person, 'mutation { saveWoop(input: {wish: "Sail"}) { __typename } }')
    pdf = PdfReader(BytesIO((await _pdf(world, person, "/api/tools/woop/export")).content))
    words = text_of(pdf)
    assert "Sail" in words
    assert words.count("[Not yet completed]") == len(world.catalogue.by_slug["woop"].questions) - 1
    assert "Draft" in words


async def test_graphql_gives_it_as_base64(world: World, author: Person) -> None:
    """The same bytes as text."""
    query = 'mutation { exportSubmission(tool: "dream", format: PDF) { ... on Export { contentType content } } }'
    export = (await world.graphql(author, query)).data["exportSubmission"]
    assert export["contentType"] == "application/pdf"
    assert b64decode(export["content"]).startswith(b"%PDF-")


async def test_who_may_have_it(rest: Rest, world: World, author: Person) -> None:
    """Nobody, a colleague, a stranger: as the JSON; an admin of theirs: the participant's own."""
    colleague = await world.person(author.account.organization_id)
    stranger = await world.person(await world.organization(), Role.ADMIN)
    admin = await world.person(author.account.organization_id, Role.ADMIN)
    query = {"format": "pdf", "user_id": str(author.id)}
    assert (await world.client.get(EXPORT, params=query)).status_code == 401
    assert (await rest.get(colleague, EXPORT, **query)).status == 403
    assert (await rest.get(stranger, EXPORT, **query)).status == 404
    theirs = await _pdf(world, admin, user_id=str(author.id))
    assert "Inês Vasconcelos" in text_of(PdfReader(BytesIO(theirs.content)))


async def test_what_is_too_large_is_refused_and_does_not_count(
    rest: Rest, world: World, author: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """413 with the limit and the way out; the allowance is whole."""
    monkeypatch.setattr(document, "MAX_PDF_WEIGHT", 100)
    refused = await rest.get(author, EXPORT, format="pdf")
    assert (refused.status, refused.body["code"]) == (413, "TOO_LARGE")
    assert "format=json" in refused.body["message"]
    assert (await rest.get(author, EXPORT)).headers["x-ratelimit-remaining"] == "9"


async def test_both_forms_count_together(rest: Rest, world: World, author: Person) -> None:
    """Nine times JSON and one PDF; the eleventh of either is 429, before anything is printed."""
    for _ in range(9):
        await rest.get(author, EXPORT)
    assert (await _pdf(world, author)).headers["x-ratelimit-remaining"] == "0"
    assert (await rest.get(author, EXPORT, format="pdf")).status == 429


async def _store(world: World, person: Person, wish: str) -> None:
    """An answer that no save would take, straight into the table."""
    async with world.as_owner() as owner:
        await owner.execute(
            text(
                f"UPDATE sprint_00_woop.submissions SET data = jsonb_build_object('wish', {wish}) WHERE user_id = :id"
            ),
            {"id": person.id},
        )


async def test_ten_megabytes_and_ten_thousand_items(rest: Rest, world: World, author: Person) -> None:
    """Ten megabytes of text: 413 at once, and JSON has them; ten thousand items of a list: a job."""
    path = "/api/tools/woop/export"
    await _store(world, author, "repeat('ten bytes ', 1000000)")
    refused = await rest.get(author, path, format="pdf")
    assert (refused.status, refused.body["code"]) == (413, "TOO_LARGE")
    assert len((await rest.get(author, path)).body["submission"]["wish"]) == 10_000_000
    await _store(world, author, "(SELECT jsonb_agg('Item ' || n) FROM generate_series(1, 10000) AS n)")
    accepted = await rest.get(author, path, format="pdf")
    assert (accepted.status, accepted.body["data"].keys()) == (202, {"job_id", "status_url"})
