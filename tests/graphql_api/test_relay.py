"""Relay's pages: members without gap or double, filtered, counted, and what is no page."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest

from db.viewer import Role
from tests.world import Person, World

NAMES = ["Åse", "Zoë", "ben", "Ben", "Ben", "Émile", "Ann O'Hara", 'Quote " Mark', "Back\\slash", "日本 太郎", "Ben"]

PAGE = """query ($first: Int, $after: String, $filter: MemberFilter) { organization {
  members(first: $first, after: $after, filter: $filter) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { databaseId fullName } } } } }"""


@pytest.fixture(scope="module")
async def admin(world: World) -> Person:
    """The admin of an organisation with names of many kinds, some of them more than once; two have begun WOOP."""
    house = await world.organization("Names")
    people = [await world.person(house, name=name) for name in NAMES]
    await world.complete(people[0], "woop")
    await world.graphql(people[1], 'mutation { saveWoop(input: {wish: "x"}) { __typename } }')
    await world.person(await world.organization(), name="Ben Stranger")
    await world.person(house, Role.GURU, "Greta")
    return await world.person(house, Role.ADMIN, "Ada")


async def _page(world: World, who: Person, **variables: Any) -> dict[str, Any]:
    answer = await world.graphql(who, PAGE, variables)
    assert not answer.errors
    found: dict[str, Any] = answer.data["organization"]["members"]
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 13, 100])
async def test_pages_join_without_gap_or_double(world: World, admin: Person, size: int) -> None:
    """Going on from ``endCursor`` gives every member once, in the order of one large page."""
    whole = [edge["node"] for edge in (await _page(world, admin, first=100))["edges"]]
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = await _page(world, admin, first=size, after=after)
        nodes = [edge["node"] for edge in page["edges"]]
        assert page["totalCount"] == 13
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
        found += nodes
        after = page["pageInfo"]["endCursor"]
        assert after == page["edges"][-1]["cursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == whole
    assert len({node["databaseId"] for node in found}) == 13


async def test_the_default_page_has_twenty(world: World) -> None:
    """Of 21 members the first 20, and word that there are more."""
    house = await world.organization()
    for number in range(20):
        await world.person(house, name=f"Member {number}")
    page = await _page(world, await world.person(house, Role.ADMIN))
    assert len(page["edges"]) == 20
    assert page["pageInfo"]["hasNextPage"]


async def test_an_empty_page_still_counts(world: World, admin: Person) -> None:
    """``first: 0`` is how to ask for the number alone."""
    page = await _page(world, admin, first=0)
    assert (page["totalCount"], page["edges"]) == (13, [])
    assert page["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


async def test_the_count_is_right_wherever_it_is_asked(world: World, admin: Person) -> None:
    """In a fragment, under an alias, and where two selections of the same field are merged."""
    answer = await world.graphql(
        admin,
        """{ organization {
             members { edges { cursor } } members { ...Count } ... { other: members { n: totalCount } } } }
           fragment Count on MemberConnection { ... on MemberConnection { totalCount } }""",
    )
    assert not answer.errors
    assert answer.data["organization"]["members"]["totalCount"] == 13
    assert answer.data["organization"]["other"]["n"] == 13


async def test_somebody_who_leaves_between_pages_leaves_no_gap(world: World) -> None:
    """The cursor is a position in the order, not a person who has to be there."""
    house = await world.organization()
    people = [await world.person(house, name=f"Member {number}") for number in range(4)]
    admin = await world.person(house, Role.ADMIN, "Zed")
    page = await _page(world, admin, first=2)
    async with world.as_owner() as connection:
        await connection.exec_driver_sql("DELETE FROM users.accounts WHERE id = $1", (people[1].id,))
    rest = await _page(world, admin, first=2, after=page["pageInfo"]["endCursor"])
    assert [edge["node"]["fullName"] for edge in rest["edges"]] == ["Member 2", "Member 3"]


async def test_a_participant_sees_only_themselves(world: World) -> None:
    """Not even how many colleagues there are."""
    house = await world.organization()
    me, _ = await world.person(house, name="Me"), await world.person(house)
    page = await _page(world, me, first=10)
    assert page["totalCount"] == 1
    assert [edge["node"]["fullName"] for edge in page["edges"]] == ["Me"]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"role": "GURU"}, ["Greta"]),
        ({"role": "ADMIN"}, ["Ada"]),
        ({"search": "ben"}, ["Ben", "Ben", "Ben", "ben"]),
        ({"search": "BEN"}, ["Ben", "Ben", "Ben", "ben"]),
        ({"search": "%"}, []),
        ({"search": "_"}, []),
        ({"search": '"'}, ['Quote " Mark']),
        ({"search": "\\"}, ["Back\\slash"]),
        ({"search": "ann o'"}, ["Ann O'Hara"]),
        ({"search": "太"}, ["日本 太郎"]),
        ({"search": "nobody"}, []),
        ({"tool": {"slug": "woop", "status": "COMPLETED"}}, ["Åse"]),
        ({"tool": {"slug": "woop", "status": "IN_PROGRESS"}}, ["Zoë"]),
        ({"tool": {"slug": "know-thyself", "status": "UNLOCKED"}}, ["Åse"]),
        ({"tool": {"slug": "segmentation", "status": "UNLOCKED"}}, []),
        ({"role": "USER", "search": "z", "tool": {"slug": "woop", "status": "IN_PROGRESS"}}, ["Zoë"]),
        ({"role": "ADMIN", "search": "ben"}, []),
    ],
    ids=str,
)
async def test_a_filter_holds_in_full(world: World, admin: Person, wanted: dict[str, Any], names: list[str]) -> None:
    """Role, part of the name in any case and literally, standing with a tool by slug or alias; and all together."""
    page = await _page(world, admin, first=50, filter=wanted)
    assert sorted(edge["node"]["fullName"] for edge in page["edges"]) == sorted(names)
    assert page["totalCount"] == len(names)


async def test_a_filter_and_a_cursor_go_together(world: World, admin: Person) -> None:
    """The count stays that of the whole filtered list on each of its pages."""
    first = await _page(world, admin, first=2, filter={"search": "ben"})
    rest = await _page(world, admin, first=2, after=first["pageInfo"]["endCursor"], filter={"search": "ben"})
    ids = {edge["node"]["databaseId"] for page in (first, rest) for edge in page["edges"]}
    assert (first["totalCount"], rest["totalCount"], len(ids)) == (4, 4, 4)
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"first": -1}, "first"),
        ({"first": 101}, "first"),
        ({"first": 2**31 - 1}, "first"),
        ({"after": ""}, "after"),
        ({"after": "%%%%"}, "after"),
        ({"after": "no cursor"}, "after"),
        ({"after": "ä"}, "after"),
        ({"after": "\x00"}, "after"),
        ({"after": "A"}, "after"),
        ({"after": _encoded("[]")}, "after"),
        ({"after": _encoded("1")}, "after"),
        ({"after": _encoded("null")}, "after"),
        ({"after": _encoded('["Ben"]')}, "after"),
        ({"after": _encoded('["Ben", "no uuid"]')}, "after"),
        ({"after": _encoded('["Ben", 7]')}, "after"),
        ({"after": _encoded('[7, "00000000-0000-4000-8000-000000000000"]')}, "after"),
        ({"after": _encoded('["\\u0000", "00000000-0000-4000-8000-000000000000"]')}, "after"),
        ({"after": _encoded('["\\ud800", "00000000-0000-4000-8000-000000000000"]')}, "after"),
        ({"after": _encoded("[" * 2000)}, "after"),
        ({"filter": {"search": "a\x00b"}}, "filter.search"),
        ({"filter": {"tool": {"slug": "wopp"}}}, "filter.tool.slug"),
        ({"filter": {"tool": {"slug": "\x00"}}}, "filter.tool.slug"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_a_bad_argument_is_named(world: World, admin: Person, arguments: dict[str, Any], path: str) -> None:
    """A negative page, a page of 101, a broken cursor, NUL: which argument, and what would be right."""
    answer = await world.graphql(admin, PAGE, arguments)
    assert answer.data == {"organization": None}
    (error,) = answer.errors
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert [problem["path"] for problem in error["extensions"]["problems"]] == [path]
    assert error["message"][-1] == "." or path == "filter.tool.slug"
