"""The questions that are timed: one TOML file each, which names a document, who asks it and how many at once.

A peer whose schema has other names gets the same question in its own words: ``tree.postgraphile.graphql`` beside
``tree.graphql``, with aliases that give the same answer.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import orjson

_HERE = Path(__file__).parent

Asker = Literal["participants", "admins"]


@dataclass(frozen=True, slots=True)
class Query:
    """A question. ``scalars``: how many an answer holds, inside JSON values too, lest two empty ones pass as equal.

    ``any_order``: lists of one tool each are compared without their order, which not every peer can be told.
    """

    name: str
    title: str
    document: str
    asked_by: Asker
    concurrency: tuple[int, ...]
    scalars: int
    any_order: bool = False

    def body(self, peer: str) -> bytes:
        """The request body for this peer."""
        plain = _HERE / self.document
        own = plain.with_suffix(f".{peer}{plain.suffix}")
        return orjson.dumps({"query": (own if own.exists() else plain).read_text("utf-8")})


def load_queries() -> tuple[Query, ...]:
    """Every question, in the order of their files."""
    return tuple(_read(file) for file in sorted(_HERE.glob("*.toml")))


def _read(file: Path) -> Query:
    entries = tomllib.loads(file.read_text("utf-8"))
    return Query(**entries | {"concurrency": tuple(entries["concurrency"])})
