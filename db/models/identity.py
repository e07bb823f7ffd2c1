"""Rows of people and organisations."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.viewer import Role


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can sign in. ``guided_organization_ids`` is empty for all but gurus."""

    id: UUID
    email: str
    full_name: str
    role: Role
    organization_id: UUID | None
    guided_organization_ids: tuple[UUID, ...]
    created_at: datetime
    last_login_at: datetime | None


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
