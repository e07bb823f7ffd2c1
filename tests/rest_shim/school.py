"""A school on LearnWorlds as a test needs one: it signs sign-ins and webhooks, rightly unless told otherwise."""

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson

from app.settings import DEVELOPMENT_SSO_SECRET, DEVELOPMENT_WEBHOOK_SECRET
from integrations.learnworlds import SignedSignIns, WebhooksWithSharedValue

SSO, WEBHOOK = "/api/auth/sso", "/api/learnworlds/webhook"
HEADER = "Learnworlds-Webhook-Signature"

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Pupil:
    """Somebody whom the school knows."""

    user_id: str = field(default_factory=lambda: f"lw{next(_numbers):022d}")
    email: str = ""
    name: str = "Paula Pupil"

    def __post_init__(self) -> None:
        """An address of one's own, unless one is given."""
        if not self.email:
            object.__setattr__(self, "email", f"{self.user_id}@nowhere.example")


def statement(pupil: Pupil, *, at: float | None = None, secret: str = DEVELOPMENT_SSO_SECRET) -> dict[str, Any]:
    """What the school says of somebody, signed."""
    timestamp = int(time.time() if at is None else at)
    signature = SignedSignIns(secret).sign(pupil.user_id, pupil.email, pupil.name, str(timestamp))
    return {
        "user_id": pupil.user_id,
        "email": pupil.email,
        "name": pupil.name,
        "timestamp": timestamp,
        "signature": signature,
    }


def signed(pupil: Pupil, timestamp: str, secret: str = DEVELOPMENT_SSO_SECRET) -> dict[str, Any]:
    """A statement with this timestamp, letter for letter."""
    signature = SignedSignIns(secret).sign(pupil.user_id, pupil.email, pupil.name, timestamp)
    return statement(pupil) | {"timestamp": timestamp, "signature": signature}


def link(pupil: Pupil, redirect: str | None = None, **changed: Any) -> str:
    """The same as the address that a browser is sent to."""
    query = statement(pupil) | changed | ({} if redirect is None else {"redirect": redirect})
    return f"{SSO}?{urlencode(query)}"


def webhook(kind: str, pupil: Pupil, course: str | None = None, **more: Any) -> bytes:
    """The body of a webhook; another one each time."""
    data: dict[str, Any] = {"user": {"id": pupil.user_id, "email": pupil.email, "username": pupil.name}}
    if course is not None:
        data["course"] = {"id": course, "title": "A course"}
    body = {"version": 2, "type": kind, "trigger": "test", "school_id": "s", "data": data, "number": next(_numbers)}
    return orjson.dumps(body | more)


SHARED = WebhooksWithSharedValue(DEVELOPMENT_WEBHOOK_SECRET).sign(b"")
"""The header of a webhook in development."""


async def deliver(client: httpx.AsyncClient, body: bytes, signature: str | None = SHARED) -> httpx.Response:
    """Send a webhook as LearnWorlds does."""
    headers = {"Content-Type": "application/json"} | ({HEADER: signature} if signature is not None else {})
    return await client.post(WEBHOOK, content=body, headers=headers)
