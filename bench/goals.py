"""The goals that the product set itself, and whether a run reached them. Figures of one run, never of two."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.figures import OURS, Ratio, Row

_NODE = ("postgraphile", "mercurius-jit", "apollo")
_LIMITS = ("pgbench", "asgi-floor")


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal: what was found, and what is wanted of it."""

    about: str
    users: int
    found: float
    wanted: str
    reached: bool


def goals_of(rows: Sequence[Row], ratios: Sequence[Ratio]) -> list[Goal]:
    """Every goal that this run has figures for."""
    return [*_faster(ratios), *_lean(rows), *_alone(rows), *_growth(rows), *_memory(rows)]


_REQUESTS = (
    ("Q1", 64, "postgraphile", 4.0),
    ("Q1", 64, "mercurius-jit", 2.5),
    ("Q1", 64, "strawberry-orm", 30.0),
    ("Q1", 64, "pgbench", 0.75),
    ("Q2", 16, "postgraphile", 3.5),
    ("Q2", 16, "mercurius-jit", 1.5),
    ("Q2", 16, "pgbench", 0.9),
)
"""Question, connections, beside whom, and how many of their requests a second we want at the least."""

_CPU = (
    ("Q3", OURS, "Q3", "asgi-floor", 2.5),
    ("Q4", OURS, "Q4g", OURS, 1.1),
)
"""Question and server, beside which question and server, and how much of its CPU a request we allow."""

_GROWTH = 1.2
_MEASURED_GROWTH = (("Q1", 16), ("Q2", 16))


def _faster(ratios: Sequence[Ratio]) -> Iterator[Goal]:
    for query, concurrency, peer, wanted in _REQUESTS:
        for ratio in ratios:
            if (ratio.query, ratio.concurrency, ratio.peer) == (query, concurrency, peer):
                about = f"{query}, {concurrency} connections: requests/s beside {peer}"
                yield Goal(about, ratio.users, ratio.rps, f"≥ {wanted}×", ratio.rps >= wanted)


def _lean(rows: Sequence[Row]) -> Iterator[Goal]:
    for query, server, other_query, other, wanted in _CPU:
        for row, beside in _pairs(rows, (query, server), (other_query, other)):
            if row.concurrency == max(each.concurrency for each in rows if each.query == query):
                found = _ratio(row.cpu_ms_server, beside.cpu_ms_server)
                about = f"{query}, {row.concurrency} connections: CPU a request beside {other} ({other_query})"
                yield Goal(about, row.users, found, f"≤ {wanted}×", found <= wanted)


def _alone(rows: Sequence[Row]) -> Iterator[Goal]:
    for row in rows:
        if row.server != OURS or row.concurrency != 1:
            continue
        peers = [each for each in _others(rows, row) if each.server not in _LIMITS]
        if peers:
            fastest = min(peers, key=lambda each: each.p50_ms)
            found = _ratio(row.p50_ms, fastest.p50_ms)
            about = f"{row.query}, alone: p50 beside the fastest peer, {fastest.server}"
            yield Goal(about, row.users, found, "≤ 1×", found <= 1)


def _growth(rows: Sequence[Row]) -> Iterator[Goal]:
    for query, concurrency in _MEASURED_GROWTH:
        of_ours = [row for row in rows if (row.query, row.concurrency, row.server) == (query, concurrency, OURS)]
        if len({row.users for row in of_ours}) > 1:
            least, most = (pick(of_ours, key=lambda row: row.users) for pick in _EXTREMES)
            found = _ratio(most.p50_ms, least.p50_ms)
            about = f"{query}, {concurrency} connections: p50 beside {least.users:,} users"
            yield Goal(about, most.users, found, f"≤ {_GROWTH}×", found <= _GROWTH)


_EXTREMES: tuple[Callable[..., Row], Callable[..., Row]] = (min, max)


def _memory(rows: Sequence[Row]) -> Iterator[Goal]:
    for users in sorted({row.users for row in rows}):
        most = {row.server: 0.0 for row in rows}
        for row in rows:
            if row.users == users:
                most[row.server] = max(most[row.server], row.memory_mb)
        on_node = {server: most[server] for server in _NODE if most.get(server)}
        if on_node and most.get(OURS):
            leanest = min(on_node, key=lambda server: on_node[server])
            found = _ratio(most[OURS], on_node[leanest])
            yield Goal(f"most memory beside the leanest Node peer, {leanest}", users, found, "< 1×", found < 1)


def _pairs(rows: Sequence[Row], one: tuple[str, str], other: tuple[str, str]) -> Iterator[tuple[Row, Row]]:
    found = {(row.query, row.server, row.users, row.concurrency): row for row in rows}
    for (query, server, users, concurrency), row in found.items():
        beside = found.get((*other, users, concurrency))
        if (query, server) == one and beside:
            yield row, beside


def _others(rows: Sequence[Row], row: Row) -> list[Row]:
    place = row.query, row.users, row.concurrency
    return [each for each in rows if (each.query, each.users, each.concurrency) == place and each is not row]


def _ratio(value: float, beside: float) -> float:
    return round(value / beside, 2) if beside else 0.0
