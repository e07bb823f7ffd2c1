"""A gateway that executes only the documents of its manifest: nothing else, by whatever name, for nobody."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from db.viewer import Role
from graphql_api.stored import document_id
from tests.world import Person, World, open_world

KNOWN = "query Whom { viewer { fullName } }"
UNKNOWN = "query Whom { viewer { email } }"


@pytest.fixture(scope="module")
async def trusting(
    world: World, storage: Storage, catalogue: Catalogue, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """A gateway on the same database that requires its manifest."""
    assert world
    manifest = tmp_path_factory.mktemp("manifest") / "page.json"
    manifest.write_text(json.dumps({"7d3f": KNOWN}), "utf-8")
    strict = settings.model_copy(update={"stored_documents": (manifest,), "trusted_documents_only": True})
    async with open_world(storage, catalogue, strict) as opened:
        yield opened


@pytest.fixture
async def admin(world: World) -> Person:
    """Somebody who may introspect, and may no more than others here."""
    return await world.person(await world.organization(), Role.ADMIN, "Ada")


async def _ask(trusting: World, person: Person | None, **sent: Any) -> tuple[int, dict[str, Any]]:
    headers = person.headers if person else {}
    answer = await trusting.client.post("/graphql", json=sent, headers=headers)
    by_get = {name: value if isinstance(value, str) else json.dumps(value) for name, value in sent.items()}
    same = await trusting.client.get("/graphql", params=by_get, headers=headers)
    assert (same.status_code, same.json()) == (answer.status_code, answer.json())
    return answer.status_code, answer.json()


def _hash(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": document_id(text).removeprefix("sha256:")}}


@pytest.mark.parametrize(
    "sent",
    [
        {"documentId": "7d3f"},
        {"documentId": document_id(KNOWN)},
        {"doc_id": "7d3f"},
        {"id": "7d3f"},
        {"extensions": _hash(KNOWN)},
        {"extensions": _hash(KNOWN), "query": KNOWN},
        {"query": KNOWN},
    ],
    ids=["id", "digest", "doc_id", "relay", "hash", "hash and text", "text"],
)
async def test_a_known_document_is_executed(trusting: World, admin: Person, sent: dict[str, Any]) -> None:
    """By any of its ids, or by its text, letter for letter."""
    assert await _ask(trusting, admin, **sent) == (200, {"data": {"viewer": {"fullName": "Ada"}}})


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"query": UNKNOWN}, 403, "QUERY_NOT_IN_SAFELIST"),
        ({"query": KNOWN + " "}, 403, "QUERY_NOT_IN_SAFELIST"),
        ({"query": "{ __typename }"}, 403, "QUERY_NOT_IN_SAFELIST"),
        ({"query": "{ __schema { queryType { name } } }"}, 403, "QUERY_NOT_IN_SAFELIST"),
        ({"query": "{ nothing"}, 403, "QUERY_NOT_IN_SAFELIST"),
        ({"query": UNKNOWN, "extensions": _hash(UNKNOWN)}, 403, "QUERY_NOT_IN_SAFELIST"),
        ({"query": UNKNOWN, "id": "7d3f", "doc_id": "7d3f"}, 403, "QUERY_NOT_IN_SAFELIST"),
        ({"query": UNKNOWN, "extensions": _hash(KNOWN)}, 400, "BAD_REQUEST"),
        ({"query": UNKNOWN, "documentId": "7d3f"}, 400, "BAD_REQUEST"),
        ({"extensions": _hash(UNKNOWN)}, 200, "PERSISTED_QUERY_NOT_FOUND"),
        ({"documentId": document_id(UNKNOWN)}, 404, "DOCUMENT_NOT_FOUND"),
        ({"documentId": KNOWN}, 404, "DOCUMENT_NOT_FOUND"),
        ({"id": "7D3F"}, 404, "DOCUMENT_NOT_FOUND"),
    ],
)
async def test_any_other_is_refused(
    trusting: World, admin: Person, sent: dict[str, Any], status: int, code: str
) -> None:
    """Also an admin's, and before it is even parsed; asking twice changes nothing."""
    misses = trusting.gateway.documents.misses
    for person in (None, admin):
        found, body = await _ask(trusting, person, **sent)
        assert (found, body["errors"][0]["extensions"]["code"]) == (status, code)
        assert body.keys() == {"errors"}
    assert trusting.gateway.documents.misses == misses


async def test_a_body_that_is_the_document_is_no_way_around(trusting: World, admin: Person) -> None:
    """``application/graphql`` is a text like any other."""
    for text, status in ((KNOWN, 200), (UNKNOWN, 403)):
        answer = await trusting.client.post(
            "/graphql", content=text, headers={**admin.headers, "Content-Type": "application/graphql"}
        )
        assert answer.status_code == status


async def test_the_operations_of_the_rest_paths_are_always_in_it(trusting: World, admin: Person) -> None:
    """The paths answer, and so do their operations by name and by text."""
    path = await trusting.client.get("/api/tools/woop", headers=admin.headers)
    assert path.json()["data"]["slug"] == "woop"
    text = trusting.gateway.stored.named["ListTools"]
    by_name = await _ask(trusting, admin, documentId="ListTools")
    assert by_name[0] == 200
    assert await _ask(trusting, admin, query=text) == by_name
