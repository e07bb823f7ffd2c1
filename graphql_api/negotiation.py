"""Media type and status of an answer: what GraphQL over HTTP leaves to a server, as two profiles (docs/http.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from functools import lru_cache

from graphql_api.limits import CACHED_ACCEPTS, MAX_ACCEPT_CHARACTERS

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"

EVENT_STREAM = "text/event-stream"
"""Whoever names it in ``Accept`` gets it; what takes anything gets JSON."""


class Profile(StrEnum):
    """Which text of the specification decides."""

    DEFAULT = "default"
    """The draft that today's clients and the audits of ``graphql-http`` follow."""
    DRAFT_2026 = "draft-2026"
    """The text of 2026, cut as the edition of September: a status for each way to fail, and 294."""


class Outcome(Enum):
    """What became of a request that reached the endpoint."""

    COMPLETE = auto()
    PARTIAL = auto()
    """``data`` and ``errors``."""
    MALFORMED = auto()
    """JSON, but no GraphQL-over-HTTP request."""
    UNREADABLE = auto()
    """The document cannot be parsed."""
    INVALID = auto()
    """The document breaks a rule, which operation is meant is not clear, or the variables do not fit."""


# For clients that take application/json, and for those that take application/graphql-response+json. With the older
# type nobody can tell our 4xx from a proxy's, so the default profile answers 200 to whatever is a GraphQL request.
_STATUSES: Mapping[Profile, Mapping[Outcome, tuple[int, int]]] = {
    Profile.DEFAULT: {
        Outcome.COMPLETE: (200, 200),
        Outcome.PARTIAL: (200, 200),
        Outcome.MALFORMED: (400, 400),
        Outcome.UNREADABLE: (200, 400),
        Outcome.INVALID: (200, 400),
    },
    Profile.DRAFT_2026: {
        Outcome.COMPLETE: (200, 200),
        # Section 6.1: 294 is a number of its own making, meant only beside the media type that explains it.
        Outcome.PARTIAL: (200, 294),
        Outcome.MALFORMED: (422, 422),
        Outcome.UNREADABLE: (400, 400),
        Outcome.INVALID: (422, 422),
    },
}


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """How answers to a client look."""

    statuses: Mapping[Outcome, int]
    success_type: bytes
    failure_type: bytes
    acceptable: bool = True
    """Whether the client takes any of the media types there are."""

    def media_type(self, status: int) -> bytes:
        """The ``Content-Type`` of an answer with this status."""
        return self.success_type if status < 400 else self.failure_type


@lru_cache(maxsize=CACHED_ACCEPTS)
def negotiated(profile: Profile, accept: str | None) -> Form:
    """The form of the answers to a request with this ``Accept``."""
    legacy, current = _FORMS[profile]
    draft = profile is Profile.DRAFT_2026
    if accept is None or not accept.strip():
        return current if draft else legacy
    ranges = _ranges(accept[:MAX_ACCEPT_CHARACTERS])
    plain, graphql = _preference(ranges, JSON), _preference(ranges, GRAPHQL_RESPONSE)
    if max(plain, graphql)[0] == 0:
        return replace(current, acceptable=False) if draft else legacy
    if plain == graphql and plain[1] < _NAMED:  # a wildcard takes both alike
        return current if draft else legacy
    return current if graphql >= plain else legacy


_NAMED = 2
"""How closely a media range fits that names the type; ``application/*`` fits by 1, ``*/*`` by 0."""


_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


def _ranges(accept: str) -> dict[str, float]:
    """Quality by media range; parameters other than ``q`` say nothing that distinguishes our types."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        given = next((parameter for parameter in parameters if parameter.startswith("q=")), "q=1")
        if quality := _QUALITY.fullmatch(given):
            found[media_range] = float(quality[1])
    return found


def _preference(ranges: Mapping[str, float], media_type: str) -> tuple[float, int]:
    """Quality and closeness of the closest range that fits (RFC 9110, 12.5.1); quality 0 is not acceptable."""
    for closeness, media_range in ((_NAMED, media_type), (1, "application/*"), (0, "*/*")):
        if media_range in ranges:
            return ranges[media_range], closeness
    return 0.0, 0


def _forms(profile: Profile) -> tuple[Form, Form]:
    statuses = _STATUSES[profile]
    older, newer = (f"{name}; charset=utf-8".encode() for name in (JSON, GRAPHQL_RESPONSE))
    # The text of 2026 gives the older type to successes alone: a failure says by its type that it is ours.
    failure = newer if profile is Profile.DRAFT_2026 else older
    return (
        Form({outcome: pair[0] for outcome, pair in statuses.items()}, older, failure),
        Form({outcome: pair[1] for outcome, pair in statuses.items()}, newer, newer),
    )


_FORMS = {profile: _forms(profile) for profile in Profile}
