"""The pages and the signatures of development's school. It has the secrets that the gateway expects."""

import time
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import orjson
from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import text
from starlette.responses import FileResponse, Response

from app.settings import Settings, WebhookMode
from app.storage import Storage
from db.catalogue import COURSES_PATH, Catalogue, load_courses
from integrations.learnworlds import SignedSignIns, SignedWebhooks, WebhooksWithSharedValue

_FILES = Path(__file__).parent
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
_LANDING = "/dev/learnworlds#signed-in"


class _Pupil(BaseModel):
    """Somebody of the school."""

    user_id: str
    email: str
    name: str


class _Event(BaseModel):
    """Something that happens at the school."""

    type: str
    user_id: str
    course: str | None = None


def school_routes(settings: Settings, storage: Storage, catalogue: Catalogue) -> APIRouter:
    """``/dev/learnworlds``."""
    router = APIRouter(prefix="/dev/learnworlds", include_in_schema=False)
    assert settings.sso_secret is not None
    assert settings.webhook_secret is not None
    sign_ins = SignedSignIns(settings.sso_secret)
    signed = settings.learnworlds_webhook_mode is WebhookMode.SIGNED
    webhooks = (SignedWebhooks if signed else WebhooksWithSharedValue)(settings.webhook_secret)
    courses = list(load_courses(catalogue, settings.learnworlds_courses or COURSES_PATH))

    @router.get("")
    async def page() -> Response:
        return FileResponse(_FILES / "page.html", headers=_HEADERS)

    @router.get("/page.js")
    async def script() -> Response:
        return FileResponse(_FILES / "page.js", media_type="text/javascript", headers=_HEADERS)

    @router.get("/known")
    async def known() -> dict[str, object]:
        """Who could be signed in, and the courses that could be completed."""
        return {"people": await _people(storage), "courses": courses}

    @router.post("/link")
    async def link(pupil: _Pupil) -> dict[str, str]:
        """The link by which the school sends somebody here."""
        timestamp = str(int(time.time()))
        query = pupil.model_dump() | {
            "timestamp": timestamp,
            "signature": sign_ins.sign(pupil.user_id, pupil.email, pupil.name, timestamp),
            "redirect": _LANDING,
        }
        return {"location": f"/api/auth/sso?{urlencode(query)}"}

    @router.post("/webhook")
    async def webhook(event: _Event) -> dict[str, str]:
        """The webhook that the school sends: its body, and its header."""
        data: dict[str, object] = {"user": {"id": event.user_id}}
        if event.course is not None:
            data["course"] = {"id": event.course, "title": event.course}
        body = orjson.dumps(
            {"version": 2, "type": event.type, "trigger": str(uuid4()), "school_id": "dev", "data": data}
        )
        return {"body": body.decode(), "signature": webhooks.sign(body)}

    return router


async def _people(storage: Storage) -> list[dict[str, str]]:
    """Participants, and those with powers who are tied to somebody at the school; the others it cannot sign in."""
    async with storage.owner() as engine, engine.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT coalesce(l.learnworlds_id, 'school-' || a.email) AS user_id, a.email,"
                " a.full_name AS name, a.role, coalesce(c.name, '') AS organization FROM users.accounts AS a"
                " LEFT JOIN authentication.learnworlds_accounts AS l ON l.user_id = a.id"
                " LEFT JOIN organizations.companies AS c ON c.id = a.organization_id"
                " WHERE l.learnworlds_id IS NOT NULL OR (a.role = 'user' AND a.last_login_at IS NULL)"
                " ORDER BY c.name NULLS LAST, a.role, a.email LIMIT 200"
            )
        )
        return [dict(row._mapping) for row in rows]
