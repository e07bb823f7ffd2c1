"""One row for each way to send something wrong: the documented refusal, nothing written, no trace."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from graphql_api.limits import MAX_BODY_BYTES
from tests.resolvers.stored import everything
from tests.rest_shim.rest import Rest
from tests.world import Person, World

SAVE = "/api/tools/woop/data"

NOT_JSON: dict[str, tuple[bytes, str]] = {
    "nothing": (b" ", "The body is not JSON: "),
    "half": (b'{"data": {"wish"', "The body is not JSON: "),
    "two documents": (b"{} {}", "The body is not JSON: "),
    "a comment": (b'{"data": {}} // done', "The body is not JSON: "),
    "NaN": (b'{"data": {"wish": NaN}}', "The body is not JSON: "),
    "Infinity": (b'{"data": {"wish": -Infinity}}', "The body is not JSON: "),
    "a number past any double": (b'{"data": {"mood": 1e999}}', "The body is not JSON: "),
    "a whole number past 64 bits": (
        b'{"data": {"mood": 18446744073709551616}}',
        "The whole number 18446744073709551616 ",
    ),
    "a whole number below 64 bits": (
        b'{"data": {"mood": -9223372036854775809}}',
        "The whole number -9223372036854775809 ",
    ),
    "five thousand digits": (b'{"data": {"mood": ' + b"9" * 5000 + b"}}", "The body is not JSON: "),
    "a lone surrogate": (rb'{"data": {"wish": "\ud800"}}', "The body is not JSON: "),
    "a lone surrogate in a key": (rb'{"data": {"\udfff": 1}}', "The body is not JSON: "),
    "broken UTF-8": (b'{"data": {"wish": "\xc3\x28"}}', "The body is not JSON: "),
    "UTF-16": ('{"data": {}}'.encode("utf-16"), "The body is not JSON: "),
    "a control character": (b'{"data": {"wish": "\x07"}}', "The body is not JSON: "),
    "a key twice": (b'{"data": {"wish": "a", "wish": "b"}}', "The key 'wish' stands twice in one object."),
    "a key twice, deep inside": (b'{"data": {"mood": [{"a": [{"b": 1, "b": 1}]}]}}', "The key 'b' stands twice "),
    "one member twice": (b'{"data": {}, "data": {}}', "The key 'data' stands twice in one object."),
    "a thousand lists": (b'{"data": {"mood": ' + b"[" * 1000 + b"]" * 1000 + b"}}", "The body nests too deeply."),
    "half a million lists": (b'{"data": ' + b"[" * 400_000 + b"]" * 400_000 + b"}", "The body is not JSON: "),
    "half a million objects": (b'{"a":' * 160_000 + b"1" + b"}" * 160_000, "The body is not JSON: "),
    "a list": (b"[]", "The body must be a JSON object."),
    "null": (b"null", "The body must be a JSON object."),
    "text": (b'"data"', "The body must be a JSON object."),
}


@pytest.mark.parametrize(("body", "message"), NOT_JSON.values(), ids=NOT_JSON.keys())
async def test_a_body_that_is_no_strict_json(
    rest: Rest, world: World, person: Person, body: bytes, message: str
) -> None:
    """400 with a sentence that says what is wrong with the body."""
    before = await everything(world, person)
    headers = {"Content-Type": "application/json"}
    refused = await rest.send("POST", SAVE, person, content=body, headers=headers)
    assert (refused.status, refused.body["code"], refused.paths) == (400, "BAD_REQUEST", [""])
    assert refused.body["message"].startswith(message)
    assert await everything(world, person) == before


def nested(depth: int) -> list[Any]:
    """A list in a list in a list."""
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


MISFITS: dict[str, tuple[dict[str, Any], str, str]] = {
    "no data": ({}, "BAD_REQUEST", "data"),
    "data is null": ({"data": None}, "BAD_REQUEST", "data"),
    "data is a list": ({"data": []}, "BAD_REQUEST", "data"),
    "data is text": ({"data": "{}"}, "BAD_REQUEST", "data"),
    "status is a number": ({"data": {}, "status": 1}, "BAD_REQUEST", "status"),
    "status is none of ours": ({"data": {}, "status": "completed"}, "BAD_REQUEST", "status"),
    "status in upper case": ({"data": {}, "status": "DRAFT"}, "BAD_REQUEST", "status"),
    "NUL in an answer": ({"data": {"wish": "a\x00b"}}, "INVALID_ANSWERS", "data.wish"),
    "NUL in an unknown answer": ({"data": {"mood": {"a": ["\x00"]}}}, "INVALID_ANSWERS", "data.mood"),
    "NUL in a key": ({"data": {"a\x00": 1}}, "INVALID_ANSWERS", r"data.'a\x00'"),
    "NUL in an inner key": ({"data": {"mood": {"\x00": 1}}}, "INVALID_ANSWERS", "data.mood"),
    "text for a rating": ({"data": {"commitment_level": "7"}}, "INVALID_ANSWERS", "data.commitment_level"),
    "half a rating": ({"data": {"commitment_level": 7.5}}, "INVALID_ANSWERS", "data.commitment_level"),
    "a rating off the scale": ({"data": {"commitment_level": 0}}, "INVALID_ANSWERS", "data.commitment_level"),
    "a boolean": ({"data": {"wish": True}}, "INVALID_ANSWERS", "data.wish"),
    "a whole number past the store's": ({"data": {"mood": 2**63}}, "INVALID_ANSWERS", "data.mood"),
    "deeper than 32": ({"data": {"mood": nested(33)}}, "INVALID_ANSWERS", "data.mood"),
    "too many unknown keys": ({"data": {f"k{n}": n for n in range(101)}}, "INVALID_ANSWERS", "data"),
}


@pytest.mark.parametrize(("body", "code", "path"), MISFITS.values(), ids=MISFITS.keys())
async def test_a_value_that_does_not_fit(
    rest: Rest, world: World, person: Person, body: dict[str, Any], code: str, path: str
) -> None:
    """400 with the path of the value."""
    before = await everything(world, person)
    refused = await rest.post(person, SAVE, body)
    assert (refused.status, refused.body["code"], refused.paths) == (400, code, [path])
    assert await everything(world, person) == before


ANSWERS = {name: row for name, row in MISFITS.items() if row[1] == "INVALID_ANSWERS"}


@pytest.mark.parametrize(("body", "code", "path"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_an_answer_that_does_not_fit_is_not_submitted(
    rest: Rest, world: World, person: Person, body: dict[str, Any], code: str, path: str
) -> None:
    """A submit that brings answers refuses them as a save does."""
    before = await everything(world, person)
    refused = await rest.post(person, "/api/tools/woop/submit", body)
    assert (refused.status, refused.body["code"], refused.paths) == (400, code, [path])
    assert await everything(world, person) == before


@pytest.mark.parametrize("if_match", ["", "*", "one", "1.0", "1e0", "1, 2", "9" * 11, "-", "\u0661"])
async def test_an_if_match_that_is_no_version(rest: Rest, world: World, person: Person, if_match: str) -> None:
    """400 at If-Match."""
    before = await everything(world, person)
    refused = await rest.post(person, SAVE, {"data": {}}, if_match=if_match)
    assert (refused.status, refused.paths) == (400, ["If-Match"])
    assert await everything(world, person) == before


async def chunks(size: int) -> AsyncIterator[bytes]:
    """A JSON body of this many bytes, sent piece by piece without a Content-Length."""
    head, tail = b'{"data": {"mood": "', b'"}}'
    yield head
    left = size - len(head) - len(tail)
    while left:
        piece = min(left, 65_536)
        yield b"a" * piece
        left -= piece
    yield tail


async def test_a_body_past_the_limit(rest: Rest, world: World, person: Person) -> None:
    """413 for one byte more than a megabyte, with or without a declared length; a megabyte is read."""
    before = await everything(world, person)
    headers = {"Content-Type": "application/json"}
    whole = b"".join([chunk async for chunk in chunks(MAX_BODY_BYTES + 1)])
    for content in (whole, chunks(MAX_BODY_BYTES + 1)):
        refused = await rest.send("POST", SAVE, person, content=content, headers=headers)
        assert (refused.status, refused.body["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert await everything(world, person) == before
    assert (await rest.send("POST", SAVE, person, content=chunks(MAX_BODY_BYTES), headers=headers)).status == 201


async def test_answers_that_grow_past_the_limit(rest: Rest, world: World, person: Person) -> None:
    """Two saves of 600 kB each: the second is 400, and the first stays as it was."""
    await rest.post(person, SAVE, {"data": {"wish": "a" * 600_000}})
    before = await everything(world, person)
    refused = await rest.post(person, SAVE, {"data": {"outcome": "a" * 600_000}})
    assert (refused.status, refused.paths) == (400, ["data"])
    assert await everything(world, person) == before


async def test_a_thousand_problems_are_told_in_part(rest: Rest, person: Person) -> None:
    """However much is wrong, an answer stays small."""
    refused = await rest.post(person, "/api/data/batch", {"field_ids": ["wish"] * 50_000})
    assert (refused.status, len(refused.paths)) == (400, 100)
