"""Access tokens: who signed them, whom they name, until when."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt

from db.models.identity import Account
from db.viewer import Role, Viewer
from graphql_api.limits import CACHED_TOKENS, MAX_TOKEN_CHARACTERS
from resolvers.context import Clock

ALGORITHM = "HS256"
ISSUER = "fast-track-graph"


class AuthenticationError(Exception):
    """A token was sent that identifies nobody. The message is the one of the REST contract."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says: whom it names, and until when (seconds of the epoch)."""

    user_id: UUID
    viewer: Viewer
    expires: float


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs and verifies access tokens with one shared secret. A token that was verified is remembered."""

    secret: str
    lifetime: timedelta
    clock: Clock
    _verified: OrderedDict[str, Claims] = field(default_factory=OrderedDict, repr=False)

    def sign(self, account: Account) -> str:
        """An access token for this account."""
        now = self.clock()
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "sub": str(account.id),
            "id": str(account.id),
            "email": account.email,
            "role": account.role.value,
            "organization_id": str(account.organization_id) if account.organization_id else None,
            "iat": int(now.timestamp()),
            "exp": int((now + self.lifetime).timestamp()),
            "jti": uuid4().hex,
        }
        return jwt.encode(claims, self.secret, ALGORITHM)

    def verify(self, token: str) -> Claims:
        """The claims of a token that we signed and that has not run out; raises ``AuthenticationError``."""
        if claims := self._verified.get(token):
            if claims.expires <= time.time():
                del self._verified[token]
                raise AuthenticationError("Token expired")
            return claims
        claims = self._read(token)
        self._verified[token] = claims
        if len(self._verified) > CACHED_TOKENS:
            self._verified.popitem(last=False)
        return claims

    def _read(self, token: str) -> Claims:
        if len(token) > MAX_TOKEN_CHARACTERS:
            raise AuthenticationError("Invalid token")
        try:
            claims = jwt.decode(
                token,
                self.secret,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                options={"require": ["exp", "iat", "id"]},
            )
            organization_id = claims.get("organization_id")
            user_id = UUID(claims["id"])
            role = Role(str(claims.get("role")))
            viewer = Viewer(user_id, UUID(organization_id) if organization_id else None, role)
            return Claims(user_id, viewer, float(claims["exp"]))
        except jwt.ExpiredSignatureError as error:
            raise AuthenticationError("Token expired") from error
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError) as error:
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
