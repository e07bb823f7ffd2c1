"""Our own pages behind the links of mails, for installations whose frontend has none: they set a password."""

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

_FILES = Path(__file__).parent / "static" / "account"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}


def account_routes() -> APIRouter:
    """``/account/reset``, ``/account/invitation`` and the two files that they are made of."""
    router = APIRouter(prefix="/account", include_in_schema=False)

    @router.get("/reset")
    async def reset() -> Response:
        return FileResponse(_FILES / "reset.html", headers=_HEADERS)

    @router.get("/invitation")
    async def invitation() -> Response:
        return FileResponse(_FILES / "invitation.html", headers=_HEADERS)

    @router.get("/page.js")
    async def script() -> Response:
        return FileResponse(_FILES / "page.js", media_type="text/javascript", headers=_HEADERS)

    @router.get("/page.css")
    async def style() -> Response:
        return FileResponse(_FILES / "page.css", headers=_HEADERS)

    return router
