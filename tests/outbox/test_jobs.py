"""Jobs on the real queue: there with the commit and not otherwise, done once, tried again, dead, taken over."""

import asyncio
import signal
import sys
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.settings import Settings
from app.worker import GiveUp, Handler, Patience, Run
from app.worker.handlers import HANDLERS
from db.viewer import ANONYMOUS
from resolvers.jobs import Job, defer
from tests.outbox.jobs import add, statuses, until, until_statuses, working
from tests.world import World

pytestmark = pytest.mark.usefixtures("nothing_waits")

SOON = Patience(attempts=3, first=timedelta(milliseconds=1))


async def test_a_rollback_leaves_no_job(world: World) -> None:
    """Nor does it keep one that was deferred before the change failed."""

    async def fail() -> None:
        async with world.gateway.database.transaction(ANONYMOUS) as transaction:
            assert await defer(transaction, "anything", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await statuses(world) == []
    await add(world, "anything")
    assert await statuses(world) == [("todo", 0)]


async def test_a_job_with_a_key_waits_once(world: World) -> None:
    """The transaction of the second goes on."""
    first, second = await add(world, "anything", 2, key="the same")
    assert first is not None
    assert second is None
    assert await statuses(world) == [("todo", 0)]


async def test_nobody_reads_jobs(world: World) -> None:
    """Neither as nobody nor as an admin: only a worker's connection sees them."""
    await add(world, "anything")
    async with world.gateway.database.transaction(ANONYMOUS) as transaction:
        assert await transaction.fetch("SELECT * FROM procrastinate.procrastinate_jobs") == []
        assert await transaction.fetch("SELECT * FROM procrastinate.procrastinate_events") == []


async def test_several_workers_do_each_job_once(world: World, settings: Settings) -> None:
    """Whichever of them comes first."""
    done: Counter[int] = Counter()

    async def do(run: Run) -> None:
        await asyncio.sleep(0)
        done[run.ids["number"]] += 1

    async with working(world, settings, {"count": Handler(do)}, workers=3):
        await add(world, "count", 40)
        await until(lambda: len(done) == 40)
    assert set(done.values()) == {1}
    assert await statuses(world) == []


async def test_what_fails_is_tried_again_and_then_dead(world: World, settings: Settings) -> None:
    """A failed attempt is followed by another one until they are used up; one that says so is dead at once."""
    attempts: list[int] = []

    async def fail(run: Run) -> None:
        attempts.append(run.attempt)
        raise ZeroDivisionError

    async def give_up(_: Run) -> None:
        raise GiveUp("never")

    handlers = {"fail": Handler(fail, SOON), "give up": Handler(give_up, SOON)}
    async with working(world, settings, handlers):
        await add(world, "fail")
        await until_statuses(world, [("failed", 3)])
        await add(world, "give up")
        await until_statuses(world, [("failed", 3), ("failed", 1)])
        await add(world, "unknown")
        await until_statuses(world, [("failed", 3), ("failed", 1), ("failed", 1)])
    assert attempts == [1, 2, 3]


def test_waits_grow_and_end() -> None:
    """Twice as long each time, give or take a half, and never longer than the longest."""
    patience = Patience(attempts=12, first=timedelta(seconds=1), longest=timedelta(seconds=60))
    for attempt in range(1, 12):
        wait = patience.wait(attempt)
        assert wait is not None
        full = min(2 ** (attempt - 1), 60)
        assert 0.5 * full <= wait.total_seconds() <= 1.5 * full
    assert patience.wait(12) is None


async def test_a_worker_that_is_told_to_stop_gives_its_job_back(world: World, settings: Settings) -> None:
    """After a time of grace; the next worker does it."""
    started: list[int] = []
    let_go = asyncio.Event()

    async def do(run: Run) -> None:
        started.append(run.attempt)
        await let_go.wait()

    handlers = {"long": Handler(do, SOON)}
    async with working(world, settings, handlers):
        await add(world, "long")
        await until(lambda: started == [1])
    assert await statuses(world) == [("todo", 1)]
    let_go.set()
    async with working(world, settings, handlers):
        await until_statuses(world, [])
    assert started == [1, 2]


async def test_a_worker_that_is_told_to_stop_kills_no_job(world: World, settings: Settings) -> None:
    """Not in the last attempt either: nobody is told that it is dead, and the next worker does it at once."""
    done: list[str] = []
    let_go = asyncio.Event()

    async def do(run: Run) -> None:
        done.append(f"attempt {run.attempt}")
        await let_go.wait()

    async def dead(_: Run) -> None:
        done.append("dead")

    handlers = {"long": Handler(do, Patience(attempts=1, first=timedelta(hours=1)), dead=dead)}
    async with working(world, settings, handlers):
        await add(world, "long")
        await until(lambda: done == ["attempt 1"])
    assert await statuses(world) == [("todo", 1)]
    let_go.set()
    async with working(world, settings, handlers):
        await until_statuses(world, [])
    assert done == ["attempt 1", "attempt 2"]


KILLED = """
import asyncio, sys
from app.worker.queue import queue_at
async def main():
    queue = queue_at(sys.argv[1])
    @queue.task(name="left", queue="work")
    async def left(**_):
        print("started", flush=True)
        await asyncio.sleep(600)
    async with queue.open_async():
        await queue.run_worker_async(queues=["work"], update_heartbeat_interval=0.2)
asyncio.run(main())
"""


async def test_the_job_of_a_killed_worker_is_taken_over(world: World, settings: Settings) -> None:
    """By another one, when the first has been silent for long enough; the attempt counts."""
    await add(world, "left")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, world.storage.gateway_url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"started\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert await statuses(world) == [("doing", 0)]
    attempts: list[int] = []

    async def do(run: Run) -> None:
        attempts.append(run.attempt)

    async with working(world, settings, {"left": Handler(do, SOON)}, workers=2):
        await until_statuses(world, [])
    assert attempts == [2]


async def test_a_worker_survives_the_loss_of_its_connections(world: World, settings: Settings) -> None:
    """It comes back by itself."""
    done: list[int] = []

    async def do(run: Run) -> None:
        done.append(run.number)

    async with working(world, settings, {"work": Handler(do)}):
        await add(world, "work")
        await until(lambda: len(done) == 1)
        async with world.as_owner() as owner:
            await owner.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'fast-track-graph worker'"
                )
            )
        await add(world, "work")
        await until(lambda: len(set(done)) == 2)


async def test_old_events_and_dead_jobs_are_pruned(world: World, settings: Settings) -> None:
    """Those older than the retention; the job that does it is deferred by itself, here by hand."""
    person = await world.person(await world.organization())
    await world.complete(person, "woop")
    async with world.as_owner() as owner:
        await owner.execute(
            text("UPDATE outbox.events SET at = now() - interval '31 days' WHERE user_id = :id AND kind = 'submitted'"),
            {"id": person.id},
        )
        for age in ("31 days", "29 days"):
            await owner.execute(
                text(
                    "WITH job AS (INSERT INTO procrastinate.procrastinate_jobs"
                    " (queue_name, task_name, status, attempts) VALUES ('work', 'dead', 'failed', 1) RETURNING id)"
                    " INSERT INTO procrastinate.procrastinate_events (job_id, type, at)"
                    f" SELECT id, 'failed', now() - interval '{age}' FROM job"
                )
            )
    async with working(world, settings, HANDLERS):
        async with world.gateway.database.transaction(ANONYMOUS) as transaction:
            await defer(transaction, Job.PRUNE, {"timestamp": 0})
        await until_statuses(world, [("failed", 1)])
    async with world.as_owner() as owner:
        kinds = await owner.execute(
            text("SELECT DISTINCT kind FROM outbox.events WHERE user_id = :id ORDER BY 1"), {"id": person.id}
        )
    assert kinds.scalars().all() == ["field_changed", "progress_changed", "tool_unlocked"]
