"""Loads accounts and organisations."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from db.database import Reader, Record
from db.models.identity import Account, Company, Team
from db.statements import identity as sql
from db.viewer import Role
from loaders.batching import RowLoader, RowsLoader


def accounts(read: Reader) -> RowLoader[UUID, Account]:
    """Accounts by id."""

    async def fetch(keys: Sequence[UUID]) -> Mapping[UUID, Account]:
        return {row["id"]: account_of(row) for row in await read(sql.ACCOUNTS, keys)}

    return RowLoader(fetch)


def companies(read: Reader) -> RowLoader[UUID, Company]:
    """Organisations by id."""

    async def fetch(keys: Sequence[UUID]) -> Mapping[UUID, Company]:
        return {row["id"]: Company(**row) for row in await read(sql.COMPANIES, keys)}

    return RowLoader(fetch)


def teams(read: Reader) -> RowsLoader[UUID, Team]:
    """Teams by organisation id, by name."""

    async def fetch(keys: Sequence[UUID]) -> Mapping[UUID, Sequence[Team]]:
        found: dict[UUID, list[Team]] = defaultdict(list)
        for row in await read(sql.TEAMS, keys):
            members = tuple(UUID(member) for member in row["members"])
            found[row["organization_id"]].append(
                Team(row["id"], row["organization_id"], row["name"], row["lead_user_id"], members)
            )
        return found

    return RowsLoader(fetch)


def account_of(row: Record) -> Account:
    """An account row as ``Account``."""
    return Account(
        id=row["id"],
        email=row["email"],
        full_name=row["full_name"],
        role=Role(row["role"]),
        organization_id=row["organization_id"],
        guided_organization_ids=tuple(row["guided_organization_ids"] or ()),
        created_at=row["created_at"],
        last_login_at=row["last_login_at"],
        deactivated_at=row["deactivated_at"],
        tokens_valid_from=row["tokens_valid_from"],
    )
