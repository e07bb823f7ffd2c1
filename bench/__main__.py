"""Runs the comparison: ``python -m bench``, or ``QUICK=1 python -m bench`` for less than a minute."""

import argparse
import os
import signal
import sys

from bench.answers import AnswersDiffer
from bench.load import RoundFailed
from bench.peers import load_peers
from bench.processes import ServerFailed
from bench.queries import load_queries
from bench.rounds import Effort
from bench.rows import MEMBERS
from bench.run import RESULTS, Plan, run
from bench.table import lines

FULL = Effort(rounds=5, seconds=1.8, warm_up=0.5)
QUICK = Effort(rounds=3, seconds=0.4, warm_up=0.2)


def main() -> int:
    """Measure, print the table, keep the file; returns the process's exit status."""
    quick = os.environ.get("QUICK", "") not in ("", "0")
    # A stopped run must take its servers and its database with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        results = run(_plan(quick))
    except (AnswersDiffer, RoundFailed, ServerFailed) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    results.write(RESULTS / "latest.json")
    print("\n".join(lines(results)))
    return 0


def _plan(quick: bool) -> Plan:
    effort = QUICK if quick else FULL
    peers = {peer.name: peer for peer in load_peers()}
    queries = {query.name: query for query in load_queries()}
    parser = argparse.ArgumentParser(prog="python -m bench", description="Speed against peers, as ratios.")
    parser.add_argument("--users", type=_users, nargs="+", default=[2000], help=f"people, in multiples of {MEMBERS}")
    parser.add_argument("--peer", choices=peers, nargs="+", default=list(peers), help="only these")
    parser.add_argument("--query", choices=queries, nargs="+", default=list(queries), help="only these")
    parser.add_argument("--rounds", type=int, default=effort.rounds, help="rounds of each server")
    parser.add_argument("--seconds", type=float, default=effort.seconds, help="length of a round")
    given = parser.parse_args()
    return Plan(
        tuple(peers[name] for name in peers if name in given.peer),
        tuple(queries[name] for name in queries if name in given.query),
        tuple(given.users),
        Effort(given.rounds, given.seconds, effort.warm_up),
        quick,
    )


def _users(given: str) -> int:
    users = int(given)
    if users <= 0 or users % MEMBERS:
        raise argparse.ArgumentTypeError(f"people come in organisations of {MEMBERS}")
    return users


if __name__ == "__main__":
    sys.exit(main())
