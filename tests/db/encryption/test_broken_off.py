"""Cut off from the database at any statement, a run leaves everything readable, and the next one goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from db.catalogue import Catalogue
from db.encryption import KeyRing
from db.encryption.rotation import rewrap, rotate
from tests.db.encryption.deployment import (
    NEWER,
    RING,
    Deployment,
    intact,
    settled,
    unheard,
)


@contextmanager
def breaking(engine: AsyncEngine, after: int) -> Iterator[list[str]]:
    """Cut the engine off after so many statements: nothing more reaches the database, as if the process were gone."""
    sent: list[str] = []

    def cut(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)
        if len(sent) > after:
            raise ConnectionResetError("cut off")

    event.listen(engine.sync_engine, "before_cursor_execute", cut)
    try:
        yield sent
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", cut)


async def test_it_may_break_off_at_any_statement(deployment: Deployment, small_batches: None) -> None:
    """Cut off after the first statement, after the second, and so on; each time everything is readable, and it goes on.

    Progress is made in between, so the whole comes to an end although no run does.
    """
    before = await settled(deployment)
    whole = deployment.world.catalogue
    catalogue = Catalogue(whole.modules.values(), whole.tools[:2])  # the tools that the deployment has answers to
    after = 0
    while True:
        async with deployment.world.storage.owner() as engine:
            with breaking(engine, after):
                try:
                    await rotate(engine, catalogue, RING, unheard)
                except ConnectionResetError:
                    pass
                else:
                    break
        assert await intact(deployment)
        after += 1
    assert after > 15
    assert not await settled(deployment) & before
    assert await intact(deployment)


async def test_rewrapping_goes_on_where_it_was_broken_off(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One key at a time, cut off at each statement; with keys of both kinds every gateway that has both goes on."""
    monkeypatch.setattr("db.encryption.rotation.BATCH", 1)
    after = 0
    while True:
        async with deployment.world.storage.owner() as engine:
            with breaking(engine, after):
                try:
                    await rewrap(engine, NEWER, unheard)
                except ConnectionResetError:
                    pass
                else:
                    break
        after += 1
    assert after > 3
    assert {row.wrapped_by for row in await deployment.data_keys()} == {"newer"}
    back = KeyRing([*RING.keys, *NEWER.keys[:1]])
    assert await rewrap(deployment.world.owner, back, unheard) == 4
    assert await settled(deployment)
    assert await intact(deployment)
