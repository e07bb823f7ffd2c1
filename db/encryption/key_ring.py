"""Key-encryption keys: the operator's, from the environment. They wrap the data keys and are never stored."""

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
"""AES-256, for data keys and for the keys that wrap them."""

NONCE_BYTES = 12
"""The 96 bits that AES-GCM is made for; random for each encryption."""

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_FINGERPRINT_BYTES = 8
_PURPOSE = "fast-track-graph data key 1"


class EncryptionKeyError(Exception):
    """A data key cannot be wrapped or unwrapped; the message tells the operator what to mend."""


@dataclass(frozen=True, slots=True)
class KeyEncryptionKey:
    """One key of the operator's."""

    id: str
    secret: bytes = field(repr=False)

    @property
    def fingerprint(self) -> bytes:
        """Tells whether a key of the same id is still the same, and nothing about the key."""
        return hmac.new(self.secret, b"fast-track-graph fingerprint", hashlib.sha256).digest()[:_FINGERPRINT_BYTES]


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as the database holds it. Bound to its id and tenant: in another row it does not unwrap."""

    id: UUID
    tenant_id: UUID
    wrapped: bytes
    wrapped_by: str
    fingerprint: bytes


class KeyRing:
    """The operator's keys. The first wraps new data keys, the others only unwrap what they once wrapped."""

    def __init__(self, keys: Sequence[KeyEncryptionKey] = ()) -> None:
        self.keys = tuple(keys)
        self._by_id = {key.id: key for key in keys}

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """The keys of ``id:base64,id:base64``; raises ``ValueError``, whose message never holds a key."""
        keys = [_parsed(number, part) for number, part in enumerate(text.split(","), 1)]
        if len({key.id for key in keys}) < len(keys):
            raise ValueError("names a key twice; each key needs an id of its own")
        return cls(keys)

    @property
    def newest(self) -> KeyEncryptionKey:
        """The key that wraps; raises ``EncryptionKeyError`` where there is none."""
        if not self.keys:
            raise EncryptionKeyError("No encryption key is at hand. Set ENCRYPTION_KEYS.")
        return self.keys[0]

    def wrap(self, secret: bytes, key_id: UUID, tenant_id: UUID) -> WrappedKey:
        """A data key, wrapped by the newest key."""
        key, nonce = self.newest, os.urandom(NONCE_BYTES)
        wrapped = nonce + AESGCM(key.secret).encrypt(nonce, secret, _bound_to(key_id, tenant_id))
        return WrappedKey(key_id, tenant_id, wrapped, key.id, key.fingerprint)

    def unwrap(self, key: WrappedKey) -> bytes:
        """The data key; raises ``EncryptionKeyError`` naming the key that is missing or has changed."""
        wrapping = self._by_id.get(key.wrapped_by)
        if wrapping is None:
            raise EncryptionKeyError(
                f"Data key {key.id} is wrapped by encryption key {key.wrapped_by!r}, which is not in ENCRYPTION_KEYS."
                " Add it after the first one and restart; nothing is lost."
            )
        nonce, text = key.wrapped[:NONCE_BYTES], key.wrapped[NONCE_BYTES:]
        try:
            return AESGCM(wrapping.secret).decrypt(nonce, text, _bound_to(key.id, key.tenant_id))
        except InvalidTag as error:
            raise EncryptionKeyError(
                f"Encryption key {key.wrapped_by!r} does not unwrap data key {key.id}: the key in ENCRYPTION_KEYS is"
                " another one of the same id, or the row in organizations.data_keys was changed."
            ) from error

    def lacking(self, used: Iterable[tuple[str, bytes]]) -> list[str]:
        """Which of the wrapping keys in use, given by id and fingerprint, are not here, a sentence for each."""
        problems = []
        for key_id, fingerprint in sorted(used):
            here = self._by_id.get(key_id)
            if here is None:
                problems.append(f"Encryption key {key_id!r} wraps data keys, and ENCRYPTION_KEYS does not hold it.")
            elif not hmac.compare_digest(here.fingerprint, fingerprint):
                problems.append(f"Encryption key {key_id!r} in ENCRYPTION_KEYS is not the one that wraps data keys.")
        return problems


def _parsed(number: int, part: str) -> KeyEncryptionKey:
    key_id, _, encoded = part.strip().partition(":")
    if not _ID.fullmatch(key_id):
        raise ValueError(f"key {number} has no id; write id:base64, the id of lower case, digits, '.', '_' and '-'")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"key {number} is no base64; make one: openssl rand -base64 {KEY_BYTES}") from error
    if len(secret) != KEY_BYTES:
        raise ValueError(f"key {number} has {len(secret)} bytes, not {KEY_BYTES}: openssl rand -base64 {KEY_BYTES}")
    return KeyEncryptionKey(key_id, secret)


def _bound_to(key_id: UUID, tenant_id: UUID) -> bytes:
    return orjson.dumps([_PURPOSE, str(key_id), str(tenant_id)])
