"""What was killed anywhere is ended by the next run; ``kill -9`` of a real process."""

import signal

import pytest

from db.statements.encryption import lock_key
from tests.db.encryption.deployment import (
    SCHEMA,
    Deployment,
    expected,
    held,
    intact,
    last_of,
    settled,
    waits,
)


@pytest.mark.parametrize("at", ["replacing keys", "encrypting", "removing keys"])
async def test_a_killed_rotation_is_ended_by_the_next(deployment: Deployment, at: str) -> None:
    """``kill -9`` in each of its phases, while it waits for a lock there; meanwhile everybody reads and saves."""
    before = await settled(deployment)
    if at == "replacing keys":
        rows = await deployment.data_keys()
        last = max(rows, key=lambda row: row.id)
        namespace, lock = lock_key(last.tenant_id)
        stop = held(deployment, "SELECT pg_advisory_xact_lock_shared(:n, :l)", n=namespace, l=lock)
    elif at == "encrypting":
        wanted = await last_of(deployment, f"{SCHEMA}.submissions")
        stop = held(deployment, f"SELECT FROM {SCHEMA}.submissions WHERE id = :id FOR UPDATE", id=wanted)
    else:
        stop = held(deployment, "SELECT FROM organizations.data_keys FOR KEY SHARE")
    async with stop, deployment.command("rotate") as process:
        await waits(deployment)
        process.send_signal(signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL
    assert await intact(deployment)
    statuses = {row.status for row in await deployment.data_keys()}
    assert statuses - {"current"}, "the rotation was not under way"
    status, said = await deployment.run("status")
    assert "a rotation has not ended" in said
    for number, person in enumerate(deployment.people):
        await deployment.save(person, **expected(number))
    status, said = await deployment.run("rotate")
    assert status == 0, said
    assert "resuming the rotation that was begun" in said
    assert not await settled(deployment) & before
    assert await intact(deployment)


async def test_a_killed_sealing_goes_on(deployment: Deployment) -> None:
    """``kill -9`` when the first hundred of many are done: those stay done, the next run does the rest."""
    many = 150
    await deployment.execute(
        "WITH account AS ("
        "  INSERT INTO users.accounts (email, full_name, organization_id)"
        "  SELECT 'sealed-' || number || '@test.example', 'Many', CAST(:organization AS uuid)"
        "  FROM generate_series(1, :many) AS number RETURNING id, organization_id)"
        f" INSERT INTO {SCHEMA}.submissions (user_id, organization_id, data)"
        """ SELECT id, organization_id, '{"hardships": "plain"}' FROM account""",
        organization=deployment.people[0].account.organization_id,
        many=many,
    )
    wanted = await last_of(deployment, f"{SCHEMA}.submissions")
    stop = held(deployment, f"SELECT FROM {SCHEMA}.submissions WHERE id = :id FOR UPDATE", id=wanted)
    async with stop, deployment.command("seal") as process:
        await waits(deployment)
        process.send_signal(signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL
    left = [data["hardships"] for data in (await deployment.stored()).values()].count("plain")
    assert 0 < left < many
    status, said = await deployment.run("seal")
    assert status == 0, said
    assert f"{left} of {many + 8} submissions written" in said
    assert "plain" not in [data["hardships"] for data in (await deployment.stored()).values()]
    await deployment.execute("DELETE FROM users.accounts WHERE full_name = 'Many'")
    assert await settled(deployment)
    assert await intact(deployment)
