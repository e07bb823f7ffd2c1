"""Invitations: who sends them, what they make, and that each works once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.serving import now
from db.viewer import Role
from resolvers.invitations import accept_invitation
from resolvers.refusals import InvalidInput
from tests.passwords.conftest import PASSWORD, Page, Passwords, Post, plain
from tests.world import Person, World

INVITE = """mutation ($email: String!, $role: Role!, $name: String, $into: ID) {
  inviteMember(email: $email, role: $role, fullName: $name, organizationId: $into) {
    __typename
    ... on MemberInvited { invitation { databaseId email role organizationId invitedBy } }
    ... on Refusal { message } } }"""
LIST = """query ($first: Int! = 20, $after: String, $of: ID) {
  invitations(first: $first, after: $after, organizationId: $of) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { databaseId email role fullName } } } }"""
REVOKE = "mutation ($id: UUID!) { revokeInvitation(id: $id) { __typename ... on Refusal { message } } }"


async def invited(world: World, admin: Person, email: str, role: str = "USER", **more: Any) -> Any:
    """What became of it."""
    answer = await world.graphql(admin, INVITE, {"email": email, "role": role, **more})
    assert not answer.errors, answer.errors
    return answer.data["inviteMember"]


async def listed(world: World, viewer: Person, **arguments: Any) -> Any:
    """The open invitations that somebody sees."""
    answer = await world.graphql(viewer, LIST, arguments)
    assert not answer.errors, answer.errors
    return answer.data["invitations"]


@pytest.fixture
async def house(world: World) -> UUID:
    """An organisation."""
    return await world.organization("Caravela")


@pytest.fixture
async def admin(world: World, house: UUID) -> Person:
    """Its admin."""
    return await world.person(house, Role.ADMIN, "Dulce Azeredo")


def address(number: UUID, name: str = "new") -> str:
    """An address that nobody has."""
    return f"{name}-{number.hex[:12]}@invited.example"


async def test_an_invitation_makes_an_account(
    world: World, page: Page, mails: Post, house: UUID, admin: Person, passwords: Passwords
) -> None:
    """With the role and organisation of the invitation, every tool's progress, and the person signed in."""
    email = address(house)
    assert (await invited(world, admin, email.upper()))["invitation"]["email"] == email
    (mail,) = await mails.to(email)
    assert mail["Subject"] == "An invitation to Fast Track"
    assert "Dulce Azeredo invites you to take part in Fast Track with Caravela." in plain(mail)
    token = await mails.token(email)
    assert f"/account/invitation#{token}" in plain(mail)
    answer = await page.post("register", token=token, name="  Nova Pessoa ", password=PASSWORD)
    user = answer.json()["data"]["user"]
    assert answer.status_code == 200
    assert (user["email"], user["name"], user["role"], user["organization_id"]) == (
        email,
        "Nova Pessoa",
        "user",
        str(house),
    )
    me = await page.client.get(
        "/api/auth/me", headers={"Authorization": f"Bearer {answer.json()['data']['access_token']}"}
    )
    assert me.json()["data"]["progress"]["total_tools"] == 31
    assert (await page.post("refresh")).status_code == 200
    assert (await page.login(email, PASSWORD)).status_code == 200
    assert await listed(world, admin) == {
        "totalCount": 0,
        "edges": [],
        "pageInfo": {"hasNextPage": False, "endCursor": None},
    }


async def test_an_invitation_works_once(world: World, page: Page, mails: Post, house: UUID, admin: Person) -> None:
    """Ten at once make one account; afterwards the token is dead."""
    email = address(house)
    await invited(world, admin, email)
    token = await mails.token(email)
    answers = await asyncio.gather(
        *(page.post("register", token=token, name=f"Person {n}", password=PASSWORD) for n in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 9
    again = await page.post("register", token=token, name="Pat", password=PASSWORD)
    assert [each["path"] for each in again.json()["details"]] == ["token"]


async def test_an_invitation_runs_out_after_seven_days(world: World, mails: Post, house: UUID, admin: Person) -> None:
    """Of the clock that is handed in."""
    email = address(house)
    await invited(world, admin, email)
    token = await mails.token(email)
    context = await world.context(None)
    with pytest.raises(InvalidInput, match="older than 7 days"):
        await accept_invitation(replace(context, clock=lambda: now() + timedelta(days=7)), token, "Pat", PASSWORD)
    in_time = replace(context, clock=lambda: now() + timedelta(days=7, seconds=-60))
    assert (await accept_invitation(in_time, token, "Pat", PASSWORD)).account.email == email


async def test_who_may_invite_whom(world: World, house: UUID, admin: Person) -> None:
    """Admins into their own organisation, and no platform admin; participants and gurus nobody; nobody anonymous."""
    other = await world.organization()
    email = address(other)
    for role in (Role.USER, Role.GURU):
        refused = await invited(world, await world.person(house, role), email)
        assert refused["__typename"] == "NotAllowed"
    anonymous = await world.graphql(None, INVITE, {"email": email, "role": "USER"})
    assert anonymous.data["inviteMember"]["__typename"] == "NotAllowed"
    assert (await invited(world, admin, email, "PLATFORM_ADMIN"))["__typename"] == "NotAllowed"
    assert (await invited(world, admin, email, into=str(other)))["__typename"] == "NotFound"
    for wanted in ("USER", "GURU", "ADMIN"):
        found = await invited(world, admin, address(other, wanted.lower()), wanted, into=str(house))
        assert found["invitation"]["organizationId"] == str(house)


async def test_a_platform_admin_invites_everywhere(world: World, page: Page, mails: Post, house: UUID) -> None:
    """Into any organisation, and platform admins into none."""
    chief = await world.person(None, Role.PLATFORM_ADMIN)
    assert (await invited(world, chief, address(house, "a"), "ADMIN", into=str(house)))["__typename"] == "MemberInvited"
    assert (await invited(world, chief, address(house, "b"), "ADMIN"))["__typename"] == "NotFound"
    email = address(house, "c")
    assert (await invited(world, chief, email, "PLATFORM_ADMIN"))["invitation"]["organizationId"] is None
    token = await mails.token(email)
    answer = await page.post("register", token=token, name="Pat", password=PASSWORD)
    user = answer.json()["data"]["user"]
    assert (user["role"], user["organization_id"]) == ("platform_admin", None)


async def test_a_newer_invitation_takes_the_place_of_the_one_before(
    world: World, page: Page, mails: Post, house: UUID, admin: Person
) -> None:
    """In the same organisation. One of another organisation stays, and who accepts first belongs there."""
    email, other = address(house), await world.organization()
    neighbour = await world.person(other, Role.ADMIN)
    tokens = []
    for each in (admin, neighbour, admin):
        assert (await invited(world, each, email))["__typename"] == "MemberInvited"
        tokens.append(await mails.token(email))
    first, second, third = tokens
    assert (await page.post("register", token=first, name="Pat", password=PASSWORD)).status_code == 400
    assert (await page.post("register", token=second, name="Pat", password=PASSWORD)).status_code == 200
    taken = await page.post("register", token=third, name="Pat", password=PASSWORD)
    assert taken.status_code == 400
    assert "has an account already" in taken.json()["message"]


async def test_nobody_learns_of_accounts_elsewhere(world: World, page: Page, house: UUID, admin: Person) -> None:
    """An address of one's own organisation is refused; of another one it is invited like any."""
    colleague, stranger = await world.person(house), await world.person(await world.organization())
    refused = await invited(world, admin, colleague.account.email)
    assert (refused["__typename"], refused["message"]) == (
        "InvalidInput",
        f"{colleague.account.email} has an account already.",
    )
    found = await invited(world, admin, stranger.account.email)
    nobody = await invited(world, admin, address(house))
    assert found.keys() == nobody.keys()
    assert found["__typename"] == nobody["__typename"] == "MemberInvited"


@pytest.mark.parametrize("email", ["", "nobody", "ñ@a.example", "a\x00@a.example", "a@b.example\nBcc: c@d.example"])
async def test_an_address_that_is_none(world: World, admin: Person, email: str) -> None:
    """Is refused in a sentence."""
    assert (await invited(world, admin, email))["__typename"] == "InvalidInput"


async def test_the_list_is_paged_and_an_admins_own(world: World, house: UUID, admin: Person) -> None:
    """The newest first; other organisations and participants see nothing of it."""
    emails = [address(house, f"n{number}") for number in range(5)]
    for email in emails:
        await invited(world, admin, email, name="Some Name")
    seen: list[str] = []
    after = None
    while True:
        found = await listed(world, admin, first=2, after=after)
        assert found["totalCount"] == 5
        seen += [edge["node"]["email"] for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert seen == emails[::-1]
    for viewer in (await world.person(house), await world.person(await world.organization(), Role.ADMIN)):
        assert (await listed(world, viewer))["totalCount"] == 0
    chief = await world.person(None, Role.PLATFORM_ADMIN)
    assert (await listed(world, chief, of=str(house)))["totalCount"] == 5


@pytest.mark.parametrize("after", ["bm9uZQ==", "!", "WzEsMl0=", "WyIyMDI2LTAxLTAxIiwgIngiXQ=="])
async def test_a_cursor_that_is_none(world: World, admin: Person, after: str) -> None:
    """Is a mistake, told."""
    answer = await world.graphql(admin, LIST, {"after": after})
    assert answer.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_revoked(world: World, page: Page, mails: Post, house: UUID, admin: Person) -> None:
    """By an admin of the organisation: the token is dead. By anybody else: it is as if there were none."""
    email = address(house)
    invitation = (await invited(world, admin, email))["invitation"]["databaseId"]
    stranger = await world.person(await world.organization(), Role.ADMIN)
    refused = await world.graphql(stranger, REVOKE, {"id": invitation})
    assert refused.data["revokeInvitation"]["__typename"] == "NotFound"
    refused = await world.graphql(await world.person(house), REVOKE, {"id": invitation})
    assert refused.data["revokeInvitation"]["__typename"] == "NotAllowed"
    done = await world.graphql(admin, REVOKE, {"id": invitation})
    assert done.data["revokeInvitation"]["__typename"] == "InvitationRevoked"
    again = await world.graphql(admin, REVOKE, {"id": invitation})
    assert again.data["revokeInvitation"]["__typename"] == "NotFound"
    token = await mails.token(email)
    assert (await page.post("register", token=token, name="Pat", password=PASSWORD)).status_code == 400


async def test_inputs_of_a_registration_are_named(
    world: World, page: Page, mails: Post, house: UUID, admin: Person
) -> None:
    """By their REST names; the invitation is still good afterwards."""
    email = address(house)
    await invited(world, admin, email)
    token = await mails.token(email)
    for body, path in (
        ({"name": "", "password": PASSWORD}, "name"),
        ({"name": "a\nb", "password": PASSWORD}, "name"),
        ({"name": "Pat", "password": "short"}, "password"),
        ({"name": "Nova Pessoa Nova", "password": "Nova Pessoa Nova"}, "password"),
    ):
        answer = await page.post("register", token=token, **body)
        assert (answer.status_code, {each["path"] for each in answer.json()["details"]}) == (400, {path})
    assert (await page.post("register", token=token, name="Pat", password=PASSWORD)).status_code == 200
