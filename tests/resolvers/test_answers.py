"""Answers against their questions: shapes, limits, merging, counting."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.catalogue import Catalogue, Question, Tool
from db.catalogue.model import Shape
from resolvers.tools.answers import (
    MAX_ANSWER_DEPTH,
    MAX_ANSWERS_BYTES,
    MAX_UNKNOWN_KEYS,
    merge,
    percentage,
    problems,
    same,
    shortfalls,
    size_problem,
    unanswered,
    unstorable,
)
from resolvers.tools.saving import save_answers
from tests.resolvers import stored
from tests.world import World

SAMPLES: dict[str, Any] = {"text": "x", "number": 7, "list": ["x"], "object": {"a": 1}, "boolean": True}


def _question(catalogue: Catalogue, slug: str, key: str) -> tuple[Tool, Question]:
    tool = catalogue.by_slug[slug]
    return tool, tool.question_by_key[key]


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_question_takes_its_own_shapes_only(catalogue: Catalogue, kind: str) -> None:
    """All 150 questions against each JSON kind; the refusal names the label and what would be right."""
    for tool in catalogue.tools:
        for question in tool.questions:
            value = question.constraints.options[0] if question.constraints.options else SAMPLES[kind]
            if question.constraints.options and kind != Shape.NUMBER:
                value = SAMPLES[kind]
            found = problems(tool, {question.key: value})
            if kind in question.shapes:
                assert found == []
            else:
                assert [problem.path for problem in found] == [f"data.{question.key}"]
                assert question.label in found[0].message
                assert kind in found[0].message


@pytest.mark.parametrize("value", [0, 11, -1, 10.5, 1e300])
def test_a_rating_is_one_of_its_options(catalogue: Catalogue, value: float) -> None:
    """From 1 to 10, in whole numbers."""
    tool, question = _question(catalogue, "woop", "commitment_level")
    assert len(problems(tool, {question.key: value})) == 1


@pytest.mark.parametrize("value", [1, 10, 5.0])
def test_an_option_is_taken(catalogue: Catalogue, value: float) -> None:
    """JSON has no whole numbers of its own: 5.0 is 5."""
    assert problems(catalogue.by_slug["woop"], {"commitment_level": value}) == []


@pytest.mark.parametrize("key", ["wish", "no question"])
@pytest.mark.parametrize(
    "value",
    [
        "nul \x00",
        {"nul \x00": 1},
        [["nul \x00"]],
        "half \ud800",
        {"x": ["\udfff"]},
        2**63,
        -(2**63) - 1,
        [float("nan")],
        {"x": float("inf")},
        [float("-inf")],
    ],
    ids=repr,
)
def test_what_cannot_be_stored_is_refused(catalogue: Catalogue, key: str, value: object) -> None:
    """As an answer and under a key that is no question, at any depth."""
    found = problems(catalogue.by_slug["woop"], {key: value})
    assert [problem.path for problem in found] == [f"data.{key}"]


def test_a_key_cannot_hold_nul(catalogue: Catalogue) -> None:
    """PostgreSQL could not keep it."""
    (problem,) = problems(catalogue.by_slug["woop"], {"a\x00": 1})
    assert problem.message == "A key cannot hold a NUL character."


def test_nesting_has_an_end() -> None:
    """Thirty-two levels are kept, thirty-three are refused, and so are a hundred thousand."""
    assert unstorable(_nested(MAX_ANSWER_DEPTH)) is None
    assert unstorable(_nested(MAX_ANSWER_DEPTH + 1)) == "It nests more than 32 levels deep."
    assert unstorable(_nested(100_000)) == "It nests more than 32 levels deep."


def test_unknown_keys_have_an_end(catalogue: Catalogue) -> None:
    """A hundred are kept; the names that a tool also accepts do not count."""
    tool = catalogue.by_slug["woop"]
    given = {f"unknown_{number}": 1 for number in range(MAX_UNKNOWN_KEYS)} | {"reflection": "x", "wish": "x"}
    assert problems(tool, given) == []
    assert [problem.path for problem in problems(tool, {**given, "one_more": 1})] == ["data"]


def test_all_answers_together_have_a_size() -> None:
    """A million bytes of UTF-8, not of characters."""
    frame = len('{"x":""}')
    assert size_problem({"x": "a" * (MAX_ANSWERS_BYTES - frame)}) == []
    assert len(size_problem({"x": "a" * (MAX_ANSWERS_BYTES - frame + 1)})) == 1
    assert len(size_problem({"x": "ä" * (MAX_ANSWERS_BYTES // 2)})) == 1


def test_a_merge_says_what_it_did(catalogue: Catalogue) -> None:
    """Changed, cleared and ignored; what is the same, or was never there, is none of them."""
    current = {"wish": "old", "outcome": "same", "obstacle_internal": "x", "mood": 1}
    given = {"wish": "new", "outcome": "same", "obstacle_internal": None, "first_action": "", "mood": 1, "x": 2}
    merged = merge(catalogue.by_slug["woop"], current, given)
    assert merged.data == {"wish": "new", "outcome": "same", "mood": 1, "x": 2}
    assert (merged.changed, merged.cleared) == (("wish", "x"), ("obstacle_internal",))
    assert merged.ignored == ("mood", "x")
    assert current["wish"] == "old"


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1, True),
        (1, True, False),
        (0, False, False),
        ("1", 1, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ([1, 2], [2, 1], False),
        ({"a": [1]}, {"a": [True]}, False),
    ],
)
def test_equal_means_equal_as_json(one: object, other: object, equal: bool) -> None:
    """Python takes 1 and true for one; a value that changes from one to the other has changed."""
    assert same(one, other) is equal


def test_what_is_left_open_is_listed_in_the_tools_order(catalogue: Catalogue) -> None:
    """Blank and empty count as no answer; zero and false would be one."""
    data = {"plan_if_then": " ", "outcome": {}, "obstacle_internal": "x"}
    tool = catalogue.by_slug["woop"]
    assert [question.key for question in unanswered(tool, data)] == ["wish", "outcome", "plan_if_then"]
    assert percentage(tool, data) == 25
    assert unanswered(tool, {**data, "wish": 0, "outcome": False, "plan_if_then": "x"}) == ()


@pytest.mark.parametrize(("answered", "percent"), [(0, 0), (1, 17), (2, 33), (3, 50), (4, 67), (5, 83), (6, 100)])
def test_the_percentage_is_rounded(catalogue: Catalogue, answered: int, percent: int) -> None:
    """Know Thyself requires six answers."""
    tool = catalogue.by_slug["know-thyself"]
    assert percentage(tool, dict.fromkeys(sorted(tool.required_keys)[:answered], "x")) == percent


def test_white_space_does_not_count_as_length(catalogue: Catalogue) -> None:
    """Twenty characters are asked for, nineteen between blanks are too few."""
    tool = catalogue.by_slug["know-thyself"]
    assert shortfalls(tool, {"dream": "x" * 20}) == []
    assert len(shortfalls(tool, {"dream": f"  {'x' * 19}  "})) == 1


def _nested(levels: int) -> object:
    value: object = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("value", [1e16, 5.694370907950267e16, 1e300, 1.7976931348623157e308, 5e-324, -0.1])
async def test_a_number_of_any_size_is_the_same_number_when_read(world: World, value: float) -> None:
    """Large ones come back as whole numbers, as PostgreSQL writes them; they are still the same double."""
    person = await world.person()
    await save_answers(await world.context(person), "woop", {"anything": value})
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert float(row["data"]["anything"]) == value


# Floats from 10^16 on are whole numbers to PostgreSQL; the test above has them.
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(-1e15, 1e15)
    | st.sampled_from([float("nan"), float("inf"), float("-inf")])
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(value=_JSON)
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
async def test_what_is_not_refused_is_stored_as_it_was(world: World, value: Any) -> None:
    """Any JSON value is either refused with a reason or comes back from the database equal."""
    if unstorable(value):
        return
    person = await world.person()
    await save_answers(await world.context(person), "woop", {"anything": value})
    row = await stored.submission(world, person, "woop")
    assert row is not None
    assert row["data"]["anything"] == value
