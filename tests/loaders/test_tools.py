"""Loaders of participants' work on real rows: anonymous, another tenant, the right one, each in one statement."""

from uuid import uuid4

import pytest

from db.models.tools import ProgressStatus, Story, SubmissionStatus
from db.viewer import ANONYMOUS, Role, Viewer
from loaders import Loaders
from loaders.tools import TeamCompletion
from tests.world import Person, World

WISH = "intro.woop.wish"
NARRATIVE = "identity.dream.narrative"


@pytest.fixture(scope="module")
async def people(world: World) -> dict[str, Person]:
    """Ann, who has submitted WOOP, and Ben, who has done nothing; their admin; a stranger."""
    organization = await world.organization()
    ann, ben = [await world.person(organization, name=name) for name in ("Ann", "Ben")]
    await world.complete(ann, "woop")
    return {
        "ann": ann,
        "ben": ben,
        "admin": await world.person(organization, Role.ADMIN),
        "stranger": await world.person(await world.organization(), Role.ADMIN),
    }


def loaders(world: World, viewer: Viewer) -> Loaders:
    """Loaders of one request of this viewer."""
    return Loaders(world.gateway.database.reader(viewer), world.catalogue, world.gateway.database.data_keys)


@pytest.mark.parametrize("who", ["anonymous", "stranger", "ben"])
async def test_rows_of_others_are_gaps(world: World, people: dict[str, Person], who: str) -> None:
    """As if they were not there: no value, no submission, no progress."""
    found = loaders(world, people[who].viewer if who in people else ANONYMOUS)
    ann = people["ann"].id
    assert await found.field_outputs.load((ann, WISH)) is None
    assert await found.submissions.load((ann, "woop")) is None
    assert list(await found.progress.load(ann)) == []


@pytest.mark.parametrize("who", ["ann", "admin"])
async def test_values_come_in_the_order_of_their_keys(world: World, people: dict[str, Person], who: str) -> None:
    """Over people and tools, with a gap for each value that is not there."""
    ann, ben = people["ann"].id, people["ben"].id
    keys = [(ben, WISH), (ann, NARRATIVE), (ann, WISH), (uuid4(), WISH)]
    with world.sql() as statements:
        values = await loaders(world, people[who].viewer).field_outputs.load_many(keys)
    assert [value.value if value else None for value in values] == [None, None, world.answers("woop")["wish"], None]
    assert len(statements) == 1
    assert statements[0].count("UNION ALL") == 1


async def test_every_field_of_every_tool_is_one_statement(world: World, people: dict[str, Person]) -> None:
    """85 values of 50 people over 31 tools: one UNION ALL of the tools that publish."""
    viewer = people["ann"].viewer
    keys = [
        (person, field)
        for person in [people["ann"].id, *(uuid4() for _ in range(49))]
        for field in world.catalogue.fields
    ]
    with world.sql() as statements:
        values = await loaders(world, viewer).field_outputs.load_many(keys)
    assert len(statements) == 1
    published = {field.id for field in world.catalogue.fields.values() if field.tool.slug == "woop"}
    assert {value.field_id for value in values if value} == published


async def test_submissions_come_in_the_order_of_their_keys(world: World, people: dict[str, Person]) -> None:
    """Each with its own tool's answers; tools that were not begun are gaps."""
    ann, ben = people["ann"].id, people["ben"].id
    with world.sql() as statements:
        rows = await loaders(world, people["admin"].viewer).submissions.load_many(
            [(ann, "dream"), (ben, "woop"), (ann, "woop")]
        )
    assert len(statements) == 1
    assert rows[:2] == [None, None]
    assert rows[2] is not None
    assert (rows[2].user_id, rows[2].status, rows[2].version) == (ann, SubmissionStatus.SUBMITTED, 1)
    assert rows[2].data == world.answers("woop")


async def test_stories_are_read_without_the_values(world: World, people: dict[str, Person]) -> None:
    """What was built on what, of any tools and people in one statement; of Focus, which publishes nothing, as well."""
    ann, ben = people["ann"].id, people["ben"].id
    with world.sql() as statements:
        found = await loaders(world, people["admin"].viewer).stories.load_many(
            [(ben, "woop"), (ann, "focus"), (ann, "woop"), (uuid4(), "woop")]
        )
    assert [list(stories) for stories in found] == [[], [], [Story(WISH, 1, {})], []]
    assert len(statements) == 1
    assert "sprint_09_focus.submissions" in statements[0]
    assert "value" not in statements[0]
    for who in (ANONYMOUS, people["stranger"].viewer, people["ben"].viewer):
        assert list(await loaders(world, who).stories.load((ann, "woop"))) == []


async def test_progress_is_31_rows_for_each_person(world: World, people: dict[str, Person]) -> None:
    """In one statement for all people; somebody who is not there has none."""
    ann, ben = people["ann"].id, people["ben"].id
    with world.sql() as statements:
        rows = await loaders(world, people["admin"].viewer).progress.load_many([ben, uuid4(), ann])
    assert len(statements) == 1
    assert [len(of_one) for of_one in rows] == [31, 0, 31]
    by_slug = {row.tool_slug: row.status for row in rows[2]}
    assert (by_slug["woop"], by_slug["know-thyself"]) == (ProgressStatus.COMPLETED, ProgressStatus.UNLOCKED)


@pytest.mark.parametrize(("who", "count"), [("anonymous", (0, 0)), ("stranger", (0, 0)), ("ben", (1, 2))])
async def test_team_completion_is_the_viewers_own(
    world: World, people: dict[str, Person], who: str, count: tuple[int, int]
) -> None:
    """Colleagues are counted without being shown."""
    found = loaders(world, people[who].viewer if who in people else ANONYMOUS)
    assert await found.team_completion.load_many(["woop", "dream"]) == [
        TeamCompletion(*count),
        TeamCompletion(0, count[1]),
    ]


async def test_what_was_written_is_read_again(world: World, people: dict[str, Person]) -> None:
    """``forget`` drops one participant's rows and keeps the others'."""
    ann, ben = people["ann"].id, people["ben"].id
    found = loaders(world, people["admin"].viewer)
    keys = [(ann, WISH), (ben, WISH)]
    await found.field_outputs.load_many(keys)
    await found.submissions.load_many([(ann, "woop"), (ben, "woop")])
    await found.stories.load_many([(ann, "woop"), (ben, "woop")])
    await found.progress.load_many([ann, ben])
    found.forget(ann)
    with world.sql() as statements:
        await found.field_outputs.load((ben, WISH))
        await found.submissions.load((ben, "woop"))
        await found.stories.load((ben, "woop"))
        await found.progress.load(ben)
    assert statements == []
    with world.sql() as statements:
        await found.field_outputs.load_many(keys)
        await found.submissions.load((ann, "woop"))
        await found.stories.load((ann, "woop"))
        await found.progress.load(ann)
    assert len(statements) == 4
