"""Acts that cannot follow from where things stand: refusals as data, and nothing written."""

from dataclasses import dataclass

import pytest

from db.viewer import Role
from tests.graphql_api.refused import REFUSAL, asked, nothing_written
from tests.world import Person, World


@pytest.fixture
async def person(world: World) -> Person:
    """A participant; only WOOP is open."""
    return await world.person(await world.organization())


@pytest.fixture
async def guru(world: World, person: Person) -> Person:
    """Their guru."""
    return await world.person(person.account.organization_id, Role.GURU)


@dataclass(frozen=True)
class Act:
    """An act that cannot follow: what was done before, and what is said then."""

    field: str
    refusal: str
    message: str
    before: tuple[str, ...] = ()
    by_guru: bool = False


_BEGIN = 'saveWoop(input: {wish: "x"})'
_WORK = 'saveSubmission(tool: "woop", data: {}, status: IN_PROGRESS)'
_SUBMIT = 'submitTool(tool: "woop", data: {wish: "x"}, allowMissing: true)'
_APPROVE = 'approveSubmission(tool: "woop", userId: "ME")'
_REJECT = 'rejectSubmission(tool: "woop", userId: "ME", comment: "No")'

ACTS = {
    "save a locked tool": Act('saveDream(input: {oneSentence: "x"})', "Locked", "Dream is locked"),
    "submit a locked tool": Act('submitTool(tool: "pricing")', "Locked", "Pricing Strategy is locked"),
    "reopen what is not there": Act('reopenTool(tool: "dream")', "NotFound", "No submission found"),
    "export what is locked": Act('exportSubmission(tool: "dream")', "NotFound", "Nothing to export. Dream is locked"),
    "export what is not there": Act('exportSubmission(tool: "woop")', "NotFound", "No submission found"),
    "submit half a tool": Act('submitTool(tool: "woop")', "MissingAnswers", "still needs an answer", (_BEGIN,)),
    "make work a draft": Act(
        'saveSubmission(tool: "woop", data: {}, status: DRAFT)', "InvalidTransition", "cannot make it draft", (_WORK,)
    ),
    "make a submission work": Act(_WORK, "InvalidTransition", "Reopen it first", (_SUBMIT,)),
    "reopen a draft": Act('reopenTool(tool: "woop")', "InvalidTransition", "only a submitted tool reopens", (_BEGIN,)),
    "approve a draft": Act(_APPROVE, "InvalidTransition", "only a submitted tool", (_BEGIN,), by_guru=True),
    "reject a draft": Act(_REJECT, "InvalidTransition", "only a submitted tool", (_BEGIN,), by_guru=True),
    "approve one's own": Act(_APPROVE, "NotAllowed", "only a guru", (_SUBMIT,)),
    "approve what is not there": Act(_APPROVE, "NotFound", "No submission found", by_guru=True),
    "a version that is gone": Act(
        'saveWoop(input: {wish: "y"}, expectedVersion: 0)', "StaleVersion", "worked on version 0", (_BEGIN,)
    ),
    "a version to come": Act(
        'submitTool(tool: "woop", expectedVersion: 2)', "StaleVersion", "worked on version 2", (_BEGIN,)
    ),
}


@pytest.mark.parametrize("name", ACTS)
async def test_an_act_that_cannot_follow(world: World, person: Person, guru: Person, name: str) -> None:
    """A locked tool, a status that cannot follow, a role that may not: a member of the result, never an error."""
    act = ACTS[name]
    for each in act.before:
        assert "errors" not in await asked(world, person, f"mutation {{ {each} {{ __typename }} }}")
    query = f"mutation {{ act: {act.field.replace('ME', str(person.id))} {REFUSAL} }}"
    async with nothing_written(world, person, guru):
        answer = await asked(world, guru if act.by_guru else person, query)
    assert "errors" not in answer
    assert answer["data"]["act"]["__typename"] == act.refusal
    assert act.message in answer["data"]["act"]["message"]
