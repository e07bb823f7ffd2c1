"""Settings, read from the environment once, when the process starts. Nothing else reads the environment."""

import re
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from redis import Redis
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from db.encryption import KeyRing
from graphql_api.limits import (
    LIMITS,
    MAX_COST,
    REQUESTS_PER_ADDRESS,
    REQUESTS_PER_ORGANIZATION,
    REQUESTS_PER_SERVICE_KEY,
    REQUESTS_PER_USER,
    Mode,
)
from graphql_api.negotiation import Profile
from integrations.mail import SmtpServer
from resolvers.learnworlds.school import SIGN_IN_FAILED
from resolvers.password_hashing import ARGON2_MEMORY, ARGON2_PASSES

MIN_SECRET_BYTES = 32
MIN_WEBHOOK_SECRET_BYTES = 16
"""Less than ours, because LearnWorlds itself makes the value."""

AUDIT_RETENTION_DAYS = 2_557
"""What ``AUDIT_RETENTION`` is unless it is set: seven years."""

STRICT_TRANSPORT_SECONDS = 31_536_000
"""What ``HSTS_MAX_AGE`` is unless it is set: a year."""

_ORIGIN = re.compile(r"https?://[a-z0-9._-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")
_SAFE_ORIGIN = re.compile(r"https://|http://(localhost|127\.0\.0\.1|\[::1\])(:|$)")

_SENDER = re.compile(r"([^<>@\r\n\",]+ <)?[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+>?")

_PAGE = re.compile(rf"(/(?!/)|({_ORIGIN.pattern})/)[!$-;=?-Z_a-z~]*")
"""A page of this host or of another, without a fragment."""

_MOST_REQUESTS = 10_000_000

DEVELOPMENT_ENCRYPTION_KEY = "development:ZGV2ZWxvcG1lbnQtb25seS1lbmNyeXB0aW9uLWtleSE="
"""Public; production refuses it."""

DEVELOPMENT_SSO_SECRET = "public-secret-of-the-school-on-your-own-machine"  # noqa: S105  # everybody knows it
DEVELOPMENT_WEBHOOK_SECRET = "public-webhooks-of-the-school-on-your-own-machine"  # noqa: S105
"""What the school at /dev/learnworlds signs with; production refuses both."""


class Environment(StrEnum):
    """Where the process runs. Development conveniences exist only in the first."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class WebhookMode(StrEnum):
    """How webhooks of LearnWorlds prove where they are from: with a shared value, or with a signature of the body."""

    SHARED = "shared"
    SIGNED = "signed"


class SettingsError(Exception):
    """A setting is missing or wrong; the message names each one and what would be right."""


class Settings(BaseSettings):
    """Every setting. The names of the environment variables are these in upper case; an empty one counts as not set."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    environment: Environment = Field(
        Environment.DEVELOPMENT,
        description="`development` or `production`; production refuses development secrets.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    data_dir: Path = Field(Path(".data"), description="Folder of the embedded PostgreSQL.")
    database_url: str | None = Field(
        None,
        description="PostgreSQL 15 or newer, as the owner of the schema; embedded PostgreSQL without it.",
    )
    gateway_database_url: str | None = Field(
        None,
        description="The same database as the gateway's low-privilege login; made from DATABASE_URL without it.",
    )
    database_pool_size: int = Field(10, ge=1, le=200, description="Most connections of one process.")
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
    public_url: str | None = Field(
        None, description="Address of this gateway as people reach it, for links in mails; HOST and PORT without it."
    )
    smtp_url: str | None = Field(
        None,
        description="SMTP server: `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte.",
    )
    mail_from: str | None = Field(None, description="Sender of mails, `Name <address>`; needed with SMTP_URL.")
    mail_templates: Path | None = Field(None, description="Folder of mail templates that replace ours.")
    reset_url: str | None = Field(
        None, description="Your page that sets a new password, with `{token}` in it; ours without it."
    )
    invitation_url: str | None = Field(
        None, description="Your page that accepts an invitation, with `{token}` in it; ours without it."
    )
    learnworlds_sso_secret: str | None = Field(
        None, description="Secret that the school signs sign-ins with; without it nobody signs in by LearnWorlds."
    )
    learnworlds_webhook_secret: str | None = Field(
        None, description="Secret of the school's webhooks; without it they are refused."
    )
    learnworlds_webhook_mode: WebhookMode = Field(
        WebhookMode.SHARED,
        description="`shared`: webhooks carry the secret; `signed`: HMAC-SHA256 of their body.",
    )
    learnworlds_courses: Path | None = Field(
        None, description="TOML file of the tools that courses open; `db/catalogue/courses.toml` without it."
    )
    sign_in_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins whose pages a sign-in from LearnWorlds may end at, separated by commas."
    )
    sign_in_error_page: str = Field(
        SIGN_IN_FAILED, description="Page that a failed sign-in ends at, with `error=CODE` (docs/sign-in.md)."
    )
    audit_retention: int = Field(
        AUDIT_RETENTION_DAYS,
        ge=365,
        le=36_525,
        description="Days that the audit trail is kept, at least a year: what `audit prune` leaves alone.",
    )
    redis_url: str | None = Field(
        None, description="Redis that counts requests and attempts for all gateways; PostgreSQL does without it."
    )
    rate_limit_per_address: int = Field(
        REQUESTS_PER_ADDRESS, ge=0, le=_MOST_REQUESTS, description="Requests a minute from one address; 0: any number."
    )
    rate_limit_per_user: int = Field(
        REQUESTS_PER_USER, ge=0, le=_MOST_REQUESTS, description="Requests a minute of one person; 0: any number."
    )
    rate_limit_per_organization: int = Field(
        REQUESTS_PER_ORGANIZATION,
        ge=0,
        le=_MOST_REQUESTS,
        description="Requests a minute of one organisation; 0: any number.",
    )
    rate_limit_per_service_key: int = Field(
        REQUESTS_PER_SERVICE_KEY,
        ge=0,
        le=_MOST_REQUESTS,
        description="Requests a minute with one service key; 0: any number.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Networks of proxies whose X-Forwarded-For and -Proto are believed, separated by commas.",
    )
    encryption_keys: str = Field(
        DEVELOPMENT_ENCRYPTION_KEY,
        repr=False,
        description="Keys that protect sensitive answers: `id:base64`, separated by commas; the first is the newest.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins whose pages may call the gateway, separated by commas."
    )
    hsts_max_age: int | None = Field(
        None,
        ge=0,
        description="Seconds of `Strict-Transport-Security`, in production; without it a year, behind https only.",
    )
    graphql_http_profile: Profile = Field(
        Profile.DEFAULT,
        description="Statuses of `/graphql`: `default`, or `draft-2026` for 422 and 294 (docs/http.md).",
    )
    max_cost: int = Field(MAX_COST, ge=100, le=1_000_000, description="Most that one operation may cost.")
    cost_mode: Mode = Field(
        Mode.ENFORCE, description="`enforce` refuses operations that cost more; `measure` only counts them."
    )
    measured_limits: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Limits of documents that are only counted, separated by commas (docs/limits.md)."
    )
    stored_documents: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="Manifests of documents (Apollo's or Relay's format), separated by commas (docs/documents.md)."
    )
    trusted_documents_only: bool = Field(
        False, description="Execute only documents of the manifests and of the REST routes (docs/documents.md)."
    )
    explorer: bool | None = Field(
        None, description="Serve the pages `/graphiql` and `/docs`; in development they are served unless it says no."
    )
    log_level: str = Field("info", pattern="^(critical|error|warning|info|debug)$", description="Least level logged.")

    @field_validator(
        "cors_origins", "sign_in_origins", "trusted_proxies", "measured_limits", "stored_documents", mode="before"
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("cors_origins", "sign_in_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for number, origin in enumerate(value, 1):
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"entry {number} is no origin; one looks like https://tools.example.org, in lower case"
                )
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for number, network in enumerate(value, 1):
            try:
                everybody = ip_network(network).prefixlen == 0
            except ValueError as error:
                raise ValueError(f"entry {number} is no network; one looks like 10.0.0.0/8 or fd00::/8") from error
            if everybody:
                raise ValueError(f"entry {number} is the whole internet; name the proxies' own network")
        return value

    @field_validator("measured_limits")
    @classmethod
    def _limits(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in LIMITS:
                raise ValueError(f"{name!r:.40} is no limit; those are {', '.join(LIMITS)}")
        return value

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

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not _ORIGIN.fullmatch(value):
            raise ValueError("is no origin; one looks like https://graph.example.org, in lower case, without a path")
        return value

    @field_validator("reset_url", "invitation_url")
    @classmethod
    def _page_with_token(cls, value: str | None) -> str | None:
        if value is not None and (not value.startswith(("https://", "http://")) or "{token}" not in value):
            raise ValueError("is no such page; one looks like https://tools.example.org/reset#{token}")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: str | None) -> str | None:
        if value is not None:
            SmtpServer.at(value)
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str | None) -> str | None:
        if value is not None and not _SENDER.fullmatch(value):
            raise ValueError("is no sender; one looks like Fast Track <no-reply@example.org>")
        return value

    @field_validator("learnworlds_sso_secret", "learnworlds_webhook_secret")
    @classmethod
    def _secret(cls, value: str | None, given: ValidationInfo) -> str | None:
        least = MIN_SECRET_BYTES if given.field_name == "learnworlds_sso_secret" else MIN_WEBHOOK_SECRET_BYTES
        if value is not None and (len(value) < least or not (value.isascii() and value.isprintable())):
            raise ValueError(f"must be at least {least} printable ASCII characters")
        return value

    @field_validator("sign_in_error_page")
    @classmethod
    def _page(cls, value: str) -> str:
        if not _PAGE.fullmatch(value):
            raise ValueError("is no page; one looks like /sign-in-failed or https://tools.example.org/failed")
        return value

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

    @model_validator(mode="after")
    def _safe_in_production(self) -> "Settings":
        if self.jwt_secret is not None and len(self.jwt_secret.encode()) < MIN_SECRET_BYTES:
            raise ValueError(f"JWT_SECRET must be at least {MIN_SECRET_BYTES} bytes")
        if self.smtp_url is not None and self.mail_from is None:
            raise ValueError("MAIL_FROM must be set with SMTP_URL")
        if self.environment is Environment.DEVELOPMENT:
            return self
        if self.jwt_keys is None and self.jwt_secret is None:
            raise ValueError("JWT_KEYS must be set in production; make the file with: python -m app keys create FILE")
        if self.smtp_url is not None and not self.public_url and not (self.reset_url and self.invitation_url):
            raise ValueError("PUBLIC_URL must be set with SMTP_URL: mails have links")
        if self.argon2_memory < ARGON2_MEMORY or self.argon2_passes < ARGON2_PASSES:
            raise ValueError(f"ARGON2_MEMORY and ARGON2_PASSES must be at least {ARGON2_MEMORY} and {ARGON2_PASSES}")
        if not all(map(_SAFE_ORIGIN.match, self.cors_origins)):
            raise ValueError("CORS_ORIGINS must begin with https:// in production: their pages bring credentials")
        if not all(map(_SAFE_ORIGIN.match, self.sign_in_origins)):
            raise ValueError("SIGN_IN_ORIGINS must begin with https:// in production")
        public_secrets = (DEVELOPMENT_SSO_SECRET, DEVELOPMENT_WEBHOOK_SECRET)
        if self.learnworlds_sso_secret in public_secrets or self.learnworlds_webhook_secret in public_secrets:
            raise ValueError("LEARNWORLDS_SSO_SECRET and LEARNWORLDS_WEBHOOK_SECRET: development's own are public")
        if not self.database_url and not self.gateway_database_url:
            raise ValueError("DATABASE_URL or GATEWAY_DATABASE_URL must be set in production")
        public = KeyRing.parse(DEVELOPMENT_ENCRYPTION_KEY).newest.secret
        if any(key.secret == public for key in self.key_ring.keys):
            raise ValueError("ENCRYPTION_KEYS must be set in production; the development key is public")
        return self

    @property
    def sso_secret(self) -> str | None:
        """The secret of sign-ins; in development there is always one."""
        return self.learnworlds_sso_secret or (DEVELOPMENT_SSO_SECRET if self.in_development else None)

    @property
    def webhook_secret(self) -> str | None:
        """The secret of webhooks; in development there is always one."""
        return self.learnworlds_webhook_secret or (DEVELOPMENT_WEBHOOK_SECRET if self.in_development else None)

    @property
    def in_development(self) -> bool:
        """Whether development conveniences are offered."""
        return self.environment is Environment.DEVELOPMENT

    @property
    def smtp(self) -> SmtpServer | None:
        """The server that mail is handed to."""
        return SmtpServer.at(self.smtp_url) if self.smtp_url else None

    @property
    def public_address(self) -> str:
        """This gateway's address for people, without a slash at its end."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def strict_transport_seconds(self) -> int:
        """How long browsers shall insist on https; 0 says nothing about it."""
        if self.in_development:
            return 0
        return STRICT_TRANSPORT_SECONDS if self.hsts_max_age is None else self.hsts_max_age

    @property
    def signing_keys(self) -> Path | None:
        """The file of the signing keys; without one, and without a shared secret, development's own."""
        if self.jwt_keys is None and self.jwt_secret is None:
            return self.data_dir / "jwt-keys.json"
        return self.jwt_keys

    @property
    def serves_explorer(self) -> bool:
        """Whether the pages for people are there. What they show of the graph is up to who is signed in."""
        return self.in_development if self.explorer is None else self.explorer

    @property
    def key_ring(self) -> KeyRing:
        """The keys that wrap the data keys of sensitive answers."""
        return KeyRing.parse(self.encryption_keys)

    @property
    def token_lifetime(self) -> timedelta:
        """Lifetime of an access token."""
        return timedelta(seconds=self.jwt_expiry)


def read_settings() -> Settings:
    """The settings of this process; raises ``SettingsError`` naming each wrong one, never its value."""
    try:
        return Settings()  # type: ignore[call-arg]  # every value comes from the environment
    except ValidationError as error:
        lines = [
            f"  {'.'.join(str(part) for part in item['loc']).upper() or 'SETTINGS'}: "
            + item["msg"].removeprefix("Value error, ")
            for item in error.errors(include_input=False)
        ]
        raise SettingsError("These settings are wrong:\n" + "\n".join(lines)) from None
