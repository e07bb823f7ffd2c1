"""Before anything is timed: every server gives every asker the same answer, and one that is not empty."""

import http.client
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import orjson

from bench.processes import HOST, Server
from bench.queries import Query

SECONDS = 60


class AnswersDiffer(Exception):
    """Two servers disagree, or one gives no whole answer; figures of such servers could not be compared."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sent to one server for one query, an entry for each asker, and the checksum of each answer."""

    server: Server
    requests: tuple[bytes, ...]
    answers: tuple[int, ...]


def compare(query: Query, servers: Sequence[Server], tokens: Sequence[str]) -> list[Asked]:
    """Ask each server for each asker. Raises ``AnswersDiffer``."""
    asked: list[Asked] = []
    expected: list[Any] = []
    for server in servers:
        body = query.body(server.peer.name)
        bodies = [_ask(server, body, token) for token in tokens]
        if not server.peer.floor:
            answers = [_whole(query, server, raw) for raw in bodies]
            expected = expected or answers
            for token_number, (answer, first) in enumerate(zip(answers, expected, strict=True)):
                if answer != first:
                    raise AnswersDiffer(_difference(query, server, token_number, answer, first))
        requests = tuple(_raw(server, body, token) for token in tokens)
        asked.append(Asked(server, requests, tuple(crc32(raw) for raw in bodies)))
    return asked


def _ask(server: Server, body: bytes, token: str) -> bytes:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=SECONDS)
    try:
        connection.request("POST", server.peer.path, body, _headers(token))
        response = connection.getresponse()
        raw = response.read()
        if response.status != 200:
            raise AnswersDiffer(f"{server.peer.name} answers {response.status}: {raw[:400]!r}")
        return raw
    finally:
        connection.close()


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "application/json"}


def _raw(server: Server, body: bytes, token: str) -> bytes:
    headers = {"Host": f"{HOST}:{server.port}", **_headers(token), "Content-Length": str(len(body))}
    lines = [f"POST {server.peer.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _whole(query: Query, server: Server, raw: bytes) -> Any:
    answer = orjson.loads(raw)
    if answer.get("errors"):
        raise AnswersDiffer(f"{server.peer.name} answers {query.name} with errors: {raw[:800]!r}")
    found = _scalars(answer["data"])
    if found != query.scalars:
        raise AnswersDiffer(f"{server.peer.name} answers {query.name} with {found} scalars, not {query.scalars}")
    return _by_slug(answer["data"]) if query.any_order else answer["data"]


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
