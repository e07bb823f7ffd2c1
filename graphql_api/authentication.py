"""Access tokens: who signed them, whom they name, until when."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt

from db.models.identity import Account
from db.viewer import Claims, Role, Viewer
from graphql_api.limits import CACHED_TOKENS, MAX_TOKEN_CHARACTERS
from graphql_api.signing_keys import Keys, KeySet
from resolvers.context import Clock

ISSUER = "fast-track-graph"

CLOCK_SKEW = 5.0
"""Seconds by which the clock of the gateway that signed a token may be ahead of this one's."""


class AuthenticationError(Exception):
    """A token was sent that identifies nobody. The message is the one of the REST contract."""


class Tokens:
    """Signs and verifies access tokens. One that was verified is remembered until it runs out or the keys change."""

    def __init__(self, keys: Keys, lifetime: timedelta, clock: Clock) -> None:
        self.keys = keys
        self.lifetime = lifetime
        self._clock = clock
        self._verified: OrderedDict[str, Claims] = OrderedDict()
        self._verified_by: KeySet | None = None

    def at(self, clock: Clock, lifetime: timedelta | None = None) -> "Tokens":
        """The same keys by another clock."""
        return Tokens(self.keys, self.lifetime if lifetime is None else lifetime, clock)

    def lasting(self, lifetime: timedelta) -> "Tokens":
        """The same keys for tokens that last otherwise."""
        return Tokens(self.keys, lifetime, self._clock)

    def sign(self, account: Account, session_id: UUID | None = None) -> str:
        """An access token for this account; with ``session_id`` one that ends with that session."""
        now = self._clock()
        key = self.keys.current().signing(now.timestamp())
        return jwt.encode(self._claims(account, session_id, now), key.signing, key.algorithm, {"kid": key.id})

    def verify(self, token: str) -> Claims:
        """The claims of a token that we signed and that has not run out; raises ``AuthenticationError``."""
        keys = self.keys.current()
        if keys is not self._verified_by:
            self._verified.clear()
            self._verified_by = keys
        if claims := self._verified.get(token):
            if claims.expires <= self._clock().timestamp():
                del self._verified[token]
                raise AuthenticationError("Token expired")
            return claims
        claims = _read(token, keys, self._clock().timestamp())
        self._verified[token] = claims
        if len(self._verified) > CACHED_TOKENS:
            self._verified.popitem(last=False)
        return claims

    def _claims(self, account: Account, session_id: UUID | None, now: datetime) -> dict[str, Any]:
        claims = {
            "iss": ISSUER,
            "sub": str(account.id),
            "id": str(account.id),
            "email": account.email,
            "role": account.role.value,
            "organization_id": str(account.organization_id) if account.organization_id else None,
            # With its fraction: a token of the second in which all sessions were ended must be on the right side.
            "iat": now.timestamp(),
            "exp": int((now + self.lifetime).timestamp()),
            "jti": uuid4().hex,
        }
        return claims if session_id is None else claims | {"sid": str(session_id)}


def _read(token: str, keys: KeySet, now: float) -> Claims:
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise AuthenticationError("Invalid token")
    try:
        key = keys.verifying(jwt.get_unverified_header(token).get("kid"))
        if key is None:
            raise AuthenticationError("Invalid token")
        claims = jwt.decode(
            token,
            key.verifying,
            algorithms=[key.algorithm],  # one key, one algorithm: a public key is never taken for a secret
            issuer=ISSUER,
            # The library's one leeway would be for ``exp`` too; ours is for ``iat`` alone.
            options={"require": ["exp", "iat", "id"], "verify_iat": False},
        )
        issued = float(claims["iat"])
        if not 0 <= issued <= now + CLOCK_SKEW:  # "not …", because NaN is neither less nor more
            raise AuthenticationError("Invalid token")
        organization_id, session_id = claims.get("organization_id"), claims.get("sid")
        viewer = Viewer(UUID(claims["id"]), UUID(organization_id) if organization_id else None, Role(claims["role"]))
        return Claims(viewer, issued, float(claims["exp"]), None if session_id is None else UUID(session_id))
    except jwt.ExpiredSignatureError as error:
        raise AuthenticationError("Token expired") from error
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError, KeyError, OverflowError) as error:
        raise AuthenticationError("Invalid token") from error


def bearer(authorization: str | None) -> str | None:
    """The token of an ``Authorization: Bearer`` header; ``None`` without the header.

    Raises ``AuthenticationError`` for a header of another scheme or shape: it was meant to identify somebody.
    """
    if not authorization:
        return None
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise AuthenticationError("Invalid token")
    return token.strip()
