"""Tokens that identify nobody: each is 401 with the contract's message, and nothing happens in anyone's name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest

from app.serving import now
from db.viewer import Role
from graphql_api.authentication import CLOCK_SKEW, Tokens
from graphql_api.signing_keys import Keys
from tests.graphql_api.refused import codes, nothing_written, told
from tests.world import Person, World

SAVE = {"query": 'mutation { saveWoop(input: {wish: "x"}) { __typename } }'}

Header = Callable[[World, Person], str | bytes]


def _claims(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(person.token, options={"verify_signature": False})
    return found


def _signed(world: World, claims: dict[str, Any], **header: Any) -> str:
    return f"Bearer {world.signed(claims, **header)}"


def _expired(world: World, person: Person) -> str:
    tokens = world.gateway.tokens
    yesterday = tokens.at(lambda: now() - timedelta(days=1))
    return f"Bearer {yesterday.sign(person.account)}"


def _just_expired(world: World, person: Person) -> str:
    tokens = world.gateway.tokens
    return f"Bearer {tokens.at(now, timedelta(0)).sign(person.account)}"


def _ahead(world: World, person: Person, seconds: float) -> str:
    """Signed by a gateway whose clock is so far ahead."""
    tokens = world.gateway.tokens.at(lambda: now() + timedelta(seconds=seconds))
    return f"Bearer {tokens.sign(person.account)}"


def _far_ahead(world: World, person: Person) -> str:
    return _ahead(world, person, CLOCK_SKEW + 10)


def _forged(world: World, person: Person) -> str:
    others = Keys(None, "another secret of at least 32 bytes")
    return f"Bearer {Tokens(others, world.gateway.tokens.lifetime, now).sign(person.account)}"


def _unsigned(_: World, person: Person) -> str:
    return f"Bearer {jwt.encode(_claims(person), '', 'none')}"


def _stripped(_: World, person: Person) -> str:
    return f"Bearer {person.token.rsplit('.', 1)[0]}."


def _altered(_: World, person: Person) -> str:
    head, body, signature = person.token.split(".")
    other = jwt.encode({**_claims(person), "role": "admin"}, "x" * 32, "HS256").split(".")[1]
    assert other != body
    return f"Bearer {head}.{other}.{signature}"


def _other_algorithm(world: World, person: Person) -> str:
    """Signed with the public key as if it were a secret, under that key's own id."""
    key = world.gateway.tokens.keys.current().signing(0)
    assert key.public is not None
    secret = key.public["x"] + key.public["y"]
    return f"Bearer {jwt.encode(_claims(person), secret, 'HS384', {'kid': key.id})}"


def _other_organization(world: World, person: Person) -> str:
    return f"Bearer {world.gateway.tokens.sign(replace(person.account, organization_id=uuid4()))}"


def _no_organization(world: World, person: Person) -> str:
    return f"Bearer {world.gateway.tokens.sign(replace(person.account, organization_id=None))}"


def _other_role(world: World, person: Person) -> str:
    return f"Bearer {world.gateway.tokens.sign(replace(person.account, role=Role.ADMIN))}"


def _nobody(world: World, person: Person) -> str:
    return f"Bearer {world.gateway.tokens.sign(replace(person.account, id=uuid4()))}"


def _without(claim: str) -> Header:
    return lambda world, person: _signed(
        world, {name: value for name, value in _claims(person).items() if name != claim}
    )


def _with(**claims: Any) -> Header:
    return lambda world, person: _signed(world, {**_claims(person), **claims})


def _bytes(header: bytes) -> Header:
    return lambda _, __: header


INVALID: dict[str, Header] = {
    "forged": _forged,
    "alg none": _unsigned,
    "signature stripped": _stripped,
    "payload altered": _altered,
    "another algorithm": _other_algorithm,
    "another organisation": _other_organization,
    "no organisation": _no_organization,
    "another role": _other_role,
    "of nobody": _nobody,
    "without exp": _without("exp"),
    "without iat": _without("iat"),
    "without id": _without("id"),
    "without role": _without("role"),
    "another issuer": _with(iss="someone else"),
    "id no uuid": _with(id="7"),
    "id a number": _with(id=7),
    "organisation no uuid": _with(organization_id="acme"),
    "exp no number": _with(exp="tomorrow"),
    "not yet": _with(nbf=4_102_444_800),
    "issued later": _far_ahead,
    "iat no number": _with(iat="yesterday"),
    "iat NaN": _with(iat=float("nan")),
    "iat without end": _with(iat=float("-inf")),
    "session no uuid": _with(sid="7"),
    "session a number": _with(sid=7),
    "session of nobody": _with(sid=str(uuid4())),
    "garbage": _bytes(b"Bearer garbage"),
    "three empty parts": _bytes(b"Bearer .."),
    "not ascii": _bytes(b"Bearer \xff\xfe.\xc3\xa9.\x80"),
    "100 KB": _bytes(b"Bearer " + b"a" * 100_000),
    "100 KB of dots": _bytes(b"Bearer " + b"." * 100_000),
    "another scheme": _bytes(b"Basic dXNlcjpwYXNzd29yZA=="),
    "no scheme": lambda _, person: person.token,
    "no token": _bytes(b"Bearer "),
    "two tokens": lambda _, person: f"Bearer {person.token} {person.token}",
}


async def _refused(world: World, person: Person, header: str | bytes, message: str) -> None:
    headers: dict[str, Any] = {"Authorization": header}
    async with nothing_written(world, person):
        response = await world.client.post("/graphql", json=SAVE, headers=headers)
    body = told(response)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert [error["message"] for error in body["errors"]] == [message]
    assert codes(body) == {"UNAUTHENTICATED"}
    assert "data" not in body


@pytest.mark.parametrize("header", [_expired, _just_expired], ids=["yesterday", "this second"])
async def test_an_expired_token(world: World, header: Header) -> None:
    """Told apart from a wrong one, so that a client knows to sign in again."""
    person = await world.person(await world.organization())
    await _refused(world, person, header(world, person), "Token expired")


@pytest.mark.parametrize("query", ["{ viewer { databaseId } }", "{ viewer { databaseId } sessions { method } }"])
async def test_a_token_of_a_gateway_whose_clock_is_ahead(world: World, query: str) -> None:
    """By a few seconds: it is good at once, compiled or not."""
    person = await world.person(await world.organization())
    header = {"Authorization": _ahead(world, person, CLOCK_SKEW - 2)}
    response = await world.client.post("/graphql", json={"query": query}, headers=header)
    assert (response.status_code, response.json()["data"]["viewer"]) == (200, {"databaseId": str(person.id)})


@pytest.mark.parametrize("name", INVALID)
async def test_an_invalid_token(world: World, name: str) -> None:
    """Whatever is wrong with it, the answer does not say what."""
    person = await world.person(await world.organization())
    await _refused(world, person, INVALID[name](world, person), "Invalid token")


async def test_the_token_of_a_deleted_account(world: World) -> None:
    """It was good until the account was gone."""
    person = await world.person(await world.organization())
    answer = await world.graphql(person, "{ viewer { fullName } }")
    assert answer.data["viewer"]
    async with world.as_owner() as connection:
        await connection.exec_driver_sql("DELETE FROM users.accounts WHERE id = $1", (person.id,))
    await _refused(world, person, person.headers["Authorization"], "Invalid token")


async def test_a_token_from_before_a_move(world: World) -> None:
    """Whoever has changed organisation signs in again; the old token opens neither the old house nor the new."""
    person, house = await world.person(await world.organization()), await world.organization()
    async with world.as_owner() as connection:
        await connection.exec_driver_sql(
            "UPDATE users.accounts SET organization_id = $1 WHERE id = $2", (house, person.id)
        )
    await _refused(world, person, person.headers["Authorization"], "Invalid token")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
async def test_a_good_token_is_good_in_any_case(world: World, scheme: str) -> None:
    """The scheme's name is case-insensitive, as RFC 9110 has it."""
    person = await world.person()
    response = await world.client.post(
        "/graphql",
        json={"query": "{ viewer { databaseId } }"},
        headers={"Authorization": f"{scheme} {person.token}"},
    )
    assert response.json() == {"data": {"viewer": {"databaseId": str(person.id)}}}


async def test_no_token_is_nobody(world: World) -> None:
    """Reads are empty, writes are refused as data: that is no fault of authentication."""
    answer = await world.graphql(None, "{ viewer { fullName } tools { slug } }")
    assert (answer.data["viewer"], len(answer.data["tools"])) == (None, 31)
    answer = await world.graphql(None, SAVE["query"])
    assert answer.data == {"saveWoop": {"__typename": "NotAllowed"}}
