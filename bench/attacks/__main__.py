"""Measures what each attack costs the gateway: ``python -m bench.attacks`` prints CPU time and what became of it.

The time is the process's own, from the request's text to its refusal or its answer: parsing, limits, validation, the
estimate, variables, the plan, and execution for nobody. It is the best of a few runs, each with nothing kept from the
run before. No database takes part: an attack that is answered is answered from the catalogue, or is a plan by then.
"""

import platform
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from graphql import GraphQLError, execute

from bench.attacks import ATTACKS, Attack
from bench.machine import Watch, this_machine
from db.catalogue import Catalogue, load_catalogue
from graphql_api.execution.budget import Budget
from graphql_api.execution.compiled.operation import Compiler
from graphql_api.execution.compiled.plans import NoPlan, Plans
from graphql_api.execution.documents import Documents
from graphql_api.execution.executor import CountingExecutor, Unawaited
from graphql_api.execution.spending import Tally
from graphql_api.graph import Graph, build_graph
from graphql_api.limits import MAX_ERRORS

BUDGET = 50.0
"""Milliseconds of CPU that no request may take before it is refused or answered."""

RUNS = 5


@dataclass(frozen=True, slots=True)
class Nobody:
    """A request's context without anyone signed in, as far as the catalogue's fields look at it."""

    catalogue: Catalogue
    account: None = None


def came_to(graph: Graph, attack: Attack) -> str:
    """Why a request is refused, or how it is answered. Nothing is kept for the next."""
    document = Documents(graph.schema).get(attack.query)
    if document.node is None:
        return document.errors[0].message
    operation = document.compilable(None)
    try:
        Budget(graph.schema, graph.costs).admit(operation, attack.variables)
    except GraphQLError as error:
        return error.message
    values = operation.coerced(graph.schema, attack.variables) if operation else None
    if operation and values:
        plans = Plans(Compiler(graph.schema, graph.catalogue, graph.declared, graph.costs))
        if not isinstance(plans.get(operation, values), NoPlan):
            return "answered, compiled"
    result: Any = execute(
        graph.schema,
        document.node,
        context_value=Nobody(graph.catalogue),
        variable_values=dict(attack.variables),
        max_coercion_errors=MAX_ERRORS,
        hide_suggestions=True,
        executor_class=CountingExecutor,
        costs=graph.costs,
        tally=Tally(),
        unawaited=Unawaited(),
    )
    return result.errors[0].message if result.errors else "answered by graphql-core"


def main() -> int:
    """Print the table; the exit status says whether anything took longer than it may."""
    graph = build_graph(load_catalogue())
    came_to(graph, ATTACKS[0])
    watch = Watch(time.process_time)
    rows = []
    for attack in ATTACKS:
        times = []
        for _ in range(RUNS):
            started = time.process_time()
            outcome = came_to(graph, attack)
            times.append((time.process_time() - started) * 1000)
        rows.append((attack.name, len(attack.query), min(times), outcome))
    machine = this_machine(watch.others())
    print(f"{machine.processor}, {machine.cores} cores, others took {machine.others:.0%} of them; {machine.kernel}")
    print(f"Python {platform.python_version()}, graphql-core {version('graphql-core')}\n")
    print(f"{'attack':<34} {'characters':>10} {'CPU ms':>7}  came to")
    for name, characters, milliseconds, outcome in rows:
        print(f"{name:<34} {characters:>10,} {milliseconds:>7.1f}  {outcome.splitlines()[0]:.110}")
    slow = [name for name, _, milliseconds, _ in rows if milliseconds > BUDGET]
    print(f"\n{len(rows)} attacks, {len(slow)} past {BUDGET:.0f} ms of CPU{': ' if slow else ''}{', '.join(slow)}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
