"""Creating organisations and accounts, as the owner of the database: for operators and for development."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.catalogue import Catalogue
from db.viewer import Role
from resolvers.mail_addresses import normalised
from resolvers.refusals import InvalidInput


class AccountError(Exception):
    """An account could not be made; the message says why, ``about`` which of its parts is wrong."""

    def __init__(self, message: str, about: str = "email") -> None:
        super().__init__(message)
        self.about = about


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is needed to make an account."""

    email: str
    full_name: str
    role: Role
    organization_id: UUID | None
    timezone: str | None = None
    language: str = "en"


async def organization_id(connection: AsyncConnection, slug: str) -> UUID | None:
    """The organisation with this slug."""
    found: UUID | None = await connection.scalar(
        text("SELECT id FROM organizations.companies WHERE slug = :slug"), {"slug": slug}
    )
    return found


async def create_organization(
    connection: AsyncConnection, slug: str, name: str, industry: str | None = None, size: str | None = None
) -> UUID:
    """A new organisation. Raises ``AccountError`` for a slug that would not stand in a URL."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise AccountError(f"{slug!r} cannot be an organisation's slug; use lower case, digits and hyphens.")
    created: UUID = await connection.scalar(
        text(
            "INSERT INTO organizations.companies (slug, name, industry, size)"
            " VALUES (:slug, :name, :industry, :size) RETURNING id"
        ),
        {"slug": slug, "name": name, "industry": industry, "size": size},
    )
    return created


async def create_account(connection: AsyncConnection, catalogue: Catalogue, new: NewAccount) -> UUID:
    """A new account with a progress row for each tool, the first of them open; a guru is assigned its organisation.

    Raises ``AccountError`` for an address that is none, or is taken.
    """
    try:
        email = normalised(new.email)
    except InvalidInput as error:
        raise AccountError(str(error)) from error
    if not new.full_name.strip() or len(new.full_name) > 255 or "\x00" in new.full_name:
        raise AccountError("A name has 1 to 255 characters.", "name")
    slugs, opened = catalogue.for_newcomers
    created: UUID | None = await connection.scalar(
        text(
            "SELECT users.create_account(:email, :name, :role, :organization, :timezone, :language,"
            " CAST(:slugs AS text[]), CAST(:opened AS boolean[]))"
        ),
        {
            "email": email,
            "name": new.full_name.strip(),
            "role": new.role.value,
            "organization": new.organization_id,
            "timezone": new.timezone,
            "language": new.language,
            "slugs": slugs,
            "opened": opened,
        },
    )
    if created is None:
        raise AccountError(f"{email} has an account already.")
    return created


async def account_id(connection: AsyncConnection, email: str) -> UUID | None:
    """The account with this address; none for what is no address."""
    try:
        address = normalised(email)
    except InvalidInput:
        return None
    found: UUID | None = await connection.scalar(
        text("SELECT id FROM users.accounts WHERE email = :email"), {"email": address}
    )
    return found
