"""Golden files: a query, who asks it, and beside it the answer and the SQL that ran.

``NAME.graphql`` opens with comments: what it asks, ``# as: <name>`` (someone of the cast; nobody without it) and
``# variables: {…}``. ``NAME.json`` is the answer, ``NAME.sql`` the statements in the order they were sent. Ids and
times differ from run to run, so they are written as what they stand for: ``<Paula>`` for a person's or organisation's
UUID, ``<DreamTool:Paula>`` for a global id, ``<time>``, and ``<uuid>`` for any other; variables may use the same words.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

FOLDER = Path(__file__).parent / "golden"

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00")
_LOCK = re.compile(r"pg_advisory_xact_lock\(-?\d+\)")
_WORD = re.compile(r"<(?:(\w+):)?([\w-]+)>")


@dataclass(frozen=True)
class Case:
    """One query file."""

    name: str
    text: str

    @property
    def viewer(self) -> str | None:
        """Name of who asks."""
        return self._comment("as")

    @property
    def variables(self) -> dict[str, Any]:
        """Its variables, ids still as words."""
        found: dict[str, Any] = json.loads(self._comment("variables") or "{}")
        return found

    def path(self, kind: str) -> Path:
        """The file beside it: ``json`` or ``sql``."""
        return FOLDER / f"{self.name}.{kind}"

    def _comment(self, word: str) -> str | None:
        found = re.search(rf"^# {word}: (.*)$", self.text, re.MULTILINE)
        return found.group(1).strip() if found else None


def cases() -> list[Case]:
    """Every query file, by name."""
    return [Case(file.stem, file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.graphql"))]


class Words:
    """Ids as words and words as ids."""

    def __init__(self, names: Mapping[UUID, str]) -> None:
        self._names = {str(id_): name for id_, name in names.items()}
        self._ids = {name: id_ for id_, name in self._names.items()}

    def to_words(self, value: Any) -> Any:
        """An answer with its ids and times as words."""
        match value:
            case dict():
                return {key: self.to_words(child) for key, child in value.items()}
            case list():
                return [self.to_words(child) for child in value]
            case str():
                return self._global_id(value) or _TIME.sub("<time>", _UUID.sub(self._word, value))
        return value

    def to_ids(self, value: Any) -> Any:
        """Variables with their words as ids."""
        match value:
            case dict():
                return {key: self.to_ids(child) for key, child in value.items()}
            case list():
                return [self.to_ids(child) for child in value]
            case str() if found := _WORD.fullmatch(value):
                kind, name = found.groups()
                id_ = self._ids.get(name, name)
                return urlsafe_b64encode(f"{kind}:{id_}".encode()).decode().rstrip("=") if kind else id_
        return value

    def statements(self, statements: Sequence[str]) -> str:
        """Statements as one readable file."""
        shown = (_LOCK.sub("pg_advisory_xact_lock(<lock>)", _UUID.sub(self._word, sql.strip())) for sql in statements)
        parts = [f"-- {number}\n{sql};\n" for number, sql in enumerate(shown, 1)]
        return "\n".join(parts) or "-- no statement\n"

    def _word(self, found: re.Match[str]) -> str:
        return f"<{self._names.get(found.group(), 'uuid')}>"

    def _global_id(self, text: str) -> str | None:
        try:
            decoded = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        except ValueError:
            return None
        kind, _, key = decoded.partition(":")
        if not re.fullmatch(r"[A-Z]\w+", kind) or not key:
            return _TIME.sub("<time>", _UUID.sub(self._word, decoded)) if decoded.startswith('["') else None
        return f"<{kind}:{self._names.get(key, key)}>"
