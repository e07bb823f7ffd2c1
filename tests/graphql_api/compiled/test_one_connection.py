"""Compiled reads of many viewers on one connection: none ever sees what was another's, whatever happened before."""

import asyncio
from collections.abc import AsyncIterator
from itertools import islice, permutations
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from db.statements.viewer import Statement
from db.viewer import ANONYMOUS, SETTINGS
from tests.graphql_api.compiled.houses import HOUSE, NORTH, PERSON, SOUTH, TREE, Houses, asked, wishes
from tests.world import Person, World, open_world

LOCK = "LOCK TABLE sprint_00_woop.field_outputs IN ACCESS EXCLUSIVE MODE"
WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'sprint_00_woop.field_outputs'::regclass"

LEFT_BEHIND = Statement(
    f"SELECT {', '.join(f'current_setting({name!r}, true)' for name in SETTINGS)}"
    " WHERE $1::text || $2::text || $3::text || $4::text = ''"
)
"""What the connection itself says of the identity: the four texts that every read binds are put nowhere."""


@pytest.fixture
async def narrow(world: World, settings: Settings, storage: Storage, catalogue: Catalogue) -> AsyncIterator[World]:
    """The same database behind a gateway with one connection, which every viewer of a test shares."""
    async with open_world(storage, catalogue, settings.model_copy(update={"database_pool_size": 1})) as opened:
        yield opened


SEEN = {
    "ann": {"ann": NORTH["ann"]},
    "ada": NORTH,
    "bea": {"bea": SOUTH["bea"]},
    "boss": SOUTH,
    "lone": None,
    "guru": {"guru": "wish of guru"},
}
"""Members that each sees of their own organisation."""


async def serves_cleanly(narrow: World, houses: Houses) -> None:
    """Whoever asks next and after whom, each answer is the asker's own; nobody sees nothing."""
    for order in islice(permutations(SEEN), 0, 720, 90):
        for name in order:
            tree = await asked(narrow, houses[name], TREE)
            assert tree["viewer"]["woop"]["wish"] == f"wish of {name}"
            house = await asked(narrow, houses[name], HOUSE)
            assert (wishes(house) if house["organization"] else None) == SEEN[name]
            left = await narrow.gateway.database.reader(ANONYMOUS)(LEFT_BEHIND)
            assert set(left[0]) <= {"", None}
        answer = await narrow.graphql(None, TREE)
        assert (answer.data, answer.errors) == ({"viewer": None}, [])


async def test_one_after_another(narrow: World, houses: Houses) -> None:
    """Many orders of participants, admins, a guru, someone of no organisation, and nobody."""
    await serves_cleanly(narrow, houses)


async def test_all_at_once(narrow: World, houses: Houses) -> None:
    """Three hundred requests wait in one line; among them tokens that no longer hold."""
    gone = await narrow.person(houses.north, name="gone")
    async with narrow.as_owner() as owner:
        await owner.execute(text("DELETE FROM users.accounts WHERE id = :id"), {"id": gone.id})
    names = [*SEEN, "gone"] * 43
    answers = await asyncio.gather(
        *(_ask(narrow, gone if name == "gone" else houses[name], TREE) for name in names),
    )
    for name, answer in zip(names, answers, strict=True):
        if name == "gone":
            assert answer.status_code == 401
        else:
            assert answer.json()["data"]["viewer"]["woop"]["wish"] == f"wish of {name}"


async def test_after_claims_that_did_not_hold(narrow: World, houses: Houses) -> None:
    """A token that says admin of the north puts that in force for its own statement, and finds nobody."""
    former = await narrow.person(houses.north, houses["ada"].account.role, "former")
    async with narrow.as_owner() as owner:
        await owner.execute(
            text("UPDATE users.accounts SET role = 'user', organization_id = NULL WHERE id = :id"), {"id": former.id}
        )
    for query, variables in ((TREE, {}), (HOUSE, {}), (PERSON, {"id": str(houses["ann"].id)})):
        assert (await _ask(narrow, former, query, **variables)).status_code == 401
        assert await asked(narrow, houses["lone"], PERSON, id=str(houses["ann"].id)) == {"user": None}
    await serves_cleanly(narrow, houses)


async def test_after_a_request_that_was_given_up(narrow: World, houses: Houses) -> None:
    """The admin's client goes away in the middle of the statement."""
    async with narrow.as_owner() as owner:
        await owner.execute(text(LOCK))
        task = asyncio.ensure_future(_ask(narrow, houses["ada"], HOUSE))
        await _waiting(narrow)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await serves_cleanly(narrow, houses)


@pytest.mark.parametrize("how", ["pg_cancel_backend", "pg_terminate_backend"])
async def test_after_a_statement_that_failed(narrow: World, houses: Houses, how: str) -> None:
    """PostgreSQL gives up the admin's statement, or the whole connection: 500 for that request, nothing of it later."""
    async with narrow.as_owner() as owner:
        await owner.execute(text(LOCK))
        task = asyncio.ensure_future(_ask(narrow, houses["ada"], HOUSE))
        pid = await _waiting(narrow)
        await owner.execute(text(f"SELECT {how}(:pid)"), {"pid": pid})
        answer = await task
    assert answer.status_code == 500
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["INTERNAL_SERVER_ERROR"]
    await serves_cleanly(narrow, houses)


async def _ask(narrow: World, person: Person, query: str, **variables: Any) -> httpx.Response:
    return await narrow.client.post("/graphql", json={"query": query, "variables": variables}, headers=person.headers)


async def _waiting(narrow: World) -> int:
    """The backend whose statement waits for the lock, once there is one."""
    async with asyncio.timeout(30), narrow.owner.connect() as owner:
        while (pid := await owner.scalar(text(WAITING))) is None:
            pass
    found: int = pid
    return found
