"""A tool that needs a value no more: what was built on it does not stay stale for ever."""

from sqlalchemy import text

from tests.history.conftest import Asked
from tests.world import World

STALE = """{ viewer { values { stale fieldValues { id stale provenance { builtOn { field { id } stale } } } } } }"""

# As if Values had been built on a wish, and on a field that no tool has any more.
BUILT_ON_MORE = """UPDATE sprint_03_values.{table}
SET built_on = built_on || '{{"intro.woop.wish": 7, "identity.gone": 3}}' WHERE user_id = :id"""
BUILT_ON = "SELECT DISTINCT key FROM sprint_03_values.{table}, jsonb_object_keys(built_on) AS key WHERE user_id = :id"


async def test_migrating_takes_it_out(world: World, ask: Asked) -> None:
    """Of values and of answers as a whole; what is needed stays, and what has really moved is stale as before."""
    one, other = [await world.person(await world.organization()) for _ in range(2)]
    for person in (one, other):
        await world.complete(person, "woop", "know-thyself", "dream", "values")
    await world.graphql(other, 'mutation { saveDream(input: {oneSentence: "Another"}) { __typename } }')
    tool = world.catalogue.by_slug["values"]
    assert tool.schema_name == "sprint_03_values"
    needed = {need.source.id for need in world.catalogue.needs["values"]}
    tables = ("submissions", "field_outputs")
    async with world.as_owner() as owner:
        for table in tables:
            await owner.execute(text(BUILT_ON_MORE.format(table=table)), {"id": one.id})
    assert (await ask(one, STALE))["values"]["stale"] is True
    await world.storage.migrate(world.catalogue)
    found = (await ask(one, STALE))["values"]
    assert found["stale"] is False
    assert {each["stale"] for each in found["fieldValues"]} == {False}
    async with world.as_owner() as owner:
        for table in tables:
            keys = await owner.execute(text(BUILT_ON.format(table=table)), {"id": one.id})
            assert set(keys.scalars()) == needed
    assert (await ask(other, STALE))["values"]["stale"] is True
