"""Who is compared: one TOML file for each server, with a name and the command that starts it.

A server is told everything by its environment, and answers GraphQL over HTTP at ``path``:

- ``HOST`` and ``PORT`` to listen on, also as ``$HOST`` and ``$PORT`` inside the command;
- ``GATEWAY_DATABASE_URL``, a libpq URL that logs in as the low-privilege role which row-level security binds;
- ``DATABASE_POOL_SIZE``, the most connections it may open;
- ``JWT_SECRET``, which every token is signed with (HS256).

The word ``python`` at the head of a command is the interpreter that runs the bench.
"""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that is compared. A ``floor`` answers nothing: it only shows what a request costs at the least."""

    name: str
    about: str
    command: tuple[str, ...]
    path: str = "/graphql"
    environment: Mapping[str, str] = field(default_factory=dict)
    queries: tuple[str, ...] = ()
    floor: bool = False

    def answers(self, query: str) -> bool:
        """Whether this peer takes part in a query; without a list it takes part in all."""
        return not self.queries or query in self.queries

    def start_command(self, terms: Mapping[str, str]) -> list[str]:
        """The command with ``$NAME`` filled in."""
        words = [Template(word).substitute(terms) for word in self.command]
        return [sys.executable if words[0] == "python" else words[0], *words[1:]]


def load_peers() -> tuple[Peer, ...]:
    """Every peer; ``ours`` comes first, floors come last."""
    peers = [_read(file) for file in sorted(_HERE.glob("*.toml"))]
    return tuple(sorted(peers, key=lambda peer: (peer.floor, peer.name != "ours", peer.name)))


def _read(file: Path) -> Peer:
    entries = tomllib.loads(file.read_text("utf-8"))
    lists: dict[str, Any] = {name: tuple(entries[name]) for name in ("command", "queries") if name in entries}
    return Peer(**entries | lists)
