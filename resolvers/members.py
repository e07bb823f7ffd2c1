"""Managing people: their roles, whom a guru looks after, and who may sign in at all."""

from uuid import UUID

from db.database import Transaction
from db.models.identity import Account
from db.permissions import Permission
from db.statements import accounts as sql
from db.statements import sessions
from db.viewer import Role
from resolvers.auditing import record_event
from resolvers.context import Context
from resolvers.identity import find_account, find_company
from resolvers.permissions import require
from resolvers.refusals import NotAllowed, NotFound


async def change_role(context: Context, user_id: UUID, role: Role) -> Account:
    """Give somebody another role. Their access tokens stop at once; the next refresh gives one of the new role.

    Who is a guru no longer looks after nobody any more. Raises ``NotAllowed``, also for one's own role and for the
    platform's admins, and ``NotFound``.
    """
    person = await _managed(context, user_id)
    if Role.PLATFORM_ADMIN in (role, person.role) and context.signed_in().role is not Role.PLATFORM_ADMIN:
        raise NotAllowed("Only a platform admin can make or unmake a platform admin.")
    if person.role is role:
        return person
    now = context.clock()
    async with context.database.transaction(context.viewer) as transaction:
        _found(await transaction.fetch_row(sql.CHANGE_ROLE, user_id, role.value, now))
        if person.role is Role.GURU:
            await transaction.fetch(sql.UNASSIGN_GURU, user_id, None)
        await _record(context, transaction, "role_changed", person, {"from": person.role.value, "to": role.value})
    return await _again(context, user_id)


async def deactivate_user(context: Context, user_id: UUID) -> Account:
    """Let somebody sign in no more: every session and every access token of theirs ends at once; their work stays.

    Raises ``NotAllowed``, also for oneself, and ``NotFound``.
    """
    person = await _managed(context, user_id)
    now = context.clock()
    async with context.database.transaction(context.viewer) as transaction:
        _found(await transaction.fetch_row(sql.DEACTIVATE, user_id, now))
        await transaction.fetch(sessions.END_SESSIONS, user_id, None, "deactivated", now)
        if person.deactivated_at is None:
            await _record(context, transaction, "deactivated", person)
    return await _again(context, user_id)


async def reactivate_user(context: Context, user_id: UUID) -> Account:
    """Let somebody sign in again. Raises ``NotAllowed``, ``NotFound``."""
    person = await _managed(context, user_id)
    async with context.database.transaction(context.viewer) as transaction:
        _found(await transaction.fetch_row(sql.REACTIVATE, user_id, context.clock()))
        if person.deactivated_at is not None:
            await _record(context, transaction, "reactivated", person)
    return await _again(context, user_id)


async def assign_guru(context: Context, user_id: UUID, organization_id: UUID | None) -> Account:
    """Have a guru look after an organisation, the viewer's own if none is named.

    Raises ``NotAllowed`` for anybody who is no guru, and ``NotFound`` for a person or an organisation that the viewer
    does not manage.
    """
    guru, organization = await _guru_and_organization(context, user_id, organization_id)
    async with context.database.transaction(context.viewer) as transaction:
        await transaction.fetch(sql.ASSIGN_GURU, guru.id, organization, context.clock())
        await _record(context, transaction, "guru_assigned", guru, {"organization": str(organization)})
    return await _again(context, user_id)


async def unassign_guru(context: Context, user_id: UUID, organization_id: UUID | None) -> Account:
    """Have a guru look after an organisation no more, the viewer's own if none is named. Raises as ``assign_guru``."""
    guru, organization = await _guru_and_organization(context, user_id, organization_id)
    async with context.database.transaction(context.viewer) as transaction:
        if await transaction.fetch(sql.UNASSIGN_GURU, guru.id, organization):
            await _record(context, transaction, "guru_unassigned", guru, {"organization": str(organization)})
    return await _again(context, user_id)


async def _managed(context: Context, user_id: UUID) -> Account:
    """Somebody whom the viewer manages."""
    require(context, Permission.MANAGE_ACCOUNTS)
    person = await find_account(context, user_id)
    if person is None:
        raise NotFound("User not found")
    if person.id == context.signed_in().id:
        raise NotAllowed("Your own account has to be changed by another admin.")
    return person


async def _guru_and_organization(context: Context, user_id: UUID, organization_id: UUID | None) -> tuple[Account, UUID]:
    require(context, Permission.ASSIGN_GURUS)
    guru, company = await find_account(context, user_id), await find_company(context, organization_id)
    if guru is None:
        raise NotFound("User not found")
    if company is None:
        raise NotFound("Organisation not found")
    if guru.role is not Role.GURU:
        raise NotAllowed(f"{guru.full_name} is no guru. Change the role first.")
    return guru, company.id


def _found(row: object) -> None:
    if row is None:  # seen, but not the viewer's to change
        raise NotFound("User not found")


async def _record(
    context: Context, transaction: Transaction, action: str, person: Account, details: dict[str, str] | None = None
) -> None:
    await record_event(
        context, transaction, action, ("user", person.id), details, organization_id=person.organization_id
    )


async def _again(context: Context, user_id: UUID) -> Account:
    context.loaders.accounts.clear_where(lambda key: key == user_id)
    person = await find_account(context, user_id)
    if person is None:
        raise NotFound("User not found")
    return person
