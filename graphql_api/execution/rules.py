"""Validation rules of our own, made once: a rule class made anew for each request would defeat every cache."""

from typing import Any

from graphql import (
    ASTValidationRule,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    specified_rules,
)

from graphql_api.limits import MAX_ALIASES, MAX_DEPTH


class DepthLimit(ValidationRule):
    """No operation nests fields deeper than ``MAX_DEPTH``."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._depths: dict[str, int] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Measure one operation."""
        depth = self._depth(node.selection_set, frozenset())
        if depth > MAX_DEPTH:
            self.report_error(
                GraphQLError(f"This operation nests {depth} levels deep; at most {MAX_DEPTH} are allowed.", node)
            )

    def _depth(self, selection_set: SelectionSetNode, within: frozenset[str]) -> int:
        deepest = 0
        for node in selection_set.selections:
            if isinstance(node, FragmentSpreadNode):
                depth = self._fragment(node.name.value, within)
            else:
                inner = getattr(node, "selection_set", None)
                depth = (1 if isinstance(node, FieldNode) else 0) + (self._depth(inner, within) if inner else 0)
            deepest = max(deepest, depth)
        return deepest

    def _fragment(self, name: str, within: frozenset[str]) -> int:
        if name in within:  # a cycle, which another rule reports
            return 0
        if name not in self._depths:
            fragment = self.context.get_fragment(name)
            self._depths[name] = self._depth(fragment.selection_set, within | {name}) if fragment else 0
        return self._depths[name]


class AliasLimit(ValidationRule):
    """No document gives more than ``MAX_ALIASES`` aliases."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._aliases = 0

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Count one field."""
        if node.alias is None:
            return
        self._aliases += 1
        if self._aliases == MAX_ALIASES + 1:
            self.report_error(GraphQLError(f"This document gives more than {MAX_ALIASES} aliases.", node))


RULES: tuple[type[ASTValidationRule], ...] = (DepthLimit, AliasLimit, *specified_rules)
