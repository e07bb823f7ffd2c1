"""One run: fill, start, compare, measure."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import mean

from app.storage import Storage
from bench.answers import ask, compare
from bench.cores import OTHER_CORE, on
from bench.database import Filled, fill_anew, postgres, run_as_owner
from bench.figures import OURS, ratios_of, rounds_of, rows_of
from bench.goals import goals_of
from bench.load import Target
from bench.load.pgbench import alike, find_pgbench, pgbench_target
from bench.load.statements import statements_logged
from bench.load.wrk import find_wrk
from bench.machine import Watch, this_machine, versions
from bench.plan import Plan, usable
from bench.processes import Server, Tree, new_secret, process_tree, running
from bench.queries import Query
from bench.requests import requests_for
from bench.results import Results
from bench.rounds import Cell, Measured, measure
from bench.steps import Steps
from db.catalogue import load_catalogue

AGAIN = 16
"""Askers whose writes are compared once more."""

RESULTS = Path(__file__).parent / "results"


def run(wanted: Plan) -> Results:
    """Measure everything. Raises ``AnswersDiffer``, ``RoundFailed`` and ``ServerFailed``."""
    find_wrk()
    RESULTS.mkdir(exist_ok=True)
    secret = new_secret()
    catalogue = load_catalogue()
    cells: list[Cell] = []
    others: list[float] = []
    steps = Steps()
    steps.say("installing peers, where they are not")
    plan, left_out = usable(wanted)
    with on(OTHER_CORE), postgres() as storage:
        database = process_tree(storage.embedded.get_pid())
        for users in plan.users:
            steps.say(f"writing {users:,} people")
            filled = asyncio.run(fill_anew(storage, catalogue, users, secret))
            for peer in plan.peers:
                if peer.setup_sql:
                    asyncio.run(run_as_owner(storage, peer.setup_sql))
            starting = tuple(peer for peer in plan.peers if peer.is_server)
            with running(starting, filled.gateway_url, secret, RESULTS) as servers:
                watch = Watch(lambda: process_tree(os.getpid()).cpu_seconds() + database.cpu_seconds())
                for query in plan.queries:
                    found = _measured(plan, query, users, storage, filled, servers, database, steps)
                    cells += found.cells
                    left_out |= found.failed
                others.append(watch.others())
    steps.end()
    rows, ratios = rows_of(cells), ratios_of(cells)
    return Results(
        this_machine(mean(others)),
        versions(filled.server_version),
        {"rounds": plan.effort.rounds, "seconds": plan.effort.seconds, "quick": plan.quick},
        {query.name: query.title for query in plan.queries},
        {peer.name: peer.about for peer in plan.peers},
        left_out,
        rows,
        ratios,
        goals_of(rows, ratios),
        rounds_of(cells),
    )


def _measured(
    plan: Plan,
    query: Query,
    users: int,
    storage: Storage,
    filled: Filled,
    servers: Sequence[Server],
    database: Tree,
    steps: Steps,
) -> Measured:
    """One question: prepared, its answers compared, then timed."""
    if query.setup_sql:
        asyncio.run(run_as_owner(storage, query.setup_sql))
    steps.say(f"{query.name}, {users:,} users: comparing the answers")
    tokens = filled.tokens[query.asked_by]
    targets: list[Target] = []
    taking_part = [server for server in servers if server.peer.answers(query.name)]
    targets += compare(query, taking_part, tokens)
    with _limit(plan, query, storage, servers, tokens) as (limit, reason):
        found = measure(query, users, plan.concurrencies(query), [*targets, *limit], database, plan.effort, steps)
    if query.setup_sql:
        # wrk does not read answers: what writes gave before they still give after, once both were sent in turn.
        for server in taking_part:
            for request in requests_for(query, server, tokens[:AGAIN]):
                ask(server, request)
        compare(query, taking_part, tokens[:AGAIN])
    return Measured(
        found.cells, found.failed | ({f"pgbench in {query.name}, {users:,} users": reason} if reason else {})
    )


@contextmanager
def _limit(
    plan: Plan, query: Query, storage: Storage, servers: Sequence[Server], tokens: Sequence[str]
) -> Iterator[tuple[list[Target], str]]:
    """pgbench with the statements that our server has just been seen to send, where both take part; else why not."""
    asked = any(peer.answers(query.name) for peer in plan.peers if not peer.is_server)
    command = find_pgbench()
    ours = next((server for server in servers if server.peer.name == OURS), None)
    if not asked or command is None or ours is None:
        yield [], "it sends what ours sends, which takes no part" if asked and ours is None else ""
        return
    ask(ours, requests_for(query, ours, tokens)[0])
    with statements_logged(storage, storage.embedded.pgdata / "log") as sent_during:
        of_askers = [sent_during(partial(ask, ours, request)) for request in requests_for(query, ours, tokens)]
    if not alike(of_askers):
        yield [], "our server does not send the same statements for each asker"
        return
    with pgbench_target(storage, command, of_askers) as target:
        yield [target], ""
