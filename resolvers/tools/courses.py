"""What happens at the school changes here: a completed course opens tools, an enrolment makes the progress rows.

The school says so by webhooks. One that comes again, which LearnWorlds does when it got no answer, has no effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

import orjson

from db.statements import learnworlds as sql
from db.viewer import ANONYMOUS
from resolvers.auditing import record_unauthenticated
from resolvers.context import Context
from resolvers.refusals import InvalidInput, NotFound, Problem, SignInRefused
from resolvers.throttling import WEBHOOK, throttle

DELIVERIES_KEPT = timedelta(days=90)
"""How long a webhook that had its effect is remembered, so that it has none when it comes again."""

_ENROLMENTS = ("enrolledFreeCourse", "productBought")
_COMPLETION = "courseCompleted"


class Reception(StrEnum):
    """What became of a webhook."""

    PROCESSED = "processed"
    REPEATED = "already processed"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Received:
    """A webhook that was the school's, and the slugs of the tools that it opened."""

    reception: Reception
    unlocked: Sequence[str] = ()


async def receive_webhook(context: Context, body: str, signature: str) -> Received:
    """Act on a webhook of LearnWorlds; ``body`` is the text of its body, ``signature`` its header.

    Raises ``SignInRefused`` for one that the school has not sent, ``RateLimited`` after too many of those,
    ``InvalidInput`` for one that cannot be read, ``NotFound`` if it is about nobody who has an account here,
    ``NotSetUp`` without a school.
    """
    school, raw = context.services.school, body.encode("utf-8", "surrogatepass")
    if not school.webhooks.is_genuine(raw, signature):
        await throttle(context, WEBHOOK)  # of those refused, which anybody could send by the thousand into the trail
        await record_unauthenticated(context, "webhook_refused", None, {"reason": "signature"})
        raise SignInRefused("This webhook is not signed by the school. Compare the webhook's secret at both ends.")
    event = _Event(_object(_decoded(raw), "body"))
    kind = event.kind
    opened = school.courses.get(event.course, ()) if kind == _COMPLETION else ()
    if kind not in _ENROLMENTS and not opened:
        return Received(Reception.IGNORED)
    catalogue, origin = context.catalogue, context.origin
    async with context.database.transaction(ANONYMOUS) as transaction:
        row = await transaction.fetch_row(
            sql.APPLY_DELIVERY,
            sha256(raw).digest(),
            kind,
            event.user,
            *catalogue.for_newcomers,
            list(opened),
            event.course if kind == _COMPLETION else None,
            context.clock(),
            DELIVERIES_KEPT,
            origin.address,
            origin.agent,
        )
    assert row is not None
    match row["outcome"]:
        case "unknown":
            raise NotFound("User not found")
        case "repeated":
            return Received(Reception.REPEATED)
    unlocked = set(row["unlocked"])
    return Received(Reception.PROCESSED, [tool.slug for tool in catalogue.tools if tool.slug in unlocked])


@dataclass(frozen=True, slots=True)
class _Event:
    """A webhook's body; each part is looked at when it is needed."""

    body: dict[str, Any]

    @property
    def kind(self) -> str:
        """What happened."""
        return _text(self.body.get("type"), "type")

    @property
    def user(self) -> str:
        """To whom: the id at LearnWorlds."""
        return _text(self._part("user").get("id"), "data.user.id")

    @property
    def course(self) -> str:
        """The id of the course."""
        return _text(self._part("course").get("id"), "data.course.id")

    def _part(self, name: str) -> dict[str, Any]:
        data = _object(self.body.get("data"), "data")
        return _object(data.get(name), f"data.{name}")


def _decoded(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _unreadable("body", f"The body is not JSON: {error}.") from error


def _object(value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise _unreadable(path, f"{path} must be an object.")


def _text(value: Any, path: str) -> str:
    """An id, written as text or as a whole number. PostgreSQL has no NUL."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value and "\x00" not in value:
        return value
    raise _unreadable(path, f"{path} must be text.")


def _unreadable(path: str, message: str) -> InvalidInput:
    return InvalidInput([Problem(path, message)])
