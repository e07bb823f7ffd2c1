"""Reads across tools: one statement, UNION ALL over just the tools that are asked for."""

from functools import lru_cache

from db.statements.viewer import Statement, as_viewer

_CACHED_SHAPES = 4096
"""Distinct tool sets whose statement text is kept; a set met again after falling out is generated again."""

_SUBMISSION = (
    "id, user_id, organization_id, data, status, version, built_on, reviewed_by, reviewed_at, review_comment,"
    " created_at, updated_at, submitted_at, completed_at"
)
_OUTPUT = "user_id, field_id, value, version, built_on, author_id, updated_at"


@lru_cache(_CACHED_SHAPES)
def field_outputs(schemas: tuple[str, ...]) -> Statement:
    """Published values of the tools in ``schemas``.

    Keys: user ids, then for each schema the field ids wanted from it.
    """
    arms = [
        f"SELECT {_OUTPUT} FROM {schema}.field_outputs\n"
        f"WHERE user_id = ANY (viewer.user_ids) AND field_id = ANY (viewer.fields_{number})"
        for number, schema in enumerate(schemas)
    ]
    fields = {f"fields_{number}": "text[]" for number in range(len(schemas))}
    return as_viewer("\nUNION ALL\n".join(arms), user_ids="uuid[]", **fields)


@lru_cache(_CACHED_SHAPES)
def submissions(schemas: tuple[str, ...]) -> Statement:
    """Submissions of the tools in ``schemas``, each row with the position of its schema. Keys: user ids."""
    arms = [
        f"SELECT {number} AS position, {_SUBMISSION} FROM {schema}.submissions WHERE user_id = ANY (viewer.user_ids)"
        for number, schema in enumerate(schemas)
    ]
    return as_viewer("\nUNION ALL\n".join(arms), user_ids="uuid[]")


@lru_cache(_CACHED_SHAPES)
def stories(publishing: tuple[str, ...], silent: tuple[str, ...]) -> Statement:
    """What the published values of the tools in ``publishing`` were built on, and the answers of those in ``silent``.

    Each row with the position of its schema, those of ``silent`` behind the others, and no value: tables of staleness
    ask for all tools of many people. Keys: user ids.
    """
    arms = [
        f"SELECT {number} AS position, user_id, field_id::text, version, built_on FROM {schema}.field_outputs"
        " WHERE user_id = ANY (viewer.user_ids)"
        for number, schema in enumerate(publishing)
    ] + [
        f"SELECT {number} AS position, user_id, NULL::text AS field_id, version, built_on FROM {schema}.submissions"
        " WHERE user_id = ANY (viewer.user_ids)"
        for number, schema in enumerate(silent, len(publishing))
    ]
    return as_viewer("\nUNION ALL\n".join(arms), user_ids="uuid[]")


PROGRESS = as_viewer(
    "SELECT user_id, tool_slug, status, progress_percentage AS percentage, unlocked_at, started_at, last_accessed_at,"
    " completed_at\nFROM tool_access.progress WHERE user_id = ANY (viewer.user_ids)",
    user_ids="uuid[]",
)

TEAM_COMPLETION = as_viewer(
    "SELECT wanted.tool_slug, team.submitted, team.total\n"
    "FROM unnest(viewer.tool_slugs) AS wanted (tool_slug)"
    " CROSS JOIN LATERAL tool_access.team_completion(wanted.tool_slug) AS team",
    tool_slugs="text[]",
)
