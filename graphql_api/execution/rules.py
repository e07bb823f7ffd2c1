"""The rules of validation, made once: a rule class made anew for each request would defeat every cache.

A rule is left out where the document has nothing that could break it. The text says so at no cost: without a ``$``
there is no variable. Left in, the rules of variables alone would be a third of the time that validation takes.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from graphql import (
    ASTValidationRule,
    FragmentsOnCompositeTypesRule,
    KnownArgumentNamesRule,
    KnownDirectivesRule,
    KnownFragmentNamesRule,
    MaxIntrospectionDepthRule,
    NoFragmentCyclesRule,
    NoUndefinedVariablesRule,
    NoUnusedFragmentsRule,
    NoUnusedVariablesRule,
    OverlappingFieldsCanBeMergedRule,
    PossibleFragmentSpreadsRule,
    SelectionSetNode,
    UniqueArgumentNamesRule,
    UniqueDirectivesPerLocationRule,
    UniqueFragmentNamesRule,
    UniqueInputFieldNamesRule,
    UniqueVariableNamesRule,
    ValidationContext,
    ValuesOfCorrectTypeRule,
    VariablesAreInputTypesRule,
    VariablesInAllowedPositionRule,
    specified_rules,
)
from graphql.validation.validate import ValidationAbortedError

from graphql_api.limits import MAX_OVERLAP_WORK


class OverlappingFields(OverlappingFieldsCanBeMergedRule):
    """Fields under one key of the answer must mean the same; with a bound on the comparisons that takes."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = MAX_OVERLAP_WORK

    def enter_selection_set(self, selection_set: SelectionSetNode, *args: Any) -> None:
        """Compare one selection set."""
        try:
            super().enter_selection_set(selection_set, *args)
        except ValidationAbortedError as error:
            raise ValidationAbortedError(
                f"This document selects the same fields so often that comparing them takes more than "
                f"{MAX_OVERLAP_WORK:,} steps. Select each field once, in one fragment.",
                selection_set,
            ) from error


RULES: tuple[type[ASTValidationRule], ...] = tuple(
    OverlappingFields if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules
)

_FRAGMENTS = ("...", "fragment")

_BREAKABLE_WITH: Mapping[type[ASTValidationRule], tuple[str, ...]] = {
    FragmentsOnCompositeTypesRule: _FRAGMENTS,
    UniqueFragmentNamesRule: _FRAGMENTS,
    KnownFragmentNamesRule: _FRAGMENTS,
    NoUnusedFragmentsRule: _FRAGMENTS,
    PossibleFragmentSpreadsRule: _FRAGMENTS,
    NoFragmentCyclesRule: _FRAGMENTS,
    UniqueVariableNamesRule: ("$",),
    VariablesAreInputTypesRule: ("$",),
    NoUndefinedVariablesRule: ("$",),
    NoUnusedVariablesRule: ("$",),
    VariablesInAllowedPositionRule: ("$",),
    KnownDirectivesRule: ("@",),
    UniqueDirectivesPerLocationRule: ("@",),
    KnownArgumentNamesRule: ("(",),
    UniqueArgumentNamesRule: ("(",),
    UniqueInputFieldNamesRule: ("(",),
    ValuesOfCorrectTypeRule: ("(",),
    MaxIntrospectionDepthRule: ("__schema", "__type"),
}
"""What a text must hold before it can break a rule. A rule without an entry is always applied."""

_SIGNS = tuple(sorted({sign for signs in _BREAKABLE_WITH.values() for sign in signs}))


def rules_for(text: str) -> tuple[type[ASTValidationRule], ...]:
    """The rules that a document with this text could break."""
    return _with(tuple(sign for sign in _SIGNS if sign in text))


@cache
def _with(signs: tuple[str, ...]) -> tuple[type[ASTValidationRule], ...]:
    return tuple(
        rule for rule in RULES if rule not in _BREAKABLE_WITH or not set(signs).isdisjoint(_BREAKABLE_WITH[rule])
    )
