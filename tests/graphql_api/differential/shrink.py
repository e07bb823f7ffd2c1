"""Makes a failing request smaller: takes away selections, directives and arguments for as long as it still fails."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

from graphql import (
    REMOVE,
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from tests.graphql_api.differential.generator import Request

MAX_TRIES = 400

_EMPTY = re.compile(r"[\w).] \{\}|^\{\}", re.MULTILINE)

_REMOVABLE = (FieldNode, InlineFragmentNode, FragmentSpreadNode, DirectiveNode, ArgumentNode)


async def shrunk(request: Request, fails: Callable[[Request], Awaitable[bool]]) -> Request:
    """The smallest request found that still fails. ``fails`` is false for what is not valid any more."""
    tries = MAX_TRIES
    progress = True
    while progress:
        progress = False
        for smaller in _smaller(request):
            tries -= 1
            if tries < 0:
                return request
            if await fails(smaller):
                request, progress = smaller, True
                break
    return request


def _smaller(request: Request) -> Iterator[Request]:
    document = parse(request.text)
    for number in range(_count(document)):
        try:
            tidied = _tidy(parse(print_ast(_without(document, number))))
        except GraphQLError:  # the last selection of a set is gone
            continue
        text = print_ast(tidied)
        if _EMPTY.search(text):  # which the parser takes for a selection
            continue
        names = _names(tidied, VariableDefinitionNode)
        given = {name: value for name, value in request.variables.items() if name in names}
        yield replace(request, text=text, variables=given)


class _Remover(Visitor):
    """Counts what could be removed, and removes one of it."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.count = 0
        self._number = number

    def enter(self, node: Node, *_: Any) -> Any:
        """Count one node."""
        if isinstance(node, _REMOVABLE):
            self.count += 1
            if self.count - 1 == self._number:
                return REMOVE
        return None


def _count(document: DocumentNode) -> int:
    remover = _Remover(-1)
    visit(document, remover)
    return remover.count


def _without(document: DocumentNode, number: int) -> DocumentNode:
    found: DocumentNode = visit(document, _Remover(number))
    return found


def _tidy(document: DocumentNode) -> DocumentNode:
    """Without the fragments and variables that nothing uses."""
    before = None
    while before != (before := print_ast(document)):
        document = visit(document, _Sweeper(_names(document, FragmentSpreadNode), _used_variables(document)))
    return document


class _Sweeper(Visitor):
    """Removes definitions without a use."""

    def __init__(self, spreads: set[str], variables: set[str]) -> None:
        super().__init__()
        self._spreads = spreads
        self._variables = variables

    def enter(self, node: Node, *_: Any) -> Any:
        """Look at one node."""
        unused = (isinstance(node, FragmentDefinitionNode) and node.name.value not in self._spreads) or (
            isinstance(node, VariableDefinitionNode) and node.variable.name.value not in self._variables
        )
        return REMOVE if unused else None


def _names(document: DocumentNode, kind: type[FragmentSpreadNode | VariableDefinitionNode]) -> set[str]:
    found = set()

    class Names(Visitor):
        def enter(self, node: Any, *_: Any) -> None:
            if isinstance(node, kind):
                found.add(node.variable.name.value if isinstance(node, VariableDefinitionNode) else node.name.value)

    visit(document, Names())
    return found


def _used_variables(document: DocumentNode) -> set[str]:
    found = set()

    class Used(Visitor):
        def enter_variable(self, node: VariableNode, _: Any, parent: Any, *__: Any) -> None:
            if not isinstance(parent, VariableDefinitionNode):
                found.add(node.name.value)

    visit(document, Used())
    return found
