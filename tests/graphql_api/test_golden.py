"""Each query of ``golden/`` gives the answer beside it, by the statements beside it: a new N+1 shows as a diff.

After a wanted change: ``UPDATE_GOLDEN=1 python -m pytest tests/graphql_api/test_golden.py``, then read ``git diff``.
"""

import json
import os

import pytest

from db.viewer import Role
from tests.graphql_api.golden import FOLDER, Case, Words, cases
from tests.world import Person, World

UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"

Cast = dict[str, Person]


@pytest.fixture(scope="module")
async def cast(world: World) -> Cast:
    """A bakery with its guru and admin, and strangers elsewhere.

    Paula is far and has stale values, Dora and Wanda have just opened Dream, Nico has done nothing; only Wanda writes.
    """
    bakery, elsewhere = await world.organization("Bakery"), await world.organization("Elsewhere")
    people = {
        "Paula": await world.person(bakery, name="Paula Participant"),
        "Dora": await world.person(bakery, name="Dora Dreamer"),
        "Nico": await world.person(bakery, name="Nico Newcomer"),
        "Greta": await world.person(bakery, Role.GURU, "Greta Guru"),
        "Ada": await world.person(bakery, Role.ADMIN, "Ada Admin"),
        "Stranger": await world.person(elsewhere, name="Sam Stranger"),
        "Wanda": await world.person(elsewhere, name="Wanda Writer"),
    }
    await world.complete_before(people["Paula"], "product-development")
    await world.graphql(people["Paula"], 'mutation { saveKnowThyself(input: {values: ["courage"]}) { __typename } }')
    for name in ("Dora", "Wanda"):
        await world.complete(people[name], "woop", "know-thyself")
    return people


@pytest.fixture(scope="module")
def words(cast: Cast) -> Words:
    """The cast's ids by their names."""
    names = {person.id: name for name, person in cast.items()}
    names |= {
        person.account.organization_id: name
        for name, person in (("Bakery", cast["Paula"]), ("Elsewhere", cast["Stranger"]))
        if person.account.organization_id
    }
    return Words(names)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
async def test_a_query_and_its_answer(world: World, cast: Cast, words: Words, case: Case) -> None:
    """The answer, and the statements that ran for it in their order, are those of the files."""
    viewer = cast[case.viewer] if case.viewer else None
    with world.sql() as statements:
        answer = await world.graphql(viewer, case.text, words.to_ids(case.variables))
    body = {"data": words.to_words(answer.data)} | ({"errors": answer.errors} if answer.errors else {})
    written = {
        "json": json.dumps(body, indent=2, ensure_ascii=False) + "\n",
        "sql": words.statements(statements),
    }
    for kind, text in written.items():
        if UPDATE:
            case.path(kind).write_text(text, "utf-8")
        assert case.path(kind).read_text("utf-8") == text


def test_no_golden_file_is_left_over() -> None:
    """Every answer has its question, and every question an answer and its statements."""
    names = {case.name for case in cases()}
    assert len(names) >= 12
    assert {file.stem for file in FOLDER.glob("*.json")} == names
    assert {file.stem for file in FOLDER.glob("*.sql")} == names
