"""What no answer and no log may tell: the secrets of the settings, of the key file, of the database's addresses."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app.settings import Settings
from app.storage import Storage

_SECRET_SETTING = re.compile(r"secret|password|key|token|url")
_SHORTEST = 12
"""Shorter values stand in answers by chance."""

DATABASE_PASSWORD = "planted-password-of-the-database"


def with_password(storage: Storage) -> Storage:
    """The same database, its addresses with a password where the server asks for none."""
    owner, gateway = (_with_password(url) if url else None for url in (storage.owner_url, storage.gateway_url))
    return replace(storage, owner_url=owner, gateway_url=gateway or storage.gateway_url)


def _with_password(url: str) -> str:
    found = make_url(url)
    return (found if found.password else found.set(password=DATABASE_PASSWORD)).render_as_string(hide_password=False)


TRACES = (b"Traceback (most recent call last)", b"site-packages", b'File "', b"asyncpg.exceptions", b"sqlalchemy.")
"""What shows how we are made inside."""


def secrets_of(settings: Settings, storage: Storage) -> set[bytes]:
    """Every secret text that a gateway with these settings holds."""
    found: set[str] = set()
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if _SECRET_SETTING.search(name) and isinstance(value, str):
            found.update(re.split(r"[,:\s]+", value))
            found.add(value)
    if settings.signing_keys:
        found.update(_private(json.loads(Path(settings.signing_keys).read_text("utf-8"))))
    for url in (storage.gateway_url, storage.owner_url):
        if url:
            found.add(make_url(url).password or "")
    return {text.encode() for text in found if len(text) >= _SHORTEST}


def _private(keys: dict[str, Any]) -> Iterator[str]:
    for key in keys["keys"]:
        yield from (key[name] for name in ("d", "p", "q", "k") if name in key)
