"""The limit: the statements of our server sent by pgbench, prepared, with no server between it and PostgreSQL."""

import asyncio
import math
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.storage import Storage
from bench.cores import OTHER_CORE
from bench.database import run_as_owner
from bench.load import RoundFailed, Sample
from bench.load.command import Command
from bench.load.statements import Sent
from bench.processes import POOL_SIZE, Tree
from db.policies import GATEWAY_ROLE

MISSING = "pgbench is missing; install it with: apt-get install postgresql"

_BEFORE_SECONDS = 1.0
"""Connecting, and planning for each connection until the plans are kept; not measured."""

_AS_OURS = {"PGOPTIONS": "-c enable_bitmapscan=off"}
"""The planner settings of our own pool (db/database.py)."""

_PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql")


def find_pgbench() -> str | None:
    """The path of pgbench: on PATH, or where Debian and PostgreSQL itself put it."""
    found = [shutil.which("pgbench"), *(str(path) for place in _PLACES for path in Path(place).glob("**/bin/pgbench"))]
    return next((path for path in found if path), None)


class PgbenchTarget:
    """pgbench where every load generator runs, beside PostgreSQL; on a core of its own it is no faster.

    It has as many connections as a server's pool may open: more of them would only wait for the one core that
    PostgreSQL has. Each takes the identity of one asker, at random.
    """

    name = "pgbench"

    def __init__(self, command: str, url: str, folder: Path) -> None:
        self._words = [command, "--no-vacuum", "--protocol=prepared", "--jobs=1", f"--file={folder / 'script.sql'}"]
        self._words += ["--define=ready=0", "--log", f"--log-prefix={folder / 'transactions'}"]
        self._url = url
        self._folder = folder
        self._memory_mb = 0.0

    def memory_mb(self) -> float:
        """Resident memory of the last run of pgbench."""
        return self._memory_mb

    def round(self, concurrency: int, seconds: int, postgres: Tree) -> Sample:
        """One run; what is measured is the time after all clients are connected and have planned."""
        for old in self._folder.glob("transactions.*"):
            old.unlink()
        lasts = math.ceil(_BEFORE_SECONDS + seconds)
        words = [*self._words, f"--client={min(concurrency, POOL_SIZE)}", f"--time={lasts}", self._url]
        command = Command(words, OTHER_CORE, lasts, _AS_OURS)
        time.sleep(_BEFORE_SECONDS)
        started, before = time.time(), postgres.cpu_seconds()
        time.sleep(seconds)
        ended, after = time.time(), postgres.cpu_seconds()
        done = command.done()
        self._memory_mb = done.memory_mb
        everything = [line.split() for file in self._folder.glob("transactions.*") for line in file.open()]
        # client, transaction, microseconds, script, seconds and microseconds since 1970
        took = sorted(int(t[2]) / 1e3 for t in everything if started <= int(t[4]) + int(t[5]) / 1e6 < ended)
        if not took:
            raise RoundFailed(f"pgbench answers nothing: {done.output[-600:]}")
        return Sample(
            len(took) / (ended - started),
            took[len(took) // 2],
            took[math.ceil(len(took) * 0.99) - 1],
            1000 * done.cpu_seconds / len(everything),
            1000 * (after - before) / len(took),
            0.0,
        )


def alike(of_askers: Sequence[Sequence[Sent]]) -> bool:
    """Whether every asker's statements differ in nothing but their parameters, and there are any."""
    return bool(of_askers[0]) and len({_shape(each) for each in of_askers}) == 1


@contextmanager
def pgbench_target(storage: Storage, command: str, of_askers: Sequence[Sequence[Sent]]) -> Iterator[PgbenchTarget]:
    """pgbench with the statements of each asker, which must be ``alike``."""
    asyncio.run(run_as_owner(storage, _askers_table(of_askers)))
    with tempfile.TemporaryDirectory(prefix="ftg-pgbench-") as folder:
        (Path(folder) / "script.sql").write_text(_script(of_askers), "utf-8")
        yield PgbenchTarget(command, storage.gateway_url, Path(folder))


def _askers_table(of_askers: Sequence[Sequence[Sent]]) -> str:
    """A row for each asker, with a column for each parameter of each statement."""
    first = of_askers[0]
    columns = ", ".join(f"{name} text" for name, _ in _parameters(first))
    rows = ",\n".join(
        f"({number}, {', '.join(_quoted(value) for _, value in _parameters(each))})"
        for number, each in enumerate(of_askers)
    )
    return (
        "DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench;"
        f" CREATE TABLE bench.askers (number int PRIMARY KEY, {columns});"
        f" INSERT INTO bench.askers VALUES {rows};"
        f" GRANT USAGE ON SCHEMA bench TO {GATEWAY_ROLE}; GRANT SELECT ON bench.askers TO {GATEWAY_ROLE}"
    )


def _shape(statements: Sequence[Sent]) -> tuple[tuple[str, tuple[bool, ...]], ...]:
    return tuple((sent.sql, tuple(value is None for value in sent.parameters)) for sent in statements)


def _script(of_askers: Sequence[Sequence[Sent]]) -> str:
    """Each client looks up its asker once; then the statements, whose parameters are pgbench's variables."""
    statements = []
    for number, sent in enumerate(of_askers[0]):
        sql = sent.sql
        for position in range(len(sent.parameters), 0, -1):
            variable = "NULL" if sent.parameters[position - 1] is None else f":{_name(number, position)}"
            sql = sql.replace(f"${position}", variable)
        statements.append(sql.strip().rstrip(";") + ";")
    return "\n".join(
        [
            "\\if :ready = 0",
            f"\\set asker random(0, {len(of_askers) - 1})",
            "SELECT * FROM bench.askers WHERE number = :asker \\gset",
            "\\set ready 1",
            "\\endif",
            *statements,
            "",
        ]
    )


def _parameters(statements: Sequence[Sent]) -> list[tuple[str, str | None]]:
    return [
        (_name(number, position), value)
        for number, sent in enumerate(statements)
        for position, value in enumerate(sent.parameters, 1)
    ]


def _name(statement: int, position: int) -> str:
    return f"parameter_{statement}_{position}"


def _quoted(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"
