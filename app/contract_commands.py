"""Commands that print what clients can ask, and how it is executed; none of them needs a database."""

from argparse import Namespace
from pathlib import Path

import orjson

from app.commands import CommandError
from app.serving import known_documents
from app.settings import Settings
from db.catalogue import load_catalogue
from graphql_api.execution.explain import explain_document
from graphql_api.graph import build_graph
from graphql_api.manifests import written_manifest
from rest_shim import openapi_document, route_table


async def explain(given: Namespace, _: Settings) -> int:
    """Print the plan and the SQL of every operation of a document."""
    try:
        text = _text_of(given.file)
        variables = orjson.loads(given.variables)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{given.file} cannot be read: {error}") from error
    except orjson.JSONDecodeError as error:
        raise CommandError(f"--variables is no JSON: {error}") from error
    if not isinstance(variables, dict):
        raise CommandError('--variables takes an object: {"slug": "pricing"}.')
    lines, valid = explain_document(build_graph(load_catalogue()), text, variables)
    print("\n".join(lines))
    return 0 if valid else 1


async def openapi(_: Namespace, __: Settings) -> int:
    """Print the description of the REST routes."""
    document = openapi_document(build_graph(load_catalogue()))
    print(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    return 0


async def routes(_: Namespace, __: Settings) -> int:
    """Print the REST routes, one a line."""
    for line in route_table(build_graph(load_catalogue())):
        print(line)
    return 0


async def documents(given: Namespace, settings: Settings) -> int:
    """Print the documents that a gateway with these settings knows, as one manifest."""
    known = known_documents(build_graph(load_catalogue()), settings)
    print(written_manifest(known.named, given.format))
    return 0


def _text_of(file: str) -> str:
    return Path(file).read_text("utf-8")
