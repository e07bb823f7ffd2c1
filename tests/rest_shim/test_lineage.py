"""Where a value comes from and what a change of it would do, in REST words."""

from typing import Any
from uuid import uuid4

import pytest

from db.viewer import Role
from tests.rest_shim.rest import Rest
from tests.world import Person, World

DREAM = "/api/data/identity.dream.one_sentence"
VALUES = "/api/data/identity.personal_values"


@pytest.fixture
async def dreamer(world: World, person: Person) -> Person:
    """Somebody who has come as far as Dream, and has then changed their values."""
    await world.complete(person, "woop", "know-thyself", "dream")
    await world.graphql(person, 'mutation { saveKnowThyself(input: {values: ["courage"]}) { __typename } }')
    return person


def _told(name: str, tool: str, label: str, version: int = 1, *, stale: bool = False) -> dict[str, Any]:
    return {
        "field_id": name,
        "label": label,
        "source_tool": tool,
        "version": version,
        "available": True,
        "stale": stale,
    }


async def test_lineage_is_flat_and_in_snake_case(rest: Rest, world: World, dreamer: Person) -> None:
    """GET /api/data/{field_id}/lineage: the value, what it was built on, what was built on it."""
    found = (await rest.get(dreamer, f"{VALUES}/lineage")).data
    label = {each: field.question.label for each, field in world.catalogue.fields.items()}
    wish, values = "intro.woop.wish", "identity.personal_values"
    assert found["upstream"] == [_told(wish, "woop", label[wish]) | {"distance": 1, "sources": []}]
    assert {key: found[key] for key in found if key not in ("upstream", "downstream")} == _told(
        values, "know-thyself", label[values], 2
    )
    assert [each["field_id"].rpartition(".")[0] for each in found["downstream"]] == ["identity.dream"] * 3
    (moved,) = [each for each in found["downstream"][0]["sources"] if each["stale"]]
    assert moved == {"field_id": values, "version": 1, "current_version": 2, "stale": True}


async def test_depth_is_a_parameter(rest: Rest, dreamer: Person) -> None:
    """Two steps reach the wish; a depth that there is not is 400 at `depth`."""
    found = (await rest.get(dreamer, f"{DREAM}/lineage", depth=2)).data
    assert {each["field_id"]: each["distance"] for each in found["upstream"]}["intro.woop.wish"] == 2
    for depth in (0, 1000):
        refused = await rest.get(dreamer, f"{DREAM}/lineage", depth=depth)
        assert (refused.status, refused.paths) == (400, ["depth"])


async def test_impact_names_values_and_tools(rest: Rest, dreamer: Person) -> None:
    """GET /api/data/{field_id}/impact: of the wish, which is fresh, and of values that have changed already."""
    found = (await rest.get(dreamer, "/api/data/intro.woop.wish/impact")).data
    turning = {each["field_id"] for each in found["would_turn_stale"]}
    assert turning == {"identity.personal_dream", "identity.personal_values", "identity.strengths.matrix"}
    assert (found["already_stale"], found["tools"]) == ([], ["know-thyself"])
    found = (await rest.get(dreamer, f"{VALUES}/impact")).data
    assert (found["would_turn_stale"], len(found["already_stale"]), found["tools"]) == ([], 3, [])


@pytest.mark.parametrize("kind", ["lineage", "impact"])
async def test_of_another_person(rest: Rest, world: World, dreamer: Person, kind: str) -> None:
    """Gurus and admins of theirs; for everybody else it is as if nobody were there."""
    for role in (Role.GURU, Role.ADMIN):
        reader = await world.person(dreamer.account.organization_id, role)
        assert (await rest.get(reader, f"{DREAM}/{kind}", user_id=dreamer.id)).data["stale"]
        assert not (await rest.get(reader, f"{DREAM}/{kind}")).data["available"]
    for stranger in (await world.person(None, Role.ADMIN), await world.person(dreamer.account.organization_id)):
        for whose in (dreamer.id, uuid4()):
            refused = await rest.get(stranger, f"{DREAM}/{kind}", user_id=whose)
            assert (refused.status, refused.body["message"]) == (404, "Field not found: identity.dream.one_sentence")
    assert (await rest.get(None, f"{DREAM}/{kind}")).status == 401


@pytest.mark.parametrize("kind", ["lineage", "impact"])
async def test_a_field_that_nobody_publishes(rest: Rest, person: Person, kind: str) -> None:
    """404 for an id of the right form, 400 for what is no id."""
    refused = await rest.get(person, f"/api/data/identity.shoe.size/{kind}")
    assert (refused.status, refused.body["message"]) == (404, "Field not found: identity.shoe.size")
    refused = await rest.get(person, f"/api/data/Shoe/{kind}")
    assert (refused.status, refused.paths) == (400, ["field_id"])
    refused = await rest.get(person, f"{DREAM}/{kind}", user_id="somebody")
    assert (refused.status, refused.paths) == (400, ["user_id"])
