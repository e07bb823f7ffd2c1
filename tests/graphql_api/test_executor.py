"""What becomes of fields that an execution does not wait for."""

import asyncio
import gc
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from graphql import ExecutionResult, build_schema, execute, parse

from graphql_api.costs import Costs
from graphql_api.execution.executor import CountingExecutor, Unawaited
from graphql_api.execution.spending import Tally

STEPS = 8
SCHEMA = build_schema("type Query { after(steps: Int!): Query fails(steps: Int!): Int! succeeds: Int }")
BESIDE = parse(
    "query ($f: Int!, $a: Int!) { after(steps: 1) { fails(steps: $f) after(steps: $a) { succeeds too: succeeds } } }"
)


async def resolve(source: object, info: Any, steps: int = 1) -> object:
    """A field."""
    for _ in range(steps):
        await asyncio.sleep(0)
    if info.field_name == "fails":
        raise ValueError
    return 1


async def executed(variables: Mapping[str, int]) -> ExecutionResult:
    """The document, as the gateway executes it."""
    with closing(Unawaited()) as unawaited:
        answer: Any = execute(
            SCHEMA,
            BESIDE,
            variable_values=dict(variables),
            field_resolver=resolve,
            executor_class=CountingExecutor,
            costs=Costs(),
            tally=Tally(),
            unawaited=unawaited,
        )
        result: ExecutionResult = await answer
        return result


@contextmanager
def no_warning() -> Iterator[None]:
    """Python says nothing inside the block, nor when it is cleared up."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield
        gc.collect()
    assert [str(each.message) for each in said] == []


async def test_fields_beside_one_that_fails() -> None:
    """They are dropped wherever they are, without a word in the log."""
    with no_warning():
        for fails in range(STEPS):
            for after in range(STEPS):
                answer = await executed({"f": fails, "a": after})
                assert answer.data == {"after": None}
                assert [error.path for error in answer.errors or ()] == [["after", "fails"]]


async def test_an_execution_that_is_cancelled() -> None:
    """The same, at whatever step."""
    with no_warning():
        for steps in range(1, 3 * STEPS):
            asked = asyncio.ensure_future(executed({"f": STEPS, "a": STEPS // 2}))
            for _ in range(steps):
                await asyncio.sleep(0)
            asked.cancel()
            await asyncio.wait([asked])
            del asked
