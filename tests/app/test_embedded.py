"""The embedded server, as a first start has it: nothing installed, nothing set, a folder."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.app.conftest import Shell

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path: the name of a Unix socket holds about 100 characters."""
    with tempfile.TemporaryDirectory(prefix="ftg") as made:
        yield Path(made)


def test_a_first_start_needs_a_folder_and_nothing_else(folder: Path) -> None:
    """Migrate, then make somebody: two processes one after another on the same data."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "DATA_DIR": str(folder / "d")}

    def run(*command: str) -> str:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "app", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("migrate")
    made = run("user", "add", "--email", "ann@acme.example", "--name", "Ann", "--organization", "acme")
    assert UUID(made.strip())


@pytest.mark.parametrize("command", [("migrate",), ("token", "--email", "ann@acme.example")])
def test_a_folder_that_cannot_be_used_is_told(shell: Shell, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Here a file is in the way: one sentence, status 1, no trace."""
    (tmp_path / "file").touch()
    shell.set(DATA_DIR=str(tmp_path / "file"))
    printed = shell.run(*command)
    assert (printed.status, printed.out) == (1, "")
    assert printed.err.startswith(f"The embedded PostgreSQL in {tmp_path}/file/postgres does not start: ")
