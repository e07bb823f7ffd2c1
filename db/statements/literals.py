"""Columns as JSON text: what PostgreSQL can write, nobody has to read into objects first. None of them is ever NULL."""

from collections.abc import Mapping


def text(column: str) -> str:
    """A JSON string, or ``null``."""
    return f"coalesce(to_json({column})::text, 'null')"


def number(column: str) -> str:
    """A whole number, or ``null``."""
    return f"coalesce({column}::text, 'null')"


def uuid(column: str) -> str:
    """A UUID as a JSON string, or ``null``."""
    return f"""coalesce('"' || {column} || '"', 'null')"""


def json(column: str) -> str:
    """A JSON document as it is stored."""
    return f"coalesce({column}::text, 'null')"


def boolean(condition: str) -> str:
    """``true`` or ``false``."""
    return f"CASE WHEN {condition} THEN 'true' ELSE 'false' END"


def enumeration(column: str, words: Mapping[str, str], before: str = "") -> str:
    """The word that stands for a value, as a JSON string with the text ``before`` in front of it."""
    written = {value: quoted(f'{before}"{word}"') for value, word in words.items()}
    cases = " ".join(f"WHEN {quoted(value)} THEN {word}" for value, word in written.items())
    return f"CASE {column} {cases} END"


def timestamp(column: str) -> str:
    """An RFC 3339 timestamp in UTC as Python's ``isoformat`` writes it: no fraction, or six digits of it."""
    digits = f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
    return f"""coalesce('"' || replace({digits}, '.000000', '') || '+00:00"', 'null')"""


def quoted(constant: str) -> str:
    """A constant in SQL."""
    return "'" + constant.replace("'", "''") + "'"
