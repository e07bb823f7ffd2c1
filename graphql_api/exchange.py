"""One HTTP request and its answer: just what the endpoints need of ASGI, without a framework's layers in between."""

import logging
import os
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from itertools import count
from typing import Any
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from graphql_api.limits import MAX_AGENT_CHARACTERS, MAX_BODY_BYTES, MAX_REQUEST_ID_CHARACTERS
from resolvers.context import Origin

_log = logging.getLogger("fast_track_graph")

# Half drawn once for the process, half counted: asking the system for randomness costs more than reading a request.
_PROCESS = os.urandom(8).hex()
_numbers = count(1)


SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""What every answer carries: no guessing of types, no frames, no address of ours in another site's log, and no use as
an image or a script of another site's page."""

_CODES = {
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "RATE_LIMITED",
}


class HttpError(Exception):
    """A request that is answered before any document is executed; ``code`` is that of its status unless given."""

    def __init__(self, status: int, message: str, code: str | None = None, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code or _CODES.get(status, "BAD_REQUEST")
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Headers:
    """A request's headers by name, in any case; the first where one comes twice."""

    __slots__ = ("_raw",)

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        self._raw = dict(reversed(raw))

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a header; ``name`` in ASCII."""
        value = self._raw.get(_on_the_wire(name))
        return default if value is None else value.decode("latin-1")


class Exchange:
    """A request that waits for its answer. ``id`` names it in the answer and in the log.

    ``standing``: headers that its answer has, whatever it is, unless the answer has its own of that name. ``begun``:
    whether an answer that comes in pieces is on its way.
    """

    __slots__ = ("_receive", "_scope", "_send", "begun", "headers", "id", "method", "path", "standing")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.headers = Headers(scope["headers"])
        self.id = request_id(self.headers)
        self.standing: Mapping[str, str] = {}
        self.begun = False

    @property
    def query_string(self) -> bytes:
        """What stands after the question mark, still encoded."""
        text: bytes = self._scope["query_string"]
        return text

    @property
    def host(self) -> str | None:
        """What the server says of where the request came from: as a rule an IP address."""
        client = self._scope.get("client")
        return client[0] if client else None

    @property
    def origin(self) -> Origin:
        """Where the request came from."""
        agent = self.headers.get("user-agent", "")[:MAX_AGENT_CHARACTERS]
        return Origin(_address(self.host) if self.host else None, agent or None)

    async def body(self) -> bytes:
        """The body, at most ``MAX_BODY_BYTES``; raises ``HttpError`` 413 as soon as it is longer."""
        message = await self._receive()
        body: bytes = message.get("body", b"")
        if message.get("more_body"):
            chunks = bytearray(body)
            while message.get("more_body") and len(chunks) <= MAX_BODY_BYTES:
                message = await self._receive()
                chunks += message.get("body", b"")
            body = bytes(chunks)
        if len(body) > MAX_BODY_BYTES:
            raise HttpError(413, f"The body is larger than {MAX_BODY_BYTES:,} bytes.")
        return body

    async def begin(self, media_type: bytes, headers: Mapping[str, str]) -> None:
        """Send the head of an answer that comes in pieces, and log the request."""
        self.begun = True
        log_request(self.method, self.path, 200, self.id)
        await self._send_head(200, [(b"content-type", media_type)], headers)

    async def send(self, piece: bytes) -> None:
        """Send a piece of the answer; an empty one is the last."""
        await self._send({"type": "http.response.body", "body": piece, "more_body": bool(piece)})

    async def left(self) -> None:
        """Wait until the client has gone; to be called once the body has been read."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def respond(self, status: int, body: bytes, media_type: bytes, headers: Mapping[str, str]) -> None:
        """Send the answer and log the request."""
        log_request(self.method, self.path, status, self.id)
        own = [(b"content-type", media_type), (b"content-length", str(len(body)).encode())]
        await self._send_head(status, own, headers)
        await self._send({"type": "http.response.body", "body": b"" if self.method == "HEAD" else body})

    async def _send_head(self, status: int, own: list[tuple[bytes, bytes]], headers: Mapping[str, str]) -> None:
        raw = [*own, (b"x-request-id", self.id.encode()), *SECURITY_HEADERS]
        for name, value in {**self.standing, **headers}.items():
            raw.append((_on_the_wire(name), value.encode("latin-1")))
        await self._send({"type": "http.response.start", "status": status, "headers": raw})


def media_type(headers: Any) -> str:
    """What ``Content-Type`` says a body is, without parameters, in lower case; empty where it says nothing."""
    text: str = headers.get("content-type", "").partition(";")[0].strip().lower()
    return text


def request_id(headers: Any) -> str:
    """The caller's ``X-Request-Id`` where it is short and plain, else a new one."""
    given = headers.get("x-request-id", "")
    if 0 < len(given) <= MAX_REQUEST_ID_CHARACTERS and given.isascii() and given.isprintable():
        text: str = given
        return text
    return f"{_PROCESS}{next(_numbers):016x}"


def log_request(method: str, path: str, status: int, request_id: str) -> None:
    """One line for each request: never a query string, a header or a body, where secrets could be."""
    if _log.isEnabledFor(logging.INFO):
        _log.info("%s %s %s %d", request_id, method, quote(path), status)


@lru_cache(maxsize=256)  # names of headers come from the code, never from a request
def _on_the_wire(name: str) -> bytes:
    return name.lower().encode()


def _address(host: str) -> str | None:
    """``host`` if it is an IP address: behind a proxy it is whatever ``X-Forwarded-For`` said."""
    try:
        return str(ip_address(host))
    except ValueError:
        return None
