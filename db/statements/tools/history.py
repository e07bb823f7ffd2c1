"""What published values have been: single versions of them, and their histories by the page."""

from functools import lru_cache

from db.statements.viewer import Statement, as_viewer

_CACHED_SHAPES = 1024
"""Distinct tool sets whose statement text is kept."""

_STORY = "version, built_on, author_id, author_kind, at, confirmed_at, size"


@lru_cache(_CACHED_SHAPES)
def field_versions(schemas: tuple[str, ...], *, with_values: bool) -> Statement:
    """Versions of values of the tools in ``schemas``.

    Keys, for each schema: user ids, field ids and versions, of which those at one position belong together.
    """
    arms = [
        f"SELECT v.user_id, v.field_id, {_columns(with_values)} FROM {schema}.field_versions AS v\n"
        f"JOIN unnest(viewer.users_{n}, viewer.fields_{n}, viewer.versions_{n})"
        " AS wanted (user_id, field_id, version) USING (user_id, field_id, version)"
        for n, schema in enumerate(schemas)
    ]
    return _reading(arms, users="uuid[]", fields="text[]", versions="int[]")


@lru_cache(_CACHED_SHAPES)
def field_histories(schemas: tuple[str, ...], *, with_values: bool) -> Statement:
    """The newest versions of values of the tools in ``schemas``, newest first.

    Keys, for each schema: user ids, field ids, before which version and how many, of which those at one position
    belong together.
    """
    arms = [
        "SELECT wanted.user_id, wanted.field_id, v.*\n"
        f"FROM unnest(viewer.users_{n}, viewer.fields_{n}, viewer.before_{n}, viewer.most_{n})"
        " AS wanted (user_id, field_id, before, most)\n"
        f"CROSS JOIN LATERAL (SELECT {_columns(with_values)} FROM {schema}.field_versions AS v\n"
        "  WHERE v.user_id = wanted.user_id AND v.field_id = wanted.field_id AND v.version < wanted.before\n"
        "  ORDER BY v.version DESC LIMIT wanted.most) AS v"
        for n, schema in enumerate(schemas)
    ]
    return _reading(arms, users="uuid[]", fields="text[]", before="int[]", most="int[]")


def _columns(with_values: bool) -> str:
    return f"{_STORY}, {'value' if with_values else 'NULL::jsonb'} AS value"


def _reading(arms: list[str], **kinds: str) -> Statement:
    keys = {f"{name}_{number}": kind for number in range(len(arms)) for name, kind in kinds.items()}
    return as_viewer("\nUNION ALL\n".join(arms), **keys)
