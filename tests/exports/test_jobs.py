"""Large exports and programme books: asked for, looked at, made by the worker, fetched once they are there."""

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from db.viewer import Role
from resolvers.tools.exporting import document, export, forget_expired
from tests.exports.conftest import Finished, Working
from tests.pdf.documents import needs_libraries, text_of
from tests.rest_shim.rest import Rest
from tests.world import Person, World

pytestmark = needs_libraries()

EXPORT = "/api/tools/dream/export"
BOOK = "/api/user/programme-book"
WAITING = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PDF is made while somebody waits."""
    monkeypatch.setattr(export, "MAX_DIRECT_WEIGHT", 10)


async def test_a_large_one_is_a_job_and_its_link_gives_the_file(
    rest: Rest, world: World, author: Person, working: Working, finished: Finished
) -> None:
    """202 with where to ask; pending without a worker; then completed, with a link that needs no token."""
    accepted = await rest.get(author, EXPORT, format="pdf")
    assert accepted.status == 202
    job = accepted.body["data"]
    assert job["status_url"] == f"{EXPORT}/status/{job['job_id']}"
    waiting = (await rest.get(author, job["status_url"])).data
    assert (waiting["status"], waiting["progress"], waiting["download_url"]) == ("pending", 0, None)
    async with working():
        status = await finished(author, job["status_url"])
    assert (status["status"], status["progress"], status["error"]) == ("completed", 100, None)
    lasts = datetime.fromisoformat(status["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=23, minutes=59) < lasts <= timedelta(hours=24)
    file = await world.client.get(status["download_url"])
    assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")
    assert file.headers["content-disposition"].startswith('attachment; filename="dream_vasconcelos_')
    assert "no-store" in file.headers["cache-control"]
    assert file.headers["x-content-type-options"] == "nosniff"
    assert "Company Dream" in text_of(PdfReader(BytesIO(file.content)))


async def test_asked_twice_it_is_one_job_and_counts_once(
    rest: Rest, author: Person, working: Working, finished: Finished
) -> None:
    """While it is not finished; afterwards it is another one."""
    first, second = [(await rest.get(author, EXPORT, format="pdf")).body["data"] for _ in range(2)]
    assert first == second
    assert (await rest.get(author, EXPORT)).headers["x-ratelimit-remaining"] == "8"
    async with working():
        await finished(author, first["status_url"])
    third = (await rest.get(author, EXPORT, format="pdf")).body["data"]
    assert third["job_id"] != first["job_id"]


async def test_asked_several_times_at_once_it_is_one_job_and_counts_once(
    rest: Rest, world: World, author: Person
) -> None:
    """Who comes first makes it; the others find it. All stand before the same table, and are let in together."""
    query = 'mutation { requestExport(tool: "dream") { ... on ExportJob { id } } }'
    async with world.as_owner() as owner:
        await owner.execute(text("LOCK TABLE exports.jobs IN EXCLUSIVE MODE"))
        asking = [asyncio.create_task(world.graphql(author, query)) for _ in range(4)]
        async with asyncio.timeout(30):
            while await owner.scalar(WAITING) != len(asking):  # noqa: ASYNC110 - the database sets no event
                await asyncio.sleep(0.02)
    asked = await asyncio.gather(*asking)
    assert [answer.errors for answer in asked] == [[]] * 4
    assert len({answer.data["requestExport"]["id"] for answer in asked}) == 1
    async with world.as_owner() as owner:
        assert await owner.scalar(text("SELECT count(*) FROM procrastinate.procrastinate_jobs")) == 1
    assert (await rest.get(author, EXPORT)).headers["x-ratelimit-remaining"] == "8"


async def test_a_book_that_is_too_large_is_to_be_exported_tool_by_tool(
    rest: Rest, author: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no JSON of a book, so nobody is sent there."""
    monkeypatch.setattr(document, "MAX_PDF_WEIGHT", 100)
    refused = await rest.post(author, BOOK)
    assert (refused.status, refused.body["code"]) == (413, "TOO_LARGE")
    assert refused.body["message"].endswith("A book has no other form. Export its tools one by one.")


async def test_a_book_holds_every_completed_tool(
    rest: Rest, world: World, author: Person, working: Working, finished: Finished
) -> None:
    """Contents with a link to each chapter, page numbers; a tool that is begun is not in it."""
    await world.graphql(author, "mutation { saveValues(input: {}) { __typename } }")
    accepted = await rest.post(author, BOOK)
    assert accepted.status == 202
    async with working():
        status = await finished(author, accepted.body["data"]["status_url"])
    assert status["error"] is None
    file = await world.client.get(status["download_url"])
    assert 'filename="programme-book_vasconcelos_' in file.headers["content-disposition"]
    pdf = PdfReader(BytesIO(file.content))
    titles = [item.title for item in pdf.outline if not isinstance(item, list)]
    names = [world.catalogue.by_slug[slug].name for slug in ("woop", "know-thyself", "dream")]
    assert titles == ["Contents", *names]
    assert "Programme book" in text_of(pdf)


async def test_only_who_asked_sees_the_job(rest: Rest, world: World, author: Person) -> None:
    """Their admin, a colleague, a stranger and nobody do not; nor is it there below another tool."""
    job = (await rest.get(author, EXPORT, format="pdf")).body["data"]
    organization = author.account.organization_id
    others = [
        await world.person(organization),
        await world.person(organization, Role.ADMIN),
        await world.person(await world.organization()),
    ]
    for other in others:
        assert (await rest.get(other, job["status_url"])).status == 404
    assert (await rest.get(None, job["status_url"])).status == 401
    assert (await rest.get(author, f"/api/tools/woop/export/status/{job['job_id']}")).status == 404
    assert (await rest.get(author, f"{EXPORT}/status/{uuid4()}")).status == 404
    assert (await rest.get(author, f"{EXPORT}/status/1")).status == 400


async def test_an_admin_exports_a_participants_work_and_nobody_elses(
    rest: Rest, world: World, author: Person, working: Working, finished: Finished
) -> None:
    """Theirs is made; a stranger's is 404, a colleague may not, and a book of nothing is 404."""
    admin = await world.person(author.account.organization_id, Role.ADMIN)
    colleague = await world.person(author.account.organization_id)
    accepted = await rest.post(admin, BOOK, {"user_id": str(author.id)})
    async with working():
        status = await finished(admin, accepted.body["data"]["status_url"])
    file = await world.client.get(status["download_url"])
    assert "Inês Vasconcelos" in text_of(PdfReader(BytesIO(file.content)))
    stranger = await world.person(await world.organization(), Role.ADMIN)
    assert (await rest.post(stranger, BOOK, {"user_id": str(author.id)})).status == 404
    assert (await rest.post(colleague, BOOK, {"user_id": str(author.id)})).status == 403
    assert (await rest.post(colleague, BOOK)).status == 404


async def test_one_who_may_no_longer_see_it_gets_no_document(
    rest: Rest, world: World, author: Person, working: Working
) -> None:
    """The worker reads as the person who asked, as that person is now: the job fails and says why."""
    admin = await world.person(author.account.organization_id, Role.ADMIN)
    accepted = await rest.post(admin, BOOK, {"user_id": str(author.id)})
    async with world.as_owner() as owner:
        await owner.execute(text("UPDATE users.accounts SET role = 'user' WHERE id = :id"), {"id": admin.id})
    async with working(), asyncio.timeout(30):
        while (found := await _stored(world, accepted.body["data"]["job_id"]))[0] != "failed":  # noqa: ASYNC110 - a row
            await asyncio.sleep(0.1)
    assert found[1] == "Insufficient permissions"


async def _stored(world: World, job_id: str) -> tuple[str, str | None]:
    async with world.as_owner() as owner:
        found = await owner.execute(text("SELECT status, error FROM exports.jobs WHERE id = :id"), {"id": job_id})
        row = found.one()
        return row.status, row.error


async def test_expired_files_are_removed(
    rest: Rest, world: World, author: Person, working: Working, finished: Finished
) -> None:
    """Link, file and job are gone after 24 hours, and not before."""
    job = (await rest.get(author, EXPORT, format="pdf")).body["data"]
    async with working():
        link = (await finished(author, job["status_url"]))["download_url"]
    database, files = world.gateway.database, world.gateway.services.files
    await forget_expired(database, files, datetime.now(UTC), 10_000)  # of other tests
    assert await forget_expired(database, files, datetime.now(UTC) + timedelta(hours=23), 100) == 0
    assert (await world.client.get(link)).status_code == 200
    assert await forget_expired(database, files, datetime.now(UTC) + timedelta(hours=25), 100) >= 1
    assert (await world.client.get(link)).status_code == 404
    assert (await rest.get(author, job["status_url"])).status == 404


async def test_graphql_asks_and_looks(world: World, author: Person) -> None:
    """requestExport, requestProgrammeBook and exportJob; a refusal is data."""
    asked = await world.graphql(
        author,
        'mutation { requestExport(tool: "dream") { ... on ExportJob { id toolSlug status progress userId } }'
        " requestProgrammeBook { ... on ExportJob { id toolSlug } } }",
    )
    assert asked.errors == []
    job = asked.data["requestExport"]
    assert (job["toolSlug"], job["status"], job["userId"]) == ("dream", "PENDING", str(author.id))
    assert asked.data["requestProgrammeBook"]["toolSlug"] is None
    query = "query ($id: UUID!) { exportJob(id: $id) { status downloadUrl error } }"
    found = await world.graphql(author, query, {"id": job["id"]})
    assert found.data["exportJob"] == {"status": "PENDING", "downloadUrl": None, "error": None}
    assert (await world.graphql(None, query, {"id": job["id"]})).data["exportJob"] is None
    refused = await world.graphql(author, 'mutation { requestExport(tool: "pricing") { __typename } }')
    assert refused.data["requestExport"]["__typename"] == "NotFound"
