"""How somebody gets in before anybody is in: an operator makes a link with the owner's database login."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import AccountError, account_id, create_organization, organization_id
from db.viewer import Role
from resolvers.invitations import INVITATION_LASTS
from resolvers.mail_addresses import normalised
from resolvers.one_time_tokens import digest, new_token
from resolvers.password_resets import RESET_LASTS


async def invite(connection: AsyncConnection, email: str, role: Role, organization: str | None, now: datetime) -> str:
    """The token of an invitation into an organisation, which is made if its slug is new; a platform admin belongs to
    none. Raises ``AccountError`` for an address that has an account, and for a role without its organisation.
    """
    address = normalised(email)
    if await account_id(connection, address):
        raise AccountError(
            f"{address} has an account already. Set its password: python -m app user reset --email {address}"
        )
    if (role is Role.PLATFORM_ADMIN) == (organization is not None):
        raise AccountError(
            "A platform admin has no organisation, everybody else has one: --organization", "organization"
        )
    company: UUID | None = None
    if organization is not None:
        company = await organization_id(connection, organization)
        company = company or await create_organization(connection, organization, organization)
    token = new_token()
    await connection.execute(
        text(
            "UPDATE authentication.invitations SET revoked_at = :now WHERE email = :email"
            " AND organization_id IS NOT DISTINCT FROM :company AND accepted_at IS NULL AND revoked_at IS NULL"
        ),
        {"now": now, "email": address, "company": company},
    )
    await connection.execute(
        text(
            "INSERT INTO authentication.invitations (email, role, organization_id, digest, created_at, expires_at)"
            " VALUES (:email, :role, :company, :digest, :now, :until)"
        ),
        {
            "email": address,
            "role": role.value,
            "company": company,
            "digest": digest(token),
            "now": now,
            "until": now + INVITATION_LASTS,
        },
    )
    return token


async def allow_reset(connection: AsyncConnection, email: str, now: datetime) -> str:
    """The token that sets a password for an account, whether or not it has had one. Raises ``AccountError``."""
    found = await account_id(connection, normalised(email))
    if found is None:
        raise AccountError(
            f"No account for {email}. Invite somebody: python -m app user invite --email {email} --role …"
        )
    token = new_token()
    await connection.execute(
        text(
            "INSERT INTO authentication.password_resets (user_id, digest, requested_at, expires_at)"
            " VALUES (:id, :digest, :now, :until)"
            " ON CONFLICT (user_id) DO UPDATE SET digest = :digest, requested_at = :now, expires_at = :until"
        ),
        {"id": found, "digest": digest(token), "now": now, "until": now + RESET_LASTS},
    )
    return token
