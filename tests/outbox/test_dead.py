"""What is done once a job is dead: after its last attempt, after one that gave up, after a worker that is no more."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.settings import Settings
from app.worker import GiveUp, Handler, Patience, Run
from app.worker.run import TryAgain
from tests.outbox.jobs import add, statuses, until_statuses, working
from tests.world import World

pytestmark = pytest.mark.usefixtures("nothing_waits")

SOON = Patience(attempts=2, first=timedelta(milliseconds=1))


class Told:
    """What a hook was told, and how the jobs stood then."""

    def __init__(self, world: World) -> None:
        self.runs: list[tuple[int, int, list[tuple[str, int]]]] = []
        self._world = world

    async def dead(self, run: Run) -> None:
        """The hook."""
        self.runs.append((run.ids["number"], run.attempt, await statuses(self._world)))


@pytest.fixture
def told(world: World) -> Told:
    """Nothing yet."""
    return Told(world)


async def test_it_is_told_after_the_last_attempt_and_before_the_job_is_dead(
    world: World, settings: Settings, told: Told
) -> None:
    """Once, with what the job is about."""

    async def fail(_: Run) -> None:
        raise ZeroDivisionError

    async with working(world, settings, {"fail": Handler(fail, SOON, dead=told.dead)}):
        await add(world, "fail")
        await until_statuses(world, [("failed", 2)])
    assert told.runs == [(0, 2, [("doing", 1)])]


async def test_it_is_told_of_a_job_that_gives_up_and_of_none_that_goes_on(
    world: World, settings: Settings, told: Told
) -> None:
    """Giving up is the end at once; trying again is none, however often."""

    async def do(run: Run) -> None:
        if run.ids["number"] == 0:
            raise GiveUp
        if run.attempt <= 3:
            raise TryAgain(timedelta())

    async with working(world, settings, {"mixed": Handler(do, SOON, dead=told.dead)}):
        await add(world, "mixed", 2)
        await until_statuses(world, [("failed", 1)])
    assert [(number, attempt) for number, attempt, _ in told.runs] == [(0, 1)]


async def _left(world: World, attempts: int) -> None:
    """A job whose worker is no more."""
    async with world.as_owner() as owner:
        await owner.execute(
            text(
                "INSERT INTO procrastinate.procrastinate_jobs (queue_name, task_name, status, attempts, args)"
                """ VALUES ('work', 'left', 'doing', :attempts, '{"number": 7}')"""
            ),
            {"attempts": attempts},
        )


async def test_it_is_told_of_a_job_whose_worker_died_the_last_time(
    world: World, settings: Settings, told: Told
) -> None:
    """Before the job is buried. One that has an attempt left is done, and nothing is told."""
    done: list[int] = []

    async def do(run: Run) -> None:
        done.append(run.attempt)

    async with working(world, settings, {"left": Handler(do, SOON, dead=told.dead)}):
        await _left(world, attempts=0)
        await until_statuses(world, [])
        assert (done, told.runs) == ([2], [])
        await _left(world, attempts=1)
        await until_statuses(world, [("failed", 2)])
    assert (done, told.runs) == ([2], [(7, 2, [("doing", 1)])])


async def test_what_goes_wrong_then_is_in_the_way_of_nothing(world: World, settings: Settings) -> None:
    """The job is dead all the same, whichever way it died."""

    async def fail(_: Run) -> None:
        raise ZeroDivisionError

    handlers = {name: Handler(fail, Patience(attempts=1), dead=fail) for name in ("fail", "left")}
    async with working(world, settings, handlers):
        await add(world, "fail")
        await until_statuses(world, [("failed", 1)])
        await _left(world, attempts=0)
        await until_statuses(world, [("failed", 1), ("failed", 1)])
