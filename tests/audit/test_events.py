"""``auditEvents``: who sees which entries, in which order, by which filter, from which index."""

import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from db.statements.audit import EVENT_CONDITIONS, events
from db.viewer import Role
from tests.world import Person, World

EVENTS = """query ($filter: AuditEventFilter, $first: Int! = 100, $after: String) {
  auditEvents(filter: $filter, first: $first, after: $after) {
    edges { cursor node {
      databaseId at action userId organizationId tool entityType entityId changes user { fullName } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@dataclass(frozen=True, slots=True)
class House:
    """Two organisations with an admin each; two participants and a guru of the first."""

    world: World
    ann: Person
    ben: Person
    guru: Person
    admin: Person
    boss: Person
    runner: Person

    async def events(self, viewer: Person | None, **wanted: Any) -> list[dict[str, Any]]:
        """The entries of one page."""
        answer = await self.world.graphql(viewer, EVENTS, {"filter": wanted or None})
        assert not answer.errors, answer.errors
        return [edge["node"] for edge in answer.data["auditEvents"]["edges"]]

    async def happen(self, person: Person, action: str, times: int = 1, at: datetime | None = None) -> None:
        """Entries of this person, as if by the gateway, all at one moment."""
        async with self.world.as_owner() as owner:
            await owner.execute(
                text(
                    'INSERT INTO audit.events (user_id, organization_id, action, tool_slug, "timestamp")'
                    " SELECT :user, :organization, :action, 'woop', :at FROM generate_series(1, :times)"
                ),
                {
                    "user": person.id,
                    "organization": person.account.organization_id,
                    "action": action,
                    "times": times,
                    "at": at or datetime.now(UTC),
                },
            )


@pytest.fixture
async def house(world: World) -> House:
    """Each with one entry."""
    ours, theirs = await world.organization("Ours"), await world.organization("Theirs")
    made = House(
        world,
        await world.person(ours, name="Ann"),
        await world.person(ours, name="Ben"),
        await world.person(ours, Role.GURU, "Gus"),
        await world.person(ours, Role.ADMIN, "Ada"),
        await world.person(theirs, Role.ADMIN, "Bob"),
        await world.person(None, Role.PLATFORM_ADMIN, "Root"),
    )
    for person in (made.ann, made.ben, made.guru, made.admin, made.boss):
        await made.happen(person, "waved")
    return made


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (None, set()),
        ("boss", {"Bob"}),
        ("ann", {"Ann"}),
        ("guru", {"Gus"}),
        ("admin", {"Ann", "Ben", "Gus", "Ada"}),
    ],
)
async def test_who_sees_whose(house: House, who: str | None, sees: set[str]) -> None:
    """People what they did; admins what was done in their organisation."""
    viewer = getattr(house, who) if who else None
    assert {event["user"]["fullName"] for event in await house.events(viewer, action="waved")} == sees
    assert {event["user"]["fullName"] for event in await house.events(viewer)} == sees


async def test_who_runs_the_platform_sees_every_organisations(house: House) -> None:
    """And narrows it down."""
    for organization, sees in ((house.ann.account.organization_id, 4), (house.boss.account.organization_id, 1)):
        assert len(await house.events(house.runner, organizationId=str(organization), action="waved")) == sees
    assert len(await house.events(house.runner, userId=str(house.ann.id))) == 1


async def test_asking_for_others_gives_nothing(house: House) -> None:
    """Another's, another organisation's, or of an organisation and a person that do not go together."""
    theirs, ours = str(house.boss.account.organization_id), str(house.ann.account.organization_id)
    assert await house.events(house.admin, organizationId=theirs) == []
    assert await house.events(house.ann, userId=str(house.ben.id)) == []
    assert await house.events(house.ann, organizationId=theirs) == []
    assert await house.events(house.runner, organizationId=theirs, userId=str(house.ann.id)) == []
    assert len(await house.events(house.ann, organizationId=ours)) == 1
    assert len(await house.events(house.admin, organizationId=ours, userId=str(house.ben.id))) == 1


async def test_filters_narrow(house: House) -> None:
    """By action, person, tool and time; what is since is within, what is until is not."""
    noon = datetime(2020, 1, 1, 12, tzinfo=UTC)
    for hours in range(3):
        await house.happen(house.ann, f"hour {hours}", at=noon + timedelta(hours=hours))

    async def actions(**wanted: Any) -> list[str]:
        return [event["action"] for event in await house.events(house.admin, userId=str(house.ann.id), **wanted)]

    one, two = [(noon + timedelta(hours=hours)).isoformat() for hours in (1, 2)]
    assert await actions() == ["waved", "hour 2", "hour 1", "hour 0"]
    assert await actions(since=one, until=two) == ["hour 1"]
    assert await actions(until=one) == ["hour 0"]
    assert await actions(action="hour 2") == ["hour 2"]
    assert await actions(tool="woop", since=two) == ["waved", "hour 2"]
    assert await actions(tool="pricing") == []


async def test_pages_follow_one_another(house: House) -> None:
    """Also within one moment; entries that come meanwhile change no page that was begun before."""
    await house.happen(house.ann, "counted", times=25)
    found: list[str] = []
    after = None
    while True:
        variables = {"filter": {"action": "counted"}, "first": 10, "after": after}
        page = (await house.world.graphql(house.admin, EVENTS, variables)).data["auditEvents"]
        found += [edge["node"]["databaseId"] for edge in page["edges"]]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]
        after = page["pageInfo"]["endCursor"]
        await house.happen(house.ben, "counted", times=3, at=datetime.now(UTC))
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(found) == len(set(found)) == 25


def _cursor(position: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


@pytest.mark.parametrize(
    "given",
    [
        {"first": 101},
        {"first": -1},
        {"after": "rubbish"},
        {"after": _cursor(["yesterday", "x"])},
        {"after": _cursor(["2026-01-01T00:00:00", "00000000-0000-4000-8000-000000000000"])},
        {"after": _cursor([1, 2])},
        {"filter": {"action": "a\x00b"}},
        {"filter": {"action": "a" * 101}},
        {"filter": {"tool": "nothing"}},
        {"filter": {"userId": "nobody"}},
    ],
)
async def test_bad_arguments_are_told(house: House, given: dict[str, Any]) -> None:
    """As the client's mistakes that they are."""
    answer = await house.world.graphql(house.admin, EVENTS, {"first": 10} | given)
    assert [error["extensions"]["code"] for error in answer.errors] == ["BAD_USER_INPUT"]


@asynccontextmanager
async def _busy(house: House) -> AsyncIterator[asyncpg.Connection]:
    """The gateway's login on a trail of 40,000 entries of forty organisations."""
    async with house.world.as_owner() as owner:
        await owner.execute(
            text(
                'INSERT INTO audit.events (user_id, organization_id, action, tool_slug, "timestamp")'
                " SELECT :user, CASE WHEN n % 40 = 0 THEN :organization ELSE gen_random_uuid() END,"
                " CASE WHEN n % 1000 = 0 THEN 'rare' ELSE 'saved' END, 'woop', now() - n * interval '1 minute'"
                " FROM generate_series(1, 40000) AS n"
            ),
            {"user": house.ann.id, "organization": house.ann.account.organization_id},
        )
    async with house.world.as_owner() as owner:
        await owner.execute(text("ANALYZE audit.events"))
    connection = await asyncpg.connect(
        house.world.storage.gateway_url, server_settings={"enable_bitmapscan": "off", "jit": "off"}
    )
    try:
        yield connection
    finally:
        await connection.close()


async def test_every_page_comes_in_the_order_of_an_index(house: House) -> None:
    """No page waits for a table or an organisation to be read from end to end, whatever is asked for."""
    values: dict[str, Any] = {
        "organization_id": house.ann.account.organization_id,
        "user_id": house.ann.id,
        "action": "rare",
        "tool_slug": "woop",
        "since": datetime(2000, 1, 1, tzinfo=UTC),
        "until": datetime(2100, 1, 1, tzinfo=UTC),
    }
    asked: list[tuple[Person, set[str]]] = [
        (house.ann, {"user_id"}),
        (house.admin, {"organization_id"}),
        (house.admin, {"organization_id", "action"}),
        (house.admin, {"organization_id", "tool_slug"}),
        (house.admin, {"organization_id", "user_id"}),
        (house.admin, {"organization_id", "since", "until"}),
        (house.runner, set()),
    ]
    async with _busy(house) as connection:
        for viewer, given in asked:
            for continued in (False, True):
                keys = [values[name] for name in EVENT_CONDITIONS if name in given]
                if continued:
                    keys += [datetime.now(UTC), UUID(int=2**128 - 1)]
                sql = events(frozenset(given), continued=continued).sql
                rows = await connection.fetch(f"EXPLAIN {sql}", *viewer.viewer.settings, *keys, 21)
                plan = "\n".join(row[0] for row in rows)
                # Those of one moment may be put in order; nothing else is.
                assert not re.search(r"(?<!Incremental )Sort  ", plan), plan
                assert "Seq Scan" not in plan, plan
                assert "Index Scan using idx_audit_" in plan, plan
