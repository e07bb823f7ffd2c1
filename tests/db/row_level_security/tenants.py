"""Three organisations whose every person has a row in every table, so that a row that should stay away could come."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.encryption import KeyRing
from db.encryption.key_ring import KEY_BYTES
from db.policies import GATEWAY_ROLE
from db.viewer import ANONYMOUS, Role, Viewer
from tests.world import World

OUR_SCHEMAS = (
    "(nspname IN ('users', 'organizations', 'tool_access', 'audit', 'authentication', 'help', 'outbox', 'exports',"
    " 'webhooks')"
    " OR nspname LIKE 'sprint\\_%')"
)
"""Condition on ``pg_namespace``: schemas whose every table belongs to tenants."""


@dataclass(frozen=True, slots=True)
class Tenants:
    """Acme with Ann, Ben and an admin; beta with Bea, Boss (admin) and Coach (its guru); a school with a pupil and
    the guru who looks after acme, and after acme alone; Lone, who belongs nowhere."""

    organizations: dict[str, UUID]
    viewers: dict[str, Viewer]

    def id(self, name: str) -> UUID:
        """The account of this person."""
        user_id = self.viewers[name].user_id
        assert user_id is not None
        return user_id

    def named(self, ids: Iterable[str]) -> str:
        """The names of these people and organisations, in order; an id that is none of theirs, or none, as it is."""
        names = {str(viewer.user_id): name for name, viewer in self.viewers.items()}
        names |= {str(id_): name for name, id_ in self.organizations.items()}
        return " ".join(sorted(names.get(id_, id_ or "nobody") for id_ in ids))


async def settle(world: World) -> Tenants:
    """Make them, with a row of each person in each table of the database."""
    acme, beta, school = [await world.organization(name) for name in ("Acme", "Beta", "School")]
    viewers = {"anonymous": ANONYMOUS}
    for name, organization, role in (
        ("ann", acme, Role.USER),
        ("ben", acme, Role.USER),
        ("admin", acme, Role.ADMIN),
        ("bea", beta, Role.USER),
        ("boss", beta, Role.ADMIN),
        ("coach", beta, Role.GURU),
        ("pupil", school, Role.USER),
        ("lone", None, Role.USER),
    ):
        viewers[name] = (await world.person(organization, role, name)).viewer
    guru = (await world.person(school, Role.GURU, "guru")).id
    async with world.as_owner() as owner:
        await owner.execute(
            text("UPDATE organizations.guru_assignments SET organization_id = :acme WHERE user_id = :guru"),
            {"acme": acme, "guru": guru},
        )
        viewers["guru"] = Viewer(guru, school, Role.GURU, (acme,))
        tenants = Tenants({"acme": acme, "beta": beta, "school": school}, viewers)
        people = [viewer.user_id for viewer in viewers.values() if viewer.user_id]
        for schema in await schemas(owner):
            await owner.execute(text(_WORK.format(schema=schema)), {"people": people})
        for statement in _SHARED:
            await owner.execute(text(statement), {"people": people})
        # Real secrets: whoever wraps all of them anew has to open these as well.
        ring = world.gateway.database.data_keys.ring
        for row in await owner.execute(text("SELECT id, organization_id FROM webhooks.endpoints WHERE wrapped = ''")):
            key = ring.wrap(os.urandom(KEY_BYTES), row.id, row.organization_id)
            await owner.execute(
                text(
                    "UPDATE webhooks.endpoints SET wrapped = :wrapped, wrapped_by = :key, fingerprint = :fingerprint"
                    " WHERE id = :id"
                ),
                {"id": row.id, "wrapped": key.wrapped, "key": key.wrapped_by, "fingerprint": key.fingerprint},
            )
        for organization, person in [(acme, None), (beta, None), (school, None), (None, tenants.id("lone"))]:
            await add_data_key(owner, ring, organization, person)
    return tenants


async def add_data_key(owner: AsyncConnection, ring: KeyRing, organization: UUID | None, person: UUID | None) -> None:
    """A data key of an organisation or of a person."""
    tenant = organization or person
    assert tenant is not None
    key = ring.wrap(bytes(KEY_BYTES), uuid4(), tenant)
    await owner.execute(
        text(
            "INSERT INTO organizations.data_keys (id, organization_id, user_id, wrapped, wrapped_by, fingerprint)"
            " VALUES (:id, :organization, :person, :wrapped, :wrapped_by, :fingerprint)"
        ),
        {
            "id": key.id,
            "organization": organization,
            "person": person,
            "wrapped": key.wrapped,
            "wrapped_by": key.wrapped_by,
            "fingerprint": key.fingerprint,
        },
    )


async def schemas(owner: AsyncConnection) -> list[str]:
    """The schemas of tools."""
    rows = await owner.execute(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'sprint\\_%' ORDER BY 1"))
    return [row.nspname for row in rows]


async def every_table(owner: AsyncConnection) -> dict[str, bool]:
    """Every ordinary or partitioned table of our schemas as ``schema.name``, and whether the gateway may read of it."""
    rows = await owner.execute(
        text(
            "SELECT nspname || '.' || relname AS name, has_any_column_privilege(:role, c.oid, 'SELECT') AS readable"
            " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace"
            f" WHERE relkind IN ('r', 'p') AND {OUR_SCHEMAS} ORDER BY 1"
        ),
        {"role": GATEWAY_ROLE},
    )
    return {row.name: row.readable for row in rows}


async def tables(owner: AsyncConnection) -> list[str]:
    """The tables that the gateway may read of."""
    return [name for name, readable in (await every_table(owner)).items() if readable]


# A submission has its person's id, so that tests can name it.
_WORK = """
WITH person AS (
  SELECT id, organization_id FROM users.accounts WHERE id = ANY (CAST(:people AS uuid[]))
), submission AS (
  INSERT INTO {schema}.submissions (id, user_id, organization_id) SELECT id, id, organization_id FROM person
  RETURNING id, user_id, organization_id
), output AS (
  INSERT INTO {schema}.field_outputs (submission_id, user_id, organization_id, field_id, value, version)
  SELECT id, user_id, organization_id, 'some.field', '1', 1 FROM submission
), version AS (
  INSERT INTO {schema}.field_versions (user_id, organization_id, field_id, value, version, author_kind, at)
  SELECT user_id, organization_id, 'some.field', '1', 1, 'human', now() FROM submission
)
INSERT INTO {schema}.audit_log (tool_data_id, user_id, organization_id, action)
SELECT id, user_id, organization_id, 'saved' FROM submission
"""

_SHARED = (
    """
    INSERT INTO audit.events (user_id, organization_id, action)
    SELECT id, organization_id, 'saved' FROM users.accounts WHERE id = ANY (CAST(:people AS uuid[]))""",
    """
    INSERT INTO outbox.events (at, kind, user_id, organization_id)
    SELECT now(), 'submitted', id, organization_id FROM users.accounts WHERE id = ANY (CAST(:people AS uuid[]))""",
    """
    INSERT INTO help.requests (user_id, organization_id, tool_slug, kind, asked_at)
    SELECT id, organization_id, 'woop', 'help', now() FROM users.accounts WHERE id = ANY (CAST(:people AS uuid[]))""",
    """
    INSERT INTO exports.jobs (user_id, organization_id, subject_id, requested_at, expires_at)
    SELECT id, organization_id, id, now(), now() FROM users.accounts WHERE id = ANY (CAST(:people AS uuid[]))""",
    """
    INSERT INTO webhooks.endpoints
      (organization_id, url, events, wrapped, wrapped_by, fingerprint, created_at, updated_at)
    SELECT DISTINCT organization_id, 'https://hooks.example', '{submitted}'::text[], ''::bytea, 'tests', ''::bytea,
           now(), now()
    FROM users.accounts WHERE id = ANY (CAST(:people AS uuid[])) AND organization_id IS NOT NULL""",
    """
    INSERT INTO webhooks.deliveries (endpoint_id, organization_id, event_id, kind, created_at)
    SELECT DISTINCT ON (endpoint.id) endpoint.id, endpoint.organization_id, event.id, event.kind, event.at
    FROM webhooks.endpoints AS endpoint JOIN outbox.events AS event USING (organization_id)
    WHERE event.user_id = ANY (CAST(:people AS uuid[])) ORDER BY endpoint.id, event.id""",
    """
    INSERT INTO authentication.sessions
      (user_id, organization_id, method, created_at, last_used_at, expires_at)
    SELECT id, organization_id, 'password', now(), now(), now() FROM users.accounts
    WHERE id = ANY (CAST(:people AS uuid[]))""",
    """
    INSERT INTO authentication.invitations (email, role, organization_id, digest, created_at, expires_at)
    SELECT DISTINCT ON (organization_id) 'invited@test.example', 'user', organization_id, uuid_send(id), now(), now()
    FROM users.accounts WHERE id = ANY (CAST(:people AS uuid[])) AND organization_id IS NOT NULL""",
    """
    INSERT INTO authentication.service_keys
      (prefix, digest, organization_id, name, operations, behalf, created_at, expires_at)
    SELECT substr(md5(organization_id::text), 1, 8), sha256(''), organization_id, 'n8n', '{read}', 'members', now(),
           now()
    FROM (SELECT DISTINCT organization_id FROM users.accounts
          WHERE id = ANY (CAST(:people AS uuid[])) AND organization_id IS NOT NULL) AS tenant""",
    """
    INSERT INTO tool_access.permissions (user_id, organization_id, tool_slug, access_level)
    SELECT id, organization_id, 'woop', 'view' FROM users.accounts WHERE id = ANY (CAST(:people AS uuid[]))""",
    """
    INSERT INTO organizations.teams (organization_id, name)
    SELECT DISTINCT organization_id, 'Team' FROM users.accounts
    WHERE id = ANY (CAST(:people AS uuid[])) AND organization_id IS NOT NULL""",
    """
    INSERT INTO sprint_15_value_proposition.hypotheses (tool_data_id, user_id, organization_id, hypothesis_text)
    SELECT id, user_id, organization_id, 'It sells.' FROM sprint_15_value_proposition.submissions
    WHERE user_id = ANY (CAST(:people AS uuid[]))""",
    """
    INSERT INTO sprint_24_fit_abc_analysis.team_assessments (tool_data_id, user_id, organization_id, abc_rating)
    SELECT id, user_id, organization_id, 'A' FROM sprint_24_fit_abc_analysis.submissions
    WHERE user_id = ANY (CAST(:people AS uuid[]))""",
)
