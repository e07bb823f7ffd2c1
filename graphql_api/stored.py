"""Documents known before any request: asked for by id instead of by text, and the only ones where that is required."""

from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from graphql_api.exchange import HttpError
from graphql_api.graph import Graph
from graphql_api.manifests import ManifestError, read_manifest
from graphql_api.parameters import MalformedRequest, Parameters

_DIGEST = "sha256:"


class DocumentNotFound(HttpError):
    """No document is stored under the id asked for."""


class PersistedQueryNotFound(HttpError):
    """No document is stored under the hash asked for. Clients of Apollo wait for exactly this message and code."""

    def __init__(self) -> None:
        super().__init__(404, "PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND")


class DocumentNotTrusted(HttpError):
    """A text that is not stored, where only stored documents are executed."""

    def __init__(self) -> None:
        super().__init__(
            403,
            "This document is not in the gateway's manifest, and no other is executed. Have it added.",
            "QUERY_NOT_IN_SAFELIST",
        )


class StoredDocuments:
    """Texts by the ids of ``named`` and by their digests. Nothing that a client sends is ever added.

    ``only``: no other document is executed, whether it comes by text or by id.
    """

    def __init__(self, named: Mapping[str, str], *, only: bool = False) -> None:
        self.named = dict(named)
        self.only = only
        self._by_id = self.named | {document_id(text): text for text in named.values()}
        self._texts = frozenset(named.values())
        self._ids: dict[str, set[str]] = {}
        for known, text in self._by_id.items():
            self._ids.setdefault(text, set()).add(known)

    def text_of(self, asked: Parameters) -> str:
        """The text of the document that a request means.

        Raises ``DocumentNotFound``, ``PersistedQueryNotFound``, ``DocumentNotTrusted``, and ``MalformedRequest`` for a
        text with the hash of another.
        """
        if asked.query is not None:
            return self._accepted(asked.query, asked.query_hash)
        if asked.document_id is not None:
            text = self._by_id.get(asked.document_id)
            if text is None:
                raise self._unknown(asked.document_id)
            return text
        assert asked.query_hash is not None
        # What Apollo's clients send as a hash is the id of their manifest, which may be any text.
        text = self._by_id.get(asked.query_hash) or self._by_id.get(_DIGEST + asked.query_hash)
        if text is None:
            raise PersistedQueryNotFound
        return text

    @property
    def ids(self) -> frozenset[str]:
        """Every id of every document."""
        return frozenset(self._by_id)

    def ids_of(self, text: str) -> Collection[str]:
        """The ids under which a text is stored; none where it is not."""
        return self._ids.get(text, ())

    def _accepted(self, text: str, query_hash: str | None) -> str:
        if query_hash is not None and _DIGEST + query_hash != document_id(text) and self._by_id.get(query_hash) != text:
            raise MalformedRequest("The 'sha256Hash' of 'extensions.persistedQuery' is not that of 'query'.")
        if self.only and text not in self._texts:
            raise DocumentNotTrusted
        return text

    def _unknown(self, wanted: str) -> DocumentNotFound:
        instead = "ask for one of this gateway's manifest." if self.only else "send its text as 'query'."
        return DocumentNotFound(404, f"No document is stored under {wanted!r:.100}; {instead}", "DOCUMENT_NOT_FOUND")


def document_id(text: str) -> str:
    """The id that every document has by itself: ``sha256:`` and the digest of its text in UTF-8."""
    return _DIGEST + sha256(text.encode()).hexdigest()


def stored_documents(
    graph: Graph, operations: Mapping[str, str], files: Iterable[Path], *, only: bool = False
) -> StoredDocuments:
    """The ``operations`` by name and the documents of the manifests ``files`` by id.

    Raises ``ManifestError`` for a file that is none, a document that the schema refuses, an id of two documents.
    """
    found = dict(operations)
    for file in files:
        for key, text in read_manifest(file):
            if errors := graph.errors(text):
                raise ManifestError(f"Stored document {key!r} of {file}: {errors[0].message}")
            if found.setdefault(key, text) != text:
                raise ManifestError(f"Stored document {key!r} of {file}: this id already stands for another text.")
    return StoredDocuments(found, only=only)
