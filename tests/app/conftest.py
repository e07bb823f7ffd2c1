"""The command line as a person uses it: an environment without settings, a command, what it prints."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.__main__ import main
from app.settings import Settings


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
