"""Tokens, sessions and passwords."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pydantic import Field

from app.settings.forms import Group
from resolvers.password_hashing import ARGON2_MEMORY, ARGON2_PASSES

MIN_SECRET_BYTES = 32


class SigningIn(Group):
    """Settings of who is asking."""

    jwt_keys: Path | None = Field(
        None,
        description="JSON Web Key Set of the private keys that sign access tokens; in development one is made.",
    )
    jwt_secret: str | None = Field(
        None, description="Shared secret of at least 32 bytes: tokens signed with it (HS256) are accepted too."
    )
    jwt_expiry: int = Field(900, ge=60, le=604_800, description="Lifetime of an access token, in seconds.")
    session_idle: int = Field(
        1_209_600, ge=3_600, le=7_776_000, description="Seconds after which a session that is not used is over."
    )
    cookie_same_site: str = Field(
        "strict",
        pattern="^(strict|lax|none)$",
        description="`SameSite` of the refresh cookie: `none` where the tool pages are on another site.",
    )
    argon2_memory: int = Field(
        ARGON2_MEMORY, ge=8, le=1_048_576, description="KiB of memory that hashing one password takes."
    )
    argon2_passes: int = Field(ARGON2_PASSES, ge=1, le=20, description="How often hashing goes over that memory.")

    def problems(self) -> Iterator[str]:
        """What does not go together."""
        yield from super().problems()
        if self.jwt_secret is not None and len(self.jwt_secret.encode()) < MIN_SECRET_BYTES:
            yield f"JWT_SECRET must be at least {MIN_SECRET_BYTES} bytes"
        if self.in_development:
            return
        if self.jwt_keys is None and self.jwt_secret is None:
            yield "JWT_KEYS must be set in production; make the file with: python -m app keys create FILE"
        if self.argon2_memory < ARGON2_MEMORY or self.argon2_passes < ARGON2_PASSES:
            yield f"ARGON2_MEMORY and ARGON2_PASSES must be at least {ARGON2_MEMORY} and {ARGON2_PASSES}"

    @property
    def signing_keys(self) -> Path | None:
        """The file of the signing keys; without one, and without a shared secret, development's own."""
        if self.jwt_keys is None and self.jwt_secret is None:
            return self.data_dir / "jwt-keys.json"
        return self.jwt_keys

    @property
    def token_lifetime(self) -> timedelta:
        """Lifetime of an access token."""
        return timedelta(seconds=self.jwt_expiry)
