"""What a change of published values makes stale, or fresh again: found in the statement that writes the change.

All of it reads the rows as they were before, which is what the other parts of one statement see.
"""

from db.catalogue import Catalogue, Tool


def stale_facts(catalogue: Catalogue, tool: Tool) -> tuple[str, str]:
    """Common table expressions, and a SELECT of the facts (kind, tool_slug, field_ids, details).

    Expects ``given`` with ``user_id``, ``sources``, ``touched`` (the field ids that change) and ``changed``. A value is
    stale when a source has another version than it was built on. A new version is one that nothing was built on, so
    what is built on a changed source becomes stale, unless it was; and what is written itself is fresh.
    """
    dependents = [d for d in catalogue.tools if any(need.source.tool is tool for need in catalogue.needs[d.slug])]
    parts = [f"refreshed AS ({_refreshed(tool)}\n)"]
    facts = ["SELECT tool_slug, field_id, false AS stale FROM refreshed"]
    if dependents:
        built = "\n  UNION ALL ".join(_built(dependent) for dependent in dependents)
        parts.append(f"source_version AS MATERIALIZED (\n  {_versions(catalogue, dependents)}\n)")
        parts.append(f"built AS (\n  {built}\n)")
        facts.append(
            "SELECT tool_slug, field_id, true FROM built WHERE NOT EXISTS (\n"
            "    SELECT FROM jsonb_each(built.built_on) AS source\n"
            "    LEFT JOIN source_version AS v ON v.field_id = source.key\n"
            "    WHERE to_jsonb(v.version) IS DISTINCT FROM source.value)"
        )
    turned = "\n    UNION ALL ".join(facts)
    return (
        ", ".join(parts),
        f"""(
    SELECT 'stale_changed', tool_slug, array_remove(array_agg(field_id ORDER BY field_id), NULL),
      jsonb_build_object('stale', stale)
    FROM ({turned}) AS turned GROUP BY tool_slug, stale ORDER BY stale, tool_slug
  )""",
    )


def _refreshed(tool: Tool) -> str:
    """What is stale and written anew: the changed values, or the answers of a tool that publishes none."""
    if tool.published:
        columns, table = "o.field_id", f"{tool.schema_name}.field_outputs"
        written = "given.outputs ? o.field_id"
    else:
        columns, table = "NULL::text AS field_id", f"{tool.schema_name}.submissions"
        written = "given.changed"
    return f"""
  SELECT given.tool_slug, {columns} FROM given JOIN {table} AS o ON o.user_id = given.user_id
  WHERE {written} AND EXISTS (
    SELECT FROM jsonb_each(o.built_on) AS source WHERE given.sources -> source.key IS DISTINCT FROM source.value)"""


def _built(dependent: Tool) -> str:
    """What a dependent has that was built on one of the changed values."""
    if dependent.published:
        columns, table = "o.field_id", f"{dependent.schema_name}.field_outputs"
    else:
        columns, table = "NULL::text AS field_id", f"{dependent.schema_name}.submissions"
    return (
        f"SELECT '{dependent.slug}' AS tool_slug, {columns}, o.built_on"
        f" FROM given JOIN {table} AS o ON o.user_id = given.user_id WHERE o.built_on ?| given.touched"
    )


def _versions(catalogue: Catalogue, tools: list[Tool]) -> str:
    """The versions of everything that these tools build on."""
    by_schema: dict[str, set[str]] = {}
    for dependent in tools:
        for need in catalogue.needs[dependent.slug]:
            by_schema.setdefault(need.source.tool.schema_name, set()).add(need.source.id)
    return "\n  UNION ALL ".join(
        f"SELECT o.field_id::text, o.version FROM given JOIN {schema}.field_outputs AS o ON o.user_id = given.user_id"
        f" WHERE o.field_id IN ({', '.join(repr(field) for field in sorted(fields))})"
        for schema, fields in by_schema.items()
    )
