"""Commands about the schema: print it, hold it against what clients were given, release it."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from graphql import GraphQLError, parse, print_ast
from graphql.utilities import separate_operations

from app.commands import CommandError
from app.settings import Settings
from db.catalogue import load_catalogue
from graphql_api.graph import Graph, build_graph
from graphql_api.manifests import read_manifest
from graphql_api.schema_changes import changes_between, read_accepted, unaccepted
from rest_shim import RouteError, load_routes, routed_texts

ROOT = Path(__file__).parents[1]
RELEASED = "schema.released.graphql"
ACCEPTED = "schema.accepted.toml"
CLIENTS = ("docs/clients/**/*.graphql", "explorer/src/examples/*.graphql")
"""Documents that we hand to others, each file for itself."""
MANIFESTS = ("docs/examples/*.json", "docs/n8n/operations.json", "app/static/map/operations.json")
"""Documents that our examples and the map store."""


async def schema(given: Namespace, settings: Settings) -> int:
    """Print the schema, check it or release it."""
    graph = build_graph(load_catalogue())
    if given.action == "print":
        print(graph.sdl, end="")
        return 0
    if not (ROOT / RELEASED).exists():
        raise CommandError(f"There is no {RELEASED} here: the schema is checked and released in a checkout.")
    problems, notes = check(graph, ROOT, settings.stored_documents)
    print("\n".join(notes + problems))
    if problems:
        print(f"\n{len(problems)} problem(s). A break that is meant is accepted in {ACCEPTED}; see docs/clients.md.")
        return 1
    if given.action == "release":
        release(graph, ROOT)
    return 0


def check(graph: Graph, root: Path, manifests: tuple[Path, ...] = ()) -> tuple[list[str], list[str]]:
    """What would break clients, and what they may notice: a sentence each.

    Raises ``AcceptedChangesError``, ``ManifestError``.
    """
    changes = changes_between((root / RELEASED).read_text("utf-8"), graph.sdl)
    accepted = read_accepted(root / ACCEPTED)
    problems = unaccepted(changes, accepted, (root / "CHANGELOG.md").read_text("utf-8"))
    documents = [*routed_texts(), *client_documents(root, manifests)]
    problems += [f"{where}: {error.message}" for where, text in documents for error in graph.errors(text)]
    if not problems:
        try:
            load_routes(graph)
        except RouteError as error:
            problems.append(str(error))
    notes = [f"May surprise: {change.name} {change.consequence}" for change in changes if not change.breaking]
    notes += [f"Meant: {entry.change} {entry.reason}" for entry in accepted]
    notes.append(
        f"{len(documents)} operations of routes and clients, breaks: {sum(change.breaking for change in changes)}"
    )
    return problems, notes


def client_documents(root: Path, manifests: tuple[Path, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every operation of our examples, and of an operator's manifests, with where it stands."""
    for pattern in CLIENTS:
        for file in sorted(root.glob(pattern)):
            if "node_modules" not in file.parts:
                yield from _operations(str(file.relative_to(root)), file.read_text("utf-8"))
    ours = [file for pattern in MANIFESTS for file in sorted(root.glob(pattern))]
    for file in (*ours, *manifests):
        for name, text in read_manifest(file):
            yield f"{file.name} ({name})", text


def _operations(where: str, text: str) -> Iterator[tuple[str, str]]:
    try:
        separated = separate_operations(parse(text))
    except GraphQLError:
        yield where, text  # what is wrong with it is for the schema to say
        return
    for name, document in separated.items():
        yield f"{where} ({name})" if name else where, print_ast(document)


def release(graph: Graph, root: Path) -> None:
    """Make the schema the one that clients have; what was accepted is history."""
    (root / RELEASED).write_text(graph.sdl, "utf-8")
    lines = (root / ACCEPTED).read_text("utf-8").splitlines()
    (root / ACCEPTED).write_text("".join(f"{line}\n" for line in lines if line.startswith("#")), "utf-8")
