"""What the gateway's login may do at all, and that every table has a policy: asked of PostgreSQL's own catalogue."""

from collections import defaultdict

import asyncpg
import pytest
from sqlalchemy import text

from db.policies import GATEWAY_ROLE
from db.viewer import ANONYMOUS
from tests.db.row_level_security.granted import (
    AS_OWNER,
    COLUMN_GRANTS,
    SHARED_GRANTS,
    SPECIFIC_GRANTS,
    TOOL_COLUMN_GRANTS,
    TOOL_GRANTS,
    UNREADABLE,
)
from tests.db.row_level_security.tenants import OUR_SCHEMAS, every_table, schemas
from tests.world import World


async def test_every_table_enforces_policies_on_everyone(world: World) -> None:
    """Row security is enabled and forced, and a policy speaks of the gateway's role; none speaks of everybody."""
    async with world.as_owner() as owner:
        rows = await owner.execute(
            text(
                "SELECT nspname || '.' || relname AS name, relrowsecurity AND relforcerowsecurity AS forced,"
                " EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid"
                "         AND polroles = ARRAY[CAST(:role AS regrole)::oid]) AS bound,"
                " EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid AND 0 = ANY (polroles)) AS open_to_all"
                " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace"
                f" WHERE relkind IN ('r', 'p') AND {OUR_SCHEMAS}"
            ),
            {"role": GATEWAY_ROLE},
        )
        found = {row.name: (row.forced, row.bound, row.open_to_all) for row in rows}
        readable = await every_table(owner)
        assert found == {name: (True, readable[name], False) for name in readable}
    assert {name for name in readable if not readable[name]} == UNREADABLE


async def test_the_policies_of_all_tools_are_alike(world: World) -> None:
    """What the other tests show of one tool's tables holds for the other thirty."""
    async with world.as_owner() as owner:
        rows = await owner.execute(
            text(
                "SELECT schemaname, array_agg((tablename, policyname, permissive, roles, cmd, qual, with_check)::text"
                " ORDER BY tablename, policyname) AS policies FROM pg_policies"
                " WHERE schemaname LIKE 'sprint\\_%' AND tablename = ANY (:tables)"
                " GROUP BY schemaname"
            ),
            {"tables": ["submissions", "field_outputs", "field_versions", "audit_log"]},
        )
        found = {row.schemaname: tuple(row.policies) for row in rows}
        assert sorted(found) == await schemas(owner)
    assert len(set(found.values())) == 1


async def test_the_gateway_is_granted_this_and_no_more(world: World) -> None:
    """On tables, views and sequences of every schema but PostgreSQL's own; grants to everybody count too."""
    async with world.as_owner() as owner:
        rows = await owner.execute(
            text(
                "SELECT nspname || '.' || relname AS name, privilege_type, is_grantable"
                " FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace CROSS JOIN aclexplode(relacl)"
                " WHERE grantee IN (0, CAST(:role AS regrole)) AND nspname NOT IN ('pg_catalog', 'information_schema')"
            ),
            {"role": GATEWAY_ROLE},
        )
        granted: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            granted[row.name].add(row.privilege_type + (" WITH GRANT OPTION" if row.is_grantable else ""))
        of_tools = {f"{schema}.{name}": given for schema in await schemas(owner) for name, given in TOOL_GRANTS.items()}
    assert granted == SHARED_GRANTS | of_tools | SPECIFIC_GRANTS


async def test_of_accounts_it_is_granted_all_columns_but_the_password(world: World) -> None:
    """Column grants: accounts, data keys (only to add one), invitations, service keys, requests for help."""
    async with world.as_owner() as owner:
        rows = await owner.execute(
            text(
                "SELECT nspname || '.' || relname AS name, attname, privilege_type FROM pg_attribute"
                " JOIN pg_class AS c ON c.oid = attrelid JOIN pg_namespace AS n ON n.oid = relnamespace"
                " CROSS JOIN aclexplode(attacl)"
                " WHERE grantee IN (0, CAST(:role AS regrole)) AND nspname NOT IN ('pg_catalog', 'information_schema')"
            ),
            {"role": GATEWAY_ROLE},
        )
        granted: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            granted[row.name, row.attname].add(row.privilege_type)
        of_tools = {
            (f"{schema}.{table}", column): given
            for schema in await schemas(owner)
            for (table, column), given in TOOL_COLUMN_GRANTS.items()
        }
    assert granted == COLUMN_GRANTS | of_tools


async def test_the_gateway_role_has_no_powers(world: World) -> None:
    """No superuser, no way past policies, no member of anything, maker and owner of nothing."""
    async with world.as_owner() as owner:
        role = (
            await owner.execute(
                text(
                    "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,"
                    " EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid) AS is_member,"
                    " EXISTS (SELECT FROM pg_shdepend WHERE refobjid = r.oid AND deptype = 'o') AS owns,"
                    " EXISTS (SELECT FROM pg_namespace WHERE has_schema_privilege(r.oid, oid, 'CREATE')) AS creates"
                    " FROM pg_roles AS r WHERE rolname = :role"
                ),
                {"role": GATEWAY_ROLE},
            )
        ).one()
    assert not any(role), role


async def test_views_and_functions_lend_no_power(world: World) -> None:
    """Every view checks as its reader. Functions that run as their owner are these few, the gateway's alone to call,
    and nobody can put a name of their own in the way of theirs."""
    async with world.as_owner() as owner:
        views = await owner.execute(
            text(
                "SELECT relname, reloptions FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace"
                f" WHERE relkind IN ('v', 'm') AND (nspname = 'shared' OR {OUR_SCHEMAS})"
            )
        )
        found = [(view.relname, "security_invoker=true" in (view.reloptions or [])) for view in views]
        functions = await owner.execute(
            text(
                "SELECT nspname || '.' || proname AS name, coalesce(proconfig[1], '') AS path,"
                " ARRAY(SELECT grantee FROM aclexplode(proacl) WHERE grantee <> proowner) AS callers,"
                " CAST(:role AS regrole)::oid AS gateway"
                " FROM pg_proc JOIN pg_namespace AS n ON n.oid = pronamespace"
                " WHERE prosecdef AND nspname NOT IN ('pg_catalog', 'information_schema')"
            ),
            {"role": GATEWAY_ROLE},
        )
        lending = functions.all()
    assert len(found) == 3 + 31
    assert all(invoker for _, invoker in found), found
    assert {function.name for function in lending} == AS_OWNER
    assert all(function.path.startswith("search_path=pg_catalog") for function in lending), lending
    assert all(function.callers == [function.gateway] for function in lending), lending


async def test_jobs_are_a_workers_alone(world: World) -> None:
    """Security binds everybody, and the one policy for the gateway's login asks for a worker's connection."""
    async with world.as_owner() as owner:
        tables = await owner.execute(
            text(
                "SELECT relname, relrowsecurity AND relforcerowsecurity AS forced,"
                " ARRAY(SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = c.oid"
                "       AND polroles = ARRAY[CAST(:role AS regrole)::oid]) AS conditions"
                " FROM pg_class AS c WHERE relnamespace = 'procrastinate'::regnamespace AND relkind = 'r'"
            ),
            {"role": GATEWAY_ROLE},
        )
        found = tables.all()
    assert len(found) == 4
    for table in found:
        assert table.forced, table
        assert table.conditions == ["(current_setting('app.worker'::text, true) = 'on'::text)"], table


async def test_counters_are_nobodys_to_read(world: World) -> None:
    """No grant, no policy for the gateway, and security that binds the owner too."""
    async with world.as_owner() as owner:
        forced = await owner.scalar(
            text("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = 'rates.counters'::regclass")
        )
        policies = await owner.execute(text("SELECT policyname FROM pg_policies WHERE schemaname = 'rates'"))
    assert forced
    assert policies.scalars().all() == ["maintenance"]
    for statement in ("SELECT 1 FROM rates.counters", "DELETE FROM rates.counters"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.gateway.database.transaction(ANONYMOUS) as transaction:
                await transaction.fetch(statement)
