"""The keys that access tokens are signed and verified with, as a JSON Web Key Set (RFC 7517) that can be rotated."""

import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from graphql_api.limits import KEYS_REREAD_SECONDS

ALGORITHM = "ES256"
"""What new keys sign with."""

SHARED_SECRET = "HS256"  # noqa: S105  # the algorithm's name
ASYMMETRIC = frozenset({"ES256", "ES384", "ES512", "EdDSA", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})


class SigningKeyError(Exception):
    """The key file cannot be used; the message says why, never what stands in it."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key with the one algorithm it is used with. ``signs_from`` is in seconds of the epoch.

    ``public`` is the key's public half as a JSON Web Key, ``None`` for a shared secret.
    """

    id: str
    algorithm: str
    signing: Any
    verifying: Any
    signs_from: float
    public: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys of one moment, by id. The newest that has begun to sign signs; every one verifies."""

    keys: Mapping[str, SigningKey]

    @classmethod
    def of(cls, keys: Iterable[SigningKey]) -> "KeySet":
        """A set of at least one key; raises ``SigningKeyError`` for none, and for an id that stands twice."""
        found: dict[str, SigningKey] = {}
        for key in keys:
            if key.id in found:
                raise SigningKeyError(f"Two signing keys have the id {key.id!r}.")
            found[key.id] = key
        if not found:
            raise SigningKeyError("There is no signing key.")
        return cls(found)

    def signing(self, now: float) -> SigningKey:
        """The key to sign with. Asymmetric keys go before the shared secret."""
        ready = [key for key in self.keys.values() if key.signs_from <= now]
        if not ready:
            return min(self.keys.values(), key=lambda key: key.signs_from)
        return max(ready, key=lambda key: (key.public is not None, key.signs_from))

    def verifying(self, key_id: str | None) -> SigningKey | None:
        """The key that a token names. A token that names none can only be one of the shared secret."""
        if key_id is not None:
            return self.keys.get(key_id)
        return next((key for key in self.keys.values() if key.algorithm == SHARED_SECRET), None)

    def public(self) -> dict[str, Any]:
        """The JSON Web Key Set to publish: public halves only."""
        return {"keys": [dict(key.public) for key in self.keys.values() if key.public is not None]}


class Keys:
    """The key set of a process: keys of a file, which is read again when it changes, and perhaps a shared secret."""

    def __init__(self, file: Path | None, secret: str | None = None) -> None:
        self._file = file
        self._secret = shared_secret(secret) if secret else None
        self._stamp: tuple[int, int] | None = None
        self._next_look = 0.0
        self._set = self._read()

    def current(self) -> KeySet:
        """The keys of now; the same object until they change. A file that becomes unreadable changes nothing."""
        if self._file is not None and time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + KEYS_REREAD_SECONDS
            try:
                if self._stamp != _stamp(self._file):
                    self._set = self._read()
            except (OSError, SigningKeyError):
                return self._set
        return self._set

    def _read(self) -> KeySet:
        keys = [self._secret] if self._secret else []
        if self._file is not None:
            try:
                self._stamp = _stamp(self._file)
                keys += key_set_of(self._file.read_bytes(), str(self._file))
            except OSError as error:
                raise SigningKeyError(f"The signing keys cannot be read: {error}") from error
        return KeySet.of(keys)


def shared_secret(secret: str) -> SigningKey:
    """A key of HS256, for services that can use no other."""
    return SigningKey("hs256", SHARED_SECRET, secret, secret, 0.0, None)


def new_key(signs_from: float) -> dict[str, Any]:
    """A new private JSON Web Key; its id is its thumbprint (RFC 7638)."""
    jwk: dict[str, Any] = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True)
    required = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    thumbprint = sha256(orjson.dumps(required, option=orjson.OPT_SORT_KEYS)).digest()
    return jwk | {
        "kid": urlsafe_b64encode(thumbprint).rstrip(b"=").decode(),
        "alg": ALGORITHM,
        "use": "sig",
        "nbf": int(signs_from),
    }


def rotated(keys: Sequence[Mapping[str, Any]], now: float, *, lead: float, lifetime: float) -> list[dict[str, Any]]:
    """The private keys after a rotation: a new one that signs after ``lead`` seconds, and those of before.

    A key goes once no token of it can be valid any more: ``lifetime`` seconds after its successor began to sign.
    """
    begins = sorted(key.get("nbf", 0) for key in keys)
    kept = []
    for key in keys:
        later = [begin for begin in begins if begin > key.get("nbf", 0)]
        if not later or later[0] + lifetime > now:
            kept.append(dict(key))
    return [*kept, new_key(now + lead)]


def key_set_of(raw: bytes, name: str) -> list[SigningKey]:
    """The keys of a private JSON Web Key Set. Raises ``SigningKeyError``, naming the key by its place."""
    try:
        entries: Any = orjson.loads(raw)["keys"]
        entries = [dict(entry) for entry in entries]
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        raise SigningKeyError(f'{name} is no JSON Web Key Set: {{"keys": [ … ]}}.') from None
    return [_key(entry, f"key {number} of {name}") for number, entry in enumerate(entries, 1)]


def _key(entry: dict[str, Any], name: str) -> SigningKey:
    try:
        key = jwt.PyJWK(entry)
    except jwt.PyJWTError:
        raise SigningKeyError(f"{name} is no key that tokens can be signed with.") from None
    if key.algorithm_name not in ASYMMETRIC:
        raise SigningKeyError(f"{name} is for {key.algorithm_name}; a shared secret belongs into JWT_SECRET.")
    if not hasattr(key.key, "public_key"):
        raise SigningKeyError(f"{name} has no private half.")
    if not isinstance(entry.get("kid"), str) or not isinstance(entry.get("nbf", 0), int | float):
        raise SigningKeyError(f"{name} needs a text as its 'kid', and a number as its 'nbf' where it has one.")
    public_key = key.key.public_key()
    public = dict(key.Algorithm.to_jwk(public_key, as_dict=True))
    public |= {"kid": entry["kid"], "alg": key.algorithm_name, "use": "sig"}
    return SigningKey(entry["kid"], key.algorithm_name, key.key, public_key, float(entry.get("nbf", 0)), public)


def _stamp(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_mtime_ns, status.st_ino
