"""Managing people: anonymous, the wrong tenant, a role that may not, then who may; and what changes at once."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text

from db.permissions import PERMISSIONS, Permission, Reach
from db.viewer import Role
from tests.world import Person, World

RESULT = """{
  __typename ... on MemberChanged { user { role deactivatedAt } guidedOrganizationIds } ... on Refusal { message }
}"""
CHANGE_ROLE = f"mutation ($who: ID!, $role: Role!) {{ done: changeRole(userId: $who, role: $role) {RESULT} }}"
DEACTIVATE = f"mutation ($who: ID!) {{ done: deactivateUser(userId: $who) {RESULT} }}"
REACTIVATE = f"mutation ($who: ID!) {{ done: reactivateUser(userId: $who) {RESULT} }}"
ASSIGN = f"mutation ($who: ID!, $to: ID) {{ done: assignGuru(userId: $who, organizationId: $to) {RESULT} }}"
UNASSIGN = f"mutation ($who: ID!, $to: ID) {{ done: unassignGuru(userId: $who, organizationId: $to) {RESULT} }}"
EVERY = {"role": CHANGE_ROLE, "off": DEACTIVATE, "on": REACTIVATE, "assign": ASSIGN, "unassign": UNASSIGN}


async def done(world: World, viewer: Person | None, mutation: str, **variables: Any) -> dict[str, Any]:
    """What the mutation came to."""
    given = {name: str(value) if value is not None else None for name, value in variables.items()}
    answer = await world.graphql(viewer, mutation, given)
    assert not answer.errors, answer.errors
    found: dict[str, Any] = answer.data["done"]
    return found


async def status(world: World, person: Person) -> int:
    """What this person's token is worth, for a compiled read and for one that is not."""
    found = {
        (await world.client.post("/graphql", json={"query": query}, headers=person.headers)).status_code
        for query in ("{ viewer { fullName } }", "{ viewer { fullName } sessions { method } }")
    }
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize("mutation", EVERY.values(), ids=EVERY)
async def test_who_may_not(world: World, mutation: str) -> None:
    """Nobody, participants and gurus: NotAllowed. Another tenant's admin: as if there were no such person."""
    house = await world.organization()
    person = await world.person(house, Role.GURU)
    for viewer in (None, await world.person(house), await world.person(house, Role.GURU)):
        refused = await done(world, viewer, mutation, who=person.id, role="ADMIN")
        assert refused["__typename"] == "NotAllowed"
    stranger = await world.person(await world.organization(), Role.ADMIN)
    foreign = await done(world, stranger, mutation, who=person.id, role="ADMIN")
    assert foreign == await done(world, stranger, mutation, who=uuid4(), role="ADMIN")
    assert foreign == {"__typename": "NotFound", "message": "User not found"}
    assert await status(world, person) == 200


async def test_another_role(world: World) -> None:
    """An admin makes a participant a guru: the old token stops, the new one carries the role, the trail tells both."""
    house = await world.organization()
    admin, person = await world.person(house, Role.ADMIN), await world.person(house)
    changed = await done(world, admin, CHANGE_ROLE, who=person.id, role="GURU")
    assert changed["user"]["role"] == "GURU"
    assert await status(world, person) == 401
    async with world.as_owner() as rows:
        found = await rows.execute(
            text("SELECT user_id, action, changes FROM audit.events WHERE entity_id = :id"), {"id": person.id}
        )
        assert [tuple(row) for row in found] == [(admin.id, "role_changed", {"from": "user", "to": "guru"})]


async def test_nobody_makes_themselves_or_others_more_than_they_are(world: World) -> None:
    """Not oneself, and no platform admin unless one is one; in the database neither."""
    house = await world.organization()
    admin, person = await world.person(house, Role.ADMIN), await world.person(house)
    platform = await world.person(house, Role.PLATFORM_ADMIN)
    assert (await done(world, admin, CHANGE_ROLE, who=admin.id, role="USER"))["__typename"] == "NotAllowed"
    assert (await done(world, admin, CHANGE_ROLE, who=person.id, role="PLATFORM_ADMIN"))["__typename"] == "NotAllowed"
    assert (await done(world, admin, DEACTIVATE, who=platform.id))["__typename"] == "NotFound"
    made = await done(world, platform, CHANGE_ROLE, who=person.id, role="PLATFORM_ADMIN")
    assert made["user"]["role"] == "PLATFORM_ADMIN"
    for viewer, nothing in (
        (admin, f"UPDATE users.accounts SET role = 'user' WHERE id = '{admin.id}' RETURNING id"),
        (person, "UPDATE users.accounts SET role = 'admin' RETURNING id"),
        (await world.person(None, Role.ADMIN), "UPDATE users.accounts SET role = 'admin' RETURNING id"),
    ):
        async with world.gateway.database.transaction(viewer.viewer) as transaction:
            assert await transaction.fetch(nothing) == []
    await world.person(house)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with world.gateway.database.transaction(admin.viewer) as transaction:
            await transaction.fetch("UPDATE users.accounts SET role = 'platform_admin'")


async def test_deactivated_and_back(world: World) -> None:
    """The token stops at once and stays stopped after the way back; a new one works then."""
    house = await world.organization()
    admin, person = await world.person(house, Role.ADMIN), await world.person(house)
    assert (await done(world, admin, DEACTIVATE, who=person.id))["user"]["deactivatedAt"]
    assert await status(world, person) == 401
    assert (await done(world, admin, REACTIVATE, who=person.id))["user"]["deactivatedAt"] is None
    assert await status(world, person) == 401
    again = Person(person.account, world.gateway.tokens.sign(person.account))
    assert await status(world, again) == 200
    assert (await done(world, admin, DEACTIVATE, who=admin.id))["__typename"] == "NotAllowed"


async def test_a_guru_looks_after_another_organization(world: World) -> None:
    """Assigned by who runs the platform: the guru sees its people from the next request, and after it no more."""
    home, other = await world.organization(), await world.organization()
    guru, member = await world.person(home, Role.GURU), await world.person(other)
    platform = await world.person(None, Role.PLATFORM_ADMIN)
    seen = "query ($who: ID!) { user(id: $who) { fullName } }"
    assert (await world.graphql(guru, seen, {"who": str(member.id)})).data == {"user": None}
    assigned = await done(world, platform, ASSIGN, who=guru.id, to=other)
    assert set(assigned["guidedOrganizationIds"]) == {str(home), str(other)}
    assert (await world.graphql(guru, seen, {"who": str(member.id)})).data["user"]
    assert (await done(world, platform, ASSIGN, who=guru.id, to=other))[
        "__typename"
    ] == "MemberChanged"  # twice is once
    await done(world, platform, UNASSIGN, who=guru.id, to=other)
    assert (await world.graphql(guru, seen, {"who": str(member.id)})).data == {"user": None}


async def test_an_admin_assigns_within_their_organization(world: World) -> None:
    """Their own guru to their own organisation; not a participant, not to somebody else's organisation."""
    home, other = await world.organization(), await world.organization()
    admin, guru = await world.person(home, Role.ADMIN), await world.person(home, Role.GURU)
    await done(world, admin, UNASSIGN, who=guru.id)
    assert (await done(world, admin, ASSIGN, who=guru.id))["guidedOrganizationIds"] == [str(home)]
    assert (await done(world, admin, ASSIGN, who=guru.id, to=other))["__typename"] == "NotFound"
    refused = await done(world, admin, ASSIGN, who=(await world.person(home)).id)
    assert refused == {"__typename": "NotAllowed", "message": "Pat Tester is no guru. Change the role first."}


async def test_who_runs_the_platform_sees_accounts_and_no_work(world: World) -> None:
    """Names and roles of everybody; of their answers and their progress, nothing."""
    person = await world.person(await world.organization())
    await world.complete(person, "woop")
    platform = await world.person(None, Role.PLATFORM_ADMIN)
    query = "query ($who: ID!) { user(id: $who) { email woop { wish progress { status } submission { version } } } }"
    found = (await world.graphql(platform, query, {"who": str(person.id)})).data["user"]
    assert found["email"] == person.account.email
    assert found["woop"] == {"wish": None, "progress": {"status": "UNLOCKED"}, "submission": None}


async def test_the_table_of_permissions_is_told(world: World) -> None:
    """The same rules in the graph and over REST, by role."""
    rules = (await world.graphql(None, "{ permissions(role: GURU) { permission role reaches } }")).data["permissions"]
    expected = {
        permission.value: {reach.name for reach in by_role[Role.GURU]}
        for permission, by_role in PERMISSIONS.items()
        if by_role[Role.GURU]
    }
    assert {rule["permission"]: set(rule["reaches"]) for rule in rules} == expected
    assert expected[Permission.REVIEW_WORK] == {Reach.GUIDED.name}
    person = await world.person()
    answer = await world.client.get("/api/auth/permissions?role=guru", headers=person.headers)
    assert {rule["permission"] for rule in answer.json()["data"]} == expected.keys()


async def test_whose_people_one_may_see(world: World) -> None:
    """Nobody: none. Everybody their own organisation; a guru also those that they look after, by name."""
    home, other = await world.organization("Aurora"), await world.organization("Boreas")
    platform = await world.person(role=Role.PLATFORM_ADMIN)
    guru = await world.person(home, Role.GURU)
    await done(world, platform, ASSIGN, who=guru.id, to=other)
    lone = await world.person()
    names = {}
    for viewer in (None, lone, await world.person(home), await world.person(home, Role.ADMIN), guru):
        answer = await world.graphql(viewer, "{ organizations { name } }")
        names[viewer.account.role.value if viewer and viewer is not lone else str(viewer and "alone")] = [
            each["name"] for each in answer.data["organizations"]
        ]
    assert names == {
        "None": [],
        "alone": [],
        "user": ["Aurora"],
        "admin": ["Aurora"],
        "guru": ["Aurora", "Boreas"],
    }
