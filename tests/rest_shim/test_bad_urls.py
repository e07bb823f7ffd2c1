"""Request targets that no client library would send, as bytes to a real server."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.serving import application
from app.settings import Settings
from tests.rest_shim.serving import serving
from tests.world import Person, World


@pytest.fixture(scope="module")
async def address(world: World, settings: Settings) -> AsyncIterator[tuple[str, int]]:
    """Where the gateway listens."""
    async with serving(application(world.gateway, settings, world.storage)) as found:
        yield found


async def get(address: tuple[str, int], target: bytes, person: Person) -> tuple[int, bytes]:
    """Status and body for a request target, sent as it is."""
    reader, writer = await asyncio.open_connection(*address)
    token = person.token.encode()
    writer.write(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + token)
    writer.write(b"\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


ROWS = [
    (b"/api/tools/%00", 404, "Tool not found: \x00"),
    (b"/api/tools/woop%00", 404, "Tool not found: woop\x00"),
    (b"/api/tools/%", 404, "Tool not found: %"),
    (b"/api/tools/%zz", 404, "Tool not found: %zz"),
    (b"/api/tools/%FF", 404, "Tool not found: \ufffd"),
    (b"/api/tools/%ED%A0%80", 404, "Tool not found: \ufffd\ufffd\ufffd"),
    (b"/api/tools/%F0%9F%92%A9", 404, "Tool not found: \U0001f4a9"),
    (b"/api/tools/%7Bslug%7D", 404, "Tool not found: {slug}"),
    (b"/api/tools/..", 404, "Tool not found: .."),
    (b"/api/tools/woop/../dream", 404, "There is nothing at /api/tools/woop/../dream."),
    (b"/api/tools/" + b"a" * 30_000, 404, "Tool not found: " + "a" * 30_000),
    (b"/api/data/%00", 400, "The request is not valid; see details."),
    (b"/api/data/intro.woop.wish%0A", 400, "The request is not valid; see details."),
    (b"/api/data/" + b"a." * 15_000, 400, "The request is not valid; see details."),
    (b"/api/tools?order=%FF", 400, "The request is not valid; see details."),
    (b"/api/tools?order=%", 400, "The request is not valid; see details."),
    (b"/api/tools?order", 400, "The request is not valid; see details."),
    (b"/api/tools/woop/data?user_id=%ED%A0%80", 400, "The request is not valid; see details."),
    (b"/api/tools/woop/data?user_id=" + b"9" * 30_000, 400, "The request is not valid; see details."),
    (b"/api/dashboard/submission?tool_slug=%00", 404, "Tool not found: \x00"),
    (b"/%2561pi", 404, "There is nothing at /%61pi."),
    (b"/health/ready/?access_token=x", 404, "There is nothing at /health/ready/."),
]


@pytest.mark.parametrize(("target", "status", "message"), ROWS, ids=lambda row: repr(row)[:40])
async def test_a_broken_target_is_refused_in_the_usual_shape(
    address: tuple[str, int], person: Person, target: bytes, status: int, message: str
) -> None:
    """Broken escapes, NUL, surrogates, dots and great length: what was asked for is not there, or not valid."""
    found, body = await get(address, target, person)
    refused: dict[str, Any] = json.loads(body)
    assert (found, refused["message"]) == (status, message)
    assert refused["success"] is False


@pytest.mark.parametrize(
    "target", [b"/api/tools/\xff", b"/api/nothing?\xff", b"/api/tools/\x00", b"/api/tools/" + b"a" * 200_000]
)
async def test_what_is_no_http_never_reaches_the_gateway(
    address: tuple[str, int], person: Person, target: bytes
) -> None:
    """Raw bytes and lines past the server's own limit: 400 by the server."""
    assert await get(address, target, person) == (400, b"Invalid HTTP request received.")
