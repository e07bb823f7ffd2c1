"""The workflows of docs/n8n, as far as they can be looked at without n8n; ``make test-n8n`` runs them."""

import json
from pathlib import Path
from typing import Any

import pytest

from graphql_api.manifests import read_manifest
from tests.world import World

FOLDER = Path(__file__).parents[2] / "docs" / "n8n"
WORKFLOWS = [file for file in sorted(FOLDER.glob("*.json")) if file.name != "operations.json"]


def read(file: Path) -> Any:
    """A workflow."""
    return json.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_keeps_nothing(file: Path) -> None:
    """Neither questions in n8n's log of executions, nor secrets in the file."""
    workflow = read(file)
    assert {workflow["settings"][f"saveData{outcome}Execution"] for outcome in ("Success", "Error")} == {"none"}
    assert workflow["active"] is False
    secrets = [node["parameters"]["secret"] for node in workflow["nodes"] if "secret" in node["parameters"]]
    assert secrets == ["={{ $env.FAST_TRACK_SECRET }}"]


def test_the_graph_is_asked_what_is_stored(world: World) -> None:
    """To the letter, so that a key for this one operation is enough; by a GraphQL node of either version."""
    stored = dict(read_manifest(FOLDER / "operations.json"))
    asking = [node for file in WORKFLOWS for node in read(file)["nodes"] if node["type"] == "n8n-nodes-base.graphql"]
    assert {node["parameters"]["query"] for node in asking} == {stored["HelpBackground"]}
    assert sorted(node["typeVersion"] for node in asking) == [1, 1.1]
    assert world.gateway.graph.errors(stored["HelpBackground"]) == []
