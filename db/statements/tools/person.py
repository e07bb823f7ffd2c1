"""A participant's work as the columns of one row: what a compiled read selects beside the account.

Every expression is a subquery on ``person``, a row with ``id`` and ``organization_id`` that the statement has found
before. Rows come as text, their parts separated by characters that JSON text never holds bare.
"""

from collections.abc import Mapping, Sequence

from db.statements import literals
from db.statements.literals import quoted

UNIT = "\x1f"
"""Between the parts of a row."""

LINE = "\n"
"""Between rows that are aggregated into one text."""

_UNIT = "E'\\x1f'"
_LINE = "E'\\n'"


def values(fields: Mapping[str, Sequence[str]], *, with_story: bool) -> str:
    """An array of published values: field id and value; with the story version, time and ``built_on`` between them.

    ``fields``: the field ids wanted of each schema.
    """
    columns = "field_id, value, version, updated_at, built_on" if with_story else "field_id, value"
    arms = "\n    UNION ALL ".join(
        f"SELECT {columns} FROM {schema}.field_outputs\n"
        f"      WHERE user_id = person.id AND field_id IN ({', '.join(map(quoted, sorted(ids)))})"
        for schema, ids in sorted(fields.items())
    )
    story = (
        f" || {_UNIT} || version || {_UNIT} || {literals.timestamp('updated_at')} || {_UNIT} || built_on"
        if with_story
        else ""
    )
    return f"ARRAY(\n    SELECT field_id{story} || {_UNIT} || value::text FROM (\n    {arms}) AS output)"


def stories(publishing: Sequence[str], silent: Sequence[str]) -> str:
    """An array of what was built on what: position of the schema, field id (empty for the answers of tools in
    ``silent``, which stand behind the others), version, ``built_on``."""
    arms = "\n    UNION ALL ".join(
        [
            f"SELECT {position} AS position, field_id::text, version, built_on FROM {schema}.field_outputs"
            " WHERE user_id = person.id"
            for position, schema in enumerate(publishing)
        ]
        + [
            f"SELECT {position} AS position, '' AS field_id, version, built_on FROM {schema}.submissions"
            " WHERE user_id = person.id"
            for position, schema in enumerate(silent, len(publishing))
        ]
    )
    parts = f" || {_UNIT} || ".join(("position", "field_id", "version", "built_on"))
    return f"ARRAY(\n    SELECT {parts} FROM (\n    {arms}) AS story)"


def submissions(schemas: Sequence[str], columns: Sequence[str]) -> str:
    """An array of submissions: position of the schema, then each of ``columns``, which are expressions of JSON text."""
    names = [f"part_{number}" for number in range(len(columns))]
    selected = ", ".join(f"{column} AS {name}" for column, name in zip(columns, names, strict=True))
    arms = "\n    UNION ALL ".join(
        f"SELECT {position} AS position, {selected} FROM {schema}.submissions AS s WHERE s.user_id = person.id"
        for position, schema in enumerate(schemas)
    )
    parts = "".join(f" || {_UNIT} || {name}" for name in names)
    return f"ARRAY(\n    SELECT position{parts} FROM (\n    {arms}) AS submission)"


def progress(fragments: Sequence[str], slugs: Sequence[str] | None) -> str:
    """A join named ``progress``: ``slugs`` and, for each of ``fragments``, ``fragment_N``, one line for each row.

    ``fragments`` are expressions of JSON text on ``p``. Without ``slugs`` every tool's row is read.
    """
    aggregates = "".join(
        f",\n      string_agg({fragment}, {_LINE}) AS fragment_{number}" for number, fragment in enumerate(fragments)
    )
    which = f" AND p.tool_slug IN ({', '.join(map(quoted, slugs))})" if slugs is not None else ""
    return (
        f"CROSS JOIN LATERAL (\n    SELECT string_agg(p.tool_slug, {_LINE}) AS slugs{aggregates}\n"
        f"    FROM tool_access.progress AS p WHERE p.user_id = person.id{which}\n  ) AS progress"
    )


def versions(slugs: Sequence[str]) -> str:
    """How often a person's work on some tools has changed, as text; it never goes back."""
    return (
        f"(SELECT coalesce(sum(p.version), 0) || '/' || count(*) FROM tool_access.progress AS p\n"
        f"    WHERE p.user_id = person.id AND p.tool_slug IN ({', '.join(map(quoted, slugs))}))"
    )


COMPANY = """LEFT JOIN LATERAL (
    SELECT c.* FROM organizations.companies AS c WHERE c.id = person.organization_id OFFSET 0
  ) AS company ON true"""
"""The organisation of ``person``, if the viewer may see it."""
