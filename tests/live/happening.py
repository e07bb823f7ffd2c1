"""Events as they stand in the outbox, written by its owner: for what does not depend on who caused them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.viewer import Role
from tests.service_keys.conftest import CREATE, in_days
from tests.world import Person, World

_INSERT = text(
    "INSERT INTO outbox.events (at, kind, user_id, organization_id, tool_slug, field_ids, details)"
    " SELECT now(), :kind, id, organization_id, :tool, :fields, CAST(:details AS jsonb) FROM users.accounts"
    " WHERE id = :person"
)


async def happen(
    owner: AsyncConnection,
    person: Person,
    kind: str,
    tool: str = "woop",
    fields: Sequence[str] = (),
    details: Mapping[str, Any] | None = None,
) -> None:
    """Something happens to a person's work, in this transaction."""
    given = {"kind": kind, "person": person.id, "tool": tool, "fields": list(fields)}
    await owner.execute(_INSERT, {**given, "details": json.dumps(details or {})})


async def unlock(world: World, person: Person, *tools: str) -> None:
    """Tools of a person open, one commit each."""
    for tool in tools:
        async with world.as_owner() as owner:
            await happen(owner, person, "tool_unlocked", tool)


async def key_headers(world: World) -> dict[str, str]:
    """What a request with a good service key sends."""
    admin = await world.person(await world.organization(), Role.ADMIN)
    wanted = {"name": "n8n", "operations": ["read"], "behalf": "MEMBERS", "expiresAt": in_days(1)}
    created = (await world.graphql(admin, CREATE, {"input": wanted})).data["createServiceKey"]
    return {"X-Api-Key": created["secret"], "X-On-Behalf-Of": str(admin.id)}
