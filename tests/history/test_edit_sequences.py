"""Whatever people save, clear, submit, reopen and confirm: history, provenance, staleness, lineage and impact are
those of the reference model, asked over GraphQL.

A sequence is drawn from its number. ``EDIT_SEQUENCES=1000`` asks for more of them, ``-k sequence-7-`` for one. After
each step everything that is stale is compared, and what ``impact`` has foretold; at the end also the stories and
lineages of some values, as their owner and a guru are told them.
"""

import os
from random import Random

import pytest

from db.viewer import Role
from tests.history import asking
from tests.history.edits import Edit, done, draw, foreseen
from tests.history.reference import Reference
from tests.world import Person, World

SEQUENCES = range(int(os.environ.get("EDIT_SEQUENCES", "60")))

STEPS = 12
"""Edits of one sequence, by two people in turns."""

COMPLETED = (0, 1, 2, 3, 4, 6, 9, 12, 16, 20, 25, 31)
"""How many tools are completed before."""

LOOKED_AT = 6
"""Values of each person whose story and lineage are compared at the end."""


@pytest.fixture(scope="module")
async def looking_after(world: World) -> Person:
    """Who looks after everybody here."""
    return await world.person(await world.organization(), Role.GURU)


@pytest.fixture
def guru(world: World, looking_after: Person) -> Person:
    """The same with a token of now: a thousand sequences take longer than one is good for."""
    return Person(looking_after.account, world.gateway.tokens.sign(looking_after.account))


@pytest.mark.parametrize("number", SEQUENCES, ids=lambda number: f"sequence-{number}-")
async def test_any_sequence_of_edits_agrees_with_the_reference(world: World, guru: Person, number: int) -> None:
    """Two people who do not disturb each other."""
    rng = Random(f"edits/{number}")  # noqa: S311 - a seed, not a secret
    people = []
    for _ in range(2):
        person, reference = await world.person(guru.account.organization_id), Reference(world.catalogue)
        for tool in world.catalogue.sequence[: rng.choice(COMPLETED)]:
            await _made(world, person, reference, Edit("submit", tool, world.answers(tool.slug)))
        people.append((person, reference))
    stale = {person.id: await asking.agree_on_state(world, person, reference) for person, reference in people}
    for _ in range(STEPS):
        person, reference = rng.choice(people)
        edit = draw(rng, world, reference)
        values, tools = await asking.predicted(world, person, _changing(reference, edit))
        outcome = await _made(world, person, reference, edit)
        before, after = stale[person.id], await asking.agree_on_state(world, person, reference)
        if outcome in ("SubmissionSaved", "SubmissionSubmitted"):
            assert after[0] - before[0] == values, edit
            # Of a tool that publishes, another value may have been stale already.
            assert after[1] - before[1] <= tools <= after[1], edit
        else:
            assert after[0] <= before[0], edit
        stale[person.id] = after
    for person, reference in people:
        assert await asking.agree_on_state(world, person, reference) == stale[person.id]
        written = [each for each, entries in reference.entries.items() if entries]
        for each in [*rng.sample(written, min(LOOKED_AT, len(written))), rng.choice(list(reference.entries))]:
            reader, depth = rng.choice([person, guru]), rng.randint(1, world.catalogue.longest_chain)
            await asking.agree_on_story(world, reader, person, reference, each, depth)


async def _made(world: World, person: Person, reference: Reference, edit: Edit) -> object:
    """Make an edit; its outcome is the one that the reference foresees."""
    outcome = await done(world, person, edit)
    assert outcome == foreseen(reference, edit), edit
    return outcome


def _changing(reference: Reference, edit: Edit) -> list[str]:
    """The values that an edit will change."""
    sheet = reference.sheets.get(edit.tool.slug)
    data = sheet.data if sheet else {}
    return [
        question.publishes
        for question in edit.tool.questions
        if question.publishes and question.key in edit.given and data.get(question.key) != edit.given[question.key]
    ]
