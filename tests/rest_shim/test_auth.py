"""Who is asking: the signed-in person, and the tokens that identify nobody."""

import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest

import rest_shim
from db.viewer import Role
from tests.rest_shim.rest import Rest
from tests.world import Person, World

ROUTES: list[dict[str, Any]] = tomllib.loads((Path(rest_shim.__file__).parent / "routes.toml").read_text("utf-8"))[
    "routes"
]
PROTECTED = [route for route in ROUTES if not route.get("public")]


async def test_me_is_the_person_with_a_summary(rest: Rest, world: World) -> None:
    """GET /api/auth/me: who is signed in, and how far they are."""
    organization = await world.organization("Caravela")
    person = await world.person(organization, name="Inês Vasconcelos")
    await world.complete(person, "woop")
    assert (await rest.get(person, "/api/auth/me")).data == {
        "id": str(person.id),
        "email": person.account.email,
        "name": "Inês Vasconcelos",
        "role": "user",
        "organization_id": str(organization),
        "organization": "Caravela",
        "last_login_at": None,
        "progress": {
            "total_tools": 31,
            "completed_tools": 1,
            "overall_completion_percentage": 3,
            "current_tool": "know-thyself",
        },
    }


async def test_me_without_an_organization(rest: Rest, world: World) -> None:
    """Somebody without an organisation is somebody all the same."""
    found = (await rest.get(await world.person(), "/api/auth/me")).data
    assert (found["organization_id"], found["organization"]) == (None, None)


@pytest.mark.parametrize("route", PROTECTED, ids=lambda route: f"{route['method']} {route['path']}")
async def test_a_route_needs_a_token(rest: Rest, route: dict[str, Any]) -> None:
    """Without a token: 401 before anything else is looked at, with the scheme to use."""
    path = route["path"].replace("{slug}", "cartomancy").replace("{field_id}", "no id")
    refused = await rest.send(route["method"], path, content=b"no json")
    assert (refused.status, refused.body["message"]) == (401, "Authentication required")
    assert refused.body["code"] == "UNAUTHENTICATED"
    assert refused.headers["www-authenticate"] == "Bearer"


PUBLIC = {
    "/api/auth/forgot",
    "/api/auth/login",
    "/api/auth/logout",
    "/api/auth/refresh",
    "/api/auth/register",
    "/api/auth/reset",
    "/api/auth/sso",
    "/api/learnworlds/webhook",
    "/api/toolsave/identify",
    "/api/toolsave/questions",
}
"""The questions of a page, every way to sign in or out, and what proves itself by a signature."""


def test_nothing_else_is_public() -> None:
    """Everything that is somebody's needs a token."""
    assert {route["path"] for route in ROUTES if route.get("public")} == PUBLIC


async def test_a_token_runs_out(rest: Rest, world: World, person: Person) -> None:
    """401 "Token expired"."""
    tokens = world.gateway.tokens.at(lambda: datetime.now(UTC) - timedelta(days=30))
    refused = await _asked_with(rest, tokens.sign(person.account))
    assert (refused.status, refused.body["message"]) == (401, "Token expired")


def _claims(person: Person) -> dict[str, Any]:
    return jwt.decode(person.token, options={"verify_signature": False})


def _unsigned(person: Person) -> str:
    return jwt.encode(_claims(person), "", algorithm="none")


def _forged(person: Person) -> str:
    return jwt.encode(_claims(person), "not-the-secret-but-as-long-as-one-has-to-be", algorithm="HS256")


def _promoted(person: Person) -> str:
    header, _, signature = person.token.split(".")
    claims = jwt.utils.base64url_encode(b'{"id":"' + str(person.id).encode() + b'","role":"admin"}').decode()
    return f"{header}.{claims}.{signature}"


FORGERIES: dict[str, Callable[[Person], str]] = {
    "alg none": _unsigned,
    "another secret": _forged,
    "changed claims": _promoted,
    "cut": lambda person: person.token[:-5],
    "no token at all": lambda _: "woop",
    "deep header": lambda _: urlsafe_b64encode(b"[" * 6000).decode() + ".e30.e30",
    "too long": lambda person: person.token + "a" * 9000,
    "not ASCII": lambda _: "é.é.é",
    "empty": lambda _: "",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_token_that_is_not_ours_identifies_nobody(
    rest: Rest, person: Person, forge: Callable[[Person], str]
) -> None:
    """401 "Invalid token", on public routes too: it was meant to identify somebody."""
    for path in ("/api/auth/me", "/api/toolsave/questions?tool_slug=woop"):
        refused = await _asked_with(rest, forge(person), path)
        assert (refused.status, refused.body["message"]) == (401, "Invalid token")


@pytest.mark.parametrize("scheme", ["Basic", "Token", ""])
async def test_another_scheme_identifies_nobody(rest: Rest, person: Person, scheme: str) -> None:
    """Only Bearer is understood."""
    refused = await rest.send("GET", "/api/auth/me", headers={"Authorization": f"{scheme} {person.token}"})
    assert (refused.status, refused.body["message"]) == (401, "Invalid token")


async def test_a_token_of_somebody_deleted_identifies_nobody(rest: Rest, world: World, person: Person) -> None:
    """The signature is right, the person is gone."""
    gone = world.gateway.tokens.sign(replace(person.account, id=uuid4()))
    refused = await _asked_with(rest, gone)
    assert (refused.status, refused.body["message"]) == (401, "Invalid token")


async def test_a_token_from_before_a_change_identifies_nobody(rest: Rest, world: World, person: Person) -> None:
    """A token that names another role or organisation than the account has now: 401."""
    for old in (
        replace(person.account, role=Role.ADMIN),
        replace(person.account, organization_id=await world.organization()),
        replace(person.account, organization_id=None),
    ):
        refused = await _asked_with(rest, world.gateway.tokens.sign(old))
        assert (refused.status, refused.body["message"]) == (401, "Invalid token")


async def _asked_with(rest: Rest, token: str, path: str = "/api/auth/me") -> Any:
    return await rest.send("GET", path, headers={"Authorization": f"Bearer {token}"})
