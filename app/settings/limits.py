"""How much may be asked, and which documents."""

from pydantic import Field, field_validator

from app.settings.forms import CommaSeparated, CommaSeparatedPaths, Group
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

_MOST_REQUESTS = 10_000_000


class Limiting(Group):
    """Settings of limits."""

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
    max_cost: int = Field(MAX_COST, ge=100, le=1_000_000, description="Most that one operation may cost.")
    cost_mode: Mode = Field(
        Mode.ENFORCE, description="`enforce` refuses operations that cost more; `measure` only counts them."
    )
    measured_limits: CommaSeparated = Field(
        (), description="Limits of documents that are only counted, separated by commas (docs/limits.md)."
    )
    graphql_http_profile: Profile = Field(
        Profile.DEFAULT,
        description="Statuses of `/graphql`: `default`, or `draft-2026` for 422 and 294 (docs/http.md).",
    )
    stored_documents: CommaSeparatedPaths = Field(
        (), description="Manifests of documents (Apollo's or Relay's format), separated by commas (docs/documents.md)."
    )
    trusted_documents_only: bool = Field(
        False, description="Execute only documents of the manifests and of the REST routes (docs/documents.md)."
    )

    @field_validator("measured_limits")
    @classmethod
    def _limits(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in LIMITS:
                raise ValueError(f"{name!r:.40} is no limit; those are {', '.join(LIMITS)}")
        return value
