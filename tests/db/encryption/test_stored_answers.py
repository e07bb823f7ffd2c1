"""Answers as they were stored before: in plain text, or in a form that does not open."""

import json

from sqlalchemy import text

from db.encryption import MARK
from db.encryption.rotation import rotate
from tests.db.encryption.deployment import (
    RING,
    SCHEMA,
    Deployment,
    expected,
    intact,
    settled,
    unheard,
)


async def test_answers_in_plain_text_are_sealed(deployment: Deployment) -> None:
    """Stored before the question was sensitive: the command encrypts them, the older spelling of the key as well."""
    await deployment.execute(
        f"UPDATE {SCHEMA}.submissions SET data = data || CAST(:plain AS jsonb)",
        plain='{"hardships": "plain", "birthdayStory": "plain too", "goal_1": "mine", "pi": 3.14159265358979323846}',
    )
    status, said = await deployment.run("status")
    assert "8 submissions with sensitive answers, 8 in plain text" in said
    status, said = await deployment.run("seal")
    assert status == 0, said
    assert "8 of 8 submissions written" in said
    for data in (await deployment.stored()).values():
        assert data["hardships"].keys() == data["birthdayStory"].keys() == {MARK}
        assert data["goal_1"] == "mine"
    async with deployment.world.as_owner() as owner:
        kept = await owner.scalars(text(f"SELECT DISTINCT data ->> 'pi' FROM {SCHEMA}.submissions"))
        assert kept.all() == ["3.14159265358979323846"]
    status, said = await deployment.run("seal")
    assert "0 of 8 submissions written" in said
    for number, person in enumerate(deployment.people):
        found = await deployment.read(person)
        assert (found["hardships"], found["birthdayStory"]) == ("plain", "plain too")
        await deployment.execute(
            f"UPDATE {SCHEMA}.submissions SET data = data - 'birthdayStory' - 'goal_1' - 'pi' WHERE user_id = :user",
            user=person.id,
        )
        await deployment.save(person, **expected(number))


async def test_an_answer_that_does_not_open_is_left_and_named(deployment: Deployment) -> None:
    """Its old key stays for whoever can mend it, and keeps no later rotation from its work."""
    victim = deployment.people[0]
    data = (await deployment.stored())[victim.id]
    damaged = {MARK: data["hardships"][MARK] | {"nonce": data["birthday_story"][MARK]["nonce"]}}
    change = f"UPDATE {SCHEMA}.submissions SET data = data || jsonb_build_object('hardships', CAST(:value AS jsonb))"
    await deployment.execute(f"{change} WHERE user_id = :user", value=json.dumps(damaged), user=victim.id)
    status, said = await deployment.run("rotate")
    assert status == 1
    assert "left as it is: know-thyself, submission " in said
    assert "answer hardships: it was changed, or was written for another place" in said
    assert "1 old data keys stay" in said
    assert "Hardships" not in said
    assert (await deployment.stored())[victim.id]["hardships"] == damaged
    statuses = sorted(row.status for row in await deployment.data_keys())
    assert statuses == ["current"] * 4 + ["stranded"]
    done = await rotate(deployment.world.owner, deployment.world.catalogue, RING, unheard)
    assert (done.replaced, done.removed, done.stranded) == (4, 4, 1)
    whole = json.dumps(data["hardships"])
    await deployment.execute(f"{change} WHERE user_id = :user", value=whole, user=victim.id)
    assert (await deployment.read(victim))["hardships"] == "Hardships 0"
    done = await rotate(deployment.world.owner, deployment.world.catalogue, RING, unheard)
    assert (done.removed, done.stranded, done.answers.unreadable) == (5, 0, ())
    assert await settled(deployment)
    assert await intact(deployment)
