"""Documents asked for by id, kept by the client, and asked for again: 304 until something behind the answer changes."""

import json
from typing import Any

import httpx
import pytest

from db.viewer import Role
from graphql_api.stored import StoredDocuments, document_id
from tests.world import Person, World

MEMBERS = (
    "{ organization { members { totalCount edges { node { fullName dream { oneSentence progress { status } } } } } } }"
)
PERSON = (
    "query ($id: ID!) { user(id: $id) { fullName organization { name } dream { oneSentence submission { status } } } }"
)
SLOW = "{ viewer { fullName } organization { name } }"


@pytest.fixture(scope="module", autouse=True)
def stored(world: World) -> None:
    """Three documents beside the REST operations."""
    world.gateway.stored = StoredDocuments(
        {**world.gateway.stored.named, "members": MEMBERS, "person": PERSON, "slow": SLOW}
    )


async def _get(world: World, person: Person | None, stored_id: str, *, tag: str | None = None, **variables: Any) -> Any:
    headers = {**(person.headers if person else {}), **({"If-None-Match": tag} if tag else {})}
    parameters = {"documentId": stored_id, "variables": json.dumps(variables)}
    return await world.client.get("/graphql", params=parameters, headers=headers)


async def _tag(world: World, person: Person, stored_id: str, **variables: Any) -> str:
    answer: httpx.Response = await _get(world, person, stored_id, **variables)
    assert answer.status_code == 200, answer.text
    tag: str = answer.headers["etag"]
    assert tag.startswith('W/"')
    return tag


@pytest.fixture
async def viewer(world: World) -> Person:
    """A participant whose dream is done."""
    person = await world.person(await world.organization())
    await world.complete(person, "woop", "know-thyself", "dream")
    return person


async def test_an_operation_is_asked_for_by_its_name_or_digest(world: World, viewer: Person) -> None:
    """Both ids give what the text gives."""
    text = world.gateway.stored.named["ListDependencies"]
    by_text = await world.graphql(viewer, text, {"slug": "dream"})
    for stored_id in ("ListDependencies", document_id(text)):
        answer = await _get(world, viewer, stored_id, slug="dream")
        assert answer.json()["data"] == by_text.data
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["vary"] == "Accept, Authorization"
    posted = await world.client.post(
        "/graphql", json={"documentId": "ListDependencies", "variables": {"slug": "dream"}}, headers=viewer.headers
    )
    assert posted.json()["data"] == by_text.data


async def test_nothing_changed_is_304_without_the_tools_tables(world: World, viewer: Person) -> None:
    """One statement on identity and progress; no body."""
    tag = await _tag(world, viewer, "ListDependencies", slug="dream")
    with world.sql() as statements:
        answer = await _get(world, viewer, "ListDependencies", tag=f'"other", {tag}', slug="dream")
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag
    (statement,) = statements
    assert "sprint_" not in statement


@pytest.mark.parametrize("stored_id", ["person", "members"])
async def test_whatever_the_answer_shows_changes_the_tag(world: World, stored_id: str) -> None:
    """A save, a submission, a review, a new name, another organisation's name: each time the tag is new."""
    organization = await world.organization()
    admin = await world.person(organization, Role.ADMIN, "Ada")
    person = await world.person(organization, name="Pat")
    guru = await world.person(organization, Role.GURU)
    given = {"id": str(person.id)} if stored_id == "person" else {}
    tags = [await _tag(world, admin, stored_id, **given)]

    async def changed() -> None:
        tags.append(await _tag(world, admin, stored_id, **given))
        assert len(set(tags)) == len(tags)

    await world.complete(person, "woop", "know-thyself")
    await changed()
    await world.graphql(person, 'mutation { saveDream(input: {oneSentence: "Bread"}) { __typename } }')
    await changed()
    await world.complete(person, "dream")
    await changed()
    approved = await world.graphql(
        guru, f'mutation {{ approveSubmission(tool: "dream", userId: "{person.id}") {{ __typename }} }}'
    )
    assert approved.data["approveSubmission"]["__typename"] == "SubmissionReviewed"
    await changed()
    async with world.as_owner() as owner:
        await owner.exec_driver_sql(f"UPDATE users.accounts SET full_name = 'Patricia' WHERE id = '{person.id}'")
    await changed()
    async with world.as_owner() as owner:
        await owner.exec_driver_sql(f"UPDATE organizations.companies SET name = 'Other' WHERE id = '{organization}'")
    await changed()


async def test_a_tag_is_one_viewers_own(world: World) -> None:
    """The same rows seen by another person, tenant or role have another tag."""
    organization = await world.organization()
    people = [
        await world.person(organization),
        await world.person(organization),
        await world.person(organization, Role.ADMIN),
        await world.person(await world.organization(), Role.ADMIN),
    ]
    tags = [await _tag(world, person, "ListDependencies", slug="dream") for person in people]
    assert len(set(tags)) == len(people)
    for person in people[1:]:
        answer = await _get(world, person, "ListDependencies", tag=tags[0], slug="dream")
        assert answer.status_code == 200


async def test_variables_and_documents_have_tags_of_their_own(world: World, viewer: Person) -> None:
    """Never 304 for another question."""
    tags = {await _tag(world, viewer, "ListDependencies", slug=slug) for slug in ("dream", "woop", "nothing")}
    tags.add(await _tag(world, viewer, "members"))
    assert len(tags) == 4


async def test_a_read_without_versions_has_no_tag(world: World, viewer: Person) -> None:
    """What is not compiled, and what nobody asks for, is answered and not kept."""
    for person, stored_id in ((viewer, "slow"), (None, "members")):
        answer = await _get(world, person, stored_id, tag="*")
        assert answer.status_code == 200
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "private, no-store"


async def test_a_dead_token_gets_no_304(world: World, viewer: Person) -> None:
    """401, whatever tag it brings."""
    tag = await _tag(world, viewer, "members")
    async with world.as_owner() as owner:
        await owner.exec_driver_sql(f"UPDATE users.accounts SET role = 'admin' WHERE id = '{viewer.id}'")
    assert (await _get(world, viewer, "members", tag=tag)).status_code == 401


@pytest.mark.parametrize(
    ("parameters", "status", "told"),
    [
        ({"documentId": "none"}, 404, "No document is stored under 'none'; send its text as 'query'."),
        ({"documentId": "members", "query": "{ tools { slug } }"}, 400, "Send 'query' or 'documentId', not both."),
        ({"documentId": "SubmitTool", "variables": '{"slug": "woop"}'}, 405, "Only queries may be sent by GET"),
    ],
)
async def test_what_cannot_be_asked_for(
    world: World, viewer: Person, parameters: dict[str, str], status: int, told: str
) -> None:
    """Each mistake with a sentence."""
    answer = await world.client.get("/graphql", params=parameters, headers=viewer.headers)
    assert answer.status_code == status
    assert told in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("name", ["documentId", "doc_id", "id"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_clients_call_the_id_by_three_names(world: World, viewer: Person, name: str, method: str) -> None:
    """That of GraphQL over HTTP, and the two of Relay's guide; by GET with an entity tag as ever."""
    sent: dict[str, Any] = {name: "members"}
    where: dict[str, Any] = {"params": sent} if method == "GET" else {"json": {**sent, "query": None}}
    answer = await world.client.request(method, "/graphql", **where, headers=viewer.headers)
    assert answer.json() == {"data": (await world.graphql(viewer, MEMBERS)).data}
    assert ("etag" in answer.headers) is (method == "GET")


async def test_an_id_beside_a_text_is_somebody_elses_business(world: World) -> None:
    """Only ``documentId`` is ours alone; clients send an ``id`` of their own beside the text."""
    sent = {"query": "{ tools { __typename } }", "id": "1", "doc_id": "none"}
    answer = await world.client.post("/graphql", json=sent)
    assert len(answer.json()["data"]["tools"]) == 31


def _by_hash(query_hash: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": query_hash}}


@pytest.mark.parametrize("query_hash", ["members", document_id(MEMBERS).removeprefix("sha256:")])
async def test_clients_of_apollo_ask_by_hash(world: World, viewer: Person, query_hash: str) -> None:
    """By the digest, or by the id that their manifest has in its place; alone, or beside the text."""
    told = {"data": (await world.graphql(viewer, MEMBERS)).data}
    extensions = _by_hash(query_hash)
    for sent in ({"extensions": extensions}, {"extensions": extensions, "query": MEMBERS}):
        answer = await world.client.post("/graphql", json=sent, headers=viewer.headers)
        assert answer.json() == told
    known = await world.client.get("/graphql", params={"extensions": json.dumps(extensions)}, headers=viewer.headers)
    assert known.json() == told
    again = {**viewer.headers, "If-None-Match": known.headers["etag"]}
    kept = await world.client.get("/graphql", params={"extensions": json.dumps(extensions)}, headers=again)
    assert kept.status_code == 304


@pytest.mark.parametrize(
    ("accept", "status"), [("application/json", 200), ("application/graphql-response+json", 400)], ids=["old", "new"]
)
async def test_an_unknown_hash_is_told_as_apollo_tells_it_and_never_learnt(
    world: World, accept: str, status: int
) -> None:
    """The client then sends the text too: it is executed, and forgotten."""
    text = "{ tools { __typename } organization { id } }"
    sent: dict[str, Any] = {"extensions": _by_hash(document_id(text).removeprefix("sha256:"))}
    for _ in range(2):
        unknown = await world.client.post("/graphql", json=sent, headers={"Accept": accept})
        assert unknown.status_code == status
        assert unknown.json() == {
            "errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}]
        }
        executed = await world.client.post("/graphql", json={**sent, "query": text}, headers={"Accept": accept})
        assert len(executed.json()["data"]["tools"]) == 31


@pytest.mark.parametrize(
    ("extensions", "told"),
    [
        (_by_hash("0" * 64), "The 'sha256Hash' of 'extensions.persistedQuery' is not that of 'query'."),
        ({"persistedQuery": {"version": 1}}, "must be an object with a 'sha256Hash'"),
        ({"persistedQuery": "0" * 64}, "must be an object with a 'sha256Hash'"),
    ],
    ids=["of another text", "missing", "no object"],
)
async def test_a_hash_that_does_not_hold(world: World, extensions: dict[str, Any], told: str) -> None:
    """A cache between us would keep the answer under it."""
    answer = await world.client.post("/graphql", json={"query": SLOW, "extensions": extensions})
    assert answer.status_code == 400
    assert told in answer.json()["errors"][0]["message"]
