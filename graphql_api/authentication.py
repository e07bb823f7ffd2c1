"""Access tokens: who signed them, whom they name, until when."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt

from db.models.identity import Account
from graphql_api.limits import MAX_TOKEN_CHARACTERS
from resolvers.context import Clock

ALGORITHM = "HS256"
ISSUER = "fast-track-graph"


class AuthenticationError(Exception):
    """A token was sent that identifies nobody. The message is the one of the REST contract."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says."""

    user_id: UUID
    role: str
    organization_id: UUID | None


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs and verifies access tokens with one shared secret."""

    secret: str
    lifetime: timedelta
    clock: Clock

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
            return Claims(
                UUID(claims["id"]),
                str(claims.get("role")),
                UUID(organization_id) if organization_id else None,
            )
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
