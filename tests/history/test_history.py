"""What a value has been, as its owner, a guru and a stranger learn it."""

import pytest

from db.viewer import Role
from tests.history.conftest import Asked
from tests.outbox.conftest import Save
from tests.world import Person, World

WISH = "intro.woop.wish"
HISTORY = """query ($id: FieldId!, $user: ID, $first: Int! = 20, $after: String) {
  history(fieldId: $id, userId: $user, first: $first, after: $after) {
    edges { cursor node {
      version value available size authorKind author { databaseId } builtOn { field { id } version currentVersion } } }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}"""


async def _wishes(save: Save, person: Person, *wishes: str | None) -> None:
    for wish in wishes:
        await save(person, "woop", wish=wish)


async def test_every_change_is_kept_newest_first(world: World, save: Save, ask: Asked) -> None:
    """A clearing is one, saving the same again is none, and neither is an answer that nobody can ask for."""
    person = await world.person(await world.organization())
    await _wishes(save, person, "A bakery", "A bakery", "Two bakeries")
    await save(person, "woop", outcome="Bread")
    await _wishes(save, person, None, "Düfte 🥐")
    page = await ask(person, HISTORY, id=WISH)
    assert [(edge["node"]["version"], edge["node"]["value"]) for edge in page["edges"]] == [
        (6, "Düfte 🥐"),
        (5, None),
        (3, "Two bakeries"),
        (1, "A bakery"),
    ]
    newest, cleared, *_ = (edge["node"] for edge in page["edges"])
    assert (newest["available"], newest["size"]) == (True, len('"Düfte 🥐"'.encode()))
    assert (cleared["available"], cleared["size"]) == (False, 0)
    assert newest["author"] == {"databaseId": str(person.id)}
    assert {edge["node"]["authorKind"] for edge in page["edges"]} == {"HUMAN"}
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "endCursor": page["edges"][-1]["cursor"],
    }


async def test_it_comes_in_pages(world: World, save: Save, ask: Asked) -> None:
    """Each goes on where the one before ended, whatever is saved meanwhile."""
    person = await world.person(await world.organization())
    await _wishes(save, person, *(f"Wish {number}" for number in range(1, 6)))
    page = await ask(person, HISTORY, id=WISH, first=2)
    assert [edge["node"]["version"] for edge in page["edges"]] == [5, 4]
    await _wishes(save, person, "Wish 6")
    found = []
    while page["pageInfo"]["hasNextPage"]:
        page = await ask(person, HISTORY, id=WISH, first=2, after=page["pageInfo"]["endCursor"])
        found.append([edge["node"]["version"] for edge in page["edges"]])
        assert page["pageInfo"]["hasPreviousPage"]
    assert found == [[3, 2], [1]]
    assert (await ask(person, HISTORY, id=WISH, first=0))["edges"] == []


@pytest.mark.parametrize("first", [-1, 101])
async def test_a_bad_page_size(world: World, first: int) -> None:
    """Says which sizes there are."""
    answer = await world.graphql(await world.person(), HISTORY, {"id": WISH, "first": first})
    assert answer.errors[0]["message"] == f"Ask for 0 to 100 versions at once, not {first}."


@pytest.mark.parametrize("cursor", ["", "x", "WyIxIl0", "WyItMSJd", "WyIyMTQ3NDgzNjQ4Il0=", "WzFd"])
async def test_a_bad_cursor(world: World, cursor: str) -> None:
    """Text that is none, versions that there cannot be."""
    answer = await world.graphql(await world.person(), HISTORY, {"id": WISH, "after": cursor})
    assert [error["message"] for error in answer.errors] == [
        "This is no cursor of this list; use endCursor of the page before."
    ]


async def test_who_may_see_the_work_may_see_its_history(world: World, save: Save, ask: Asked) -> None:
    """A guru and an admin of the organisation; nobody else learns even that there is one."""
    company, other = await world.organization(), await world.organization()
    person = await world.person(company)
    await _wishes(save, person, "A bakery", "Two bakeries")
    for role in (Role.GURU, Role.ADMIN):
        page = await ask(await world.person(company, role), HISTORY, id=WISH, user=str(person.id))
        assert [edge["node"]["value"] for edge in page["edges"]] == ["Two bakeries", "A bakery"]
    for stranger in (await world.person(company), await world.person(other, Role.ADMIN), None):
        page = await ask(stranger, HISTORY, id=WISH, user=str(person.id))
        assert page is None or page["edges"] == []
    assert await ask(person, HISTORY, id="no.such.field") is None


async def test_of_what_was_never_saved_there_is_no_history(world: World, ask: Asked) -> None:
    """An empty page, and no provenance."""
    person = await world.person(await world.organization())
    assert (await ask(person, HISTORY, id=WISH))["edges"] == []
    field = await ask(person, "query ($id: FieldId!) { field(id: $id) { provenance { version } } }", id=WISH)
    assert field == {"provenance": None}


PROVENANCE = """query ($id: FieldId!) { field(id: $id) { provenance {
  tool { slug } version authorKind author { fullName } confirmedAt
  builtOn { field { id } version currentVersion stale value currentValue } } } }"""


async def test_a_source_as_it_was_and_as_it_is(world: World, save: Save, ask: Asked) -> None:
    """Versions and values of both times; null for a source that is gone."""
    person = await world.person(await world.organization(), name="Ann Author")
    await world.complete(person, "woop")
    wish = world.answers("woop")["wish"]
    await save(person, "know-thyself", dream="To bake")
    await save(person, "woop", wish="Another wish")
    told = await ask(person, PROVENANCE, id="identity.personal_dream")
    source = {"field": {"id": WISH}, "version": 1, "currentVersion": 2, "stale": True}
    assert told["provenance"] == {
        "tool": {"slug": "know-thyself"},
        "version": 1,
        "authorKind": "HUMAN",
        "author": {"fullName": "Ann Author"},
        "confirmedAt": None,
        "builtOn": [source | {"value": wish, "currentValue": "Another wish"}],
    }
    await save(person, "know-thyself", dream="To bake rolls")
    told = await ask(person, PROVENANCE, id="identity.personal_dream")
    assert told["provenance"]["builtOn"][0]["version"] == 2
    page = await ask(person, HISTORY, id="identity.personal_dream")
    assert [edge["node"]["builtOn"][0]["version"] for edge in page["edges"]] == [2, 1]


async def test_what_is_not_asked_for_costs_nothing(world: World, save: Save, ask: Asked) -> None:
    """No statement of any history where none is asked for; one more where it is, for any number of values."""
    person = await world.person(await world.organization())
    await world.complete(person, "woop", "know-thyself")
    values = "query { viewer { knowThyself { fieldValues { id value stale%s } } } }"
    with world.sql() as sent:
        await ask(person, values % "")
        without = len(sent)
        assert not [text for text in sent if "field_versions" in text]
    with world.sql() as sent:
        await ask(person, values % " history { edges { node { version } } } provenance { version }")
        histories = [text for text in sent if "field_versions" in text]
    assert len(histories) == 2, "one for all histories, one for where all values come from"
    with world.sql() as sent:
        await save(person, "woop", wish="Another wish")
        assert len([text for text in sent if "INSERT INTO" in text]) == 1, "the history is written with the value"
    assert without <= 3


async def test_whether_a_source_has_moved_is_not_whether_the_tool_is_stale(world: World, ask: Asked) -> None:
    """Fields of the same name on other types need none of the tool's rows."""
    person = await world.person(await world.organization())
    await world.complete(person, "woop", "know-thyself")
    query = "query { viewer { knowThyself { fieldValues { provenance { builtOn { stale } } } } } }"
    with world.sql() as sent:
        await ask(person, query)
    assert len(sent) == 4, "who asks, the values, where they come from, their sources"
