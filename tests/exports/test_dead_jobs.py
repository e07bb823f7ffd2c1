"""Jobs that died, of whatever: who asked is told, is in nobody's way, and has the document once the job is replayed."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.printing import Printing
from app.settings import Settings
from app.worker import Handlers, Patience, Run
from app.worker.exports import export_dead
from app.worker.handlers import HANDLERS
from db.viewer import Role
from resolvers.jobs import Job
from resolvers.refusals import Busy
from tests.exports.conftest import Finished, Working
from tests.world import Person, World

ONCE: Handlers = {Job.EXPORT: replace(HANDLERS[Job.EXPORT], patience=Patience(attempts=1))}
OURS = "It could not be made, for reasons of ours. Ask again."


class Printer:
    """Prints nothing: raises what it is told to raise, then gives this."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.printed = 0

    async def print(self, *_: object) -> bytes:
        """A document."""
        if self.failures:
            raise self.failures.pop(0)
        self.printed += 1
        return b"%PDF-"


@pytest.fixture(autouse=True)
def printer(monkeypatch: pytest.MonkeyPatch) -> Printer:
    """In place of the real one."""
    printer = Printer()
    monkeypatch.setattr(Printing, "print", printer.print)
    return printer


async def ask(world: World, author: Person) -> str:
    """The id of a new job, or of the one that is not finished."""
    answer = await world.graphql(author, 'mutation { requestExport(tool: "dream") { ... on ExportJob { id } } }')
    assert answer.errors == []
    return str(answer.data["requestExport"]["id"])


def status_url(job_id: str) -> str:
    """Where it is looked at."""
    return f"/api/tools/dream/export/status/{job_id}"


async def dies_with_its_worker(world: World, job_id: str) -> None:
    """The job is as a worker leaves it that was killed in the last attempt."""
    async with world.as_owner() as owner:
        await owner.execute(text("UPDATE exports.jobs SET status = 'processing' WHERE id = :id"), {"id": job_id})
        await owner.execute(
            text(
                "UPDATE procrastinate.procrastinate_jobs SET status = 'doing', attempts = 4 WHERE args->>'job_id' = :id"
            ),
            {"id": job_id},
        )


async def stored(world: World, job_id: str) -> tuple[str, str | None]:
    """Status and error, once the job is neither pending nor processing."""
    async with asyncio.timeout(30):
        while True:
            async with world.as_owner() as owner:
                found = await owner.execute(
                    text("SELECT status, error FROM exports.jobs WHERE id = :id"), {"id": job_id}
                )
            row = found.one()
            if row.status not in ("pending", "processing"):
                return row.status, row.error
            await asyncio.sleep(0.1)


async def replay(world: World) -> None:
    """Have the dead job done once more, as soon as it is dead."""
    runner = await world.person(None, Role.PLATFORM_ADMIN)
    async with asyncio.timeout(30):
        while not (dead := (await world.graphql(runner, "{ failedJobs { number } }")).data["failedJobs"]):  # noqa: ASYNC110 - a row
            await asyncio.sleep(0.1)
    answer = await world.graphql(
        runner, "mutation ($n: String!) { replayJob(number: $n) { __typename } }", {"n": dead[0]["number"]}
    )
    assert answer.data["replayJob"]["__typename"] == "JobReplayed"


async def done(world: World, job_id: str) -> None:
    """Wait until nothing more is done for this document."""
    async with asyncio.timeout(30):
        while True:
            async with world.as_owner() as owner:
                found = await owner.scalar(
                    text("SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE args->>'job_id' = :id"),
                    {"id": job_id},
                )
            if not found:
                return
            await asyncio.sleep(0.1)


async def test_a_job_that_took_its_last_worker_with_it_is_in_nobodys_way(
    world: World, author: Person, working: Working, finished: Finished
) -> None:
    """It has failed and says so; asked again, there is another one, which is made."""
    job_id = await ask(world, author)
    await dies_with_its_worker(world, job_id)
    async with working():
        status = await finished(author, status_url(job_id))
        assert (status["status"], status["error"]) == ("failed", OURS)
        other = await ask(world, author)
        assert other != job_id
        assert (await finished(author, status_url(other)))["status"] == "completed"


@pytest.mark.parametrize("killed", [False, True], ids=["gives up", "killed"])
async def test_a_job_of_somebody_deactivated_fails(
    world: World, author: Person, working: Working, *, killed: bool
) -> None:
    """Whether it gives up by itself or died with its worker."""
    job_id = await ask(world, author)
    if killed:
        await dies_with_its_worker(world, job_id)
    async with world.as_owner() as owner:
        await owner.execute(text("UPDATE users.accounts SET deactivated_at = now() WHERE id = :id"), {"id": author.id})
    async with working():
        assert await stored(world, job_id) == ("failed", OURS)


async def test_of_somebody_who_is_gone_there_is_nothing_to_say(world: World, settings: Settings) -> None:
    """Their jobs went with them."""
    ids: dict[str, Any] = {"user_id": str(uuid4()), "job_id": str(uuid4())}
    await export_dead(Run(world.gateway, settings, 1, 1, Patience(), ids))


async def test_a_dead_job_that_is_replayed_makes_the_document(
    world: World, author: Person, working: Working, finished: Finished, printer: Printer
) -> None:
    """It failed for reasons of ours; once those are gone it is completed, and says nothing of them any more."""
    printer.failures = [ZeroDivisionError()]
    job_id = await ask(world, author)
    async with working(ONCE):
        assert await stored(world, job_id) == ("failed", OURS)
        await replay(world)
        await done(world, job_id)
        status = await finished(author, status_url(job_id))
    assert (status["status"], status["error"], status["progress"]) == ("completed", None, 100)
    assert status["download_url"]


async def test_a_dead_job_that_is_replayed_leaves_the_document_to_one_that_was_asked_for_since(
    world: World, author: Person, working: Working, printer: Printer
) -> None:
    """The document is made once."""
    printer.failures = [ZeroDivisionError()]
    job_id = await ask(world, author)
    async with working(ONCE):
        assert await stored(world, job_id) == ("failed", OURS)
    other = await ask(world, author)
    await replay(world)
    async with world.as_owner() as owner:  # the replayed one is done first
        await owner.execute(
            text(
                "UPDATE procrastinate.procrastinate_jobs SET scheduled_at = now() + interval '1 hour'"
                " WHERE args->>'job_id' = :id"
            ),
            {"id": other},
        )
    async with working(ONCE):
        await done(world, job_id)
    assert await stored(world, job_id) == ("failed", OURS)
    assert printer.printed == 0
    async with world.as_owner() as owner:
        await owner.execute(text("UPDATE procrastinate.procrastinate_jobs SET scheduled_at = NULL"))
    async with working(ONCE):
        assert await stored(world, other) == ("completed", None)
    assert printer.printed == 1


async def test_that_it_finds_no_turn_is_no_failed_attempt(
    world: World,
    author: Person,
    working: Working,
    finished: Finished,
    printer: Printer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It comes again later, as often as it takes."""
    monkeypatch.setattr(Busy, "retry_after", 0)
    printer.failures = [Busy(), Busy()]
    job_id = await ask(world, author)
    async with working(ONCE):
        assert (await finished(author, status_url(job_id)))["status"] == "completed"
