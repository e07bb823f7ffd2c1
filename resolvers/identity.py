"""Who is asking, and whom they may see."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from db.database import Database
from db.models.identity import Account, Company
from db.models.tools import ProgressStatus
from db.statements import identity as sql
from db.viewer import Role, Viewer
from loaders.identity import account_of
from resolvers.context import Context
from resolvers.refusals import BadArgument

MAX_PAGE = 100
"""Members of one page."""

MAX_COMPANIES = 100
"""Organisations of one list."""


async def account_by_id(database: Database, user_id: UUID, session_id: UUID | None = None) -> Account | None:
    """The account that a verified token names, read as that account itself; ``None`` when it is gone.

    Also when ``session_id`` is given, and is no session of theirs or one that has ended.
    """
    rows = await database.reader(Viewer(user_id=user_id))(sql.OWN_ACCOUNT, user_id, session_id)
    return account_of(rows[0]) if rows else None


def viewer_of(account: Account) -> Viewer:
    """The identity under which an account's requests run."""
    return Viewer(account.id, account.organization_id, account.role, account.guided_organization_ids)


async def find_account(context: Context, user_id: UUID | None) -> Account | None:
    """An account that the viewer may see; without an id the viewer's own."""
    if context.account is None:
        return None
    if user_id is None or user_id == context.account.id:
        return context.account
    return await context.loaders.accounts.load(user_id)


async def find_company(context: Context, company_id: UUID | None) -> Company | None:
    """An organisation that the viewer may see; without an id the viewer's own."""
    wanted = company_id or context.viewer.organization_id
    return await context.loaders.companies.load(wanted) if wanted and context.account else None


async def companies_in_reach(context: Context) -> list[Company]:
    """The viewer's own organisation and those that they look after, by name; at most ``MAX_COMPANIES``."""
    account = context.account
    if account is None:
        return []
    ids = {account.organization_id, *account.guided_organization_ids} - {None}
    found = await asyncio.gather(*(context.loaders.companies.load(each) for each in ids if each))
    known = sorted((company for company in found if company), key=lambda company: (company.name, company.id))
    return known[:MAX_COMPANIES]


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """Which members a page shows: by role, by part of name or address, by where they stand with a tool."""

    role: Role | None = None
    search: str | None = None
    tool_slug: str | None = None
    tool_status: ProgressStatus | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of accounts, by name. ``total`` is the size of the whole list, where it was asked for."""

    accounts: Sequence[Account]
    has_next: bool
    total: int | None


async def members(
    context: Context, company_id: UUID, *, first: int, after: str | None, wanted: MemberFilter, counted: bool
) -> Page:
    """Members of an organisation that the viewer may see. Raises ``BadArgument`` for a bad page size or cursor."""
    if not 0 <= first <= MAX_PAGE:
        raise BadArgument("first", f"A page has 0 to {MAX_PAGE} members, not {first}.")
    if wanted.search and "\x00" in wanted.search:
        raise BadArgument("filter.search", "Text cannot hold a NUL character (U+0000).")
    name, account_id = read_cursor(after) if after is not None else (None, None)
    if wanted.tool_slug is not None and not context.reaches(wanted.tool_slug):
        return Page((), has_next=False, total=0)  # as if nobody stood anywhere with this tool
    rows = await context.database.reader(context.viewer)(
        sql.members(counted=counted, continued=after is not None),
        company_id,
        first + 1,
        name,
        account_id,
        wanted.role.value if wanted.role else None,
        wanted.search,
        wanted.tool_slug,
        wanted.tool_status.value if wanted.tool_status else None,
    )
    accounts = [account_of(row) for row in rows if row["id"]]
    for account in accounts:
        context.loaders.accounts.prime(account.id, account)
    return Page(accounts[:first], len(accounts) > first, rows[0]["total"] if rows else 0)


def cursor(account: Account) -> list[str]:
    """Where a page that ends with this account goes on."""
    return [account.full_name, str(account.id)]


def read_cursor(after: str) -> tuple[str, UUID]:
    """The position that a decoded cursor names; raises ``BadArgument`` for anything that is not one of ours."""
    try:
        parts: Any = orjson.loads(after)
        name, account_id = parts
        if not isinstance(name, str) or "\x00" in name:
            raise ValueError(name)
        return name, UUID(account_id)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadArgument("after", "This is no cursor of this list; use endCursor of the page before.") from error
