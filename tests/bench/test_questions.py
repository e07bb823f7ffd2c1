"""Every question can be asked: its files are there, its document is valid, and its answer is not empty."""

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate
from orjson import loads

from bench.peers import load_peers, node_runtime
from bench.queries import Query, load_queries

SCHEMA = build_schema(Path("schema.graphql").read_text("utf-8"))
PEERS = load_peers()
QUERIES = load_queries()


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_document_is_valid(query: Query) -> None:
    """What our own server is asked fits its schema."""
    for body in query.bodies("ours"):
        if query.document:
            assert validate(SCHEMA, parse(loads(body)["query"])) == []
    assert query.scalars > 0
    assert set(query.quick) <= set(query.concurrency)
    assert query.setup_sql is None or "full_name <= 'Person 000250'" in query.setup_sql


def test_peers_own_words() -> None:
    """A peer with names of its own is asked with them."""
    tree, listing = QUERIES[:2]
    assert tree.bodies("postgraphile") == tree.bodies("ours")
    assert listing.bodies("postgraphile") != listing.bodies("ours")


def test_peers_take_part_in_questions_that_there_are() -> None:
    """A peer names only questions that exist; ours is asked each of them."""
    names = {query.name for query in QUERIES}
    assert all(set(peer.queries) <= names for peer in PEERS)
    assert PEERS[0].name == "ours"
    assert all(PEERS[0].answers(name) for name in names)


def test_node_peers_are_locked_with_hashes() -> None:
    """Every package has a hash, and none an address: it comes from the index that the machine is set up for."""
    packages = loads((node_runtime.FOLDER / "package-lock.json").read_bytes())["packages"]
    locked = {name: entry for name, entry in packages.items() if name}
    assert len(locked) > 100
    assert all("integrity" in entry and "resolved" not in entry for entry in locked.values())
    asked_for = loads((node_runtime.FOLDER / "package.json").read_bytes())
    wanted = asked_for["dependencies"] | asked_for["optionalDependencies"]
    assert all(locked[f"node_modules/{name}"]["version"] == version for name, version in wanted.items())
