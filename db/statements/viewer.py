"""Reads that carry their viewer: identity and rows in one statement, hence in one round trip."""

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
