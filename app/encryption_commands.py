"""``python -m app encryption …``: what an operator does with the keys of sensitive answers, while gateways serve."""

import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from app.commands import CommandError
from app.progress import Steps
from app.settings import Settings
from app.storage import open_storage
from db.catalogue import Catalogue, load_catalogue
from db.encryption import rotation
from db.encryption.reencryption import Reencrypted, concerned
from db.encryption.tenant_keys import unfinished, wrapping_keys
from db.migrations import applied_and_known


async def status(_: Namespace, settings: Settings) -> int:
    """Say which keys are in use, and how many submissions hold sensitive answers, in which form."""
    out = Steps(sys.stdout)
    async with _opened(settings) as (engine, catalogue):
        async with engine.connect() as connection:
            for key_id, keys in (await wrapping_keys(connection)).items():
                out.say(f"encryption key {key_id}: wraps {keys} data keys")
            if left := await unfinished(connection):
                out.say(f"a rotation has not ended: {left} data keys to replace or remove. Run: encryption rotate")
        for tool in catalogue.tools:
            found = await concerned(engine, tool)
            if found.submissions:
                out.say(
                    f"{tool.slug}: {found.submissions} submissions with sensitive answers, {found.plain} in plain text"
                )
    return 0


async def seal(_: Namespace, settings: Settings) -> int:
    """Encrypt the sensitive answers that are stored in plain text; store in plain text what is sensitive no longer."""
    steps = Steps(sys.stderr)
    async with _opened(settings) as (engine, catalogue):
        done = await rotation.seal_stored(engine, catalogue, settings.key_ring, steps.note)
    steps.done(f"{done.written} of {done.seen} submissions written")
    return _unreadable(done, steps)


async def rewrap(_: Namespace, settings: Settings) -> int:
    """Wrap every data key with the first of ``ENCRYPTION_KEYS``."""
    steps = Steps(sys.stderr)
    async with _opened(settings) as (engine, _catalogue):
        wrapped = await rotation.rewrap(engine, settings.key_ring, steps.note)
    steps.done(f"{wrapped} data keys wrapped anew; all are wrapped by {settings.key_ring.newest.id}")
    return 0


async def rotate(_: Namespace, settings: Settings) -> int:
    """Replace every data key, encrypt all sensitive answers anew, and remove the old keys."""
    steps = Steps(sys.stderr)
    async with _opened(settings) as (engine, catalogue):
        done = await rotation.rotate(engine, catalogue, settings.key_ring, steps.note)
    steps.done(f"{done.answers.written} of {done.answers.seen} submissions written")
    steps.done(f"{done.replaced} data keys replaced, {done.removed} old ones removed")
    if done.stranded:
        steps.note(f"{done.stranded} old data keys stay: answers name them that do not open")
    return _unreadable(done.answers, steps)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[tuple[AsyncEngine, Catalogue]]:
    """The database as its owner, up to date, with the catalogue."""
    catalogue = load_catalogue()
    storage = open_storage(settings)
    async with storage.owner() as engine:
        applied, known = await applied_and_known(engine, catalogue)
        if known - applied:
            raise CommandError("The database is not up to date. Run: python -m app migrate")
        yield engine, catalogue


def _unreadable(done: Reencrypted, steps: Steps) -> int:
    """Name the answers that did not open; the command's status."""
    for problem in done.unreadable:
        steps.note(f"left as it is: {problem}")
    return 1 if done.unreadable else 0
