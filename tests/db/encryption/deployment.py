"""A deployment of its own, whose keys are changed without disturbing other tests: people, commands, what is stored."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from db.encryption import MARK, KeyRing
from resolvers.tools.reading import someones_submission
from resolvers.tools.saving import save_answers
from tests.conftest import ENCRYPTION_KEYS
from tests.world import Person, World

ROOT = Path(__file__).parents[3]

NEWER_KEYS = "newer:" + "bmV3ZXIga2V5IG9mIHRoZSB0ZXN0cywgbm8gb3RoZXI=" + "," + ENCRYPTION_KEYS
"""The tests' keys with a newer one before them."""

RING = KeyRing.parse(ENCRYPTION_KEYS)
NEWER = KeyRing.parse(NEWER_KEYS)

SCHEMA = "sprint_01_know_thyself"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A database with people who have sensitive answers, and the command line beside the gateway that serves it."""

    world: World
    people: tuple[Person, ...]

    async def save(self, person: Person, **answers: Any) -> None:
        """Save answers to Know Thyself over the serving gateway."""
        await save_answers(await self.world.context(person), "know-thyself", answers)

    async def read(self, person: Person) -> dict[str, Any]:
        """The person's answers as the serving gateway reads them."""
        return (await someones_submission(await self.world.context(person), "know-thyself", None)).data

    async def stored(self) -> dict[UUID, dict[str, Any]]:
        """Everybody's answers as they are stored."""
        async with self.world.as_owner() as owner:
            rows = await owner.execute(text(f"SELECT user_id, data::text AS data FROM {SCHEMA}.submissions"))
            return {row.user_id: json.loads(row.data) for row in rows}

    async def sealed_with(self) -> set[str]:
        """The data keys that stored answers name."""
        return {
            value[MARK]["key"]
            for data in (await self.stored()).values()
            for value in data.values()
            if isinstance(value, dict) and MARK in value
        }

    async def data_keys(self) -> list[Any]:
        """Every data key's row, without the key."""
        async with self.world.as_owner() as owner:
            rows = await owner.execute(
                text(
                    "SELECT id::text, tenant_id, wrapped_by, status FROM organizations.data_keys ORDER BY tenant_id, id"
                )
            )
            return list(rows.all())

    async def execute(self, sql: str, **terms: Any) -> None:
        """A statement of the owner's."""
        async with self.world.as_owner() as owner:
            await owner.execute(text(sql), terms)

    @asynccontextmanager
    async def command(self, *arguments: str, keys: str = ENCRYPTION_KEYS) -> AsyncIterator[asyncio.subprocess.Process]:
        """``python -m app encryption …`` as a process of its own; killed at the end of the block if it still runs."""
        assert self.world.storage.owner_url is not None
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "app", "encryption", *arguments),
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "DATABASE_URL": self.world.storage.owner_url, "ENCRYPTION_KEYS": keys},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
                await process.wait()

    async def run(self, *arguments: str, keys: str = ENCRYPTION_KEYS) -> tuple[int, str]:
        """The same to its end: status and what it said."""
        async with self.command(*arguments, keys=keys) as process:
            said, _ = await process.communicate()
            assert process.returncode is not None
            return process.returncode, said.decode()


def unheard(_: str) -> None:
    """Progress that nobody watches."""


def expected(number: int) -> dict[str, str]:
    """What a person of the deployment has answered."""
    return {"hardships": f"Hardships {number}", "birthday_story": f"Story {number}", "dream": "Sail"}


async def intact(deployment: Deployment) -> bool:
    """Whether everybody reads what they wrote, and nothing of it is stored in plain text."""
    for number, person in enumerate(deployment.people):
        assert await deployment.read(person) == expected(number)
    for data in (await deployment.stored()).values():
        assert data["hardships"].keys() == data["birthday_story"].keys() == {MARK}
    return True


async def settled(deployment: Deployment) -> set[str]:
    """The data keys after a rotation: one for each tenant, no other, and every answer under one of them."""
    rows = await deployment.data_keys()
    assert {row.status for row in rows} == {"current"}
    assert len({row.tenant_id for row in rows}) == len(rows) == 4
    keys = {row.id for row in rows}
    assert await deployment.sealed_with() == keys
    return keys


@asynccontextmanager
async def held(deployment: Deployment, statement: str, **terms: Any) -> AsyncIterator[None]:
    """Locks of another session, at which a command has to wait."""
    async with deployment.world.owner.connect() as connection:
        await connection.execute(text(statement), terms)
        yield
        await connection.rollback()


async def waits(deployment: Deployment) -> None:
    """Return as soon as some session of the owner's waits for a lock."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(60):
        while True:
            async with deployment.world.as_owner() as owner:
                if await owner.scalar(query):
                    return
            await asyncio.sleep(0.05)


async def last_of(deployment: Deployment, what: str) -> Any:
    """The id that a rotation comes to last."""
    async with deployment.world.as_owner() as owner:
        return await owner.scalar(text(f"SELECT id FROM {what} ORDER BY id DESC LIMIT 1"))
