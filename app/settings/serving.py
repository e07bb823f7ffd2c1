"""What the server listens on, and what browsers, proxies and operators are told."""

from collections.abc import Iterator
from ipaddress import ip_network

from pydantic import Field, field_validator

from app.settings.forms import ORIGIN, SAFE_ORIGIN, CommaSeparated, Group, Origins

STRICT_TRANSPORT_SECONDS = 31_536_000
"""What ``HSTS_MAX_AGE`` is unless it is set: a year."""

MIN_METRICS_TOKEN = 16
"""Least characters of ``METRICS_TOKEN``."""


class Serving(Group):
    """Settings of the server."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    public_url: str | None = Field(
        None, description="Address of this gateway as people reach it, for links in mails; HOST and PORT without it."
    )
    cors_origins: Origins = Field((), description="Origins whose pages may call the gateway, separated by commas.")
    trusted_proxies: CommaSeparated = Field(
        (),
        description="Networks of proxies whose X-Forwarded-For and -Proto are believed, separated by commas.",
    )
    hsts_max_age: int | None = Field(
        None,
        ge=0,
        description="Seconds of `Strict-Transport-Security`, in production; without it a year, behind https only.",
    )
    explorer: bool | None = Field(
        None, description="Serve the pages `/graphiql` and `/docs`; in development they are served unless it says no."
    )
    metrics_token: str | None = Field(
        None,
        min_length=MIN_METRICS_TOKEN,
        repr=False,
        description="Bearer token of who may read `/metrics`; without one there are none in production.",
    )
    log_level: str = Field("info", pattern="^(critical|error|warning|info|debug)$", description="Least level logged.")

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

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not ORIGIN.fullmatch(value):
            raise ValueError("is no origin; one looks like https://graph.example.org, in lower case, without a path")
        return value

    def problems(self) -> Iterator[str]:
        """What does not go together."""
        yield from super().problems()
        if not self.in_development and not all(map(SAFE_ORIGIN.match, self.cors_origins)):
            yield "CORS_ORIGINS must begin with https:// in production: their pages bring credentials"

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
    def serves_explorer(self) -> bool:
        """Whether the pages for people are there. What they show of the graph is up to who is signed in."""
        return self.in_development if self.explorer is None else self.explorer
