"""Keys are replaced while the gateway serves."""

import asyncio

import pytest

from db.encryption import EncryptionKeyError, KeyRing
from db.encryption.rotation import RotationRunning, alone, rotate
from tests.conftest import ENCRYPTION_KEYS
from tests.db.encryption.deployment import (
    NEWER_KEYS,
    RING,
    SCHEMA,
    Deployment,
    expected,
    intact,
    settled,
    unheard,
)
from tests.resolvers.stored import submission
from tests.world import Person


async def test_every_answer_gets_under_a_new_key(deployment: Deployment, small_batches: None) -> None:
    """And the old keys are gone; versions, times and progress are as they were."""
    before, rows = (
        await settled(deployment),
        [await submission(deployment.world, p, "know-thyself") for p in deployment.people],
    )
    done = await rotate(deployment.world.owner, deployment.world.catalogue, RING, unheard)
    assert (done.replaced, done.removed, done.stranded) == (4, 4, 0)
    assert (done.answers.seen, done.answers.written, done.answers.unreadable) == (8, 8, ())
    assert not await settled(deployment) & before
    assert await intact(deployment)
    for row, person in zip(rows, deployment.people, strict=True):
        after = await submission(deployment.world, person, "know-thyself")
        assert row is not None
        assert after is not None
        assert after["data"] != row["data"]
        assert after | {"data": None} == row | {"data": None}


async def test_the_command_says_how_far_it_is(deployment: Deployment) -> None:
    """Rotate, then status, as an operator would."""
    status, said = await deployment.run("rotate")
    assert status == 0, said
    assert "4 of 4 data keys replaced" in said
    assert "know-thyself: 8 of 8 submissions" in said
    assert "8 of 8 submissions written" in said
    assert "4 data keys replaced, 4 old ones removed" in said
    status, said = await deployment.run("status")
    assert (status, said.splitlines()) == (
        0,
        [
            "encryption key tests: wraps 4 data keys",
            "know-thyself: 8 submissions with sensitive answers, 0 in plain text",
        ],
    )
    assert await intact(deployment)


async def test_only_one_process_rotates_at_a_time(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one gives up with a sentence."""
    monkeypatch.setattr("db.encryption.rotation._PATIENCE", 1)
    async with alone(deployment.world.owner):
        with pytest.raises(RotationRunning, match="Run the command again when it has ended"):
            await rotate(deployment.world.owner, deployment.world.catalogue, RING, unheard)
    assert await settled(deployment)


async def test_people_save_while_keys_are_replaced(deployment: Deployment) -> None:
    """Eight people save as fast as they can during three rotations: no save fails, none is lost or left behind."""
    ended = asyncio.Event()
    saves = dict.fromkeys(range(len(deployment.people)), 0)

    async def saving(number: int, person: Person) -> None:
        while not ended.is_set() or saves[number] < 2:
            saves[number] += 1
            await deployment.save(person, hardships=f"Hardships {number}, save {saves[number]}")
            assert (await deployment.read(person))["hardships"] == f"Hardships {number}, save {saves[number]}"

    async with asyncio.TaskGroup() as group:
        for number, person in enumerate(deployment.people):
            group.create_task(saving(number, person))
        for _ in range(3):
            done = await rotate(deployment.world.owner, deployment.world.catalogue, RING, unheard)
            assert (done.replaced, done.removed, done.stranded, done.answers.unreadable) == (4, 4, 0, ())
        ended.set()
    await settled(deployment)
    for number, person in enumerate(deployment.people):
        assert (await deployment.read(person))["hardships"] == f"Hardships {number}, save {saves[number]}"
        await deployment.save(person, **expected(number))


async def test_a_newer_encryption_key_takes_over(deployment: Deployment) -> None:
    """Rewrapped while served: no answer is touched, and then the older key is not needed any more."""
    before = await deployment.stored()
    status, said = await deployment.run("rewrap", keys=NEWER_KEYS)
    assert status == 0, said
    assert "4 data keys wrapped anew; all are wrapped by newer" in said
    assert {row.wrapped_by for row in await deployment.data_keys()} == {"newer"}
    assert await deployment.stored() == before
    assert await intact(deployment)
    alone_now = NEWER_KEYS.partition(",")[0]
    status, said = await deployment.run("rotate", keys=alone_now)
    assert status == 0, said
    assert {row.wrapped_by for row in await deployment.data_keys()} == {"newer"}
    status, said = await deployment.run("rewrap", keys=f"{ENCRYPTION_KEYS},{alone_now}")
    assert status == 0, said
    assert await settled(deployment)
    assert await intact(deployment)


async def test_a_key_that_is_not_there_stops_every_command(deployment: Deployment) -> None:
    """With the sentence that says which; nothing is changed."""
    before = await deployment.stored(), await deployment.data_keys()
    other = "other:" + NEWER_KEYS.partition(",")[0].partition(":")[2]
    for command in ("seal", "rewrap"):
        await deployment.execute(f"""UPDATE {SCHEMA}.submissions SET data = data || '{{"HARDSHIPS": "plain"}}'""")
        status, said = await deployment.run(command, keys=other)
        assert status == 1
        assert "is wrapped by encryption key 'tests', which is not in ENCRYPTION_KEYS" in said
        assert "Traceback" not in said
        await deployment.execute(f"UPDATE {SCHEMA}.submissions SET data = data - 'HARDSHIPS'")
    assert (await deployment.stored(), await deployment.data_keys()) == before
    with pytest.raises(EncryptionKeyError):
        await rotate(deployment.world.owner, deployment.world.catalogue, KeyRing(), unheard)
    assert await rotate(deployment.world.owner, deployment.world.catalogue, RING, unheard)
    assert await settled(deployment)
    assert await intact(deployment)
