"""Custom scalars, with the specification that each follows where one exists."""

from datetime import datetime
from typing import Any, NewType
from uuid import UUID

import strawberry
from graphql import GraphQLError
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

from db.catalogue.names import FIELD_ID, MAX_FIELD_ID_CHARACTERS

FieldId = NewType("FieldId", str)
UnixTime = NewType("UnixTime", str)
"""Its digits."""


def _parse_field_id(value: Any) -> str:
    if isinstance(value, str) and len(value) <= MAX_FIELD_ID_CHARACTERS and FIELD_ID.fullmatch(value):
        return value
    raise GraphQLError(f"{value!r:.80} is no field id; one looks like identity.dream.one_sentence.")


def _parse_unix_time(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return str(value)
    if isinstance(value, str) and len(value) <= 20 and value.isascii() and value.isdigit():
        return value
    raise GraphQLError(f"{value!r:.80} is no number of seconds since 1970.")


def _parse_uuid(value: Any) -> UUID:
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise GraphQLError(f"{value!r:.80} is no UUID.") from error


def _parse_datetime(value: Any) -> datetime:
    try:
        parsed = datetime.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise GraphQLError(f"{value!r:.80} is no RFC 3339 timestamp.") from error
    if parsed.tzinfo is None:
        raise GraphQLError(f"{value!r:.80} lacks a time zone.")
    return parsed


SCALARS: dict[object, ScalarDefinition] = {
    FieldId: strawberry.scalar(
        name="FieldId",
        description="The id of a published value: dot-separated snake_case, such as `identity.dream.one_sentence`.",
        serialize=str,
        parse_value=_parse_field_id,
    ),
    UnixTime: strawberry.scalar(
        name="UnixTime",
        description="Whole seconds since the beginning of 1970 (UTC), as a number or as its digits.",
        serialize=str,
        parse_value=_parse_unix_time,
    ),
    UUID: strawberry.scalar(
        name="UUID",
        description="A universally unique identifier.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc9562",
        serialize=str,
        parse_value=_parse_uuid,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A point in time with its zone, in RFC 3339 form.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=datetime.isoformat,
        parse_value=_parse_datetime,
    ),
}

__all__ = ["JSON", "SCALARS", "FieldId", "UnixTime"]
