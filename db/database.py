"""Connections to PostgreSQL: every read and every transaction is opened for a viewer, never without one."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from db.connections import Connections
from db.encryption import DataKeys, KeyRing
from db.policies import WORKER_SETTING
from db.statements import encryption, jobs
from db.statements.viewer import Statement
from db.viewer import Identity, Viewer

Record = asyncpg.Record
Reader = Callable[..., Awaitable[Sequence[Record]]]
"""``await read(statement, *keys)``: rows of one statement, as one viewer sees them. What loaders receive."""


Observer = Callable[[str], None]
"""Told the text of every statement just before it is sent: golden files and logs."""


PREPARED_STATEMENTS = 100
"""Statements that each connection keeps prepared; one for each set of tools and columns that is asked for often."""

STATEMENT_TIMEOUT = 30.0
"""Seconds after which a statement is given up."""


# Each policy is an OR over indexed columns, and a read is planned before its identity is in force, hence as if no row
# passed. Bitmap scans, the only ones that can follow an OR, then look free: a participant's progress was found by
# reading the whole organisation's (1 to 5 ms for 15,000 rows instead of 0.06). Without them a statement's own keys
# lead, and a page of members comes in the order of its index. Making machine code of a plan costs more than a read.
_PLANNING = {"enable_bitmapscan": "off", "jit": "off"}


class Transaction:
    """One open transaction that carries its viewer's identity."""

    def __init__(self, connection: asyncpg.pool.PoolConnectionProxy, observe: Observer | None) -> None:
        self._connection = connection
        self._observe = observe

    async def fetch(self, sql: str, *arguments: Any) -> list[Record]:
        """All rows of one statement."""
        if self._observe:
            self._observe(sql)
        rows: list[Record] = await self._connection.fetch(sql, *arguments)
        return rows

    async def fetch_row(self, sql: str, *arguments: Any) -> Record | None:
        """The first row of one statement, or none."""
        rows = await self.fetch(sql, *arguments)
        return rows[0] if rows else None


class Database:
    """The gateway's pool. Logs in as the low-privilege role; policies decide what each viewer sees.

    ``data_keys`` opens and seals sensitive answers.
    """

    def __init__(self, connections: Connections, data_keys: DataKeys, observe: Observer | None = None) -> None:
        self._connections = connections
        self._observe = observe
        self.data_keys = data_keys

    @classmethod
    async def connect(
        cls, url: str, *, pool_size: int, observe: Observer | None = None, key_ring: KeyRing | None = None
    ) -> "Database":
        """Open a pool of at most ``pool_size`` connections to ``url``; the first one is opened now.

        Without a ``key_ring`` sensitive answers can neither be read nor saved.
        """
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            command_timeout=STATEMENT_TIMEOUT,
            max_size=pool_size,
            init=_json_as_python,
            reset=_nothing,
            server_settings={"application_name": "fast-track-graph", **_PLANNING},
            statement_cache_size=PREPARED_STATEMENTS,
            max_cacheable_statement_size=0,
        )
        return cls(Connections(pool, pool_size), DataKeys(key_ring or KeyRing()), observe)

    async def close(self) -> None:
        """Wait for running statements, then close every connection."""
        await self._connections.close()

    def observed(self, observe: Observer) -> "Database":
        """The same connections; ``observe`` alone is told what is sent through the answer."""
        return Database(self._connections, self.data_keys, observe)

    def reader(self, viewer: Identity) -> Reader:
        """A function that runs read statements as ``viewer``: identity and rows in one round trip."""
        settings = viewer.settings

        async def read(statement: Statement, *keys: Any) -> Sequence[Record]:
            if self._observe:
                self._observe(statement.sql)
            connection = await self._connections.take()
            try:
                rows: Sequence[Record] = await connection.fetch(statement.sql, *settings, *keys)
            except BaseException:
                await self._connections.discard(connection)
                raise
            self._connections.give(connection)
            return rows

        return read

    @asynccontextmanager
    async def transaction(self, viewer: Viewer, *, lock: UUID | None = None) -> AsyncIterator[Transaction]:
        """A transaction as ``viewer``; commits on the way out, rolls back on any exception.

        ``lock`` names the participant whose rows will be written: writers of one participant follow one another, so
        that two prerequisites submitted at once cannot each miss that the other is done.
        """
        begin = f"BEGIN; {viewer.set_config}"
        if lock is not None:
            begin += f"; SELECT pg_advisory_xact_lock({_lock_key(lock)})"
        async with self._connections.lend() as connection:
            await self._run(connection, begin)
            try:
                yield Transaction(connection, self._observe)
            except BaseException:
                await self._run(connection, "ROLLBACK")
                raise
            await self._run(connection, "COMMIT")

    async def _run(self, connection: asyncpg.pool.PoolConnectionProxy, sql: str) -> None:
        if self._observe:
            self._observe(sql)
        await connection.execute(sql)

    async def login_privileges(self) -> Record:
        """What the gateway's own login could do past the policies; each column must be false."""
        async with self._connections.lend() as connection:
            row = await connection.fetchrow(
                "SELECT rolsuper AS superuser, rolbypassrls AS bypasses_policies,"
                " EXISTS (SELECT FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace"
                "         WHERE pg_has_role(current_user, relowner, 'MEMBER')"
                "           AND (nspname IN ('users', 'organizations', 'tool_access', 'audit',"
                "                                'authentication', 'rates', 'help', 'outbox', 'procrastinate',"
                "                                'exports', 'webhooks')"
                "                OR nspname LIKE 'sprint\\_%')) AS owns_tables"
                " FROM pg_roles WHERE rolname = current_user"
            )
            assert row is not None
            return row

    async def lacking_encryption_keys(self) -> list[str]:
        """What is wrong with the key ring: a sentence for each key that data keys of this database are wrapped by."""
        async with self._connections.lend() as connection:
            try:
                rows = await connection.fetch(encryption.WRAPPING_KEYS)
            except (asyncpg.UndefinedFunctionError, asyncpg.InvalidSchemaNameError):  # not migrated yet
                return []
            return self.data_keys.ring.lacking((row["id"], row["fingerprint"]) for row in rows)

    async def jobs(self) -> dict[str, int]:
        """How many jobs there are by status, of all workers together: ``todo``, ``doing``, ``failed``."""
        async with self._connections.lend() as connection, connection.transaction():
            await connection.execute(f"SELECT set_config('{WORKER_SETTING}', 'on', true)")
            return {row["status"]: row["jobs"] for row in await connection.fetch(jobs.BY_STATUS)}

    async def applied_revisions(self) -> frozenset[str]:
        """Heads of the migrations that the database stands at."""
        async with self._connections.lend() as connection:
            rows = await connection.fetch("SELECT version_num FROM alembic_version")
            return frozenset(row[0] for row in rows)


def _lock_key(user_id: UUID) -> int:
    return int.from_bytes(user_id.bytes[:8], "big", signed=True)


async def _json_as_python(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda raw: orjson.loads(raw[1:]),
    )


async def _nothing(connection: asyncpg.Connection) -> None:
    """The pool's own reset: a round trip that would only undo what we never do (session settings, LISTEN).

    Where a ROLLBACK could not be sent any more, the driver sends one before this is called.
    """
