"""Making service keys, listing and revoking them, and saying whom one may ask for. For admins."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from db.database import Record
from db.models.service_keys import Behalf, ServiceKey
from db.permissions import Permission
from db.statements import service_keys as sql
from resolvers.auditing import record_event
from resolvers.context import Context
from resolvers.identity import find_company
from resolvers.permissions import require
from resolvers.refusals import InvalidInput, NotFound, Problem
from resolvers.service_keys.checking import NewServiceKey, known_tools, problems_of, unknown_tools
from resolvers.service_keys.scope import EVERY_TOOL
from resolvers.service_keys.secret import KeyText, new_key

MAX_KEYS = 100
"""Keys of one organisation that are neither revoked nor past their time."""

MAX_LISTED_KEYS = 100
"""Keys of one list: every good one, and the newest of those that were."""

MAX_GRANT = timedelta(days=31)
"""How long a key may go on asking for a person without being granted it anew."""


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key, and for this once the key in full."""

    key: ServiceKey
    text: KeyText = field(repr=False)


@dataclass(frozen=True, slots=True)
class Granted:
    """For whom a key may ask now, and until when."""

    user_id: UUID
    until: datetime


async def create_service_key(context: Context, new: NewServiceKey) -> CreatedKey:
    """A key for the viewer's organisation, or for the one that a platform admin names.

    Raises ``NotAllowed``, ``NotFound`` for an organisation, and ``InvalidInput`` with every problem there is.
    """
    require(context, Permission.MANAGE_SERVICE_KEYS)
    company = await find_company(context, new.organization_id)
    if company is None:
        raise NotFound("Organisation not found")
    now = context.clock()
    if problems := await problems_of(context, new, company.id, now):
        raise InvalidInput(problems)
    tools = None if new.tools is None else known_tools(context, new.tools)
    text = new_key()
    async with context.database.transaction(context.viewer) as transaction:
        live = await transaction.fetch_row(sql.LIVE, company.id, now)
        if live is None or live["count"] >= MAX_KEYS:
            problem = f"An organisation has at most {MAX_KEYS} keys. Revoke those that nobody uses."
            raise InvalidInput([Problem("name", problem)])
        row = await transaction.fetch_row(
            sql.CREATE,
            text.prefix,
            text.digest,
            company.id,
            new.name.strip(),
            sorted(set(new.operations)),
            tools,
            new.behalf.value,
            list(dict.fromkeys(new.user_ids)),
            context.signed_in().id,
            now,
            new.expires_at,
        )
        if row is None:
            raise NotFound("Organisation not found")
        key = _key_of(row)
        details = {
            "name": key.name,
            "operations": list(key.operations),
            "tools": None if key.tools is None else list(key.tools),
            "behalf": key.behalf.value,
            "users": [str(user) for user in key.user_ids],
            "expires_at": key.expires_at.isoformat(),
        }
        await record_event(
            context,
            transaction,
            "service_key_created",
            ("service_key", key.id),
            details,
            organization_id=company.id,
        )
    return CreatedKey(key, text)


async def service_keys(context: Context, organization_id: UUID | None) -> Sequence[ServiceKey]:
    """The keys of an organisation, good ones first, then the newest; none for those who do not manage them."""
    company = organization_id or context.viewer.organization_id
    if company is None or context.account is None:
        return ()
    rows = await context.database.reader(context.viewer)(sql.KEYS, company, context.clock(), MAX_LISTED_KEYS)
    return [_key_of(row) for row in rows]


async def revoke_service_key(context: Context, key_id: UUID) -> ServiceKey:
    """Have a key be good no more, from the next request on. Raises ``NotAllowed`` and ``NotFound``."""
    require(context, Permission.MANAGE_SERVICE_KEYS)
    async with context.database.transaction(context.viewer) as transaction:
        row = await transaction.fetch_row(sql.REVOKE, key_id, context.clock())
        if row is None:
            raise NotFound("Service key not found")
        key = _key_of(row)
        await record_event(
            context,
            transaction,
            "service_key_revoked",
            ("service_key", key.id),
            {"name": key.name},
            organization_id=key.organization_id,
        )
    return key


async def grant_to_service_key(
    context: Context, key_id: UUID, user_id: UUID, tools: Sequence[str] | None, until: datetime
) -> Granted:
    """Let a key that has to be asked ask for a person until then, about these tools or about all of the key's.

    A grant takes the place of the one before, with all its tools; one that is over takes it back. People may grant
    their own work, admins that of their organisation. Raises ``InvalidInput`` for unknown tools and for a grant that
    lasts too long, ``NotFound`` for a key or a person that there is not.
    """
    viewer, now = context.signed_in(), context.clock()
    problems = list(unknown_tools(context, tools))
    if until > now + MAX_GRANT:
        problems.append(Problem("until", f"A grant lasts {MAX_GRANT.days} days at most; grant it anew then."))
    if problems:
        raise InvalidInput(problems)
    slugs = [EVERY_TOOL] if tools is None else known_tools(context, tools)
    async with context.database.transaction(context.viewer) as transaction:
        row = await transaction.fetch_row(sql.GRANT, key_id, user_id, slugs, until, now)
        if row is None or not row["granted"]:
            raise NotFound("There is no such key that has to be asked, or no such person in its organization.")
        await record_event(
            context,
            transaction,
            "service_key_granted",
            ("service_key", key_id),
            {"user": str(user_id), "tools": slugs, "until": until.isoformat()},
            organization_id=viewer.organization_id,
        )
    return Granted(user_id, until)


def _key_of(row: Record) -> ServiceKey:
    columns = dict(row)
    for name in ("operations", "tools", "user_ids"):
        if columns[name] is not None:
            columns[name] = tuple(columns[name])
    columns["behalf"] = Behalf(columns["behalf"])
    return ServiceKey(**columns)
