"""Sorts the questions by the way they are answered: one set that compiles, and one of what the first leaves out."""

import re

from graphql import GraphQLSchema, OperationDefinitionNode, OperationType, parse

from graphql_api.execution.compiled.plans import NoPlan, Operation
from graphql_api.gateway import Gateway
from tests.isolation.cast import Part
from tests.isolation.questions import Question, questions
from tests.isolation.targets import Targets

_FIELD = re.compile(r"^(\w+)\.(\w+) is not declared as data")
_VARIANT = re.compile(r"^(\w+): ")


def by_way(gateway: Gateway, targets: Targets, viewer: Part, asked: set[str]) -> tuple[list[Question], list[Question]]:
    """Questions that are compiled, and those that leave no field out; what is compiled is found by trying.

    ``asked`` is told which ``Type.field`` both select.
    """
    left_out: set[str] = set()
    while True:
        found = list(questions(targets.schema, OperationType.QUERY, set(), without=left_out))
        reasons = {question: _declined(gateway, question, targets, viewer) for question in found}
        grown = left_out | {place for reason in reasons.values() for place in _places(targets.schema, reason)}
        if grown == left_out:
            break
        left_out = grown
    list(questions(targets.schema, OperationType.QUERY, asked, without=left_out))
    roots = {place.partition(".")[2] for place in left_out if place.startswith("Query.")}
    others = {place for place in left_out if not place.startswith("Query.")}
    left = [question for question, reason in reasons.items() if reason]
    left += [each for each in questions(targets.schema, OperationType.QUERY, asked) if each.root in roots]
    left += [
        each for each in questions(targets.schema, OperationType.QUERY, asked, only=others) if each.root not in roots
    ]
    compiled = [question for question, reason in reasons.items() if not reason]
    for question in (*compiled, *left):
        assert not (errors := gateway.documents.get(question.text).errors), (errors, question.text)
    return compiled, left


def _declined(gateway: Gateway, question: Question, targets: Targets, viewer: Part) -> str | None:
    (node,) = parse(question.text).definitions
    assert isinstance(node, OperationDefinitionNode)
    operation = Operation.of(node, {})
    given = {slot.name: targets.of(viewer, slot, question.narrowed)[0].value for slot in question.slots}
    values = operation.coerced(gateway.graph.schema, given)
    assert values is not None, question.text
    plan = gateway.plans.get(operation, values)
    return plan.reason if isinstance(plan, NoPlan) else None


def _places(schema: GraphQLSchema, reason: str | None) -> set[str]:
    """The fields that a reason speaks of; of a tool's those of all tools. Not of what is declined in one place only."""
    if reason is None or reason.endswith(" here"):
        return set()
    if found := _FIELD.match(reason):
        owner, name = found.groups()
        kin = {owner}
        for interface in getattr(schema.type_map.get(owner), "interfaces", ()):
            if name in interface.fields:
                kin |= {each.name for each in schema.get_possible_types(interface)}
        return {f"{each}.{name}" for each in kin} | {f"{each}.{name}*" for each in kin}
    if found := _VARIANT.match(reason):
        name = found[1]
        return {f"{each}.{name}*" for each, kind in schema.type_map.items() if name in getattr(kind, "fields", ())}
    return set()
