"""The form of an encrypted answer in a submission's JSON, bound to the place where it stands. Pure.

    {"$sealed": {"version": 1, "key": "<data key's id>", "nonce": "<base64>", "text": "<base64>"}}

``text`` is the answer's JSON under AES-256-GCM, with its tag. No client can save an object with the key ``$sealed``.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db.encryption.key_ring import NONCE_BYTES
from db.models.tools import Json

MARK = "$sealed"
"""The key that makes an object an envelope."""

VERSION = 1

_PURPOSE = "fast-track-graph answer 1"
_PARTS = frozenset({"version", "key", "nonce", "text"})


class UnreadableAnswer(Exception):
    """A sealed answer does not open. The message is for the operator; it holds nothing of the answer."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key in memory, ready to use."""

    id: UUID
    tenant_id: UUID
    cipher: AESGCM


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands. ``tenant_id``: the organisation, or the person who belongs to none."""

    tenant_id: UUID
    user_id: UUID
    slug: str
    key: str

    def bound_to(self, data_key: UUID) -> bytes:
        """What the ciphertext is authenticated with: anywhere else it does not open."""
        return orjson.dumps([_PURPOSE, str(self.tenant_id), str(self.user_id), self.slug, self.key, str(data_key)])


def is_sealed(value: Json) -> bool:
    """Whether a value is an envelope."""
    return isinstance(value, dict) and MARK in value


def seal(key: DataKey, place: Place, value: Json) -> Json:
    """``value`` as an envelope."""
    nonce = os.urandom(NONCE_BYTES)
    text = key.cipher.encrypt(nonce, orjson.dumps(value), place.bound_to(key.id))
    parts = {"version": VERSION, "key": str(key.id), "nonce": _encoded(nonce), "text": _encoded(text)}
    return {MARK: parts}


def key_of(value: Json) -> UUID | None:
    """The id of the data key that opens an envelope; ``None`` where it is not as ``seal`` made it."""
    parts = value[MARK]
    if not isinstance(parts, dict) or parts.keys() != _PARTS or parts["version"] != VERSION:
        return None
    try:
        return UUID(parts["key"])
    except (ValueError, AttributeError, TypeError):
        return None


def opened(key: DataKey, place: Place, value: Json) -> Json:
    """What an envelope holds; raises ``UnreadableAnswer`` where it was changed or stands in another place.

    The person's own data key opens their rows in an organisation too: they may have joined it since.
    """
    if key.tenant_id not in (place.tenant_id, place.user_id):
        raise UnreadableAnswer(f"it is sealed with data key {key.id}, which is another tenant's")
    place = replace(place, tenant_id=key.tenant_id)
    parts: Mapping[str, Any] = value[MARK]
    try:
        nonce, text = _decoded(parts["nonce"]), _decoded(parts["text"])
        return orjson.loads(key.cipher.decrypt(nonce, text, place.bound_to(key.id)))
    except (InvalidTag, ValueError, TypeError) as error:  # ValueError: base64 or a nonce that are none
        raise UnreadableAnswer("it was changed, or was written for another place") from error


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
