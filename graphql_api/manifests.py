"""Reads and writes manifests of documents, in the two formats that client tools make.

Apollo's (``generate-persisted-query-manifest``) is a list of operations with id, name, type and body; Relay's
(``relay-compiler``), and that of many others, is one object of texts by id.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson
from graphql import OperationDefinitionNode, parse

APOLLO = "apollo-persisted-query-manifest"
APOLLO_VERSION = 1


class ManifestError(Exception):
    """A manifest cannot be used; the message names the file, the document, and what is wrong with it."""


class ManifestFormat(StrEnum):
    """Which tool's clients read it."""

    APOLLO = "apollo"
    RELAY = "relay"


def read_manifest(file: Path) -> Iterator[tuple[str, str]]:
    """Id and text of every document of a file, whichever format it has. Raises ``ManifestError``."""
    try:
        content: Any = orjson.loads(file.read_bytes())
    except OSError as error:
        raise ManifestError(f"The stored documents cannot be read: {error}") from error
    except orjson.JSONDecodeError as error:
        raise ManifestError(f"{file} is not JSON: {error}") from error
    if isinstance(content, dict) and isinstance(content.get("operations"), list):
        yield from _operations(file, content)
    elif isinstance(content, dict) and all(isinstance(text, str) for text in content.values()):
        yield from content.items()
    else:
        raise ManifestError(
            f'{file} must hold one object of texts by id, {{"id": "query …"}}, or a manifest of format "{APOLLO}".'
        )


def written_manifest(documents: Mapping[str, str], form: ManifestFormat) -> str:
    """Valid documents by id as a manifest; one of several operations has the name and type of its first."""
    content: Any = dict(documents)
    if form is ManifestFormat.APOLLO:
        content = {
            "format": APOLLO,
            "version": APOLLO_VERSION,
            "operations": [{"id": key, **_described(text), "body": text} for key, text in documents.items()],
        }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()


def _operations(file: Path, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if (content.get("format"), content.get("version")) != (APOLLO, APOLLO_VERSION):
        raise ManifestError(f'{file} must say "format": "{APOLLO}" and "version": {APOLLO_VERSION}.')
    for number, operation in enumerate(content["operations"], 1):
        found = operation if isinstance(operation, dict) else {}
        key, text = found.get("id"), found.get("body")
        if not (isinstance(key, str) and isinstance(text, str)):
            raise ManifestError(f"Operation {number} of {file} must have an id and a body, both text.")
        yield key, text


def _described(text: str) -> dict[str, str]:
    operation = next(node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode))
    return {"name": operation.name.value if operation.name else "", "type": operation.operation.value}
