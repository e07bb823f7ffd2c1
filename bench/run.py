"""One run: fill, start, compare, measure."""

import asyncio
import os
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from bench.answers import compare
from bench.cores import OTHER_CORE, on
from bench.database import fill_anew, postgres
from bench.load import load_generator
from bench.machine import Watch, this_machine, versions
from bench.peers import Peer, node_runtime
from bench.processes import new_secret, process_tree, running
from bench.queries import Query
from bench.results import Results, ratios_of, rounds_of, rows_of
from bench.rounds import Cell, Effort, measure
from bench.steps import Steps
from db.catalogue import load_catalogue

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure."""

    peers: tuple[Peer, ...]
    queries: tuple[Query, ...]
    users: tuple[int, ...]
    effort: Effort
    quick: bool


def run(plan: Plan) -> Results:
    """Measure everything. Raises ``AnswersDiffer``, ``RoundFailed`` and ``ServerFailed``."""
    RESULTS.mkdir(exist_ok=True)
    secret = new_secret()
    catalogue = load_catalogue()
    cells: list[Cell] = []
    others: list[float] = []
    steps = Steps()
    plan, left_out = _usable(plan, steps)
    with on(OTHER_CORE), postgres() as storage, load_generator() as generator:
        database = process_tree(storage.embedded.get_pid())
        for users in plan.users:
            steps.say(f"writing {users:,} people")
            setups = [peer.setup_sql for peer in plan.peers if peer.setup_sql]
            filled = asyncio.run(fill_anew(storage, catalogue, users, secret, setups))
            with running(plan.peers, filled.gateway_url, secret, RESULTS) as servers:
                asked = {}
                for query in plan.queries:
                    steps.say(f"{query.name}: comparing the answers")
                    taking_part = [server for server in servers if server.peer.answers(query.name)]
                    asked[query.name] = compare(query, taking_part, filled.tokens[query.asked_by])
                watch = Watch(lambda: process_tree(os.getpid()).cpu_seconds() + database.cpu_seconds())
                for query in plan.queries:
                    cells += measure(generator, query, users, asked[query.name], database, plan.effort, steps)
                others.append(watch.others())
    steps.end()
    settings = {"rounds": plan.effort.rounds, "seconds": plan.effort.seconds, "quick": plan.quick}
    if left_out:
        settings["left_out"] = left_out
    return Results(
        this_machine(mean(others)),
        versions(filled.server_version),
        settings,
        {query.name: query.title for query in plan.queries},
        {peer.name: peer.about for peer in plan.peers},
        rows_of(cells),
        ratios_of(cells),
        rounds_of(cells),
    )


def _usable(plan: Plan, steps: Steps) -> tuple[Plan, dict[str, str]]:
    """The plan without peers that cannot run here, and why they cannot."""
    on_node = [peer.name for peer in plan.peers if peer.on_node]
    if not on_node:
        return plan, {}
    steps.say("installing the Node peers, if they are not")
    try:
        node_runtime.install()
    except node_runtime.NodeUnusable as error:
        rest = tuple(peer for peer in plan.peers if not peer.on_node)
        return replace(plan, peers=rest), dict.fromkeys(on_node, str(error))
    return plan, {}
