"""What comes to those who listen: everything that is theirs to see, in order, nothing twice and nothing lost."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from db.viewer import Role
from tests.live.happening import happen, unlock
from tests.live.listener import Socket, events, socket
from tests.world import Person, World

PROGRESS = """subscription ($after: String) { progressChanged(after: $after) {
  __typename
  ... on Listening { cursor }
  ... on ProgressChanged { id cursor at status previousStatus participant { email } tool { slug progress { status } } }
} }"""

UNLOCKED = """subscription ($after: String, $user: ID, $organization: ID) {
  toolUnlocked(after: $after, userId: $user, organizationId: $organization) {
    __typename
    ... on Listening { cursor }
    ... on ToolUnlocked { id cursor tool { slug } participant { databaseId } }
    ... on Refusal { message }
} }"""

FIELDS = """subscription ($ids: [FieldId!]!) { fieldChanged(ids: $ids) {
  __typename ... on FieldChanged { fieldIds fields { id value available } tool { slug } }
} }"""

STALE = "subscription { staleChanged { __typename ... on StaleChanged { stale fieldIds tool { slug } } } }"

BEGUN = {"from": "unlocked", "to": "in_progress"}


async def listen(mine: Socket, query: str = UNLOCKED, **variables: object) -> str:
    """Begin to listen; the cursor of the beginning."""
    await mine.ask(query, variables)
    begun = await mine.told()
    assert begun["__typename"] == "Listening", begun
    cursor: str = begun.get("cursor", "")
    return cursor


async def slugs(mine: Socket, count: int) -> list[str]:
    """Which tools the next messages are about."""
    return [(await mine.told())["tool"]["slug"] for _ in range(count)]


async def person_and_boss(world: World, role: Role) -> tuple[Person, Person]:
    """A participant, and an admin or guru who may see their work."""
    organization = await world.organization()
    person = await world.person(organization)
    boss = await world.person(organization if role is Role.ADMIN else None, role)
    if role is Role.GURU:
        async with world.as_owner() as owner:
            await owner.exec_driver_sql(
                "INSERT INTO organizations.guru_assignments (user_id, organization_id)"
                f" VALUES ('{boss.id}', '{organization}')"
            )
    return person, boss


async def test_over_websocket(world: World, address: str) -> None:
    """First that it has begun, then what happens, with the tool and the person as they are now."""
    person = await world.person(await world.organization())
    async with socket(address, person) as mine:
        await listen(mine, PROGRESS)
        async with world.as_owner() as owner:
            await happen(owner, person, "progress_changed", details=BEGUN)
        told = await mine.told()
    assert told["previousStatus"] == "UNLOCKED"
    assert told["status"] == "IN_PROGRESS"
    assert told["participant"] == {"email": person.account.email}
    assert told["tool"] == {"slug": "woop", "progress": {"status": "UNLOCKED"}}


async def test_over_events(world: World, address: str) -> None:
    """The same over server-sent events."""
    person = await world.person(await world.organization())
    async with events(address, person, PROGRESS) as mine:
        assert mine.response.headers["content-type"].startswith("text/event-stream")
        assert (await mine.told())["__typename"] == "Listening"
        async with world.as_owner() as owner:
            await happen(owner, person, "progress_changed", details=BEGUN)
        assert (await mine.told())["status"] == "IN_PROGRESS"


async def test_only_what_was_asked_for(world: World, address: str) -> None:
    """Each subscription its own kind, and of fields those that it names."""
    person = await world.person(await world.organization())
    one, other = "identity.dream.narrative", "identity.woop.wish"
    known = [each for each in (one, other) if each in world.catalogue.fields]
    ids = known if len(known) == 2 else list(world.catalogue.fields)[:2]
    async with socket(address, person) as mine:
        await listen(mine, FIELDS, ids=[ids[0]])
        async with world.as_owner() as owner:
            await happen(owner, person, "field_changed", fields=[ids[1]])
            await happen(owner, person, "tool_unlocked")
            await happen(owner, person, "field_changed", fields=ids)
        told = await mine.told()
    assert told["fieldIds"] == [ids[0]]
    assert told["fields"] == [{"id": ids[0], "value": None, "available": False}]


async def test_staleness(world: World, address: str) -> None:
    """Values that fall behind, and catch up."""
    person = await world.person(await world.organization())
    async with socket(address, person) as mine:
        await listen(mine, STALE)
        async with world.as_owner() as owner:
            await happen(owner, person, "stale_changed", details={"stale": True})
            await happen(owner, person, "stale_changed", details={"stale": False})
        assert [(await mine.told())["stale"] for _ in range(2)] == [True, False]


async def test_what_people_really_do(world: World, address: str) -> None:
    """A submission moves progress, changes fields and opens tools; a change of what was built upon makes it stale."""
    person = await world.person(await world.organization())
    first = next(tool for tool in world.catalogue.sequence if tool.slug == "woop")
    ids = [question.publishes for question in first.published if question.publishes][:50]
    async with socket(address, person) as mine:
        heard: dict[str, list[dict[str, Any]]] = {}
        for query, variables in ((PROGRESS, {}), (UNLOCKED, {}), (FIELDS, {"ids": ids})):
            number = await mine.ask(query, variables)
            assert (await mine.told(number))["__typename"] == "Listening"
            heard[number] = []
        await world.complete(person, "woop")
        while not all(heard.values()):
            message = await mine.hear()
            heard[message["id"]] += message["payload"]["data"].values()
    progress, unlocked, fields = heard.values()
    assert progress[0]["status"] == "COMPLETED"
    assert unlocked[0]["participant"] == {"databaseId": str(person.id)}
    assert set(fields[0]["fieldIds"]) <= set(ids)
    assert all(field["available"] for field in fields[0]["fields"])


async def test_going_on_from_a_cursor(world: World, address: str) -> None:
    """What happened while nobody listened comes first, in order, and nothing that was told before."""
    person = await world.person(await world.organization())
    async with socket(address, person) as mine:
        begun = await listen(mine)
        await unlock(world, person, "woop", "dream")
        first = await mine.told()
    await unlock(world, person, "values")
    for cursor, missed in ((first["cursor"], ["dream", "values"]), (begun, ["woop", "dream", "values"])):
        async with socket(address, person) as mine:
            await listen(mine, after=cursor)
            assert await slugs(mine, len(missed)) == missed
            await unlock(world, person, "goals")
            assert await slugs(mine, 1) == ["goals"]
            async with world.as_owner() as owner:
                await owner.exec_driver_sql(
                    f"DELETE FROM outbox.events WHERE user_id = '{person.id}' AND tool_slug = 'goals'"
                )


async def test_many_at_once(world: World, address: str) -> None:
    """More than one read takes, in order."""
    person = await world.person(await world.organization())
    tools = [tool.slug for tool in world.catalogue.tools] * 8
    async with socket(address, person) as mine:
        await listen(mine)
        async with world.as_owner() as owner:
            for tool in tools:
                await happen(owner, person, "tool_unlocked", tool)
        assert await slugs(mine, len(tools)) == tools


async def test_nothing_is_lost_that_commits_late(world: World, address: str) -> None:
    """A transaction that began first and commits last has lower numbers; what came meanwhile waits for it."""
    person = await world.person(await world.organization())
    async with socket(address, person) as mine:
        begun = await listen(mine)
        async with world.owner.connect() as slow:
            await happen(slow, person, "tool_unlocked", "woop")
            await unlock(world, person, "dream")
            async with socket(address, person) as other:
                await listen(other, after=begun)
                await slow.commit()
                assert await slugs(other, 2) == ["woop", "dream"]
        assert await slugs(mine, 2) == ["woop", "dream"]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.GURU])
async def test_a_whole_organization(world: World, address: str, role: Role) -> None:
    """Admins follow theirs, gurus those that they look after; and single people in them."""
    person, boss = await person_and_boss(world, role)
    stranger = await world.person(await world.organization())
    for following in (
        {"organization": str(person.account.organization_id)},
        {"user": str(person.id)},
    ):
        async with socket(address, boss) as mine:
            await listen(mine, **following)
            await unlock(world, stranger, "dream")
            await unlock(world, person, "woop")
            told = await mine.told()
        assert told["participant"] == {"databaseId": str(person.id)}
        assert told["tool"] == {"slug": "woop"}


async def test_nobody_follows_what_is_not_theirs_to_see(world: World, address: str) -> None:
    """A refusal as data, and then nothing: the same for what is hidden and for what is not there."""
    person, boss = await person_and_boss(world, Role.ADMIN)
    stranger = await world.person(await world.organization())
    colleague = await world.person(person.account.organization_id)
    nobody = "00000000-0000-4000-8000-000000000000"
    asked = [
        (person, {"user": str(colleague.id)}, "NotAllowed"),
        (person, {"user": nobody}, "NotAllowed"),
        (person, {"organization": str(person.account.organization_id)}, "NotAllowed"),
        (person, {"organization": nobody}, "NotAllowed"),
        (boss, {"user": str(stranger.id)}, "NotFound"),
        (boss, {"user": nobody}, "NotFound"),
        (boss, {"organization": str(stranger.account.organization_id)}, "NotFound"),
        (boss, {"organization": nobody}, "NotFound"),
    ]
    for viewer, following, refusal in asked:
        async with socket(address, viewer) as mine:
            number = await mine.ask(UNLOCKED, following)
            assert (await mine.told())["__typename"] == refusal, following
            assert await mine.hear() == {"id": number, "type": "complete"}


async def test_a_cursor_that_is_too_old(world: World, address: str) -> None:
    """What was pruned cannot be gone on from, and neither can another database's cursor."""
    person = await world.person(await world.organization())
    old = (datetime.now(UTC) - timedelta(days=400)).isoformat()
    now = datetime.now(UTC).isoformat()
    for parts in (["1", "1", old], [str(2**60), "1", now]):
        cursor = urlsafe_b64encode(orjson.dumps(parts)).decode()
        async with socket(address, person) as mine:
            await mine.ask(UNLOCKED, {"after": cursor})
            assert (await mine.told())["__typename"] == "ReadAfresh"


@pytest.mark.parametrize("after", ["", "x", "W10=", "WyIxIiwiMSJd", "WyItMSIsIjEiLCIyMDI2Il0="])
async def test_a_cursor_that_is_none(world: World, address: str, after: str) -> None:
    """A mistake of the client's, told."""
    person = await world.person(await world.organization())
    async with socket(address, person) as mine:
        number = await mine.ask(UNLOCKED, {"after": after})
        message = await mine.hear()
    assert message["type"] == "error"
    assert message["id"] == number
    assert message["payload"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_person_and_an_organization(world: World, address: str) -> None:
    """One of them, not both."""
    person, boss = await person_and_boss(world, Role.ADMIN)
    async with socket(address, boss) as mine:
        both = {"user": str(person.id), "organization": str(person.account.organization_id)}
        await mine.ask(UNLOCKED, both)
        message = await mine.hear()
    assert message["payload"][0]["extensions"]["problems"][0]["path"] == "organizationId"


async def test_several_listeners_are_told_the_same(world: World, address: str) -> None:
    """What several of one person's subscriptions want at the same moment is read and executed once for them all."""
    person = await world.person(await world.organization())
    tools = ["woop", "dream", "values"]
    with world.sql() as statements:
        async with socket(address, person) as mine:
            numbers = [await mine.ask(UNLOCKED) for _ in range(5)]
            for _ in numbers:
                assert (await mine.hear())["type"] == "next"
            for tool in tools:
                await unlock(world, person, tool)
                heard = [await mine.hear() for _ in numbers]
                assert sorted(message["id"] for message in heard) == numbers
    # Each may look for itself as it begins, which can take as long as the first unlocking; then one looks for all.
    assert 0 < sum("outbox.events" in each for each in statements) <= len(numbers) + len(tools)
