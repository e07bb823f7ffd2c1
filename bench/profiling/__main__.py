"""``python -m bench.profiling --query Q1``: the share of CPU time of each package and file of one server."""

import argparse
import asyncio
import signal
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from bench.answers import compare
from bench.cores import OTHER_CORE, on
from bench.database import fill_anew, postgres, run_as_owner
from bench.peers import Peer, load_peers
from bench.processes import new_secret, process_tree, running
from bench.queries import Query, load_queries
from bench.run import RESULTS
from db.catalogue import load_catalogue

USERS = 200
WARM_UP = 1
TO_WRITE = 10.0
"""Seconds in which the server must have written its samples."""


def main() -> int:
    """Profile one server under one query; prints places and functions by share."""
    peers = {peer.name: peer for peer in load_peers() if peer.command[0] == "python"}
    queries = {query.name: query for query in load_queries()}
    parser = argparse.ArgumentParser(prog="python -m bench.profiling", description="Where a server's time goes.")
    parser.add_argument("--peer", choices=peers, default="ours")
    parser.add_argument("--query", choices=queries, default="Q1")
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--top", type=int, default=24, help="lines of each list")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    profile = _profile(peers[given.peer], queries[given.query], given.concurrency, given.seconds)
    total = sum(profile["places"].values())
    print(f"{given.peer}, {given.query}, {given.concurrency} connections: {profile['rps']:,.0f}/s while sampled")
    for title in ("places", "functions"):
        print(f"\n{title}, of {total:.1f} s of CPU time")
        ranked = sorted(profile[title].items(), key=lambda item: -item[1])
        for name, seconds in ranked[: given.top]:
            print(f"{seconds / total:7.1%}  {name}")
    return 0


def _profile(peer: Peer, query: Query, concurrency: int, seconds: int) -> dict[str, Any]:
    RESULTS.mkdir(exist_ok=True)
    output = (RESULTS / "profile.log").absolute()
    output.unlink(missing_ok=True)
    secret = new_secret()
    wrapper = ("-m", "bench.profiling.sampler", str(output))
    with on(OTHER_CORE), postgres() as storage:
        database = process_tree(storage.embedded.get_pid())
        filled = asyncio.run(fill_anew(storage, load_catalogue(), USERS, secret))
        if query.setup_sql:
            asyncio.run(run_as_owner(storage, query.setup_sql))
        with running((peer,), filled.gateway_url, secret, RESULTS, wrapper) as servers:
            target = compare(query, servers, filled.tokens[query.asked_by])[0]
            target.round(concurrency, WARM_UP, database)
            servers[0].tree.root.send_signal(signal.SIGUSR1)
            measured = target.round(concurrency, seconds, database)
            servers[0].tree.root.send_signal(signal.SIGUSR2)
            profile: dict[str, Any] = orjson.loads(_written(output))
    return profile | {"rps": measured.rps}


def _written(output: Path) -> bytes:
    deadline = time.monotonic() + TO_WRITE
    while time.monotonic() < deadline:
        if output.exists() and (raw := output.read_bytes()):
            return raw
        time.sleep(0.1)
    raise SystemExit("the server wrote no samples")


if __name__ == "__main__":
    sys.exit(main())
