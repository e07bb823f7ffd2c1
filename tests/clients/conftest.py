"""A gateway on a real port, somebody for whom Product Development is open, and a way to run programs as them."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.serving import application
from app.settings import Settings
from app.storage import Storage
from tests.passwords.conftest import PASSWORD, Passwords
from tests.rest_shim.serving import serving
from tests.world import Person, World

CLIENTS = Path(__file__).parents[2] / "docs" / "clients"

DIALOGUE = """\
Nadia Night: Product Development is UNLOCKED, version 0
  Primary target segment of Segmentation & Target Market
  Prioritised pains matrix of Target Segment Deep Dive
  Needs and gains of Target Segment Deep Dive
  Value proposition statement of Value Proposition
  Interview summary of Target Segment Deep Dive
Saved: version 1
Refused: somebody saved version 1 meanwhile
Refused: locked until Product Development
"""
"""What every program says to whom all of its prerequisites have been completed."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program came to."""

    status: int | None
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs programs against a gateway."""

    gateway: str

    async def run(self, *command: str | Path, **environment: str) -> Ran:
        """A program to its end, with nothing in its environment but what it is given."""
        given = {"PATH": os.environ["PATH"], "GATEWAY": self.gateway, **environment}
        process = await asyncio.create_subprocess_exec(
            *map(str, command), env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, err = await process.communicate()
        return Ran(process.returncode, out.decode(), err.decode())


@pytest.fixture
async def shell(world: World, settings: Settings, storage: Storage) -> AsyncIterator[Shell]:
    """A shell beside a gateway that listens."""
    async with serving(application(world.gateway, settings, storage)) as (host, port):
        yield Shell(f"http://{host}:{port}")


@pytest.fixture
async def person(world: World) -> Person:
    """Somebody with a password who comes to Product Development."""
    person = await world.person(await world.organization(), name="Nadia Night")
    await Passwords(world).give(person, PASSWORD)
    await world.complete_before(person, "product-development")
    return person


@pytest.fixture
def credentials(person: Person) -> dict[str, str]:
    """What somebody types in."""
    return {"EMAIL": person.account.email, "PASSWORD": PASSWORD}
