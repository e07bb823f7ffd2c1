"""Introspection in production: for those whom the table of permissions names, and kept for nobody else."""

import re
from collections.abc import AsyncIterator

import pytest
from graphql import get_introspection_query

from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from db.permissions import Permission, roles_with
from db.viewer import Role
from tests.world import Person, World, open_world

WHOLE = get_introspection_query()
SMALL = "{ __schema { queryType { name } } }"


@pytest.fixture(scope="module")
async def deployed(world: World, storage: Storage, catalogue: Catalogue, settings: Settings) -> AsyncIterator[World]:
    """A gateway of production on the same database."""
    assert world
    async with open_world(storage, catalogue, settings.model_copy(update={"environment": "production"})) as opened:
        yield opened


@pytest.fixture(scope="module")
async def people(world: World) -> dict[str, Person | None]:
    """One of each role, and nobody."""
    organization = await world.organization()
    return {"nobody": None} | {role.value: await world.person(organization, role) for role in Role}


async def test_in_development_everybody_may(world: World) -> None:
    """That is what the explorer is made of."""
    answer = await world.graphql(None, WHOLE)
    assert not answer.errors
    assert {each["name"] for each in answer.data["__schema"]["types"]} >= {"Query", "Participant"}


@pytest.mark.parametrize("text", [WHOLE, SMALL], ids=["whole", "small"])
async def test_nobody_anonymous_then_admin_then_the_others(
    deployed: World, people: dict[str, Person | None], text: str
) -> None:
    """The document that an admin's request left in the cache opens nothing, and a refusal closes nothing."""
    allowed = [people[role.value] for role in roles_with(Permission.INTROSPECT)]
    others = [person for person in people.values() if person not in allowed]
    assert people["admin"] in allowed
    assert people["user"] in others
    misses = deployed.gateway.documents.misses
    for _ in range(2):
        for person in others:
            refused = await deployed.graphql(person, text)
            assert refused.data is None
            (error,) = refused.errors
            assert error["extensions"]["code"] == "NOT_ALLOWED"
            assert "queryType" not in str(error)
        for person in allowed:
            answer = await deployed.graphql(person, text)
            assert not answer.errors
            assert answer.data["__schema"]["queryType"]["name"] == "Query"
    assert deployed.gateway.documents.misses == misses + 1


@pytest.mark.parametrize(
    "text",
    [
        '{ __type(name: "Query") { name } }',
        "{ tools { slug } hidden: __schema { queryType { name } } }",
        "{ ... { ... @include(if: true) { __schema { queryType { name } } } } }",
        "{ ...A } fragment A on Query { tools { slug } ...B } fragment B on Query { __schema { queryType { name } } }",
        "query Q($no: Boolean = false) { __schema @include(if: $no) { queryType { name } } tools { slug } }",
        "mutation M { __typename } query Q { __schema { queryType { name } } }",
    ],
    ids=["type", "beside data", "inline fragments", "fragments", "not included", "another operation"],
)
async def test_no_way_around(deployed: World, people: dict[str, Person | None], text: str) -> None:
    """However it is wrapped; nothing beside it is answered either."""
    names: list[str | None] = [name for name in ("M", "Q") if f"mutation {name}" in text or f"query {name}" in text]
    for person in (None, people["user"]):
        for name in names or [None]:
            answer = await deployed.client.post(
                "/graphql", json={"query": text, "operationName": name}, headers=person.headers if person else {}
            )
            assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
            assert "data" not in answer.json()


async def test_a_typename_is_no_introspection(deployed: World, people: dict[str, Person | None]) -> None:
    """Clients ask for it everywhere."""
    assert (await deployed.graphql(None, "{ __typename tools { __typename } }")).data["__typename"] == "Query"
    answer = await deployed.graphql(people["user"], "{ __typename viewer { __typename fullName } }")
    assert answer.data["viewer"]["__typename"] == "Participant"


async def test_a_dead_token_introspects_nothing(deployed: World, world: World) -> None:
    """A role is the account's own of this moment, not the token's."""
    admin = await world.person(await world.organization(), Role.ADMIN)
    async with world.as_owner() as owner:
        await owner.exec_driver_sql(f"UPDATE users.accounts SET role = 'user' WHERE id = '{admin.id}'")
    answer = await deployed.client.post("/graphql", json={"query": SMALL}, headers=admin.headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("{ viewr { fullName } }", None),
        ("{ viewer { fulName } }", None),
        ("{ tool(slag: 1) { slug } }", None),
        ("{ tools(order: SPRNT) { slug } }", None),
        ("query ($order: ToolOrder) { tools(order: $order) { slug } }", {"order": "SPRNT"}),
        ("mutation ($input: DreamInput!) { saveDream(input: $input) { __typename } }", {"input": {"oneSentense": ""}}),
    ],
    ids=["field", "nested field", "argument", "enum", "variable's enum", "variable's field"],
)
async def test_errors_suggest_no_names(
    deployed: World, world: World, text: str, variables: dict[str, object] | None
) -> None:
    """Guessing names one letter at a time would be introspection; in development the help with documents is welcome."""
    for asked, helps in ((deployed, False), (world, variables is None)):
        answer = await asked.client.post("/graphql", json={"query": text, "variables": variables})
        told = str(answer.json()["errors"])
        assert ("Did you mean" in told) is helps, told


@pytest.mark.parametrize("path", ["/schema.graphql", "/openapi.json"])
async def test_the_descriptions_follow_the_same_rule(
    deployed: World, world: World, people: dict[str, Person | None], path: str
) -> None:
    """The schema as text and as OpenAPI: for the admin, 403 for others, 401 for nobody; in development for all."""
    told = (await world.client.get(path)).content
    allowed = roles_with(Permission.INTROSPECT)
    statuses = {"nobody": 401} | {role.value: 200 if role in allowed else 403 for role in Role}
    for who, status in statuses.items():
        person = people[who]
        answer = await deployed.client.get(path, headers=person.headers if person else {})
        assert answer.status_code == status
        assert (answer.content == told) is (status == 200)
        assert answer.headers["cache-control"].startswith("private, ")
        if status != 200:
            assert answer.json()["success"] is False
    forged = await deployed.client.get(path, headers={"Authorization": "Bearer x.y.z"})
    assert (forged.status_code, forged.json()["message"]) == (401, "Invalid token")


PAGES = ["/graphiql", "/docs", "/static/docs/index.html", "/static/graphiql/index.html"]


@pytest.mark.parametrize("path", PAGES)
async def test_production_serves_no_pages(deployed: World, world: World, path: str) -> None:
    """Not even their files, unless it is asked to."""
    assert (await deployed.client.get(path)).status_code == 404
    assert (await world.client.get(path)).status_code == 200


async def test_production_serves_the_map(deployed: World) -> None:
    """It knows what its stored operations say and no more; its script is kept for ever, the page itself is not."""
    page = await deployed.client.get("/")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-cache")
    assert "'unsafe-inline'" not in page.headers["content-security-policy"]
    for kept in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        answer = await deployed.client.get(kept)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")


async def test_production_serves_the_pages_where_it_is_told_to(
    storage: Storage, catalogue: Catalogue, settings: Settings
) -> None:
    """They know nothing: what they show is asked for with the token of whoever looks."""
    open_pages = settings.model_copy(update={"environment": "production", "explorer": True})
    async with open_world(storage, catalogue, open_pages) as opened:
        for path in PAGES:
            assert (await opened.client.get(path)).status_code == 200
        assert (await opened.client.get("/schema.graphql")).status_code == 401
        assert (await opened.graphql(None, SMALL)).errors


async def test_development_without_pages(storage: Storage, catalogue: Catalogue, settings: Settings) -> None:
    """The setting takes them away as well."""
    async with open_world(storage, catalogue, settings.model_copy(update={"explorer": False})) as closed:
        assert (await closed.client.get("/graphiql")).status_code == 404
        assert (await closed.client.get("/schema.graphql")).status_code == 200
