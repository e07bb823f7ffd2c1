"""Fields of which nothing says which policy guards their rows: they are never compiled."""

from dataclasses import replace

import pytest

from graphql_api.declarations import COLUMNS, Column
from graphql_api.execution.compiled.plans import NoPlan
from tests.graphql_api.compiled.planning import Planning, without_permission
from tests.world import World

NEEDS = "{ viewer { team { needs { dreamContext } } } }"


@pytest.mark.parametrize(
    ("type_name", "field", "query"),
    [
        ("WoopTool", "wish", "{ viewer { fullName woop { slug wish } } }"),
        ("WoopTool", "planIfThen", "{ viewer { fullName woop { slug planIfThen } } }"),
        ("Participant", "woop", "{ viewer { fullName woop { slug } } }"),
        ("ValuesSources", "dream", "{ viewer { fullName values { sources { dream { slug } } } } }"),
        ("TeamNeeds", "dreamContext", NEEDS),
    ],
)
def test_a_field_without_permission_is_never_compiled(world: World, type_name: str, field: str, query: str) -> None:
    """Nothing says which policy guards it: declined by name; without that field the same graph compiles."""
    assert Planning(world.gateway.graph).compiles(query)
    planning = Planning(without_permission(world.gateway.graph, type_name, field))
    plan = planning.plan(query)
    assert isinstance(plan, NoPlan)
    assert plan.reason == f"{type_name}.{field} is not declared as data"
    assert planning.compiles("{ viewer { fullName dream { oneSentence } } }")


@pytest.mark.parametrize(
    ("type_name", "field", "query"),
    [
        ("Participant", "email", "{ viewer { fullName email } }"),
        ("Organization", "industry", "{ organization { name industry } }"),
        ("Progress", "startedAt", "{ viewer { woop { progress { status startedAt } } } }"),
        ("Submission", "reviewComment", "{ viewer { woop { submission { version reviewComment } } } }"),
    ],
)
def test_a_column_without_permission_is_never_compiled(
    world: World, monkeypatch: pytest.MonkeyPatch, type_name: str, field: str, query: str
) -> None:
    """The same for fields that are columns."""
    assert Planning(world.gateway.graph).compiles(query)
    guarded = COLUMNS[type_name][field]
    bare: Column = replace(guarded, permission="")
    monkeypatch.setitem(COLUMNS, type_name, {**COLUMNS[type_name], field: bare})
    plan = Planning(world.gateway.graph).plan(query)
    assert isinstance(plan, NoPlan)
    assert f"{type_name}.{field}" in plan.reason or f"has no field {field}" in plan.reason
