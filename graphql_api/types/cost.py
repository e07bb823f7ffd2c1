"""The directives of the IBM GraphQL Cost Directive specification, with which the schema says what a request costs."""

from copy import copy
from typing import Any

import strawberry
from graphql import (
    GraphQLField,
    GraphQLInputField,
    get_named_type,
    is_composite_type,
    is_input_object_type,
    is_leaf_type,
)
from strawberry.schema_directive import Location

from graphql_api.costs import OBJECT, Costs, Size

_DEFINITION = "strawberry-definition"
"""Where Strawberry keeps the field that a field of the schema was made from; its printer looks there."""


@strawberry.schema_directive(
    locations=[
        Location.ARGUMENT_DEFINITION,
        Location.ENUM,
        Location.FIELD_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
        Location.OBJECT,
        Location.SCALAR,
    ],
    description="What this adds to the cost of a request; 1 without it for objects and fields that give them, else 0.",
)
class Cost:
    """A weight, as a number in text."""

    weight: str


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="How many items a list has at most: a number, or what an argument says.",
)
class ListSize:
    """The size of a list, or of the lists named by ``sized_fields`` in the object below."""

    assumed_size: int | None = strawberry.UNSET
    slicing_arguments: list[str] | None = strawberry.UNSET
    sized_fields: list[str] | None = strawberry.UNSET
    require_one_slicing_argument: bool | None = True


def show_costs(schema: strawberry.Schema, costs: Costs) -> None:
    """Put the directives onto the fields of a schema, as its printer shows them; what is the default is not said.

    Fields of an interface have no weight, by the specification. Input fields have none: their argument has.
    """
    for name, kind in schema._schema.type_map.items():
        if name.startswith("__"):
            continue
        if is_input_object_type(kind):
            for each in kind.fields.values():
                if is_input_object_type(get_named_type(each.type)):
                    _put(each, Cost(weight="0"))
        elif is_composite_type(kind):
            for field_name, each in getattr(kind, "fields", {}).items():
                default = 0 if is_leaf_type(get_named_type(each.type)) else OBJECT
                weight = costs.fields.get((name, field_name), default)
                if weight != default:
                    _put(each, Cost(weight=str(weight)))
                if size := costs.sizes.get((name, field_name)):
                    _put(each, _list_size(size))


def _list_size(size: Size) -> ListSize:
    if size.below is None or size.argument is None:
        return ListSize(assumed_size=size.most, require_one_slicing_argument=strawberry.UNSET)
    return ListSize(slicing_arguments=[size.argument], sized_fields=[size.below], require_one_slicing_argument=False)


def _put(each: GraphQLField | GraphQLInputField, directive: Any) -> None:
    # A field that several types inherit is one definition, and they differ in what it costs.
    definition = copy(each.extensions[_DEFINITION])
    definition.directives = [*definition.directives, directive]
    each.extensions = {**each.extensions, _DEFINITION: definition}


__all__ = ["Cost", "ListSize", "show_costs"]
