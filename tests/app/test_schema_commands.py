"""``schema check`` and ``schema release``: what a change of the schema does to those who were given the one before."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import schema_commands
from db.catalogue import Catalogue
from graphql_api.graph import Graph, build_graph
from rest_shim import operations
from rest_shim.routes import load_routes
from tests.app.conftest import Shell


@pytest.fixture(scope="module")
def graph(catalogue: Catalogue) -> Graph:
    """The graph, made once for all commands here."""
    return build_graph(catalogue)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, graph: Graph) -> Path:
    """A copy of what the check reads, in which nothing has changed since the release."""
    root = tmp_path / "checkout"
    for pattern in (*schema_commands.CLIENTS, *schema_commands.MANIFESTS, "CHANGELOG.md", schema_commands.ACCEPTED):
        for file in schema_commands.ROOT.glob(pattern):
            if "node_modules" not in file.parts:
                copy = root / file.relative_to(schema_commands.ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy)
    shutil.copy(schema_commands.ROOT / "schema.graphql", root / schema_commands.RELEASED)
    lines = (root / schema_commands.ACCEPTED).read_text("utf-8").splitlines(keepends=True)
    (root / schema_commands.ACCEPTED).write_text("".join(line for line in lines if line.startswith("#")), "utf-8")
    monkeypatch.setattr(schema_commands, "ROOT", root)
    monkeypatch.setattr(schema_commands, "build_graph", lambda _: graph)
    return root


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The operations of the tools' routes, to be changed; the routes of the graph, which is shared, are read anew."""
    copy = tmp_path / "operations"
    shutil.copytree(operations._HERE, copy)
    monkeypatch.setattr(operations, "_HERE", copy)
    load_routes.cache_clear()
    yield copy / "tools.graphql"
    load_routes.cache_clear()


def changed(file: Path, before: str, after: str) -> None:
    """Replace a text of a file, which must be there."""
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")


def released_with_more(checkout: Path) -> None:
    """The released schema had a field that is not there now."""
    changed(checkout / schema_commands.RELEASED, "type Query {", "type Query {\n  oldTools: [ToolDefinition!]\n")


def test_nothing_has_changed(shell: Shell, checkout: Path) -> None:
    """It says how much it looked at."""
    assert checkout
    printed = shell.run("schema", "check")
    assert (printed.status, printed.err) == (0, "")
    assert printed.out.endswith(" operations of routes and clients, breaks: 0\n")


def test_an_addition_passes(shell: Shell, checkout: Path) -> None:
    """The released schema lacked a field and a member of a union; who knew every member is told of."""
    changed(checkout / schema_commands.RELEASED, '"""When the person last signed in."""\n  lastLoginAt: DateTime\n', "")
    changed(checkout / schema_commands.RELEASED, "= SignedIn | SignInRefused | RateLimited", "= SignedIn | RateLimited")
    printed = shell.run("schema", "check")
    assert printed.status == 0
    assert "May surprise: SignInRefused was added to union type LoginResult. Programs that know every" in printed.out


def test_a_break_stops_and_is_accepted_with_a_reason(shell: Shell, checkout: Path) -> None:
    """Once the changelog tells it; then it is printed each time, until it is released."""
    released_with_more(checkout)
    printed = shell.run("schema", "check")
    assert printed.status == 1
    sentence = "Field Query.oldTools was removed. Requests that name it are refused: keep it, deprecated.\n"
    assert sentence in printed.out
    assert "1 problem(s). A break that is meant is accepted in schema.accepted.toml" in printed.out
    with (checkout / schema_commands.ACCEPTED).open("a", encoding="utf-8") as file:
        file.write(
            '[[accepted]]\nchange = "Field Query.oldTools was removed."\nreason = "Ask for `tools`, not oldTools."\n'
        )
    changed(
        checkout / "CHANGELOG.md", "### Added\n", "### Removed\n\n- Ask for `tools`,\n  not oldTools.\n\n### Added\n"
    )
    printed = shell.run("schema", "check")
    assert printed.status == 0
    assert "Meant: Field Query.oldTools was removed. Ask for `tools`, not oldTools.\n" in printed.out


def test_a_release_is_what_later_schemas_are_held_against(shell: Shell, checkout: Path) -> None:
    """The schema of today, and no acceptances."""
    released_with_more(checkout)
    with (checkout / schema_commands.ACCEPTED).open("a", encoding="utf-8") as file:
        file.write('[[accepted]]\nchange = "Field Query.oldTools was removed."\nreason = "Changelog"\n')
    assert shell.run("schema", "release").status == 0
    assert (checkout / schema_commands.RELEASED).read_text("utf-8") == shell.run("schema").out
    accepted = (checkout / schema_commands.ACCEPTED).read_text("utf-8")
    assert "`python -m app schema check`" in accepted
    assert '[[accepted]]\nchange = "Field Query.oldTools' not in accepted
    assert shell.run("schema", "check").status == 0


def test_a_document_of_a_client_that_breaks_is_named(shell: Shell, checkout: Path, tmp_path: Path) -> None:
    """Our examples, what they store, and the manifests of the operator's clients."""
    changed(checkout / "explorer/src/examples/05-save-dream.graphql", "ignored", "forgotten")
    changed(checkout / "docs/examples/n8n.json", "fullName", "wholeName")
    theirs = tmp_path / "theirs.json"
    theirs.write_text('{"Mine": "{ viewer { nickname } }"}', "utf-8")
    shell.set(STORED_DOCUMENTS=str(theirs))
    printed = shell.run("schema", "check")
    assert printed.status == 1
    for where, field in (
        ("explorer/src/examples/05-save-dream.graphql (SaveDream)", "'forgotten' on type 'SubmissionSaved'"),
        ("n8n.json (HelpContext)", "'wholeName' on type 'Participant'"),
        ("theirs.json (Mine)", "'nickname' on type 'Participant'"),
    ):
        assert f"{where}: Cannot query field {field}." in printed.out


def test_a_route_that_breaks_is_named(shell: Shell, checkout: Path, stored: Path) -> None:
    """By its path, with what its operation asks for in vain."""
    assert checkout
    changed(stored, "totalTools", "allTools")
    changed(stored, "ListTools($order: ToolOrder = SPRINT)", "ListTools($order: ToolOrdering = SPRINT)")
    changed(stored, "query GetStatistics {", "query GetStatistics($x: Int) {")
    printed = shell.run("schema", "check")
    assert printed.status == 1
    for sentence in (
        "GET /api/user/progress (GetProgress): Cannot query field 'allTools' on type 'ProgressSummary'.",
        "GET /api/tools (ListTools): Unknown type 'ToolOrdering'.",
        "GET /api/user/stats (GetStatistics): Variable '$x' is never used",
    ):
        assert sentence in printed.out


def test_a_route_without_its_operation_is_named(shell: Shell, checkout: Path, stored: Path) -> None:
    """As at the start of the gateway."""
    assert checkout
    changed(stored, "query GetNextTool", "query GetNextStep")
    printed = shell.run("schema", "check")
    assert printed.status == 1
    assert "GET /api/user/next-tool: no operation GetNextTool is stored\n" in printed.out


def test_an_installation_has_nothing_to_check_against(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image has the code alone."""
    monkeypatch.setattr(schema_commands, "ROOT", tmp_path)
    printed = shell.run("schema", "check")
    assert (printed.status, printed.out) == (1, "")
    assert printed.err.startswith("There is no schema.released.graphql here")
