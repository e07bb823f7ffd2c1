"""Answers that a client may keep and ask for again: the entity tag of a stored read, and 304 while nothing changed.

The tag is made of who asks (with tenant and role), what is asked, and the versions of the rows behind the answer. The
versions stand in the progress table, so that a request with ``If-None-Match`` touches no tool's own tables.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

from db.viewer import Claims
from graphql_api.authentication import AuthenticationError
from graphql_api.execution.compiled.declined import Unanswerable
from graphql_api.execution.compiled.plan import UnknownViewer
from graphql_api.execution.compiled.plans import NoPlan, Planned
from graphql_api.execution.documents import Document
from graphql_api.execution.spending import Spending
from graphql_api.gateway import Gateway

REVALIDATED = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
"""The client alone may keep the answer, and asks each time whether it still holds."""

_DIGEST_BYTES = 16


async def conditional_answer(
    gateway: Gateway,
    document: Document,
    name: str | None,
    variables: Mapping[str, Any] | None,
    authorization: str | None,
    known: str | None,
    spending: Spending,
) -> tuple[int, bytes, dict[str, str]] | None:
    """Status, body and headers of a stored read; ``None`` for one that is not compiled and hence has no versions.

    ``known``: the request's ``If-None-Match``. Raises ``AuthenticationError``.
    """
    claimed = gateway.claimed(authorization)
    planned = gateway.planned(document, name, variables) if claimed else None
    if claimed is None or planned is None or isinstance(planned.plan, NoPlan):
        return None
    try:
        # The versions first: if something changes in between, the tag is older than its answer, and the next request
        # gets the answer once more.
        tag = await _tag(gateway, document, name, variables, planned, claimed)
        headers = REVALIDATED | {"ETag": tag}
        if known is not None and _holds(tag, known):
            return 304, b"", headers
        return 200, await gateway.run(planned, claimed, spending=spending), headers
    except Unanswerable:
        return None


async def _tag(
    gateway: Gateway,
    document: Document,
    name: str | None,
    variables: Mapping[str, Any] | None,
    planned: Planned,
    claimed: Claims,
) -> str:
    assert not isinstance(planned.plan, NoPlan)
    try:
        version = await planned.plan.version(gateway.database.reader(claimed), claimed.viewer, planned.values)
    except UnknownViewer as error:
        raise AuthenticationError("Invalid token") from error
    assert document.node is not None
    assert document.node.loc is not None
    asked = orjson.dumps(
        [gateway.revision, document.node.loc.source.body, name, variables, claimed.viewer.settings, version],
        option=orjson.OPT_SORT_KEYS,
    )
    return f'W/"{blake2b(asked, digest_size=_DIGEST_BYTES).hexdigest()}"'


def _holds(tag: str, known: str) -> bool:
    """Whether ``If-None-Match`` names the tag, by the weak comparison of RFC 9110."""
    opaque = tag.removeprefix("W/")
    return known.strip() == "*" or opaque in [each.strip().removeprefix("W/") for each in known.split(",")]
