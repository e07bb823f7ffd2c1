"""Reads that carry their viewer: identity and rows in one statement, hence in one round trip.

``as_viewer`` runs as a viewer whose account has been read before. ``as_account`` reads and checks the account itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from db.viewer import SETTINGS


@dataclass(frozen=True, slots=True)
class Statement:
    """A read ready to run: ``$1…$4`` are the identity, the parameters after them the keys."""

    sql: str


def as_viewer(body: str, **keys: str) -> Statement:
    """``body`` as the viewer sees it; it reads its parameters as columns ``viewer.<name>`` of the given SQL types.

    Without identity the settings are ``''`` and every policy refuses every row. ``body`` is LATERAL on the viewer row
    and OFFSET 0 keeps the planner from pulling it up beside that row, so no table can be scanned before the settings
    are in force.
    """
    settings = [f"set_config('{name}', ${number}, true)" for number, name in enumerate(SETTINGS, 1)]
    columns = [f"${number}::{kind} AS {name}" for number, (name, kind) in enumerate(keys.items(), len(SETTINGS) + 1)]
    selected = ",\n         ".join(settings + columns)
    return Statement(
        f"WITH viewer AS MATERIALIZED (\n  SELECT {selected}\n)\n"
        f"SELECT found.* FROM viewer CROSS JOIN LATERAL (\n"
        f"  SELECT * FROM (\n{body.strip()}\n  ) AS body OFFSET 0\n) AS found"
    )


def as_account(columns: Sequence[str], joins: Sequence[str], *, guiding: bool, **keys: str) -> Statement:
    """``columns`` of rows found by ``joins``, for the account that a token claims to be: ``$1…$4`` are its claims, the
    fourth is when it was issued and, after a space, the session that it belongs to.

    The row ``me`` is that account. No row at all: there is no such account, it is deactivated, its role or organisation
    is not (or no longer) the claimed one, it takes no tokens that old, or the session has ended. Whatever the joins
    find comes beside ``me`` only, so claims that do not hold get nothing. With ``guiding`` the organisations that a
    guru looks after are read and put in force first. Parameters are columns of ``viewer``, as in ``as_viewer``.
    """
    values = ["$1", "$2", "$3", "''"]  # no claim says whom a guru guides; the statement itself reads it
    settings = [
        f"set_config('{name}', {value}, true) AS set_{number}"
        for number, (name, value) in enumerate(zip(SETTINGS, values, strict=True), 1)
    ]
    claims = [
        "nullif($1::text, '')::uuid AS user_id",
        "nullif($2::text, '')::uuid AS organization_id",
        "$3::text AS role",
        "to_timestamp(nullif(split_part($4::text, ' ', 1), '')::float8) AS issued",
        "nullif(split_part($4::text, ' ', 2), '')::uuid AS session_id",
    ]
    parameters = [f"${number}::{kind} AS {name}" for number, (name, kind) in enumerate(keys.items(), len(SETTINGS) + 1)]
    selected = ",\n         ".join(settings + claims + parameters)
    viewer = f"WITH viewer AS MATERIALIZED (\n  SELECT {selected}\n)\n"
    if guiding:
        viewer = viewer.replace("WITH viewer", "WITH claimed", 1) + _GUIDING
    return Statement(
        f"{viewer}SELECT {f',{chr(10)}  '.join(columns)}\nFROM viewer\n{_ME}\n" + "\n".join(joins),
    )


_GUIDING = f""", viewer AS MATERIALIZED (
  SELECT claimed.*, set_config('{SETTINGS[3]}', coalesce(
    ARRAY(SELECT g.organization_id FROM organizations.guru_assignments AS g WHERE g.user_id = claimed.user_id)::text,
    ''), true)
  FROM claimed
)
"""

ACCOUNT_COLUMNS = "a.id, a.email, a.full_name, a.role, a.organization_id, a.created_at, a.last_login_at"
"""What a compiled read can show of an account ``a``."""

SESSION_LASTS = """(viewer.session_id IS NULL OR (
  SELECT s.ended_at IS NULL FROM authentication.sessions AS s
  WHERE s.id = viewer.session_id AND s.user_id = viewer.user_id
))"""
"""Whether ``viewer.session_id``, a session of ``viewer.user_id``, has not ended; true where it is null."""

_ME = f"""JOIN LATERAL (
  SELECT {ACCOUNT_COLUMNS} FROM users.accounts AS a
  WHERE a.id = viewer.user_id AND a.role = viewer.role
    AND a.organization_id IS NOT DISTINCT FROM viewer.organization_id
    AND a.deactivated_at IS NULL AND (a.tokens_valid_from IS NULL OR a.tokens_valid_from <= viewer.issued)
  OFFSET 0
) AS me ON {SESSION_LASTS}"""
