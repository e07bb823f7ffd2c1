"""What a client is told of an error: everything about its own mistakes, nothing about ours but the request id."""

import logging
from typing import Any

from graphql import GraphQLError

from resolvers.refusals import BadArgument, Refusal, constant_case

_log = logging.getLogger("fast_track_graph")


def told(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """The error as the response has it."""
    answer: dict[str, Any] = dict(error.formatted)
    original = error.original_error
    if isinstance(original, BadArgument):
        answer["extensions"] = {
            "code": "BAD_USER_INPUT",
            "problems": [{"path": problem.path, "message": problem.message} for problem in original.problems],
        }
    elif isinstance(original, Refusal):
        answer["extensions"] = {"code": code_of(original)}
    elif original is None or isinstance(original, GraphQLError):
        answer.setdefault("extensions", {"code": "BAD_USER_INPUT" if error.path is None else "BAD_VALUE"})
    else:
        _log.error("request %s failed at %s", request_id, error.path, exc_info=original)
        answer |= fault(request_id)
    return answer


def fault(request_id: str) -> dict[str, Any]:
    """What a client is told of a fault of ours."""
    return {
        "message": f"Something went wrong on our side. Tell support the request id {request_id}.",
        "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": request_id},
    }


def code_of(refusal: Refusal) -> str:
    """``NotAllowed`` → ``NOT_ALLOWED``."""
    return constant_case(type(refusal).__name__)
