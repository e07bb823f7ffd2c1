"""Shows how an operation is executed: its plan as a tree for people, or why it has none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import OperationDefinitionNode

from graphql_api.execution.compiled.layout import Layout
from graphql_api.execution.compiled.operation import Compiler
from graphql_api.execution.compiled.organization_plan import OrganizationPlan
from graphql_api.execution.compiled.plan import PersonPlan, Plan
from graphql_api.execution.compiled.plans import NoPlan, Planned, Plans
from graphql_api.execution.documents import Documents
from graphql_api.graph import Graph

_WIDTH = 100


def explained(planned: Planned | None, unanswered: str | None = None) -> list[str]:
    """How an operation is executed, one line each.

    ``planned`` is ``None`` where the variables break a rule of GraphQL; ``unanswered``: why the plan could not give
    this one answer.
    """
    if planned is None:
        return ["graphql-core: the operation or its variables are refused"]
    head = _head(planned)
    if isinstance(planned.plan, NoPlan):
        return [head, f"└─ graphql-core with look-ahead, because {planned.plan.reason}"]
    how = f"compiled, but answered by graphql-core: {unanswered}" if unanswered else "compiled: one statement"
    branches: list[tuple[str, list[str]]] = [(how, [])]
    if depends := _depends(planned):
        branches.append(("made for", depends))
    branches.append(("reads", list(_reads(planned.plan))))
    branches.append(("answers", [_shortened(_shown(planned.plan))]))
    return [head, *_tree(branches)]


def statements(planned: Planned | None) -> list[str]:
    """The statement that a plan runs for a participant; none without a plan."""
    if planned is None or isinstance(planned.plan, NoPlan):
        return []
    return [planned.plan.statement(guiding=False).sql]


def explain_document(graph: Graph, text: str, variables: Mapping[str, Any]) -> tuple[list[str], bool]:
    """Plan and SQL of every operation of a document, or its errors; and whether it is valid."""
    document = Documents(graph.schema).get(text)
    if document.node is None:
        return [error.message for error in document.errors], False
    plans = Plans(Compiler(graph.schema, graph.catalogue, graph.declared, graph.costs))
    names = [
        node.name.value if node.name else None
        for node in document.node.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    lines: list[str] = []
    valid = True
    for name in names:
        operation = document.compilable(name)
        values = operation.coerced(graph.schema, variables) if operation else None
        planned = Planned(operation, values, plans.get(operation, values)) if operation and values else None
        valid = valid and planned is not None
        lines += [*explained(planned), *[line for sql in statements(planned) for line in ("", *sql.splitlines())], ""]
    return lines[:-1], valid


def _head(planned: Planned) -> str:
    node = planned.operation.node
    return f"{node.operation.value} {node.name.value if node.name else '(unnamed)'}"


def _depends(planned: Planned) -> list[str]:
    given = planned.values.coerced
    operation = planned.operation
    found = [f"${name} = {_word(given.get(name))}" for name in (*operation.conditions, *operation.few)]
    return found + [f"${name} names the {kind.name.lower()} {_word(given.get(name))}" for name, kind in operation.names]


def _reads(plan: Plan) -> Iterator[str]:
    layout = plan.layout
    if isinstance(plan, OrganizationPlan):
        yield "the organisation asked for, or the viewer's own"
        if plan.paged:
            yield f"a page of its members by name{', filtered' if plan.filtered else ''}"
    elif isinstance(plan, PersonPlan):
        yield "the person asked for" if plan.asked_for else "the viewer's account"
    yield from _rows(layout)


def _rows(layout: Layout) -> Iterator[str]:
    by_tool: dict[str, list[str]] = {}
    for field_id, field in layout.fields.items():
        by_tool.setdefault(field.tool.slug, []).append(field_id)
    story = " with their story" if layout.with_story else ""
    for slug, fields in by_tool.items():
        yield f"values of {slug}{story}: {', '.join(fields)}"
    if layout.tools:
        yield f"submissions, {len(layout.parts)} columns: {', '.join(layout.tools)}"
    if layout.fragments:
        every = len(layout.progress_of) == len(layout.catalogue.tools)
        tools = "every tool" if every else ", ".join(sorted(layout.progress_of))
        yield f"progress in {len(layout.fragments)} shape{'s' * (len(layout.fragments) > 1)}: {tools}"
    if layout.with_company:
        yield "the organisation's columns"


def _shown(plan: Plan) -> str:
    if isinstance(plan, PersonPlan):
        return f"{plan.frame.before}{plan.template}{plan.frame.after}"
    assert isinstance(plan, OrganizationPlan)
    return f"{plan.frame.before}{plan.shown.template}{plan.frame.after}"


def _tree(branches: Sequence[tuple[str, Sequence[str]]]) -> Iterator[str]:
    for number, (text, leaves) in enumerate(branches, 1):
        last = number == len(branches)
        yield f"{'└─' if last else '├─'} {text}"
        for position, leaf in enumerate(leaves, 1):
            yield f"{'   ' if last else '│  '}{'└─' if position == len(leaves) else '├─'} {leaf}"


def _shortened(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}… ({len(text):,} characters)"


def _word(value: Any) -> str:
    return str(getattr(value, "name", value))
