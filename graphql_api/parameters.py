"""Reads a GraphQL-over-HTTP request: from the URL of a GET, from JSON, or from a body that is the document itself."""

from typing import Any, NamedTuple

from starlette.datastructures import QueryParams

from graphql_api.exchange import Exchange, HttpError, media_type
from graphql_api.json import JsonError, decode_json


class MalformedRequest(HttpError):
    """JSON, or a URL, that is no GraphQL-over-HTTP request; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(400, message)


class Parameters(NamedTuple):
    """What a request asks: a document by its text or by its id, never both.

    ``query_hash``: what clients of Apollo send as ``extensions.persistedQuery.sha256Hash``, with the text or instead.
    """

    query: str | None
    document_id: str | None
    query_hash: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None


async def read_parameters(exchange: Exchange) -> Parameters:
    """The parameters of a request; raises ``HttpError``, for those that are no request ``MalformedRequest``."""
    if exchange.method == "GET":
        return checked_parameters(_from_url(exchange))
    if exchange.method != "POST":
        raise HttpError(405, "Use POST, or GET for queries.", Allow="GET, POST")
    match media_type(exchange.headers):
        case "application/json":
            return checked_parameters(_decoded(await exchange.body(), "body"))
        case "application/graphql":
            return checked_parameters(_from_url(exchange) | {"query": await _text(exchange), "documentId": None})
    # Not form data: a browser sends it for a page of any site, without asking first.
    raise HttpError(415, 'Send the request as application/json: {"query": …, "variables": …}.')


def checked_parameters(given: Any) -> Parameters:
    """What a decoded request asks; raises ``MalformedRequest``."""
    if isinstance(given, list):
        raise MalformedRequest(
            "Send one request at a time, not a list of requests: one document can ask for several things, with aliases."
        )
    if not isinstance(given, dict):
        raise MalformedRequest('Send one object: {"query": …, "variables": …}.')
    for name, kind in _KINDS.items():
        if given.get(name) is not None and not isinstance(given[name], kind):
            raise MalformedRequest(f"'{name}' must be {'text' if kind is str else 'an object'} or absent.")
    query, extensions = given.get("query"), given.get("extensions")
    document_id, query_hash = _id(given), _hash(extensions)
    if given.get("documentId") is not None and query is not None:
        raise MalformedRequest("Send 'query' or 'documentId', not both.")
    if query is None and document_id is None and query_hash is None:
        raise MalformedRequest("Send 'query', the text of a GraphQL document, or the 'documentId' of a stored one.")
    return Parameters(
        query, document_id, query_hash, given.get("operationName") or None, given.get("variables"), extensions
    )


_KINDS: dict[str, type] = {
    "query": str,
    "documentId": str,
    "operationName": str,
    "variables": dict,
    "extensions": dict,
}


def _id(given: dict[str, Any]) -> str | None:
    """The id of a stored document: ``documentId``; where there is no text, what Relay's clients call it counts too."""
    for name in ("documentId",) if given.get("query") is not None else ("documentId", "doc_id", "id"):
        if isinstance(found := given.get(name), str):
            return found
    return None


def _hash(extensions: dict[str, Any] | None) -> str | None:
    asked = extensions.get("persistedQuery") if extensions else None
    found = asked.get("sha256Hash") if isinstance(asked, dict) else None
    if asked is not None and not isinstance(found, str):
        raise MalformedRequest("'extensions.persistedQuery' must be an object with a 'sha256Hash'.")
    return found


def _from_url(exchange: Exchange) -> dict[str, Any]:
    """The parameters after the question mark; an optional one that is empty counts as absent."""
    given: dict[str, Any] = {
        name: value for name, value in QueryParams(exchange.query_string).items() if value or name == "query"
    }
    for name in ("variables", "extensions"):
        if name in given:
            given[name] = _decoded(given[name].encode(), name)
    return given


async def _text(exchange: Exchange) -> str:
    try:
        return (await exchange.body()).decode()
    except UnicodeDecodeError as error:
        raise HttpError(400, "The body must be the text of a GraphQL document in UTF-8.") from error


def _decoded(raw: bytes, what: str) -> Any:
    try:
        return decode_json(raw)
    except JsonError as error:
        raise HttpError(400, str(error) if what == "body" else f"'{what}': {error}") from error
