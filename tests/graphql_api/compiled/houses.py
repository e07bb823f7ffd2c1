"""Two organisations whose every person has made a wish, and the questions that compiled reads answer about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from db.viewer import Role
from tests.world import Person, World

TREE = "{ viewer { fullName woop { wish progress { status } submission { version } } } }"
PERSON = "query ($id: ID!) { user(id: $id) { fullName woop { wish } } }"
HOUSE = """query ($id: ID, $first: Int = 50) { organization(id: $id) {
  name members(first: $first) { totalCount edges { node { fullName woop { wish progress { status } } } } } } }"""

NORTH = {"ada": "wish of ada", "ann": "wish of ann", "ned": "wish of ned"}
"""Everybody in the north, by name, with their wish; Ada is the admin."""
SOUTH = {"bea": "wish of bea", "boss": "wish of boss"}


@dataclass(frozen=True, slots=True)
class Houses:
    """North with Ada (admin), Ann and Ned; south with Bea and Boss (admin); a guru from elsewhere who looks after the
    north alone; Lone, who belongs nowhere."""

    north: UUID
    south: UUID
    people: Mapping[str, Person]

    def __getitem__(self, name: str) -> Person:
        return self.people[name]


async def build(world: World) -> Houses:
    """Make them."""
    north, south, elsewhere = [await world.organization(name) for name in ("North", "South", "Elsewhere")]
    people: dict[str, Person] = {}
    for name, house, role in (
        ("ann", north, Role.USER),
        ("ned", north, Role.USER),
        ("ada", north, Role.ADMIN),
        ("bea", south, Role.USER),
        ("boss", south, Role.ADMIN),
        ("lone", None, Role.USER),
        ("guru", elsewhere, Role.GURU),
    ):
        people[name] = await world.person(house, role, name)
        saved = await world.graphql(
            people[name],
            "mutation ($wish: JSON) { saveWoop(input: {wish: $wish}) { __typename } }",
            {"wish": f"wish of {name}"},
        )
        assert saved.data == {"saveWoop": {"__typename": "SubmissionSaved"}}
    async with world.as_owner() as owner:
        await owner.execute(
            text("UPDATE organizations.guru_assignments SET organization_id = :house WHERE user_id = :guru"),
            {"house": north, "guru": people["guru"].id},
        )
    return Houses(north, south, people)


async def asked(world: World, person: Person, query: str, **variables: Any) -> Any:
    """The data of an answer; fails on errors, and unless one statement was all that it took."""
    with world.sql() as statements:
        answer = await world.graphql(person, query, variables)
    assert not answer.errors
    assert len(statements) == 1
    return answer.data


async def statement_of(world: World, person: Person, query: str, **variables: Any) -> str:
    """The text of the one statement that answers this person's question."""
    await asked(world, person, query, **variables)
    (statement,) = world.statements
    return statement


def wishes(data: Any) -> dict[str, Any]:
    """The wishes of an organisation's members, by name."""
    return {edge["node"]["fullName"]: edge["node"]["woop"]["wish"] for edge in data["organization"]["members"]["edges"]}
