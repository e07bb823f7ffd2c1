"""Who makes keys, sees them and learns what; and what a key cannot be."""

from typing import Any

import pytest
from sqlalchemy import text

from db.viewer import Role
from tests.service_keys.conftest import House, in_days
from tests.world import Person

LIST = """query ($of: ID) { serviceKeys(organizationId: $of) {
  name prefix operations tools behalf userIds createdBy expiresAt lastUsedAt revokedAt } }"""


@pytest.mark.parametrize("who", ["ann", "guru"])
async def test_others_make_none_and_see_none(house: House, who: str) -> None:
    """Neither their own organisation's nor any."""
    await house.key()
    person = getattr(house, who)
    assert (await house.create(person))["__typename"] == "NotAllowed"
    assert (await house.world.graphql(person, LIST)).data == {"serviceKeys": []}
    assert (await house.world.graphql(None, LIST)).data == {"serviceKeys": []}


async def test_another_admin_sees_none(house: House) -> None:
    """Nor makes one for this organisation: there is none."""
    await house.key()
    boss = await house.world.person(await house.world.organization(), Role.ADMIN)
    of = str(house.admin.account.organization_id)
    assert (await house.world.graphql(boss, LIST, {"of": of})).data == {"serviceKeys": []}
    assert (await house.create(boss, organizationId=of))["__typename"] == "NotFound"


async def test_a_platform_admin_manages_every_organisations(house: House) -> None:
    """By naming it; they belong to none themselves."""
    runner = await house.world.person(None, Role.PLATFORM_ADMIN)
    of = str(house.admin.account.organization_id)
    assert (await house.create(runner))["__typename"] == "NotFound"
    assert (await house.create(runner, organizationId=of, name="theirs"))["__typename"] == "ServiceKeyCreated"
    listed = (await house.world.graphql(runner, LIST, {"of": of})).data["serviceKeys"]
    assert [key["name"] for key in listed] == ["theirs"]


async def test_the_list_shows_everything_but_the_secret(house: House) -> None:
    """The newest first."""
    await house.key()
    key = await house.key(
        name=" Weekly report ", operations=["read", "HelpContext", "read"], tools=["woop"], behalf="LISTED",
        userIds=[str(house.ann.id), str(house.ann.id)], expiresAt="2027-01-01T00:00:00+00:00",
    )  # fmt: skip
    newest, _ = (await house.world.graphql(house.admin, LIST)).data["serviceKeys"]
    assert newest == {
        "name": "Weekly report",
        "prefix": key.secret[4:12],
        "operations": ["HelpContext", "read"],
        "tools": ["woop"],
        "behalf": "LISTED",
        "userIds": [str(house.ann.id)],
        "createdBy": str(house.admin.id),
        "expiresAt": "2027-01-01T00:00:00+00:00",
        "lastUsedAt": None,
        "revokedAt": None,
    }


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"operations": []}, "operations"),
        ({"operations": ["read", "Nothing"]}, "operations.1"),
        ({"operations": ["read"] * 101}, "operations"),
        ({"tools": []}, "tools"),
        ({"tools": ["woop", "nothing"]}, "tools.1"),
        ({"behalf": "MEMBERS", "userIds": ["00000000-0000-4000-8000-000000000000"]}, "userIds"),
        ({"expiresAt": in_days(-1)}, "expiresAt"),
        ({"expiresAt": in_days(366)}, "expiresAt"),
    ],
)
async def test_what_a_key_cannot_be(house: House, given: dict[str, Any], path: str) -> None:
    """Each is named, and nothing is made."""
    refused = await house.create(**given)
    assert refused["__typename"] == "InvalidInput"
    assert [problem["path"] for problem in refused["problems"]] == [path]
    assert (await house.world.graphql(house.admin, LIST)).data == {"serviceKeys": []}


async def test_an_organisation_has_so_many_keys(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are revoked do not count."""
    monkeypatch.setattr("resolvers.service_keys.managing.MAX_KEYS", 1)
    await house.key()
    assert (await house.create())["problems"][0]["path"] == "name"


async def test_the_trail_tells_who_made_and_revoked_it(house: House) -> None:
    """With all that it may do; filed where the key belongs."""
    key = await house.key(tools=["woop"])
    revoke = f'mutation {{ revokeServiceKey(id: "{key.id}") {{ __typename }} }}'
    await house.world.graphql(house.admin, revoke)
    async with house.world.as_owner() as owner:
        rows = await owner.execute(
            text(
                "SELECT action, user_id, organization_id, changes FROM audit.events WHERE entity_id = :id"
                " ORDER BY timestamp"
            ),
            {"id": key.id},
        )
        created, revoked = rows.all()
    assert (created.action, revoked.action) == ("service_key_created", "service_key_revoked")
    assert {created.user_id, revoked.user_id} == {house.admin.id}
    assert created.organization_id == house.admin.account.organization_id
    assert created.changes.keys() == {"name", "operations", "tools", "behalf", "users", "expires_at"}


async def test_the_database_refuses_what_the_gateway_would(house: House, stranger: Person) -> None:
    """Past the decisions: nobody writes a key of another organisation, or reads a digest."""
    insert = (
        "INSERT INTO authentication.service_keys"
        " (prefix, digest, organization_id, name, operations, behalf, created_by, created_at, expires_at)"
        " VALUES ('AAAAAAAA', sha256(''), $1, 'x', '{read}', 'members', $2, now(), now())"
    )
    for person in (house.ann, house.guru, stranger):
        with pytest.raises(Exception, match="row-level security"):
            async with house.world.gateway.database.transaction(person.viewer) as transaction:
                await transaction.fetch(insert, house.admin.account.organization_id, person.id)
    with pytest.raises(Exception, match="permission denied"):
        async with house.world.gateway.database.transaction(house.admin.viewer) as transaction:
            await transaction.fetch("SELECT digest FROM authentication.service_keys")
