"""Who reads another's answers leaves an entry: one for each person, tool and hour, and no read waits for it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from db.database import Database
from db.viewer import Role
from resolvers.read_trail import ReadTrail
from tests.world import Person, World

# Compiled, by graphql-core, and over REST.
COMPILED = "query ($id: ID!) { user(id: $id) { woop { wish } } }"
EXECUTED = "query ($id: ID!) { user(id: $id) { woop { wish } } sessions { method } }"
MEMBERS = "{ organization { members { edges { node { woop { wish } knowThyself { submission { version } } } } } } }"


@dataclass(frozen=True, slots=True)
class House:
    """Ann, who has done WOOP, her guru and her admin."""

    world: World
    ann: Person
    guru: Person
    admin: Person

    async def entries(self, viewer: Person) -> list[tuple[str, str]]:
        """Whose answers to what this viewer has read, by the trail, once all is written."""
        await self.world.gateway.reads.write()
        async with self.world.as_owner() as owner:
            rows = await owner.execute(
                text(
                    "SELECT a.full_name, e.tool_slug, e.organization_id = a.organization_id AS filed"
                    " FROM audit.events AS e JOIN users.accounts AS a ON a.id = e.entity_id"
                    " WHERE e.user_id = :id AND e.action = 'read' ORDER BY 1, 2"
                ),
                {"id": viewer.id},
            )
            found = rows.all()
        assert all(row.filed for row in found)
        return [(row.full_name, row.tool_slug) for row in found]


@pytest.fixture
async def house(world: World) -> House:
    """An organisation of its own."""
    organization = await world.organization()
    ann = await world.person(organization, name="Ann")
    await world.complete(ann, "woop")
    await world.person(organization, name="Ben")
    guru, admin = [await world.person(organization, role, role.value) for role in (Role.GURU, Role.ADMIN)]
    return House(world, ann, guru, admin)


@pytest.mark.parametrize("query", [COMPILED, EXECUTED])
@pytest.mark.parametrize("who", ["guru", "admin"])
async def test_reading_anothers_answers_is_noted(house: House, who: str, query: str) -> None:
    """Compiled or not, once however often."""
    viewer: Person = getattr(house, who)
    before = house.world.gateway.compiled_answers
    for _ in range(3):
        answer = await house.world.graphql(viewer, query, {"id": str(house.ann.id)})
        assert answer.data["user"]["woop"]["wish"]
    assert (house.world.gateway.compiled_answers > before) is (query == COMPILED)
    assert await house.entries(viewer) == [("Ann", "woop")]


async def test_over_rest_too(house: House) -> None:
    """The page of a guru."""
    path = f"/api/tools/woop/data?user_id={house.ann.id}"
    assert (await house.world.client.get(path, headers=house.guru.headers)).status_code == 200
    assert await house.entries(house.guru) == [("Ann", "woop")]


async def test_a_list_notes_what_there_was(house: House) -> None:
    """Nothing of members and tools without answers."""
    answer = await house.world.graphql(house.admin, MEMBERS)
    assert len(answer.data["organization"]["members"]["edges"]) == 4
    assert await house.entries(house.admin) == [("Ann", "woop")]


async def test_what_comes_later_in_the_hour_is_noted_too(house: House) -> None:
    """The same question, another answer."""
    await house.world.graphql(house.admin, MEMBERS)
    await house.world.complete(house.ann, "know-thyself")
    await house.world.graphql(house.admin, MEMBERS)
    assert await house.entries(house.admin) == [("Ann", "know-thyself"), ("Ann", "woop")]


async def test_ones_own_answers_and_progress_are_not(house: House) -> None:
    """Nor names, nor what was not there."""
    await house.world.graphql(house.ann, COMPILED, {"id": str(house.ann.id)})
    for query in (
        "{ viewer { woop { wish } } }",
        "{ organization { members { edges { node { fullName tools { progress { status } } } } } } }",
    ):
        await house.world.graphql(house.admin, query)
    assert await house.entries(house.ann) == []
    assert await house.entries(house.admin) == []


async def test_no_statement_waits_for_it(house: House) -> None:
    """A compiled read stays one statement."""
    await house.world.graphql(house.admin, COMPILED, {"id": str(house.ann.id)})
    with house.world.sql() as statements:
        await house.world.graphql(house.guru, COMPILED, {"id": str(house.ann.id)})
    assert (
        len([sql for sql in statements if "record_reads" not in sql and not sql.startswith(("BEGIN", "COMMIT"))]) == 1
    )


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def test_one_entry_an_hour_whichever_process(house: House) -> None:
    """Two processes note the same; the next hour has an entry of its own."""
    clock = Clock()
    processes = [ReadTrail(house.world.gateway.database, house.world.catalogue, clock) for _ in range(2)]
    for minutes in (0, 29, 30):  # 12:30, 12:59, 13:29
        clock.now += timedelta(minutes=minutes)
        for process in processes:
            seen = process.of(house.admin.viewer)
            assert seen is not None
            seen(house.ann.id, "woop")
            seen(house.admin.id, "woop")
    for process in processes:
        await process.write()
    assert await house.entries(house.admin) == [("Ann", "woop"), ("Ann", "woop")]
    assert processes[0].of(house.ann.viewer) is None


async def test_what_cannot_be_written_waits(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """The database goes away; the log says so, and when it is back nothing is missing."""
    gone = await Database.connect(house.world.storage.gateway_url, pool_size=1)
    await gone.close()
    clock = Clock()
    trail = ReadTrail(gone, house.world.catalogue, clock)
    seen = trail.of(house.admin.viewer)
    assert seen is not None
    seen(house.ann.id, "woop")
    await trail.write()
    assert "1 reads wait to be written" in caplog.text
    trail._database = house.world.gateway.database
    await trail.write()
    assert await house.entries(house.admin) == [("Ann", "woop")]


async def test_what_does_not_fit_is_counted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process remembers so much and no more; the rest is told as lost."""
    monkeypatch.setattr("resolvers.read_trail.MAX_WAITING", 2)
    trail = ReadTrail(house.world.gateway.database, house.world.catalogue, Clock())
    seen = trail.of(house.admin.viewer)
    assert seen is not None
    for slug in ("woop", "dream", "values"):
        seen(house.ann.id, slug)
    assert trail.lost == 1
    await trail.write()
    assert (trail.lost, len(await house.entries(house.admin))) == (0, 2)


async def test_it_writes_when_it_is_stopped(house: House) -> None:
    """And not before it is time."""
    trail = ReadTrail(house.world.gateway.database, house.world.catalogue, Clock())
    async with trail.running():
        seen = trail.of(house.admin.viewer)
        assert seen is not None
        seen(house.ann.id, "woop")
    async with house.world.as_owner() as owner:
        count = await owner.scalar(
            text("SELECT count(*) FROM audit.events WHERE user_id = :id AND action = 'read'"), {"id": house.admin.id}
        )
    assert count == 1
