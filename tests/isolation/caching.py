"""Entity tags: one viewer's is none of another's, and who comes back with their own is told nothing but that."""

from collections.abc import Sequence

import orjson

from tests.isolation import requests
from tests.isolation.asking import Request
from tests.isolation.cast import NOBODY, Part
from tests.isolation.examination import Examination, Finding, reading_routes


async def revalidate(examination: Examination, viewers: Sequence[Part], share: int = 1) -> int:
    """Ask for every stored read as everybody, and as each with the tag of the one before; how many were tried."""
    asking, tried = examination.asking, 0
    for route in reading_routes(asking)[::share]:
        tags: list[str] = []
        for viewer in viewers:
            if viewer is NOBODY or viewer.asks_for or not viewer.active:
                continue
            request = _stored(route.operation.name, requests.default_values(route, examination.targets, viewer))
            fresh = await asking.ask(viewer, request)
            tag = fresh.headers.get("etag")
            if tag is None:
                break  # a read that has no versions
            tried += 1
            for strange in tags[-1:]:
                answer = await asking.ask(viewer, _with_tag(request, strange))
                if (answer.status, answer.body) != (200, fresh.body):
                    what = f"{answer.status} for the tag of somebody else"
                    examination.findings.append(Finding("shared tag", viewer.name, "GET", str(request), what))
            again = await asking.ask(viewer, _with_tag(request, tag))
            if (again.status, again.body) != (304, ""):
                what = f"{again.status} with the viewer's own tag"
                examination.findings.append(Finding("shared tag", viewer.name, "GET", str(request), what))
            tags.append(tag)
    return tried


def _stored(name: str, variables: dict[str, object]) -> Request:
    given = orjson.dumps(variables).decode()
    return Request("GET", "/graphql", params={"documentId": name, "variables": given})


def _with_tag(request: Request, tag: str) -> Request:
    return Request(request.method, request.path, params=request.params, headers={"If-None-Match": tag})
