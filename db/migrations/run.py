"""Moves a database up or down, as the owner of its schema, one transaction for the whole move."""

from collections.abc import Callable, Iterable
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.catalogue import Catalogue
from db.migrations.scripts import SqlScripts
from db.policies import GATEWAY_ROLE

_ONE_AT_A_TIME = 7305401
"""Key of the advisory lock that lets only one process migrate a database at a time."""


class MigrationError(Exception):
    """The database cannot be moved where it was asked to go; the message says why."""


async def upgrade(engine: AsyncEngine, catalogue: Catalogue, target: str = "heads") -> list[str]:
    """Apply every revision up to ``target``; returns what was applied. Nothing to do is not an error."""
    scripts = SqlScripts(catalogue)
    return await _move(engine, lambda heads, _: scripts._upgrade_revs(target, heads))


async def downgrade(engine: AsyncEngine, catalogue: Catalogue, target: str = "base") -> list[str]:
    """Undo revisions down to ``target``: ``base``, ``pricing@base``, or a revision id."""
    scripts = SqlScripts(catalogue)
    return await _move(engine, lambda heads, _: scripts._downgrade_revs(target, heads))


async def applied_and_known(engine: AsyncEngine, catalogue: Catalogue) -> tuple[frozenset[str], frozenset[str]]:
    """Heads that the database stands at, and heads that this code knows; equal when the database is up to date."""

    def heads(connection: Connection) -> frozenset[str]:
        return frozenset(MigrationContext.configure(connection).get_current_heads())

    async with engine.connect() as connection:
        applied = await connection.run_sync(heads)
    return applied, known_heads(catalogue)


def known_heads(catalogue: Catalogue) -> frozenset[str]:
    """The newest revision of each branch that this code knows."""
    # A branch that others depend on is no row of its own in the version table once they are applied.
    scripts = SqlScripts(catalogue)
    return frozenset(scripts.revision_map._real_heads)


async def create_gateway_role(engine: AsyncEngine, password: str | None) -> None:
    """Make sure the gateway's login role exists, without any privilege of its own; set its password if given."""
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        role = await connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": GATEWAY_ROLE})
        if role.first() is None:
            await connection.exec_driver_sql(
                f"CREATE ROLE {GATEWAY_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
            )
        if password is not None:
            # ALTER ROLE takes no parameters; quote_literal makes the one literal it needs.
            quoted = await connection.scalar(text("SELECT quote_literal(:password)"), {"password": password})
            await connection.exec_driver_sql(f"ALTER ROLE {GATEWAY_ROLE} PASSWORD {quoted}")


async def _move(engine: AsyncEngine, steps: Callable[[Any, MigrationContext], Iterable[MigrationStep]]) -> list[str]:
    def run(connection: Connection) -> list[str]:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        before = MigrationContext.configure(connection).get_current_heads()
        moved: list[str] = []

        def watched(heads: Any, context: MigrationContext) -> Iterable[MigrationStep]:
            for step in steps(heads, context):
                moved.append(str(step))
                yield step

        context = MigrationContext.configure(connection, opts={"fn": watched, "transactional_ddl": True})
        with Operations.context(context):
            context.run_migrations()
        assert before is not None
        return moved

    try:
        async with engine.begin() as connection:
            return await connection.run_sync(run)
    except CommandError as error:
        raise MigrationError(f"{error}. Nothing was moved.") from error
