"""Pages for people: map, explorer and REST documentation, served from this host alone under a strict policy."""

import mimetypes
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from resolvers.learnworlds.school import SIGN_IN_FAILED

STATIC = Path(__file__).parent / "static"
MAP_OPERATIONS = STATIC / "map" / "operations.json"
"""The documents that the map asks for by their ids: a manifest that its build writes."""

# A slim image has no table of media types that knows these.
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("font/ttf", ".ttf")
mimetypes.add_type("text/javascript", ".js")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The editor of the explorer measures and paints through style attributes.
_EXPLORER_POLICY = _POLICY.format(styles=" 'unsafe-inline'")
_PAGE_POLICY = _POLICY.format(styles="")
_MAP_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
_HASHED = "public, max-age=31536000, immutable"
_KEPT = (".js", ".css", ".svg", ".ttf", ".woff2")
"""What the builds of map and explorer give a hash in its name."""


class _Static(StaticFiles):
    """Static files with the policy of their page; names that carry a hash may be kept for ever."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        explorer = "/graphiql/" in path
        hashed = explorer or "/map/" in path
        cache = _HASHED if hashed and path.endswith(_KEPT) else "no-cache"

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = _EXPLORER_POLICY if explorer else _PAGE_POLICY
                message["headers"] = [
                    *message["headers"],
                    (b"content-security-policy", policy.encode()),
                    (b"cache-control", cache.encode()),
                ]
            await send(message)

        await super().__call__(scope, receive, headed)


def map_routes() -> tuple[APIRouter, Mount]:
    """``/`` and its files, in production too: the map shows what its stored operations give whoever is signed in."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def home() -> Response:
        return _page("map", _MAP_POLICY)

    return router, Mount("/static/map", _Static(directory=STATIC / "map"))


def page_routes() -> tuple[APIRouter, Mount]:
    """``/graphiql``, ``/docs`` and the files that the pages are made of. None of them knows the schema."""
    router = APIRouter(include_in_schema=False)

    @router.get("/graphiql")
    async def explorer() -> Response:
        return _page("graphiql", _EXPLORER_POLICY)

    @router.get("/docs")
    async def docs() -> Response:
        return _page("docs", _PAGE_POLICY)

    return router, Mount("/static", _Static(directory=STATIC))


def sign_in_failed_page() -> APIRouter:
    """Where a browser ends that could not be signed in, unless another page is set; whether or not there are others."""
    router = APIRouter(include_in_schema=False)

    @router.get(SIGN_IN_FAILED)
    async def failed() -> Response:
        return FileResponse(
            STATIC / "sign-in" / "failed.html",
            headers={
                "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
                "Cache-Control": "no-cache",
            },
        )

    return router


def _page(name: str, policy: str) -> Response:
    return FileResponse(
        STATIC / name / "index.html",
        headers={"Content-Security-Policy": policy, "Cache-Control": "no-cache"},
    )
