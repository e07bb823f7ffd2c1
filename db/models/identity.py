"""Rows of people and organisations."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.viewer import Role


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can sign in. ``guided_organization_ids`` is empty for all but gurus.

    ``deactivated_at``: since when the person cannot sign in. ``tokens_valid_from``: access tokens issued before that
    moment are refused; ``None`` where every one is taken.
    """

    id: UUID
    email: str
    full_name: str
    role: Role
    organization_id: UUID | None
    guided_organization_ids: tuple[UUID, ...]
    created_at: datetime
    last_login_at: datetime | None
    deactivated_at: datetime | None = None
    tokens_valid_from: datetime | None = None

    def accepts_token_of(self, issued: float) -> bool:
        """Whether an access token that was issued then (seconds of the epoch) still identifies this person."""
        if self.deactivated_at is not None:
            return False
        return self.tokens_valid_from is None or self.tokens_valid_from.timestamp() <= issued


@dataclass(frozen=True, slots=True)
class Company:
    """An organisation: the tenant."""

    id: UUID
    name: str
    slug: str | None
    industry: str | None
    size: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Team:
    """A named group of people within an organisation."""

    id: UUID
    organization_id: UUID
    name: str
    lead_user_id: UUID | None
    member_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that lasts. ``method`` is what proved who it was; ``expires_at`` moves on while it is used."""

    id: UUID
    user_id: UUID
    method: str
    address: str | None
    agent: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that can still be accepted. ``invited_by`` is ``None`` where an operator sent it."""

    id: UUID
    email: str
    full_name: str | None
    role: Role
    organization_id: UUID | None
    invited_by: UUID | None
    created_at: datetime
    expires_at: datetime
