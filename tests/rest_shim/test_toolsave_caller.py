"""Whom the HTML pages may act for: the person who is signed in, and nobody else."""

from typing import Any
from uuid import uuid4

import pytest

from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from db.viewer import Role
from tests.conftest import ENCRYPTION_KEYS
from tests.resolvers.stored import everything
from tests.rest_shim.rest import Reply, Rest
from tests.world import Person, World, open_world

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "load": ("GET", {"tool_slug": "woop"}),
    "save": ("POST", {"responses": []}),
    "dependency": ("GET", {"reference_key": "wish"}),
    "complete": ("POST", {"tool_slug": "woop"}),
    "completions": ("GET", {}),
    "team-unlock": ("GET", {"tool_slug": "woop"}),
}
calls = pytest.mark.parametrize("name", CALLS)


async def call(rest: Rest, person: Person, name: str, **given: object) -> Reply:
    """One of the pages' calls, with this user_id or none."""
    method, parameters = CALLS[name]
    content = {"params" if method == "GET" else "json": parameters | given}
    return await rest.send(method, f"/api/toolsave/{name}", person, **content)


@calls
async def test_a_page_acts_for_the_signed_in_person(rest: Rest, person: Person, name: str) -> None:
    """user_id in any spelling of the UUID."""
    await rest.post(person, "/api/tools/woop/data", {"data": {"wish": "Sail"}})
    assert (await call(rest, person, name, user_id=str(person.id).upper())).status == 200


@calls
@pytest.mark.parametrize("role", Role)
async def test_a_page_acts_for_nobody_else(rest: Rest, world: World, name: str, role: Role) -> None:
    """404 for a colleague, even to a guru or admin, the same as for nobody; nothing is written."""
    organization = await world.organization()
    person, colleague = await world.person(organization, role), await world.person(organization)
    before = await everything(world, person, colleague)
    for user_id in (str(colleague.id), str(uuid4()), "me", ""):
        refused = await call(rest, person, name, user_id=user_id)
        assert (refused.status, refused.body["message"]) == (404, "User not found")
    assert await everything(world, person, colleague) == before


@calls
async def test_a_page_says_for_whom_it_acts(rest: Rest, person: Person, name: str) -> None:
    """Without user_id: 400 there."""
    refused = await call(rest, person, name)
    assert (refused.status, refused.paths) == (400, ["user_id"])


async def test_identify_gives_a_token_in_development(rest: Rest, person: Person) -> None:
    """For a known address: a token that works."""
    signed_in = await rest.post(None, "/api/toolsave/identify", {"lw_email": person.account.email})
    assert signed_in.data.keys() == {"user_id", "access_token", "token_type", "expires_in"}
    assert (signed_in.data["user_id"], signed_in.data["token_type"]) == (str(person.id), "Bearer")
    assert signed_in.data["expires_in"] == 28_800
    headers = {"Authorization": f"Bearer {signed_in.data['access_token']}"}
    assert (await rest.send("GET", "/api/auth/me", headers=headers)).data["id"] == str(person.id)


async def test_identify_makes_an_account_for_a_new_address(rest: Rest) -> None:
    """A participant without organisation, named as given, with WOOP open; the same one the second time."""
    body = {"lw_user_id": "lw-7", "lw_email": f"New.{uuid4().hex}@Page.example", "lw_name": "Nova Página"}
    first, again = [(await rest.post(None, "/api/toolsave/identify", body)).data for _ in range(2)]
    assert first["user_id"] == again["user_id"]
    headers = {"Authorization": f"Bearer {first['access_token']}"}
    me = (await rest.send("GET", "/api/auth/me", headers=headers)).data
    assert (me["email"], me["name"], me["role"]) == (body["lw_email"].lower(), "Nova Página", "user")
    assert (me["organization_id"], me["progress"]["current_tool"]) == (None, "woop")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "lw_email"),
        ({"lw_email": None}, "lw_email"),
        ({"lw_email": ""}, "lw_email"),
        ({"lw_user_id": "7"}, "lw_email"),
        ({"lw_email": "no address"}, "lw_email"),
        ({"lw_email": "nul\x00@page.example"}, "lw_email"),
        ({"lw_email": 5}, "lw_email"),
        ({"lw_email": f"{'a' * 250}@page.example"}, "lw_email"),
        ({"lw_email": "long.name@page.example", "lw_name": "n" * 256}, "lw_name"),
        ({"lw_email": "nul.name@page.example", "lw_name": "\x00"}, "lw_name"),
    ],
)
async def test_identify_needs_an_address(rest: Rest, body: dict[str, Any], path: str) -> None:
    """400 at what is wrong."""
    refused = await rest.post(None, "/api/toolsave/identify", body)
    assert (refused.status, refused.paths) == (400, [path])


async def test_identify_is_refused_in_production(
    rest: Rest, world: World, storage: Storage, catalogue: Catalogue, person: Person
) -> None:
    """403: without proof nobody signs in, known or not."""
    production = Settings(
        _env_file=None,  # type: ignore[call-arg]
        environment="production",  # type: ignore[arg-type]
        jwt_secret="as-long-and-as-secret-as-production-wants-it",
        encryption_keys=ENCRYPTION_KEYS,
        database_url=storage.owner_url,
    )
    async with open_world(storage, catalogue, production) as deployed:
        for email in (person.account.email, "nobody@page.example"):
            refused = await deployed.client.post("/api/toolsave/identify", json={"lw_email": email})
            assert refused.status_code == 403
            assert refused.json()["code"] == "NOT_ALLOWED"
        assert (await deployed.client.get("/dev/users")).status_code == 404
        for path in ("", "/page.js", "/known"):
            assert (await deployed.client.get(f"/dev/learnworlds{path}")).status_code == 404
        for path in ("link", "webhook"):
            assert (await deployed.client.post(f"/dev/learnworlds/{path}", json={})).status_code == 404
