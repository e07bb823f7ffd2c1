"""The command line as a person uses it: an environment without settings, a command, what it prints."""

import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.__main__ import main
from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from tests.db.databases import fresh_database


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command came to."""

    status: int
    out: str
    err: str


class Shell:
    """An environment with nothing of ours in it, in which commands run in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)

    def set(self, **variables: str) -> None:
        """Set environment variables."""
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)

    def run(self, *arguments: str) -> Printed:
        """Run one command."""
        self._capsys.readouterr()
        status = main(list(arguments))
        printed = self._capsys.readouterr()
        return Printed(status, printed.out, printed.err)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Shell]:
    """A shell in an empty folder: no ``.env`` of the developer's is read."""
    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGTERM)
    yield Shell(monkeypatch, capsys)
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="module")
async def migrated(storage: Storage, catalogue: Catalogue) -> AsyncIterator[str]:
    """The owner's URL of a migrated database with nobody in it."""
    async with fresh_database(storage, "commands") as found:
        await found.migrate(catalogue)
        assert found.owner_url is not None
        yield found.owner_url


@pytest.fixture
def operator(shell: Shell, migrated: str) -> Shell:
    """A shell in which commands find that database."""
    shell.set(DATABASE_URL=migrated)
    return shell
