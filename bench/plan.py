"""What a run is to measure: which servers, which questions, how many people, how long."""

import argparse
import os
from dataclasses import dataclass, replace

from bench.load.pgbench import MISSING, find_pgbench
from bench.peers import Peer, load_peers, node_runtime
from bench.queries import Query, load_queries
from bench.rounds import Effort
from bench.rows import MEMBERS

FULL = Effort(rounds=5, seconds=2, warm_up=2, longest=20)
QUICK = Effort(rounds=3, seconds=1, warm_up=1, longest=5)
FULL_USERS = (200, 2000, 20000)
QUICK_USERS = (2000,)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure. ``whole``: no part was chosen, so the figures are worth keeping."""

    peers: tuple[Peer, ...]
    queries: tuple[Query, ...]
    users: tuple[int, ...]
    effort: Effort
    quick: bool
    whole: bool

    def concurrencies(self, query: Query) -> tuple[int, ...]:
        """How many requests at once."""
        return query.quick if self.quick else query.concurrency


def read_plan() -> Plan:
    """From the command line and from ``QUICK`` in the environment."""
    quick = os.environ.get("QUICK", "") not in ("", "0")
    effort = QUICK if quick else FULL
    peers = {peer.name: peer for peer in load_peers()}
    queries = {query.name: query for query in load_queries()}
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Speed against peers, as ratios. QUICK=1 takes a few minutes. A part of it keeps no file.",
    )
    users = QUICK_USERS if quick else FULL_USERS
    parser.add_argument("--users", type=_users, nargs="+", help=f"people, in multiples of {MEMBERS}")
    parser.add_argument("--peer", choices=peers, nargs="+", help="only these")
    parser.add_argument("--query", choices=queries, nargs="+", help="only these")
    parser.add_argument("--rounds", type=int, default=effort.rounds, help="rounds of each server")
    parser.add_argument("--seconds", type=int, default=effort.seconds, help="length of a round")
    given = parser.parse_args()
    return Plan(
        tuple(peer for name, peer in peers.items() if name in (given.peer or peers)),
        tuple(query for name, query in queries.items() if name in (given.query or queries)),
        tuple(given.users or users),
        Effort(given.rounds, given.seconds, effort.warm_up, max(effort.longest, given.seconds)),
        quick,
        not (given.peer or given.query or given.users),
    )


def usable(plan: Plan) -> tuple[Plan, dict[str, str]]:
    """The plan without peers that cannot run here, and why they cannot. Installs the Node peers."""
    left_out: dict[str, str] = {}
    if any(peer.on_node for peer in plan.peers):
        try:
            node_runtime.install()
        except node_runtime.NodeUnusable as error:
            left_out |= {peer.name: str(error) for peer in plan.peers if peer.on_node}
    if find_pgbench() is None:
        left_out |= {peer.name: MISSING for peer in plan.peers if not peer.is_server}
    return replace(plan, peers=tuple(peer for peer in plan.peers if peer.name not in left_out)), left_out


def _users(given: str) -> int:
    users = int(given)
    if users <= 0 or users % MEMBERS:
        raise argparse.ArgumentTypeError(f"people come in organisations of {MEMBERS}")
    return users
