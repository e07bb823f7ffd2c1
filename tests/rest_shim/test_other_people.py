"""Whose submissions a person may read: none of others as a participant, their organisation's as guru or admin."""

from uuid import uuid4

import pytest

from db.viewer import Role
from tests.rest_shim.rest import Rest
from tests.world import Person, World

PATHS = ["/api/tools/woop/data", "/api/tools/woop/export"]


@pytest.fixture
async def author(world: World) -> Person:
    """A participant who has completed WOOP."""
    author = await world.person(await world.organization(), name="Rui Lameirão")
    await world.complete(author, "woop")
    return author


@pytest.mark.parametrize("path", PATHS)
async def test_nobody_reads_without_a_token(rest: Rest, author: Person, path: str) -> None:
    """Anonymous: 401, whoever is asked for."""
    refused = await rest.get(None, path, user_id=author.id)
    assert (refused.status, refused.body["message"]) == (401, "Authentication required")


@pytest.mark.parametrize("role", [Role.GURU, Role.ADMIN])
@pytest.mark.parametrize("path", PATHS)
async def test_another_tenants_row_is_not_there(
    rest: Rest, world: World, author: Person, path: str, role: Role
) -> None:
    """Guru and admin of another organisation: 404, the same as for an id that nobody has."""
    stranger = await world.person(await world.organization(), role)
    refused = await rest.get(stranger, path, user_id=author.id)
    nobody = await rest.get(stranger, path, user_id=uuid4())
    assert refused.status == nobody.status == 404
    assert refused.body | {"request_id": ""} == nobody.body | {"request_id": ""}


@pytest.mark.parametrize("path", PATHS)
async def test_a_participant_reads_nobody_else(rest: Rest, world: World, author: Person, path: str) -> None:
    """403 for a colleague and for an id that nobody has: the answer tells nothing about who exists."""
    colleague = await world.person(author.account.organization_id)
    for user_id in (author.id, uuid4()):
        refused = await rest.get(colleague, path, user_id=user_id)
        assert (refused.status, refused.body["message"]) == (403, "Insufficient permissions")


@pytest.mark.parametrize("path", PATHS)
async def test_a_participant_may_name_themselves(rest: Rest, author: Person, path: str) -> None:
    """user_id of one's own is as good as none."""
    assert (await rest.get(author, path, user_id=author.id)).status == 200


@pytest.mark.parametrize("role", [Role.GURU, Role.ADMIN])
async def test_gurus_and_admins_read_their_participants(rest: Rest, world: World, author: Person, role: Role) -> None:
    """The participant's submission and export, not the reader's own."""
    reader = await world.person(author.account.organization_id, role)
    submission = (await rest.get(reader, PATHS[0], user_id=author.id)).data
    assert (submission["user_id"], submission["data"]) == (str(author.id), world.answers("woop"))
    export = await rest.get(reader, PATHS[1], user_id=author.id)
    assert export.body["export_metadata"]["user_email"] == author.account.email
    assert "woop_lameirao_" in export.headers["content-disposition"]


@pytest.mark.parametrize("user_id", ["me", "", "123", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "\x00", "é"])
@pytest.mark.parametrize("path", PATHS)
async def test_a_malformed_id_is_told(rest: Rest, author: Person, path: str, user_id: str) -> None:
    """user_id that is no id: 400 at `user_id`."""
    refused = await rest.get(author, path, user_id=user_id)
    assert (refused.status, refused.paths) == (400, ["user_id"])
