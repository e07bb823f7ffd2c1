"""Requests that are meant to be expensive: each is refused for its own reason, or answered; how long that takes is for
``python -m bench.attacks`` to say."""

import pytest

from bench.attacks import ATTACKS, Attack
from bench.attacks.__main__ import came_to
from db.catalogue import Catalogue
from graphql_api.graph import Graph, build_graph
from graphql_api.limits import LIMITS, MAX_BODY_BYTES
from tests.graphql_api.refused import told
from tests.world import World


@pytest.fixture(scope="module")
def graph(catalogue: Catalogue) -> Graph:
    """The graph of the real catalogue."""
    return build_graph(catalogue)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_is_refused_or_answered(graph: Graph, attack: Attack) -> None:
    """For the reason that names it, not by the accident of another limit."""
    outcome = came_to(graph, attack)
    if attack.refused is None:
        assert outcome.startswith("answered")
    else:
        assert attack.refused in outcome


def test_there_are_attacks_of_every_kind() -> None:
    """Named once each, and every limit of documents that an attacker would push has at least one."""
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 12
    reasons = " ".join(attack.refused or "" for attack in ATTACKS)
    assert sum(limit.what.split()[0] in reasons for limit in LIMITS.values()) >= 12


@pytest.mark.parametrize("attack", [each for each in ATTACKS if each.refused], ids=lambda attack: attack.name)
async def test_a_refused_attack_reaches_no_row(world: World, attack: Attack) -> None:
    """Over HTTP: no statement but that of who asks, no data, and never a fault of ours."""
    person = await world.person()
    body = {"query": attack.query, "variables": dict(attack.variables)}
    with world.sql() as statements:
        response = await world.client.post("/graphql", json=body, headers=person.headers)
    answer = told(response)
    assert response.status_code == (413 if len(response.request.content) > MAX_BODY_BYTES else 200)
    assert "data" not in answer
    assert all(error["extensions"]["code"] != "INTERNAL_SERVER_ERROR" for error in answer["errors"])
    assert len(statements) <= 1
