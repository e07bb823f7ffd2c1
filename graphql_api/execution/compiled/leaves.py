"""Stored JSON against the GraphQL type that its field declares.

A stored text that fits is the answer as it stands. Anything else is for graphql-core, which converts what can be
converted and says what cannot.
"""

from collections.abc import Callable

import orjson

from db.encryption import MARK
from db.models.tools import Json
from graphql_api.execution.compiled.declined import Unanswerable
from resolvers.tools.values import at_path

_EXACT_DIGITS = 15
"""Every decimal of so many digits survives a double."""

_SMALL_INT = 9
"""Digits of a whole number that is surely within GraphQL's 32 bits."""

NULL = "null"

Check = Callable[[str], str]
"""Gives the stored text as it is answered; raises ``Unanswerable`` when it is not of the declared type."""


def _string(raw: str) -> str:
    if raw[0] == '"' or raw == NULL:
        return raw
    raise Unanswerable("a stored value is no text")


def _list(raw: str) -> str:
    if raw[0] == "[" or raw == NULL:
        return raw
    raise Unanswerable("a stored value is no list")


def _float(raw: str) -> str:
    if raw == NULL:
        return raw
    if raw[0] in "-0123456789" and len(raw) <= _EXACT_DIGITS:
        return f"{raw}.0" if raw.removeprefix("-").isdigit() else raw
    raise Unanswerable("a stored value is no plain number")


def _int(raw: str) -> str:
    if raw == NULL or (len(raw) <= _SMALL_INT and raw.removeprefix("-").isdigit()):
        return raw
    raise Unanswerable("a stored value is no small whole number")


CHECKS: dict[str, Check | None] = {"String": _string, "[JSON]": _list, "Float": _float, "Int": _int, "JSON": None}
"""By declared type; ``None`` where every JSON value fits."""


_MARKED = f'"{MARK}"'


def an_answer(raw: str) -> str:
    """All answers of a submission, which are an object."""
    if raw[0] == "{":
        return raw
    raise Unanswerable("stored answers are no object")


def plain_answers(raw: str) -> str:
    """All answers of a submission, none of them encrypted: a question that once was sensitive may have left some."""
    if _MARKED in raw:
        raise Unanswerable("a stored answer is encrypted")
    return an_answer(raw)


def written(value: Json) -> str:
    """A value as JSON text."""
    return orjson.dumps(value).decode()


def part_of(raw: str, path: str) -> str:
    """The part of a stored JSON value at a dotted path, as JSON text."""
    return written(at_path(orjson.loads(raw), path))
