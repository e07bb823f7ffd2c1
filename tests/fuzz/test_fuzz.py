"""10,000 random requests, half to a gateway of development and half to one of production.

None of them is a fault of ours, none makes an answer or a log tell a secret, and no hostile token is honoured. The seed
is the process's own unless ``FUZZ_SEED`` says otherwise; a failure prints it with each kind of finding.
"""

import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from random import SystemRandom

import pytest
from sqlalchemy.engine import make_url
from starlette.types import ASGIApp

from app.serving import application
from app.settings import Environment, Settings
from app.storage import Storage
from db.catalogue import Catalogue
from db.viewer import Role
from resolvers.sessions import SignInMethod, start_session
from tests.fuzz.credentials import ELSEWHERE
from tests.fuzz.documents import PASSWORD
from tests.fuzz.findings import Findings, Heard
from tests.fuzz.planted import secrets_of, with_password
from tests.fuzz.requests import Requests
from tests.fuzz.sending import Sent, send
from tests.world import Person, World, open_world

SEED = os.environ.get("FUZZ_SEED") or str(SystemRandom().randrange(10**6))
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "10000"))
"""Of both gateways together; fewer where the machine is slow, more to go hunting."""

OF_THE_SAME_PEOPLE = 500
"""Requests before others take their place: some of them sign people out, or change what they are."""

PLANTED = "planted-shared-secret-that-nobody-may-ever-read"


@pytest.fixture(scope="module", params=list(Environment))
async def planted(
    request: pytest.FixtureRequest, world: World, storage: Storage, catalogue: Catalogue, settings: Settings
) -> AsyncIterator[tuple[World, ASGIApp, Settings]]:
    """A gateway on the same database with secrets that can be recognised, and its application with all its pages."""
    assert world
    changed = {"environment": request.param, "jwt_keys": settings.signing_keys, "jwt_secret": PLANTED, "explorer": True}
    found = settings.model_copy(update=changed)
    async with open_world(with_password(storage), catalogue, found) as opened:
        yield opened, application(opened.gateway, found, opened.storage), found


@contextmanager
def hearing() -> Iterator[Heard]:
    """What every logger says meanwhile."""
    heard, root, ours = Heard(), logging.getLogger(), logging.getLogger("fast_track_graph")
    before = root.level, ours.level
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(heard)
        root.setLevel(before[0])
        ours.setLevel(before[1])


async def people_of(world: World) -> list[Person]:
    """One of each role, and somebody of another organisation."""
    organization = await world.organization()
    people = [await world.person(organization, role) for role in Role]
    return [*people, await world.person(await world.organization())]


async def refresh_token(world: World, person: Person) -> str:
    """What a session of this person goes on with."""
    begun = await start_session(await world.context(None), person.id, SignInMethod.PASSWORD, in_cookie=False)
    assert begun.refresh_token
    return begun.refresh_token


def paths_of(app: object) -> list[str]:
    """The paths that the framework serves behind what stands before it."""
    while not hasattr(app, "routes"):
        app = getattr(app, "_pages", None) or app._app  # type: ignore[attr-defined]
    served = [
        each for route in app.routes for each in getattr(getattr(route, "original_router", None), "routes", [route])
    ]
    return [*sorted(route.path for route in served), "/static/docs/init.js", "/static/graphiql/index.html"]


async def test_no_fault_and_no_secret(
    planted: tuple[World, ASGIApp, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is sent."""
    world, app, settings = planted
    looked_up: list[str] = []
    look_up = socket.getaddrinfo

    def noting(host: object, *rest: object, **named: object) -> object:
        looked_up.append(str(host))
        return look_up(host, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", noting)
    secrets = {*secrets_of(settings, world.storage), PASSWORD.encode()}
    assert PLANTED.encode() in secrets
    assert str(make_url(world.storage.gateway_url).password).encode() in secrets
    print(f"FUZZ_SEED={SEED}")  # noqa: T201 - pytest shows it beside a failure
    with hearing() as heard:
        findings = Findings(secrets, heard)
        requests = Requests(f"{SEED}-{settings.environment}", world, paths_of(app))
        for number in range(REQUESTS // len(Environment)):
            if number % OF_THE_SAME_PEOPLE == 0:
                people = await people_of(world)
                requests.of(people, [await refresh_token(world, person) for person in people])
                heard.lines.clear()
            sent = requests.draw()
            findings.look(sent, await send(app, sent))
    assert not [host for host in looked_up if ELSEWHERE in host]
    assert not findings.found, f"FUZZ_SEED={SEED}\n" + "\n\n".join(findings.found.values())
    good = sum(count for status, count in findings.statuses.items() if 200 <= status < 300)
    assert good > sum(findings.statuses.values()) / 10, findings.statuses


async def test_what_would_be_wrong_is_found(world: World, settings: Settings, storage: Storage) -> None:
    """Answers that are wrong in each way are findings: a fault, a secret, a credential, a trace, an honoured token."""
    secret = PLANTED.encode()
    wrong = {
        "fault": (500, b"{}"),
        "fault:": (200, b'{"errors": [{"extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}'),
        "a secret": (200, b'{"a": "' + secret + b'"}'),
        "a credential": (400, b'{"a": "token-of-this-request"}'),
        "a trace": (400, b'{"a": "Traceback (most recent call last)"}'),
        "a hostile": (200, b'{"data": {"viewer": null}}'),
        "a body": (200, b"{"),
    }
    for kind, (status, body) in wrong.items():

        async def answering(_: object, __: object, reply: object, status: int = status, body: bytes = body) -> None:
            headers = [(b"content-type", b"application/json")]
            await reply({"type": "http.response.start", "status": status, "headers": headers})  # type: ignore[operator]
            await reply({"type": "http.response.body", "body": body})  # type: ignore[operator]

        findings = Findings({secret}, Heard())
        sent = Sent("POST", "/graphql", credentials=("token-of-this-request",), hostile=True)
        findings.look(sent, await send(answering, sent))
        assert any(found.startswith(kind) for found in findings.found), kind
    with hearing() as heard:
        findings = Findings({secret}, heard)
        logging.getLogger("fast_track_graph").debug("a line with %s", PLANTED)
        sent = Sent("GET", "/")
        findings.look(sent, await send(answering, sent))
    assert "a secret in the log" in findings.found
