"""Published values by field id, one or many."""

import pytest

from tests.rest_shim.rest import Rest
from tests.world import Person, World

WISH = "intro.woop.wish"


async def test_a_value_comes_with_its_source(rest: Rest, world: World, person: Person) -> None:
    """GET /api/data/{field_id}: value, version and time of the last change."""
    await world.complete(person, "woop")
    found = (await rest.get(person, f"/api/data/{WISH}")).data
    submission = (await rest.get(person, "/api/tools/woop/data")).data
    assert found == {
        "field_id": WISH,
        "value": world.answers("woop")["wish"],
        "available": True,
        "source_tool": "woop",
        "version": 1,
        "updated_at": submission["updated_at"],
    }


async def test_a_value_that_is_not_there_yet_is_null(rest: Rest, person: Person) -> None:
    """A known field without a value is an answer, not a failure."""
    assert (await rest.get(person, f"/api/data/{WISH}")).data == {
        "field_id": WISH,
        "value": None,
        "available": False,
        "source_tool": "woop",
        "version": None,
        "updated_at": None,
    }


async def test_values_are_the_callers_own(rest: Rest, world: World, person: Person) -> None:
    """Nobody's values show to a colleague."""
    await world.complete(person, "woop")
    colleague = await world.person(person.account.organization_id)
    assert (await rest.get(colleague, f"/api/data/{WISH}")).data["available"] is False
    assert (await rest.post(colleague, "/api/data/batch", {"field_ids": [WISH]})).data == {WISH: None}


@pytest.mark.parametrize("field_id", ["wish", "Intro.Woop", "a..b", "1.a", "a.b ", "a.b\n", "é.b", "a" * 119 + ".b"])
async def test_what_is_no_field_id_is_refused(rest: Rest, person: Person, field_id: str) -> None:
    """400 at `field_id`."""
    refused = await rest.send("GET", f"/api/data/{field_id.replace(chr(10), '%0A')}", person)
    assert (refused.status, refused.paths) == (400, ["field_id"])


async def test_a_field_that_nobody_publishes_is_not_found(rest: Rest, person: Person) -> None:
    """404 for an id of the right form."""
    refused = await rest.get(person, "/api/data/identity.shoe.size")
    assert (refused.status, refused.body["message"]) == (404, "Field not found: identity.shoe.size")


async def test_a_batch_gives_every_value_by_its_id(rest: Rest, world: World, person: Person) -> None:
    """POST /api/data/batch: one entry for each id, null without a value; all 50 allowed at once."""
    await world.complete(person, "woop")
    ids = list(world.catalogue.fields)[:50]
    assert ids[0] == WISH
    found = (await rest.post(person, "/api/data/batch", {"field_ids": ids})).data
    assert list(found) == ids
    assert found == dict.fromkeys(ids) | {WISH: world.answers("woop")["wish"]}


@pytest.mark.parametrize("count", [0, 51])
async def test_a_batch_has_one_to_fifty_ids(rest: Rest, world: World, person: Person, count: int) -> None:
    """None, or one too many: 400 at `field_ids`."""
    refused = await rest.post(person, "/api/data/batch", {"field_ids": list(world.catalogue.fields)[:count]})
    assert refused.status == 400
    assert refused.body["details"] == [
        {"path": "field_ids", "message": f"Ask for 1 to 50 field ids at once, not {count}."}
    ]


async def test_every_bad_id_of_a_batch_is_named(rest: Rest, person: Person) -> None:
    """Malformed ids, and ids that nobody publishes, each at their place."""
    malformed = await rest.post(person, "/api/data/batch", {"field_ids": [WISH, "wish", 5, None]})
    assert (malformed.status, malformed.paths) == (400, ["field_ids.1", "field_ids.2", "field_ids.3"])
    unknown = await rest.post(person, "/api/data/batch", {"field_ids": ["a.b", WISH, "c.d"]})
    assert (unknown.status, unknown.paths) == (400, ["field_ids.0", "field_ids.2"])


@pytest.mark.parametrize("body", [{}, {"field_ids": None}, {"field_ids": WISH}, {"field_ids": {WISH: 1}}])
async def test_a_batch_is_a_list(rest: Rest, person: Person, body: dict[str, object]) -> None:
    """Anything else in `field_ids` is 400 there."""
    refused = await rest.post(person, "/api/data/batch", body)
    assert (refused.status, refused.paths) == (400, ["field_ids"])
