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
    """What a request asks: a document by its text or by its id, never both."""

    query: str | None
    document_id: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None


async def read_parameters(exchange: Exchange) -> Parameters:
    """The parameters of a request; raises ``HttpError``, for those that are no request ``MalformedRequest``."""
    if exchange.method == "GET":
        return _checked(_from_url(exchange))
    if exchange.method != "POST":
        raise HttpError(405, "Use POST, or GET for queries.", Allow="GET, POST")
    match media_type(exchange.headers):
        case "application/json":
            return _checked(_decoded(await exchange.body(), "body"))
        case "application/graphql":
            return _checked(_from_url(exchange) | {"query": await _text(exchange), "documentId": None})
    # Not form data: a browser sends it for a page of any site, without asking first.
    raise HttpError(415, 'Send the request as application/json: {"query": …, "variables": …}.')


def _checked(given: Any) -> Parameters:
    if isinstance(given, list):
        raise MalformedRequest(
            "Send one request at a time, not a list of requests: one document can ask for several things, with aliases."
        )
    if not isinstance(given, dict):
        raise MalformedRequest('Send one object: {"query": …, "variables": …}.')
    query, document_id = given.get("query"), given.get("documentId")
    if document_id is None and not isinstance(query, str):
        raise MalformedRequest("'query' must be the text of a GraphQL document.")
    if document_id is not None and "query" in given:
        raise MalformedRequest("Send 'query' or 'documentId', not both.")
    for name, kind in (("documentId", str), ("operationName", str), ("variables", dict), ("extensions", dict)):
        if given.get(name) is not None and not isinstance(given[name], kind):
            raise MalformedRequest(f"'{name}' must be {'text' if kind is str else 'an object'} or absent.")
    return Parameters(
        query, document_id, given.get("operationName") or None, given.get("variables"), given.get("extensions")
    )


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
