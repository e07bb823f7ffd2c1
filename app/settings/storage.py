"""Where rows, counters and keys are, and how long the audit trail is kept."""

from collections.abc import Iterator

from pydantic import Field, field_validator
from redis import Redis
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.settings.forms import Group
from db.encryption import KeyRing

AUDIT_RETENTION_DAYS = 2_557
"""What ``AUDIT_RETENTION`` is unless it is set: seven years."""

DEVELOPMENT_ENCRYPTION_KEY = "development:ZGV2ZWxvcG1lbnQtb25seS1lbmNyeXB0aW9uLWtleSE="
"""Public; production refuses it."""


class Storing(Group):
    """Settings of what is kept."""

    database_url: str | None = Field(
        None,
        description="PostgreSQL 15 or newer, as the owner of the schema; embedded PostgreSQL without it.",
    )
    gateway_database_url: str | None = Field(
        None,
        description="The same database as the gateway's low-privilege login; made from DATABASE_URL without it.",
    )
    database_pool_size: int = Field(10, ge=1, le=200, description="Most connections of one process.")
    redis_url: str | None = Field(
        None, description="Redis that counts requests and attempts for all gateways; PostgreSQL does without it."
    )
    encryption_keys: str = Field(
        DEVELOPMENT_ENCRYPTION_KEY,
        repr=False,
        description="Keys that protect sensitive answers: `id:base64`, separated by commas; the first is the newest.",
    )
    audit_retention: int = Field(
        AUDIT_RETENTION_DAYS,
        ge=365,
        le=36_525,
        description="Days that the audit trail is kept, at least a year: what `audit prune` leaves alone.",
    )

    @field_validator("database_url", "gateway_database_url")
    @classmethod
    def _postgresql(cls, value: str | None) -> str | None:
        if not value:
            return None
        try:
            url = make_url(value.replace("postgres://", "postgresql://", 1))
        except (ArgumentError, ValueError) as error:  # ValueError: a port that is none
            raise ValueError("is no URL; one looks like postgresql://user:password@host:5432/name") from error
        if url.get_backend_name() != "postgresql":
            raise ValueError(f"names {url.get_backend_name()!r}; only postgresql:// will do")
        return url.set(drivername="postgresql").render_as_string(hide_password=False)

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str | None) -> str | None:
        try:
            Redis.from_url(value or "redis://").close()
        except ValueError as error:
            raise ValueError("is no URL of a Redis; one looks like redis://:password@host:6379/0") from error
        return value

    @field_validator("encryption_keys")
    @classmethod
    def _keys(cls, value: str) -> str:
        KeyRing.parse(value)
        return value

    def problems(self) -> Iterator[str]:
        """What does not go together."""
        yield from super().problems()
        if self.in_development:
            return
        if not self.database_url and not self.gateway_database_url:
            yield "DATABASE_URL or GATEWAY_DATABASE_URL must be set in production"
        public = KeyRing.parse(DEVELOPMENT_ENCRYPTION_KEY).newest.secret
        if any(key.secret == public for key in self.key_ring.keys):
            yield "ENCRYPTION_KEYS must be set in production; the development key is public"

    @property
    def key_ring(self) -> KeyRing:
        """The keys that wrap the data keys of sensitive answers."""
        return KeyRing.parse(self.encryption_keys)
