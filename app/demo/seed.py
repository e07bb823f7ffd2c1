"""Fills an empty database with the demo companies, through the same writes that people's own work takes."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_bytes
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.accounts import create_account, create_organization
from app.demo import content
from app.school_accounts import link
from db.catalogue import Catalogue, Tool
from db.database import Database
from db.rate_counters import PostgresCounters
from db.viewer import Role
from loaders import Loaders
from resolvers.context import Clock, Context, Origin
from resolvers.counters import Counters
from resolvers.identity import account_by_id, viewer_of
from resolvers.password_hashing import PasswordHashing
from resolvers.services import Services
from resolvers.tools.reviewing import approve_submission
from resolvers.tools.saving import save_answers
from resolvers.tools.submitting import submit_tool

COMPLETED = {
    "starter": 0,
    "halfway": 17,
    "finisher": 31,
}
"""How many tools of the sequence the people with these local parts have completed."""

OTHERS_COMPLETED = (4, 9, 21, 2, 13)
"""The same for the other participants, in the order of the file."""

DEMO_PASSWORD = "a slow oven and a fast track"  # noqa: S105 - everybody may know it; it is never set in production
"""The password of every demo person."""

_TOLD = Callable[[str], None]


class SeedRefused(Exception):
    """The database holds organisations or accounts that are not the demo's; nothing was written."""


async def is_demo(connection: AsyncConnection) -> bool:
    """Whether the demo is already there, whole. Raises ``SeedRefused`` when any other organisation is."""
    rows = await connection.execute(
        text("SELECT slug, settings ->> 'demo' = 'written' AS written FROM organizations.companies")
    )
    found = {row.slug: row.written for row in rows}
    demo = {organization["slug"] for organization in content.organizations()}
    if others := found.keys() - demo:
        raise SeedRefused(f"This database holds {len(others)} other organisation(s), so the demo data stays out of it.")
    return bool(found) and all(found.values())


async def seed(
    owner: AsyncEngine,
    database: Database,
    catalogue: Catalogue,
    now: datetime,
    told: _TOLD = lambda _: None,
    hashing: PasswordHashing | None = None,
) -> bool:
    """Write the demo data; ``False`` when it is there already. Raises ``SeedRefused``.

    With ``hashing`` everybody has ``DEMO_PASSWORD``; without, nobody has a password.
    """
    async with owner.begin() as connection:
        if await is_demo(connection):
            return False
        await _refuse_others_accounts(connection)
        await _forget_interrupted(connection)
        ids = await _people(connection, catalogue)
        if hashing is not None:
            # One hash for all of them: each takes its time.
            hashed = await hashing.hash(DEMO_PASSWORD)
            await connection.execute(text("UPDATE users.accounts SET password_hash = :hash"), {"hash": hashed})
    others = iter(OTHERS_COMPLETED * 2)
    for person in content.people():
        if person.account.role is not Role.USER:
            continue
        local = person.account.email.partition("@")[0]
        count = COMPLETED[local] if local in COMPLETED else next(others)
        told(f"{person.account.email}: {min(count, len(catalogue.tools))} tools completed")
        await _work(database, catalogue, ids[person.account.email], person.organization, count, now)
    for email, user_id in ids.items():
        if email.startswith("guru@"):
            await _approve(database, catalogue, user_id, ids[f"halfway@{email.partition('@')[2]}"], now)
    async with owner.begin() as connection:
        await connection.execute(text('UPDATE organizations.companies SET settings = \'{"demo": "written"}\''))
    return True


async def _refuse_others_accounts(connection: AsyncConnection) -> None:
    """Accounts need no organisation, so there may be some of other people's where there is no other organisation."""
    others = await connection.scalar(
        text("SELECT count(*) FROM users.accounts WHERE email <> ALL (CAST(:demo AS text[]))"),
        {"demo": [person.account.email for person in content.people()]},
    )
    if others:
        raise SeedRefused(f"This database holds {others} other account(s), so the demo data stays out of it.")


async def _forget_interrupted(connection: AsyncConnection) -> None:
    """Remove what a seeding left behind that did not reach its end; only demo people and organisations are here."""
    for statement in (
        "DELETE FROM users.accounts",
        "DELETE FROM tool_access.progress",
        "DELETE FROM organizations.companies",
    ):
        await connection.execute(text(statement))


async def _people(connection: AsyncConnection, catalogue: Catalogue) -> dict[str, UUID]:
    companies = {
        organization["slug"]: await create_organization(connection, **organization)
        for organization in content.organizations()
    }
    ids = {}
    for person in content.people():
        account = replace(person.account, organization_id=companies[person.organization])
        ids[account.email] = await create_account(connection, catalogue, account)
        await link(connection, account.email, f"school-{account.email}")
    for team in content.teams():
        await connection.execute(
            text(
                "INSERT INTO organizations.teams (organization_id, name, lead_user_id, members)"
                " VALUES (:organization, :name, :lead, CAST(:members AS jsonb))"
            ),
            {
                "organization": companies[team["organization"]],
                "name": team["name"],
                "lead": ids[team["lead"]],
                "members": orjson.dumps([str(ids[email]) for email in team["members"]]).decode(),
            },
        )
    return ids


async def _work(
    database: Database, catalogue: Catalogue, user_id: UUID, organization: str, count: int, now: datetime
) -> None:
    """Complete ``count`` of the tools that have content two days apart, the last a few days ago; begin the next."""
    written = [tool for tool in catalogue.sequence if content.answers(organization, tool)]
    begun = written[count : count + 1] if 0 < count < len(written) else []
    start = now - timedelta(days=2 * count + 5)
    async for context, tool in _days(database, catalogue, user_id, written[:count], start):
        drafts = content.drafts(organization, tool)
        for number, draft in enumerate(drafts):
            earlier = context.clock() - timedelta(hours=20 * (len(drafts) - number))
            await save_answers(replace(context, clock=_stopped(earlier)), tool.slug, draft)
        await save_answers(context, tool.slug, content.answers(organization, tool))
        later = replace(context, clock=_stopped(context.clock() + timedelta(hours=2 + tool.sprint % 3)))
        await submit_tool(later, tool.slug)
    async for context, tool in _days(database, catalogue, user_id, begun, now - timedelta(days=1)):
        await save_answers(context, tool.slug, _first_half(tool, content.answers(organization, tool)))
    if count == COMPLETED["halfway"]:
        await _revise(database, catalogue, user_id, organization, now - timedelta(hours=5))


async def _revise(database: Database, catalogue: Catalogue, user_id: UUID, organization: str, at: datetime) -> None:
    """A later change of the execution dashboard, on which one completed value was built: the meeting dates."""
    tool = catalogue.by_slug["performance"]
    dashboard = content.answers(organization, tool)["execution_dashboard"]
    async for context, _ in _days(database, catalogue, user_id, (tool,), at):
        await save_answers(
            context,
            tool.slug,
            {"execution_dashboard": {**dashboard, "revised": f"{at:%Y-%m-%d}, after the half-year review"}},
        )


async def _approve(database: Database, catalogue: Catalogue, guru: UUID, user_id: UUID, now: datetime) -> None:
    tools = [catalogue.by_slug[slug] for slug in ("woop", "know-thyself")]
    async for context, tool in _days(database, catalogue, guru, tools, now - timedelta(days=3)):
        await approve_submission(context, user_id, tool.slug, "Clear and specific. Go on like this.")


async def _days(
    database: Database,
    catalogue: Catalogue,
    user_id: UUID,
    tools: tuple[Tool, ...] | list[Tool],
    start: datetime,
) -> AsyncIterator[tuple[Context, Tool]]:
    """A context of this person for each tool, two days after one another."""
    account = await account_by_id(database, user_id)
    assert account is not None
    viewer = viewer_of(account)
    counters = Counters(PostgresCounters(database), token_bytes(32))  # nothing of this is ever throttled
    for number, tool in enumerate(tools):
        at = start + timedelta(days=2 * number)
        yield (
            Context(
                catalogue,
                database,
                Loaders(database.reader(viewer), catalogue, database.data_keys),
                viewer,
                account,
                _stopped(at),
                Services(counters),
                Origin(None, "demo data"),
            ),
            tool,
        )


def _stopped(at: datetime) -> Clock:
    """A clock that stands still."""
    return lambda: at


def _first_half(tool: Tool, answers: dict[str, object]) -> dict[str, object]:
    """The answers to the first half of the questions: what someone has who is in the middle of a tool."""
    keys = [question.key for question in tool.questions if question.key in answers]
    return {key: answers[key] for key in keys[: (len(keys) + 1) // 2]}
