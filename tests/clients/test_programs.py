"""curl and Python: each signs in, reads a tool with all it builds on, saves, and is refused in words."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.clients.conftest import CLIENTS, DIALOGUE, Ran, Shell
from tests.world import World

CURL = (CLIENTS / "curl" / "client.sh",)
PYTHON = (sys.executable, CLIENTS / "python" / "client.py")
PROGRAMS = pytest.mark.parametrize("program", [CURL, PYTHON], ids=["curl", "python"])

if missing := [name for name in ("bash", "curl", "jq") if shutil.which(name) is None]:
    PROGRAMS = pytest.mark.parametrize(
        "program",
        [pytest.param(CURL, marks=pytest.mark.skip(f"Install {', '.join(missing)}.")), PYTHON],
        ids=["curl", "python"],
    )

Program = tuple[str | Path, ...]


@PROGRAMS
async def test_it_signs_in_reads_saves_and_is_refused(
    shell: Shell, credentials: dict[str, str], program: Program
) -> None:
    """A version that somebody else has overtaken, and a tool that is locked: data, and no failure."""
    assert await shell.run(*program, **credentials) == Ran(0, DIALOGUE, "")


@PROGRAMS
async def test_it_takes_a_token(shell: Shell, world: World, program: Program) -> None:
    """Of somebody for whom the tool is locked: that is an answer like any other."""
    person = await world.person(await world.organization(), name="Nora New")
    ran = await shell.run(*program, TOKEN=person.token)
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "Nora New: Product Development is LOCKED, version 0"
    assert lines[1] == "  Primary target segment of Segmentation & Target Market, not there"
    assert lines[-1].startswith("Refused: locked until Segmentation & Target Market, ")


@PROGRAMS
async def test_it_says_why_it_ends(shell: Shell, credentials: dict[str, str], program: Program) -> None:
    """A wrong password, a token that is none, and nobody there: one sentence, and status 1 or curl's own."""
    for environment, sentence in (
        (credentials | {"PASSWORD": "wrong"}, "do not belong together"),
        ({"TOKEN": "none"}, "Invalid token"),
        ({"TOKEN": "none", "GATEWAY": "http://127.0.0.1:9"}, "onnect"),
    ):
        ran = await shell.run(*program, **environment)
        assert (bool(ran.status), ran.out) == (True, "")
        assert sentence in ran.err
        assert len(ran.err.splitlines()) == 1
