"""Cross-origin resource sharing: which pages of other hosts may call the gateway and read its answers."""

from collections.abc import Collection, Iterable
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = "GET, POST"
REQUEST_HEADERS = ("Authorization", "Content-Type", "If-Match", "If-None-Match", "X-Request-Id")
"""What a page may send beside the headers that need no permission."""
RESPONSE_HEADERS = (
    "ETag",
    "X-Request-Id",
    "Content-Disposition",
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Cost-Estimated",
    "X-Cost-Actual",
    "X-Cost-Max",
)
"""What a page may read beside the headers that need no permission."""
PREFLIGHT_SECONDS = 600
"""How long a browser may remember a permission."""

_UNASKED = ("accept", "accept-language", "content-language")
_VARY = (b"vary", b"Origin")


class CrossOrigin:
    """Tells browsers that pages of ``origins`` may call, cookies included. To any other origin it says nothing.

    The list is compared as it stands: no wildcard, no part of a name, and what a request says of itself is never
    answered unless it is on the list.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = {origin.encode() for origin in origins}
        self._headers = {name.lower() for name in (*REQUEST_HEADERS, *_UNASKED)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = _header(scope, b"origin") if scope["type"] == "http" else None
        if origin is None:
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS" and _header(scope, b"access-control-request-method") is not None:
            await self._preflight(scope, origin, send)
        else:
            await self._app(scope, receive, self._sending(origin, send))

    def _sending(self, origin: bytes, send: Send) -> Send:
        added = [_VARY]
        if origin in self._origins:
            added += [*_allowed(origin), (b"access-control-expose-headers", ", ".join(RESPONSE_HEADERS).encode())]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        return sending

    async def _preflight(self, scope: Scope, origin: bytes, send: Send) -> None:
        refused = self._refused(scope, origin)
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff"), _VARY]
        if refused is None:
            headers += _allowed(origin)
            headers += [
                (b"access-control-allow-methods", METHODS.encode()),
                (b"access-control-allow-headers", ", ".join(REQUEST_HEADERS).encode()),
                (b"access-control-max-age", str(PREFLIGHT_SECONDS).encode()),
            ]
        status = HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": (refused or "").encode()})

    def _refused(self, scope: Scope, origin: bytes) -> str | None:
        if origin not in self._origins:
            return "Pages of this origin may not call the gateway."
        if _header(scope, b"access-control-request-method") not in {name.encode() for name in METHODS.split(", ")}:
            return f"Pages may use {METHODS}."
        wanted = (_header(scope, b"access-control-request-headers") or b"").decode("latin-1").lower().split(",")
        if {name.strip() for name in wanted} - self._headers - {""}:
            return f"Pages may send these headers: {', '.join(REQUEST_HEADERS)}."
        return None


def _allowed(origin: bytes) -> Iterable[tuple[bytes, bytes]]:
    return ((b"access-control-allow-origin", origin), (b"access-control-allow-credentials", b"true"))


def _header(scope: Scope, wanted: bytes) -> bytes | None:
    value: bytes
    for name, value in scope["headers"]:
        if name == wanted:
            return value
    return None
