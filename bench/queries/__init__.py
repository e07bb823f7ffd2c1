"""The questions that are timed: one TOML file each, which names a document, who asks it and how many at once.

A peer whose schema has other names gets the same question in its own words: ``tree.postgraphile.graphql`` beside
``tree.graphql``, with aliases that give the same answer. A question without a document is a REST path.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson

_HERE = Path(__file__).parent

Asker = Literal["participants", "admins", "writers"]


@dataclass(frozen=True, slots=True)
class Query:
    """A question. ``scalars``: how many an answer holds, inside JSON values too, lest two empty ones pass as equal.

    ``any_order``: lists of one tool each are compared without their order, which not every peer can be told.
    ``variables`` names a file with a list of them: each asker sends the first, then each the second, and so on.
    ``setup`` names a file of SQL that the database's owner runs before the question is asked.
    ``quick`` is ``concurrency`` where there is little time.
    """

    name: str
    title: str
    asked_by: Asker
    concurrency: tuple[int, ...]
    quick: tuple[int, ...]
    scalars: int
    document: str | None = None
    path: str | None = None
    variables: str | None = None
    setup: str | None = None
    any_order: bool = False

    def bodies(self, peer: str) -> list[bytes]:
        """The request bodies for this peer, one for each set of variables; one empty body for a REST path."""
        if self.document is None:
            return [b""]
        plain = _HERE / self.document
        own = plain.with_suffix(f".{peer}{plain.suffix}")
        text = (own if own.exists() else plain).read_text("utf-8")
        if self.variables is None:
            return [orjson.dumps({"query": text})]
        given: list[dict[str, Any]] = orjson.loads((_HERE / self.variables).read_bytes())
        return [orjson.dumps({"query": text, "variables": variables}) for variables in given]

    @property
    def setup_sql(self) -> str | None:
        """The text of the ``setup`` file."""
        return (_HERE / self.setup).read_text("utf-8") if self.setup else None


def load_queries() -> tuple[Query, ...]:
    """Every question, in the order of their files."""
    return tuple(_read(file) for file in sorted(_HERE.glob("*.toml")))


def _read(file: Path) -> Query:
    entries = tomllib.loads(file.read_text("utf-8"))
    lists: dict[str, Any] = {name: tuple(entries[name]) for name in ("concurrency", "quick")}
    return Query(**entries | lists)
