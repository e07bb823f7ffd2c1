"""Invitations: how an account comes to be that no school signs in. An admin sends one, a token accepts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from db.models.identity import Invitation
from db.permissions import Permission
from db.statements import passwords as sql
from db.viewer import ANONYMOUS, Role
from resolvers.auditing import record_event
from resolvers.context import Context
from resolvers.identity import MAX_PAGE, find_company
from resolvers.mail import Letter, LetterKind, post
from resolvers.mail_addresses import normalised
from resolvers.one_time_tokens import digest, new_token
from resolvers.password_rules import accepted_name, accepted_password
from resolvers.permissions import require
from resolvers.refusals import BadArgument, InvalidInput, NotAllowed, NotFound, Problem
from resolvers.sessions import SignInMethod, start_session
from resolvers.signing_in import SignIn
from resolvers.throttling import INVITE, throttle
from resolvers.time_cursor import read_time_cursor, time_cursor

INVITATION_LASTS = timedelta(days=7)
"""How long an invitation can be accepted."""


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """One page of open invitations. ``total`` is the size of the whole list, where it was asked for."""

    invitations: Sequence[Invitation]
    has_next: bool
    total: int | None


async def invite_member(
    context: Context, email: str, role: Role, full_name: str | None = None, organization_id: UUID | None = None
) -> Invitation:
    """Invite somebody by mail into an organisation, without an id the viewer's own. Who is invited there again has one
    invitation, the newer. A platform admin belongs to no organisation, and is invited by one only.

    Whether the address has an account elsewhere makes no difference. Raises ``NotAllowed``, ``NotFound`` for an
    organisation that is not the viewer's to invite to, ``InvalidInput``, and ``RateLimited``.
    """
    require(context, Permission.MANAGE_ACCOUNTS)
    context.services.mailer.require()
    viewer = context.signed_in()
    if role is Role.PLATFORM_ADMIN and viewer.role is not Role.PLATFORM_ADMIN:
        raise NotAllowed("Only a platform admin can invite a platform admin.")
    company = None
    if role is not Role.PLATFORM_ADMIN:
        company = await find_company(context, organization_id)
        if company is None:
            raise NotFound("Organisation not found" if organization_id else "Say into which organisation.")
    address = normalised(email)
    name = accepted_name(full_name, "fullName") if full_name is not None else None
    await throttle(context, INVITE, viewer.email)
    token, now = new_token(), context.clock()
    company_id = company.id if company else None
    async with context.database.transaction(context.viewer) as transaction:
        member = await transaction.fetch_row(sql.IS_MEMBER, address)
        if member and member["found"]:
            raise InvalidInput([Problem("email", f"{address} has an account already.")])
        await transaction.fetch(sql.SUPERSEDE, address, company_id, now)
        row = await transaction.fetch_row(
            sql.INVITE, address, name, role.value, company_id, digest(token), viewer.id, now, now + INVITATION_LASTS
        )
        assert row is not None
        details = {"email": address, "role": role.value}
        entity = ("invitation", row["id"])
        await record_event(context, transaction, "member_invited", entity, details)
    letter = Letter(
        LetterKind.INVITATION, address, name or "", token, viewer.full_name, company.name if company else ""
    )
    post(context.services.mailer, letter)
    return Invitation(row["id"], address, name, role, company_id, viewer.id, now, now + INVITATION_LASTS)


async def open_invitations(
    context: Context, *, first: int, after: str | None, organization_id: UUID | None, counted: bool
) -> InvitationPage:
    """Invitations that can still be accepted, the newest first, of those that the viewer may see: an admin those of
    their organisation. Raises ``BadArgument`` for a bad page size or cursor.
    """
    if not 0 <= first <= MAX_PAGE:
        raise BadArgument("first", f"A page has 0 to {MAX_PAGE} invitations, not {first}.")
    at, invitation_id = read_time_cursor(after) if after is not None else (None, None)
    if context.account is None:
        return InvitationPage((), has_next=False, total=0)
    rows = await context.database.reader(context.viewer)(
        sql.invitations(counted=counted, continued=after is not None),
        organization_id,
        context.clock(),
        first + 1,
        at,
        invitation_id,
    )
    found = [_invitation(row) for row in rows if row["id"]]
    return InvitationPage(found[:first], len(found) > first, rows[0]["total"] if rows else 0)


async def revoke_invitation(context: Context, invitation_id: UUID) -> UUID:
    """Make an open invitation worth nothing. Raises ``NotAllowed``, and ``NotFound`` for one that is not open, or not
    the viewer's to revoke."""
    require(context, Permission.MANAGE_ACCOUNTS)
    async with context.database.transaction(context.viewer) as transaction:
        row = await transaction.fetch_row(sql.REVOKE, invitation_id, context.clock())
        if row is None:
            raise NotFound("There is no such invitation. It may have been accepted or revoked already.")
        await record_event(
            context, transaction, "invitation_revoked", ("invitation", invitation_id), {"email": row["email"]}
        )
    return invitation_id


async def accept_invitation(context: Context, token: str, full_name: str, password: str) -> SignIn:
    """Make the account that a token invites to, and begin a session. Raises ``InvalidInput`` at ``token``,
    ``fullName`` or ``password``; the invitation is not used up then."""
    now = context.clock()
    async with context.database.transaction(ANONYMOUS) as transaction:
        invited = await transaction.fetch_row(sql.INVITATION_OF, digest(token), now)
    if invited is None:
        raise _dead_token()
    name = accepted_name(full_name, "fullName")
    accepted = accepted_password(password, "password", invited["email"], name)
    new_hash = await context.services.passwords.hash(accepted)
    async with context.database.transaction(ANONYMOUS) as transaction:
        row = await transaction.fetch_row(
            sql.ACCEPT,
            digest(token),
            name,
            new_hash,
            *context.catalogue.for_newcomers,
            now,
            context.origin.address,
            context.origin.agent,
        )
    assert row is not None
    if row["outcome"] == "taken":
        message = f"{invited['email']} has an account already. Sign in with it, or ask for a new password."
        raise InvalidInput([Problem("token", message)])
    if row["outcome"] != "accepted":
        raise _dead_token()
    return await start_session(context, row["of_user"], SignInMethod.INVITATION)


def cursor(invitation: Invitation) -> list[str]:
    """Where a page that ends with this invitation goes on."""
    return time_cursor(invitation.created_at, invitation.id)


def _invitation(row: Any) -> Invitation:
    return Invitation(
        row["id"],
        row["email"],
        row["full_name"],
        Role(row["role"]),
        row["organization_id"],
        row["invited_by"],
        row["created_at"],
        row["expires_at"],
    )


def _dead_token() -> InvalidInput:
    days = INVITATION_LASTS // timedelta(days=1)
    message = f"This invitation has been used or revoked, or is older than {days} days. Ask for a new one."
    return InvalidInput([Problem("token", message)])
