"""Random work on the programme agrees with a reference model: statuses, versions, percentages, values, staleness."""

import asyncio
import os
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st

from db.catalogue import Catalogue, Question, QuestionType, Tool
from resolvers.context import Context
from resolvers.refusals import Refusal
from resolvers.tools.participant import Participant
from resolvers.tools.reading import participant
from resolvers.tools.saving import save_answers
from resolvers.tools.submitting import reopen_tool, submit_tool
from resolvers.tools.work import Requirement
from tests.resolvers.model import Model
from tests.world import World

SEQUENCES = int(os.environ.get("MODEL_SEQUENCES", "1000"))
"""Of acts, as many as are tried."""

AT_ONCE = 4
"""Sequences of one example: so many people work side by side, which also shows that they do not disturb each other."""

CLEAR, SHORT, ONE, TWO = range(4)


@dataclass(frozen=True)
class Step:
    """One act. ``where`` counts back from the tool that opened last, or, past them all, from the last tool."""

    act: str
    where: int
    answers: Sequence[tuple[int, int]] = ()
    everything: int | None = None
    expected: str = "any"


_answers = st.lists(st.tuples(st.integers(0, 30), st.sampled_from([ONE, TWO, CLEAR, SHORT])), max_size=3)
_expected = st.sampled_from(["any", "any", "right", "wrong"])
_where = st.integers(0, 3) | st.integers(0, 45)
_steps = st.one_of(
    st.builds(Step, st.just("submit"), _where, _answers, st.sampled_from([ONE, TWO]), _expected),
    st.builds(Step, st.just("submit"), _where, _answers, st.none(), _expected),
    st.builds(Step, st.just("save"), _where, _answers, st.none(), _expected),
    st.builds(Step, st.just("save"), _where, _answers, st.sampled_from([ONE, TWO]), _expected),
    st.builds(Step, st.just("reopen"), _where),
)
_sequences = st.tuples(st.sampled_from([0, 1, 2, 3, 4, 6, 9, 14, 20, 30]), st.lists(_steps, min_size=1, max_size=16))
"""How many tools are completed before, and what happens then."""


@given(batch=st.lists(_sequences, min_size=AT_ONCE, max_size=AT_ONCE))
@settings(max_examples=SEQUENCES // AT_ONCE, derandomize=True, database=None, deadline=None)
async def test_any_sequence_of_acts_agrees_with_the_model(world: World, batch: list[tuple[int, list[Step]]]) -> None:
    """Sequences of saves, submits and reopens: the same refusals on the way, the same state at the end.

    The run is the same every time; a failure prints the smallest batch that shows it.
    """
    await asyncio.gather(*(_run(world, head_start, steps) for head_start, steps in batch))


@given(wishes=st.permutations(range(31)))
@settings(max_examples=6, derandomize=True, database=None, deadline=None)
async def test_the_programme_can_be_completed_in_any_valid_order(world: World, wishes: list[int]) -> None:
    """Whichever open tool comes next, all 31 get completed, and nothing is open before its time."""
    person = await world.person()
    context, model = await world.context(person), Model(world.catalogue)
    for _ in world.catalogue.tools:
        todo = [slug for slug in model.opened if model.progress[slug] != "completed"]
        tool = world.catalogue.by_slug[min(todo, key=lambda slug: wishes[world.catalogue.by_slug[slug].sprint])]
        note(tool.slug)
        await submit_tool(context, tool.slug, world.answers(tool.slug))
        assert model.submit(tool, world.answers(tool.slug), None) is None
        await _agree(await world.context(person), model)
    assert set(model.progress.values()) == {"completed"}


async def _run(world: World, head_start: int, steps: list[Step]) -> None:
    person = await world.person()
    context, model = await world.context(person), Model(world.catalogue)
    for tool in world.catalogue.sequence[:head_start]:
        await _step(context, model, tool, Step("submit", 0, everything=ONE))
    for step in steps:
        await _step(context, model, _tool(model, step.where), step)
    await _agree(await world.context(person), model)


async def _step(context: Context, model: Model, tool: Tool, step: Step) -> None:
    given = _given(tool, step)
    expected = {"any": None, "right": model.version(tool), "wrong": model.version(tool) + 1}[step.expected]
    act: Awaitable[object]
    match step.act:
        case "save":
            foreseen = model.save(tool, given, expected)
            act = save_answers(context, tool.slug, given, expected_version=expected)
        case "submit":
            foreseen = model.submit(tool, given, expected)
            act = submit_tool(context, tool.slug, given, expected_version=expected)
        case _:
            foreseen = model.reopen(tool)
            act = reopen_tool(context, tool.slug)
    try:
        await act
        refused = None
    except Refusal as refusal:
        refused = type(refusal).__name__
    assert refused == foreseen, (tool.slug, step)


async def _agree(context: Context, model: Model) -> None:
    everything = Requirement(set(model.catalogue.fields), {tool.slug for tool in model.catalogue.tools}, progress=True)
    person = await participant(context, None, everything)
    assert person is not None
    views = {tool.slug: person.tool(tool) for tool in model.catalogue.tools}
    assert {slug: view.progress.status.value for slug, view in views.items()} == model.progress
    assert {slug: view.progress.percentage for slug, view in views.items()} == model.percentages
    sheets = {slug: view.submission for slug, view in views.items() if view.submission}
    assert {slug: (row.data, row.status.value, row.version) for slug, row in sheets.items()} == {
        slug: (sheet.data, sheet.status, sheet.version) for slug, sheet in model.sheets.items()
    }
    assert {slug: [item.tool.slug for item in view.why_locked] for slug, view in views.items()} == {
        tool.slug: model.missing(tool) for tool in model.catalogue.tools
    }
    assert _values(person, model.catalogue) == {
        field_id: (value.value, value.version, model.stale(field_id)) for field_id, value in model.values.items()
    }


def _values(person: Participant, catalogue: Catalogue) -> dict[str, tuple[Any, int | None, bool]]:
    found = [value for tool in catalogue.tools for value in person.tool(tool).field_values()]
    return {value.id: (value.value, value.version, value.stale) for value in found if value.available}


def _tool(model: Model, where: int) -> Tool:
    if where < len(model.opened):
        return model.catalogue.by_slug[model.opened[-1 - where]]
    return model.catalogue.tools[-1 - where % len(model.catalogue.tools)]


def _given(tool: Tool, step: Step) -> dict[str, Any]:
    given = {}
    if step.everything is not None:
        given = {question.key: _value(question, step.everything) for question in tool.questions if question.required}
    for number, variant in step.answers:
        question = tool.questions[number % len(tool.questions)]
        given[question.key] = _value(question, variant)
    return given


def _value(question: Question, variant: int) -> Any:
    if variant == CLEAR:
        return None
    match question.type:
        case QuestionType.TEXT:
            return "short" if variant == SHORT else f"An answer that is long enough, variant {variant}"
        case QuestionType.LIST:
            return [{"item": variant}] * (1 if variant == SHORT else 3)
        case QuestionType.COMPOUND:
            return {"variant": variant}
        case _:
            return variant
