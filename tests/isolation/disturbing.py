"""Turns one tenant's world upside down, past the policies: nobody who must not see it may notice."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import NewAccount, create_account
from db.catalogue import Catalogue
from db.viewer import Role
from tests.isolation.cast import Cast, Part
from tests.isolation.catalogue import ACCOUNTS, COMPANIES, Table
from tests.isolation.rules import platform

NEWCOMERS = 3


def unconcerned(viewer: Part, tenant: str) -> bool:
    """Whether nothing of the tenant is the viewer's to see."""
    return tenant != viewer.tenant and tenant not in viewer.guides and not platform(viewer)


async def disturb(
    owner: AsyncConnection, catalogue: Catalogue, found: Mapping[str, Table], cast: Cast, tenant: str
) -> None:
    """New people, one person gone, names and answers changed, every tool completed, teams and trail away."""
    company = cast.companies[tenant]
    for number in range(NEWCOMERS):
        await create_account(
            owner, catalogue, NewAccount(f"new-{number}@{tenant}.example", f"New {number}", Role.USER, company)
        )
    theirs = f"= '{company}'"
    for table in found.values():
        columns = {column.name for column in table.columns}
        mine = f"{table.company} {theirs}" if table.company else None
        if mine is None or table.name in (ACCOUNTS, COMPANIES):
            continue
        if table.name.startswith(("audit.", "organizations.teams")) or table.name.endswith("field_outputs"):
            await owner.exec_driver_sql(f"DELETE FROM {table.name} AS t WHERE {mine}")
        changes = [
            change
            for column, change in {
                "data": "data = '{}'",
                "version": "version = version + 1",
                "status": f"status = '{'completed'}'",
            }.items()
            if column in columns and (table.name.startswith("sprint_") or table.name == "tool_access.progress")
        ]
        if changes:
            await owner.exec_driver_sql(f"UPDATE {table.name} AS t SET {', '.join(changes)} WHERE {mine}")
    await owner.exec_driver_sql(f"DELETE FROM {ACCOUNTS} WHERE id = '{cast.people[f'{tenant}-ben']}'")
    await owner.exec_driver_sql(f"UPDATE {ACCOUNTS} SET full_name = 'A ' || full_name WHERE organization_id {theirs}")
    await owner.exec_driver_sql(f"UPDATE {COMPANIES} SET name = 'A ' || name, size = 'large' WHERE id {theirs}")
