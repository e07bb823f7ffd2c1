"""Before anything is timed: every server gives every asker the same answer, and one that is not empty."""

import http.client
from collections.abc import Sequence
from typing import Any

import orjson

from bench.load.wrk import HttpTarget
from bench.processes import HOST, Server
from bench.queries import Query
from bench.requests import Request, requests_for

SECONDS = 60


class AnswersDiffer(Exception):
    """Two servers disagree, or one gives no whole answer; figures of such servers could not be compared."""


def compare(query: Query, servers: Sequence[Server], tokens: Sequence[str]) -> list[HttpTarget]:
    """Ask each server for each asker; returns what can be measured. Raises ``AnswersDiffer``."""
    targets: list[HttpTarget] = []
    expected: list[Any] = []
    for server in servers:
        requests = requests_for(query, server, tokens)
        bodies = [ask(server, request) for request in requests]
        if not server.peer.floor:
            answers = [_whole(query, server, raw) for raw in bodies]
            expected = expected or answers
            for number, (answer, first) in enumerate(zip(answers, expected, strict=True)):
                if answer != first:
                    raise AnswersDiffer(_difference(query, server, number, answer, first))
        targets.append(HttpTarget(server, [request.raw(server.port) for request in requests]))
    return targets


def ask(server: Server, request: Request) -> bytes:
    """The body of the answer to one request. Raises ``AnswersDiffer`` for a status other than 200."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=SECONDS)
    try:
        connection.request(request.method, request.path, request.body or None, request.headers)
        response = connection.getresponse()
        raw = response.read()
        if response.status != 200:
            raise AnswersDiffer(f"{server.peer.name} answers {response.status}: {raw[:400]!r}")
        return raw
    finally:
        connection.close()


def _whole(query: Query, server: Server, raw: bytes) -> Any:
    answer = orjson.loads(raw)
    if answer.get("errors"):
        raise AnswersDiffer(f"{server.peer.name} answers {query.name} with errors: {raw[:800]!r}")
    whole = answer["data"] if query.document else answer
    found = _scalars(whole)
    if found != query.scalars:
        raise AnswersDiffer(
            f"{server.peer.name} answers {query.name} with {found} scalars, not {query.scalars}: {raw[:800]!r}"
        )
    return _by_slug(whole) if query.any_order else whole


def _by_slug(value: Any) -> Any:
    """The same with every list of objects that carry a ``slug`` ordered by it."""
    if isinstance(value, dict):
        return {name: _by_slug(inner) for name, inner in value.items()}
    if not isinstance(value, list):
        return value
    inner = [_by_slug(each) for each in value]
    if all(isinstance(each, dict) and "slug" in each for each in inner):
        inner.sort(key=lambda each: str(each["slug"]))
    return inner


def _scalars(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_scalars, value.values()))
    if isinstance(value, list):
        return sum(map(_scalars, value))
    return value is not None


def _difference(query: Query, server: Server, number: int, answer: Any, first: Any) -> str:
    return (
        f"{server.peer.name} answers {query.name} of asker {number} differently:\n"
        f"  {orjson.dumps(answer)[:600]!r}\ninstead of\n  {orjson.dumps(first)[:600]!r}"
    )
