"""What the framework's paths have in common with our own: the same headers, the same refusal of other sites."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.cross_site import SAFE_METHODS, refuse_cross_site
from graphql_api.exchange import SECURITY_HEADERS, HttpError
from rest_shim import refuse

_DEFAULTS = (
    *SECURITY_HEADERS,
    (b"cross-origin-opener-policy", b"same-origin"),
    # Whoever serves something that may be kept says so.
    (b"cache-control", b"no-store"),
)


class Guarded:
    """Pages, health checks and whatever else the framework serves."""

    def __init__(self, app: ASGIApp, trusted_origins: Collection[str]) -> None:
        self._app = app
        self._trusted_origins = trusted_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                missing = [header for header in _DEFAULTS if header[0] not in given]
                message["headers"] = [*message["headers"], *missing]
            await send(message)

        try:
            if scope["method"] not in SAFE_METHODS:
                refuse_cross_site(Headers(scope=scope), self._trusted_origins)
        except HttpError as error:
            await refuse(scope, receive, send, error)
            return
        await self._app(scope, receive, headed)


class StrictTransport:
    """Tells browsers to come by https only, for ``seconds`` (``Strict-Transport-Security``).

    ``always``: also in answers to requests that seem to have come by http, as behind a proxy that ends TLS and does
    not say so.
    """

    def __init__(self, app: ASGIApp, seconds: int, *, always: bool) -> None:
        self._app = app
        self._header = (b"strict-transport-security", f"max-age={seconds}".encode())
        self._always = always

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (self._always or scope["scheme"] == "https"):
            await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], self._header]
            await send(message)

        await self._app(scope, receive, headed)
