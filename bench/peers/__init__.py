"""Who is compared: one TOML file for each server, with a name and the command that starts it.

A server is told everything by its environment, and answers GraphQL over HTTP at ``path``:

- ``HOST`` and ``PORT`` to listen on, also as ``$HOST`` and ``$PORT`` inside the command;
- ``GATEWAY_DATABASE_URL``, a libpq URL that logs in as the low-privilege role which row-level security binds;
- ``DATABASE_POOL_SIZE``, the most connections it may open;
- ``JWT_SECRET``, which every token is signed with (HS256).

The word ``python`` at the head of a command is the interpreter that runs the bench; ``node`` is the Node that the bench
installs, and the script after it is a file of ``node/``.
"""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

from bench.peers import node_runtime

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that is compared. A ``floor`` answers nothing: it only shows what a request costs at the least.

    ``setup`` names a file of SQL that the owner of the database runs once it is filled.
    """

    name: str
    about: str
    command: tuple[str, ...]
    path: str = "/graphql"
    environment: Mapping[str, str] = field(default_factory=dict)
    queries: tuple[str, ...] = ()
    floor: bool = False
    setup: str | None = None

    @property
    def on_node(self) -> bool:
        """Whether this peer needs what ``node_runtime`` installs."""
        return self.command[0] == "node"

    @property
    def is_server(self) -> bool:
        """Whether there is a server to start; pgbench is none."""
        return self.command[0] != "pgbench"

    @property
    def setup_sql(self) -> str | None:
        """The text of the ``setup`` file."""
        return (_HERE / self.setup).read_text("utf-8") if self.setup else None

    def answers(self, query: str) -> bool:
        """Whether this peer takes part in a query; without a list it takes part in all."""
        return not self.queries or query in self.queries

    def start_command(self, terms: Mapping[str, str]) -> list[str]:
        """The command with ``$NAME`` filled in."""
        program, *words = [Template(word).substitute(terms) for word in self.command]
        if self.on_node:
            return [node_runtime.executable(), str(node_runtime.FOLDER / words[0]), *words[1:]]
        return [sys.executable if program == "python" else program, *words]


def load_peers() -> tuple[Peer, ...]:
    """Every peer; ``ours`` comes first, the two limits, floors and pgbench, last."""
    peers = [_read(file) for file in sorted(_HERE.glob("*.toml"))]
    return tuple(sorted(peers, key=lambda peer: (peer.floor or not peer.is_server, peer.name != "ours", peer.name)))


def _read(file: Path) -> Peer:
    entries = tomllib.loads(file.read_text("utf-8"))
    lists: dict[str, Any] = {name: tuple(entries[name]) for name in ("command", "queries") if name in entries}
    return Peer(**entries | lists)
