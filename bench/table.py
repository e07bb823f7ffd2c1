"""The run as a table that fits a terminal."""

from collections.abc import Iterator
from textwrap import wrap

from bench.figures import Ratio, Row
from bench.goals import Goal
from bench.results import Results

_WIDTH = 100
_HEAD = ("query", "users", "conns", "server", "req/s", "p50 ms", "p99 ms", "cpu ms", "pg cpu ms", "MB")


def lines(results: Results) -> Iterator[str]:
    """The machine, the figures, the ratios, then the goals."""
    machine = results.machine
    pinned = "server on one core, PostgreSQL and load on another" if machine.pinned else "nothing pinned"
    facts = f"{machine.processor}, {machine.cores} cores, {machine.memory_gb} GB, {machine.kernel}; {pinned}"
    yield from wrap(facts, _WIDTH)
    yield from wrap(", ".join(f"{name} {version}" for name, version in results.versions.items()), _WIDTH)
    yield from wrap(
        f"Medians of {results.settings['rounds']} interleaved rounds of {results.settings['seconds']} s;"
        f" meanwhile others used {machine.others:.0%} of the machine.",
        _WIDTH,
    )
    yield ""
    explained = results.queries | results.servers
    for name, text in explained.items():
        yield f"{name.ljust(max(map(len, explained)))}  {text}"
    yield ""
    yield from _columns([_HEAD, *map(_cells, results.rows)])
    yield ""
    yield "Ours beside each (above 1: ours is better)"
    head = ("query", "users", "conns", "beside", "req/s", "from … to", "p50", "cpu", "pg cpu")
    yield from _columns([head, *map(_ratio_cells, results.ratios)])
    if results.goals:
        yield ""
        yield from _columns([("goal", "users", "found", "", "wanted"), *map(_goal_cells, results.goals)])
    for name, reason in results.left_out.items():
        yield f"Left out: {name}. {reason}"


def _ratio_cells(ratio: Ratio) -> tuple[str, ...]:
    return (
        ratio.query,
        f"{ratio.users:,}",
        str(ratio.concurrency),
        ratio.peer,
        f"{ratio.rps:.2f}×",
        f"{ratio.lowest:.2f} … {ratio.highest:.2f}",
        f"{ratio.p50:.2f}×",
        f"{ratio.cpu_server:.2f}×" if ratio.cpu_server else "–",
        f"{ratio.cpu_postgres:.2f}×" if ratio.cpu_postgres else "–",
    )


def _goal_cells(goal: Goal) -> tuple[str, ...]:
    return (goal.about, f"{goal.users:,}", f"{goal.found:.2f}×", goal.wanted, "reached" if goal.reached else "missed")


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.query,
        f"{row.users:,}",
        str(row.concurrency),
        row.server,
        f"{row.rps:,.1f}" if row.rps < 100 else f"{row.rps:,.0f}",
        f"{row.p50_ms:.2f}",
        f"{row.p99_ms:.2f}",
        f"{row.cpu_ms_server:.3f}",
        f"{row.cpu_ms_postgres:.3f}",
        f"{row.memory_mb:.0f}",
    )


def _columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        padded = (
            cell.ljust(width) if column in (0, 3) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(padded).rstrip()
