"""Which keys are good: sent right, known, not past their time, not revoked. Everything else is 401 or 403."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from resolvers.context import Origin
from resolvers.service_keys.secret import new_key
from resolvers.service_keys.using import identify_key, note_use
from tests.service_keys.conftest import REVOKE, House, Key
from tests.world import Person

QUERY = {"query": "{ viewer { fullName } }"}


async def _status(house: House, headers: dict[str, str]) -> tuple[int, str | None]:
    """Status and message of the same question by GraphQL and by REST, which agree."""
    answer = await house.world.client.post("/graphql", json=QUERY, headers=headers)
    rest = await house.world.client.get("/api/user/progress", headers=headers)
    assert rest.status_code == answer.status_code
    errors = answer.json().get("errors")
    return answer.status_code, errors[0]["message"] if errors else None


async def test_either_header_brings_it(house: House) -> None:
    """``X-Api-Key``, or ``Authorization: Bearer`` with a key instead of a token."""
    key, person = await house.key(), {"X-On-Behalf-Of": str(house.ann.id)}
    assert await _status(house, {"X-Api-Key": key.secret} | person) == (200, None)
    assert await _status(house, {"Authorization": f"Bearer {key.secret}"} | person) == (200, None)
    assert (await _status(house, {"Authorization": f"Basic {key.secret}"} | person))[0] == 401


async def test_not_both_a_key_and_a_token(house: House) -> None:
    """Such a request does not say who asks."""
    key = await house.key()
    for other in (house.ann.headers, {"Authorization": f"Bearer {key.secret}"}):
        status, message = await _status(house, key.headers(house.ann) | other)
        assert (status, message) == (401, "Send a service key or an Authorization, not both.")


async def test_a_token_asks_for_nobody_else(house: House) -> None:
    """Only keys ask for others: beside a person's token the header means nothing."""
    headers = house.admin.headers | {"X-On-Behalf-Of": str(house.ann.id)}
    answer = await house.world.client.post("/graphql", json=QUERY, headers=headers)
    assert answer.json() == {"data": {"viewer": {"fullName": "Ada Acton"}}}


async def test_what_is_no_good_key(house: House) -> None:
    """A key of nobody, one with another's secret, text that is none: one answer for all, and no fault."""
    key, other = await house.key(), new_key()
    mixed = _with_check(key.secret[:13] + other.text[13:56])
    for text_ in (other.text, mixed, key.secret[:-1], "ftk_", "", "x" * 10_000, "ftk_" + "ü" * 58):
        headers = {"X-Api-Key": text_.encode().decode("latin-1"), "X-On-Behalf-Of": str(house.ann.id)}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        answer = await house.world.client.post("/graphql", json=QUERY, headers=raw)
        assert (answer.status_code, answer.json()["errors"][0]["message"]) == (401, "Invalid service key")


def _with_check(body: str) -> str:
    from resolvers.service_keys.secret import _check

    return body + _check(body)


async def test_revoked_is_at_once(house: House, stranger: Person) -> None:
    """By an admin of the organisation, and by nobody else; twice is no mistake."""
    key = await house.key()
    for person, outcome in (
        (stranger, "NotAllowed"),
        (house.ann, "NotAllowed"),
        (house.guru, "NotAllowed"),
        (house.admin, "ServiceKeyRevoked"),
        (house.admin, "ServiceKeyRevoked"),
    ):
        answer = await house.world.graphql(person, REVOKE, {"id": str(key.id)})
        assert answer.data["revokeServiceKey"]["__typename"] == outcome
    status, message = await _status(house, key.headers(house.ann))
    assert (status, message) == (401, "This service key has been revoked. Ask an admin for another.")


async def test_past_its_time(house: House) -> None:
    """It says so to whoever holds the key."""
    key = await house.key()
    async with house.world.as_owner() as owner:
        await owner.execute(
            text("UPDATE authentication.service_keys SET expires_at = now() - interval '1 second' WHERE id = :id"),
            {"id": key.id},
        )
    status, message = await _status(house, key.headers(house.ann))
    assert (status, message) == (401, "This service key has run out. Ask an admin for another.")


async def _stored(house: House, key: Key) -> Any:
    async with house.world.as_owner() as owner:
        rows = await owner.execute(text("SELECT * FROM authentication.service_keys WHERE id = :id"), {"id": key.id})
        return rows.one()


async def test_a_use_is_noted_now_and_then(house: House) -> None:
    """Not at each request: the time once a minute, the trail once for each person and day."""
    key, database = await house.key(), house.world.gateway.database
    began = datetime(2100, 1, 1, 12, tzinfo=UTC)
    async with house.world.as_owner() as owner:
        await owner.execute(
            text("UPDATE authentication.service_keys SET created_at = :now, expires_at = :then WHERE id = :id"),
            {"id": key.id, "now": began, "then": began + timedelta(days=30)},
        )

    async def use(person: Person | None, seconds: float) -> bool:
        """Whether the use was noted."""
        now = began + timedelta(seconds=seconds)
        found = await identify_key(database, key.secret, str(person.id) if person else None, now)
        with house.world.sql() as statements:
            await note_use(database, found, Origin("192.0.2.7", "n8n"), now)
        return any("note_service_key_use" in sql for sql in statements)

    assert [await use(house.ann, seconds) for seconds in (0, 1, 59, 60, 61)] == [True, False, False, True, False]
    assert (await _stored(house, key)).last_used_at == began + timedelta(seconds=60)
    assert [await use(person, 62) for person in (house.ben, None, house.ben)] == [True, True, False]
    assert [await use(house.ann, 86_400 + seconds) for seconds in (0, 1)] == [True, False]
    async with house.world.as_owner() as owner:
        rows = await owner.execute(
            text(
                "SELECT user_id, action, organization_id, host(ip_address) AS address FROM audit.events"
                " WHERE entity_id = :id AND action <> 'service_key_created' ORDER BY timestamp"
            ),
            {"id": key.id},
        )
        found = rows.all()
    assert {row.user_id for row in found[:3]} == {house.ann.id, house.ben.id, None}
    assert [row.user_id for row in found[3:]] == [house.ann.id]
    assert {(row.action, row.organization_id, row.address) for row in found} == {
        ("service_key_used", house.admin.account.organization_id, "192.0.2.7")
    }


async def test_requests_note_their_use(house: House) -> None:
    """Whether by GraphQL or by REST."""
    for protocol in ("graphql", "rest"):
        key = await house.key()
        assert (await _stored(house, key)).last_used_at is None
        await (
            key.post(QUERY, house.ann) if protocol == "graphql" else key.rest("GET", "/api/user/progress", house.ann)
        )
        assert (await _stored(house, key)).last_used_at is not None


async def test_a_keyed_read_is_three_statements_more_or_less(house: House) -> None:
    """The key, the person, the rows; never a compiled read, whose statement does not know the key's tools."""
    key = await house.key()
    await key.post(QUERY, house.ann)
    compiled = house.world.gateway.compiled_answers
    with house.world.sql() as statements:
        await key.post("{ viewer { woop { wish } } }", house.ann)
    noting = ("BEGIN", "COMMIT", "SELECT authentication.note_service_key_use")  # if a minute has passed meanwhile
    assert len([sql for sql in statements if not sql.startswith(noting)]) == 3
    assert house.world.gateway.compiled_answers == compiled


async def test_stored_documents_by_get_are_not_kept(house: House) -> None:
    """No entity tag, nothing to keep: what a key reaches may change without the person's rows."""
    key = await house.key()
    for headers in ({}, {"If-None-Match": "*"}):
        answer = await house.world.client.get(
            "/graphql", params={"documentId": "ListTools"}, headers=key.headers(house.ann) | headers
        )
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
        assert "etag" not in answer.headers


async def test_the_schema_is_not_for_keys(house: House) -> None:
    """Descriptions neither, where they are not for everybody."""
    key = await house.key()
    assert (await key.post("{ __schema { queryType { name } } }", house.admin))["status"] == 403
    house.world.gateway.open_schema = False
    try:
        for path in ("/schema.graphql", "/openapi.json"):
            assert (await key.rest("GET", path, house.admin)).status_code == 401
            bearer = {"Authorization": f"Bearer {key.secret}"}
            assert (await house.world.client.get(path, headers=bearer)).status_code == 401
    finally:
        house.world.gateway.open_schema = True


async def test_secrets_are_nowhere(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in the database, past every policy, nor in the log, whatever becomes of the request."""
    caplog.set_level("DEBUG")
    key = await house.key()
    secret = key.secret.removeprefix("ftk_")[9:]
    await key.post(QUERY, house.ann)
    await key.post("mutation { signOut { at } }", house.ann)
    await key.post("{ nonsense", house.ann)
    row = await _stored(house, key)
    assert secret not in str(row)
    assert secret not in caplog.text
    async with house.world.as_owner() as owner:
        trail = await owner.scalars(
            text("SELECT changes::text FROM audit.events WHERE entity_id = :id"), {"id": key.id}
        )
        assert not [entry for entry in trail if entry and secret in entry]


async def test_what_a_key_tried_is_in_the_trail_once_a_minute(house: House) -> None:
    """However often it tries."""
    key = await house.key()
    for _ in range(5):
        await key.post("mutation { signOut { at } }", house.ann)
    async with house.world.as_owner() as owner:
        found = await owner.scalars(
            text("SELECT changes ->> 'reason' FROM audit.events WHERE entity_id = :id AND action = :refused"),
            {"id": key.id, "refused": "service_key_refused"},
        )
        assert 1 <= len(found.all()) <= 2
