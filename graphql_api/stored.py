"""Documents kept under an id: a client sends the id instead of the text, and may send it by GET."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from graphql_api.graph import Graph


class StoredDocumentError(Exception):
    """The file of stored documents cannot be used; the message names the document and what is wrong with it."""


def document_id(text: str) -> str:
    """The id that every document has by itself: ``sha256:`` and the digest of its text in UTF-8."""
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def stored_documents(graph: Graph, named: Mapping[str, str], file: Path | None) -> dict[str, str]:
    """Texts by id: those of ``named`` and of a file ``{"id": "text"}``, each under its digest as well.

    Raises ``StoredDocumentError`` for a file that is none, a document that the schema refuses, an id of two documents.
    """
    found = dict(named)
    for key, text in _read(file) if file else ():
        if errors := graph.errors(text):
            raise StoredDocumentError(f"Stored document {key!r} of {file}: {errors[0].message}")
        if found.setdefault(key, text) != text:
            raise StoredDocumentError(f"Stored document {key!r} of {file}: this id already stands for another text.")
    return found | {document_id(text): text for text in found.values()}


def _read(file: Path) -> Iterable[tuple[str, str]]:
    try:
        entries: Any = orjson.loads(file.read_bytes())
    except OSError as error:
        raise StoredDocumentError(f"The stored documents cannot be read: {error}") from error
    except orjson.JSONDecodeError as error:
        raise StoredDocumentError(f"{file} is not JSON: {error}") from error
    if not isinstance(entries, dict) or not all(isinstance(text, str) for text in entries.values()):
        raise StoredDocumentError(f'{file} must hold one object of texts by id: {{"id": "query …"}}.')
    return entries.items()
