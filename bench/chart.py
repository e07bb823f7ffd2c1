"""The chart of a run: for each question a bar of requests a second for each server, as SVG for light and dark pages."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from bench.figures import OURS, Row

SHOWN = (("Q1", 64), ("Q2", 16), ("Q3", 64))
"""Questions and connections, one panel each."""

USERS = 2000

_WIDTH, _LEFT, _RIGHT = 760, 130, 90
_BAR, _GAP, _TITLE, _BELOW = 18, 6, 34, 18
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.figure { font-variant-numeric: tabular-nums }
.bar { fill: #8c959f }
.ours { fill: #1a7f5a }
.limit { fill: none; stroke: #8c959f; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .bar { fill: #6e7681 }
  .ours { fill: #3fb68b }
  .limit { stroke: #6e7681 }
}"""
_LIMITS = ("pgbench", "asgi-floor")


def chart(rows: Sequence[Row]) -> str:
    """The SVG; of ``USERS`` people where they were measured, else of the most."""
    users = USERS if any(row.users == USERS for row in rows) else max(row.users for row in rows)
    parts: list[str] = []
    top = 0
    for query, concurrency in SHOWN:
        shown = [row for row in rows if (row.query, row.concurrency, row.users) == (query, concurrency, users)]
        if shown:
            parts += _panel(f"{query}, {concurrency} connections: requests a second", shown, top)
            top += _TITLE + len(shown) * (_BAR + _GAP) + _BELOW
    label = f"Requests a second of each server, {users:,} users"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {max(top, 1)}" width="{_WIDTH}"'
        f' role="img" aria-label="{label}">\n<style>{_STYLE}\n</style>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _panel(title: str, rows: Sequence[Row], top: int) -> list[str]:
    parts = [f'<text class="title" x="0" y="{top + 18}">{escape(title)}</text>']
    most = max(row.rps for row in rows)
    for number, row in enumerate(sorted(rows, key=lambda row: -row.rps)):
        y = top + _TITLE + number * (_BAR + _GAP)
        length = round((_WIDTH - _LEFT - _RIGHT) * row.rps / most, 1)
        kind = "bar ours" if row.server == OURS else "limit" if row.server in _LIMITS else "bar"
        figure = f"{row.rps:,.1f}" if row.rps < 100 else f"{row.rps:,.0f}"
        parts += [
            f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(row.server)}</text>',
            f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{length}" height="{_BAR}" rx="2"/>',
            f'<text class="figure" x="{_LEFT + length + 8}" y="{y + 13}">{figure}</text>',
        ]
    return parts
