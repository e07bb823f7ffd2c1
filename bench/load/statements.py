"""The statements that our server sends for a question, read from PostgreSQL's own log while it answers: whatever the
gateway's engine is, the database by itself can be asked the very same."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from app.storage import Storage
from db.policies import GATEWAY_ROLE

_MARK = f"{GATEWAY_ROLE}|"
_RELOAD_SECONDS = 0.5
_START = re.compile(r"^(\w*)\|(?P<level>[A-Z]+):  (?P<said>.*)$", re.DOTALL)
_EXECUTE = re.compile(r"execute [^:]+: (?P<sql>.*)", re.DOTALL)
_PARAMETER = re.compile(r"\$\d+ = (?:'(?P<text>(?:[^']|'')*)'|(?P<null>NULL))", re.DOTALL)

_LOUD = (
    "ALTER SYSTEM SET log_statement = 'all'",
    "ALTER SYSTEM SET log_line_prefix = '%u|'",
    "SELECT pg_reload_conf()",
)
_QUIET = ("ALTER SYSTEM RESET log_statement", "ALTER SYSTEM RESET log_line_prefix", "SELECT pg_reload_conf()")


@dataclass(frozen=True, slots=True)
class Sent:
    """One prepared statement as it was sent; ``None`` is NULL."""

    sql: str
    parameters: tuple[str | None, ...]


Watcher = Callable[[Callable[[], object]], list[Sent]]


@contextmanager
def statements_logged(storage: Storage, log: Path) -> Iterator[Watcher]:
    """A function that calls another one, and returns what the gateway's login executed meanwhile."""

    def sent_during(act: Callable[[], object]) -> list[Sent]:
        before = log.stat().st_size
        act()
        with log.open("rb") as file:
            file.seek(before)
            return list(sent_in(file.read().decode("utf-8", "replace")))

    asyncio.run(_settings(storage, _LOUD))
    try:
        yield sent_during
    finally:
        asyncio.run(_settings(storage, _QUIET))


async def _settings(storage: Storage, statements: tuple[str, ...]) -> None:
    async with storage.owner() as engine:
        settings = engine.execution_options(isolation_level="AUTOCOMMIT")
        async with settings.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    time.sleep(_RELOAD_SECONDS)  # noqa: ASYNC251 - nothing else runs; servers take up the setting when they are idle


def sent_in(log: str) -> Iterator[Sent]:
    """Every statement that was executed with its parameters, which PostgreSQL tells in the entry that follows.

    Without those by which a driver learns of types on a new connection.
    """
    return (sent for sent in _executed(log) if "pg_type" not in sent.sql)


def _executed(log: str) -> Iterator[Sent]:
    sql: str | None = None
    for entry in _entries(log):
        if entry["level"] == "DETAIL" and sql is not None:
            found = _PARAMETER.finditer(entry["said"])
            yield Sent(sql, tuple(None if each["null"] else each["text"].replace("''", "'") for each in found))
            sql = None
        elif executed := _EXECUTE.match(entry["said"]):
            if sql is not None:
                yield Sent(sql, ())
            sql = executed["sql"]
    if sql is not None:
        yield Sent(sql, ())


def _entries(log: str) -> Iterator[re.Match[str]]:
    """Entries of the gateway's login; a line that begins with a tab goes on with the one before."""
    for entry in re.split(r"\n(?!\t)", log):
        whole = entry.replace("\n\t", "\n")
        if whole.startswith(_MARK) and (found := _START.match(whole)):
            yield found
