"""JSON Schema of answers and inputs, from their shapes and GraphQL types."""

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    get_nullable_type,
    is_non_null_type,
    is_required_input_field,
)

from db.catalogue.names import FIELD_ID, MAX_FIELD_ID_CHARACTERS
from rest_shim.parameters import snake_case
from rest_shim.shape import Shape

UUID: dict[str, Any] = {"type": "string", "format": "uuid"}

_SCALARS: dict[str, dict[str, Any]] = {
    "String": {"type": "string"},
    "ID": UUID,
    "Int": {"type": "integer", "format": "int32", "minimum": -(2**31), "maximum": 2**31 - 1},
    "Float": {"type": "number"},
    "Boolean": {"type": "boolean"},
    "UUID": UUID,
    "DateTime": {"type": "string", "format": "date-time"},
    "FieldId": {"type": "string", "pattern": f"^{FIELD_ID.pattern}$", "maxLength": MAX_FIELD_ID_CHARACTERS},
    "UnixTime": {"type": ["integer", "string"], "pattern": "^[0-9]{1,20}$", "minimum": 0},
    "JSON": {},
}

FAILURE: dict[str, Any] = {
    "type": "object",
    "description": "What every request gets that is not a success.",
    "properties": {
        "success": {"const": False},
        "error": {"type": "string", "description": "The reason phrase of the status."},
        "message": {"type": "string", "description": "What happened and what to do next."},
        "code": {"type": "string", "description": "The same for programs, such as STALE_VERSION."},
        "details": {"description": "A problem for each wrong value, or what stands in the way."},
        "request_id": {"type": "string", "description": "For support."},
    },
    "required": ["success", "error", "message", "code", "request_id"],
}


def failure_schema() -> dict[str, Any]:
    """A reference to the failure shape."""
    return {"$ref": "#/components/schemas/Failure"}


def body_schema(shape: Shape) -> dict[str, Any]:
    """What a body of this shape looks like."""
    item = _item_schema(shape)
    if shape.entries:
        entry = next(field for field in shape.fields if field.key == shape.entries[1])
        return {"type": "object", "additionalProperties": body_schema(entry)}
    if shape.many:
        item = {"type": "array", "items": item}
    return _nullable(item) if shape.nullable else item


def object_schema(fields: tuple[Shape, ...]) -> dict[str, Any]:
    """An object with these members; those of flattened objects stand beside the others."""
    properties = _properties(fields)
    return {"type": "object", "properties": properties, "required": list(properties)}


def variable_schema(kind: Any, *, as_text: bool = False) -> dict[str, Any]:
    """What a variable of this type takes; JSON is a tool's answers by question key.

    In a URL or header everything is text, so null has no place there.
    """
    named = get_nullable_type(kind)
    schema = {"type": "object"} if str(named) == "JSON" else _named_schema(named)
    if as_text and str(named) == "DateTime":
        schema = {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}
    return schema if as_text or is_non_null_type(kind) else _nullable(schema)


def _input_schema(kind: Any) -> dict[str, Any]:
    schema = _named_schema(get_nullable_type(kind))
    return schema if is_non_null_type(kind) else _nullable(schema)


def _named_schema(kind: Any) -> dict[str, Any]:
    if isinstance(kind, GraphQLList):
        return {"type": "array", "items": _input_schema(kind.of_type)}
    if isinstance(kind, GraphQLEnumType):
        return {"type": "string", "enum": [name.lower() for name in kind.values]}
    if isinstance(kind, GraphQLInputObjectType):
        return {
            "type": "object",
            "properties": {snake_case(name): _input_schema(field.type) for name, field in kind.fields.items()},
            "required": [snake_case(name) for name, field in kind.fields.items() if is_required_input_field(field)],
            "additionalProperties": False,
        }
    return dict(_SCALARS[kind.name])


def _item_schema(shape: Shape) -> dict[str, Any]:
    if shape.pluck:
        return body_schema(shape.fields[0])
    if shape.fields:
        return object_schema(shape.fields)
    if isinstance(shape.type, GraphQLEnumType):
        return {"type": "string", "enum": [name.lower() for name in shape.type.values]}
    return dict(_SCALARS[shape.type.name])


def _properties(fields: tuple[Shape, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields:
        if field.flatten:
            inner = _properties(field.fields)
            found |= {key: _nullable(schema) for key, schema in inner.items()} if field.nullable else inner
        else:
            found[field.key] = body_schema(field)
    return found


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if not schema:  # anything, null included
        return schema
    if isinstance(kind := schema.get("type"), str) and "enum" not in schema:
        return schema | {"type": [kind, "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
