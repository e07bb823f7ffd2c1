"""What the bench makes of measured rounds: medians, ratios, goals, the chart."""

from xml.etree import ElementTree

from bench.chart import chart
from bench.figures import ratios_of, rows_of
from bench.goals import goals_of
from bench.load import Sample
from bench.rounds import Cell


def _cell(server: str, rps: tuple[float, ...], *, query: str = "Q1", concurrency: int = 64, users: int = 2000) -> Cell:
    samples = tuple(Sample(each, 1000 * concurrency / each, 2000 / each, 900 / each, 500 / each, 0.01) for each in rps)
    return Cell(query, users, concurrency, server, samples, 100.0 if server == "ours" else 150.0)


def test_a_row_is_the_median_of_its_rounds() -> None:
    """One slow round does not count."""
    row = rows_of([_cell("ours", (1000.0, 100.0, 1100.0))])[0]
    assert (row.rps, row.cpu_ms_server, row.memory_mb) == (1000.0, 0.9, 100.0)


def test_ratios_are_of_neighbouring_rounds() -> None:
    """A minute that was slow for both leaves their ratio as it is."""
    ratio = ratios_of([_cell("ours", (1000.0, 500.0, 1000.0)), _cell("apollo", (500.0, 250.0, 400.0))])[0]
    assert (ratio.peer, ratio.rps, ratio.lowest, ratio.highest) == ("apollo", 2.0, 2.0, 2.5)


def test_goals_say_what_was_reached() -> None:
    """4 times PostGraphile at 64 connections; what was not measured is no goal of this run."""
    cells = [_cell("ours", (4100.0,)), _cell("postgraphile", (1000.0,)), _cell("mercurius-jit", (2000.0,))]
    found = {goal.about: (goal.found, goal.reached) for goal in goals_of(rows_of(cells), ratios_of(cells))}
    assert found == {
        "Q1, 64 connections: requests/s beside postgraphile": (4.1, True),
        "Q1, 64 connections: requests/s beside mercurius-jit": (2.05, False),
        "most memory beside the leanest Node peer, postgraphile": (0.67, True),
    }


def test_growth_is_from_the_least_to_the_most_people() -> None:
    """The middle one does not count."""
    cells = [
        _cell("ours", (rps,), concurrency=16, users=users)
        for users, rps in ((200, 1000.0), (2000, 100.0), (20000, 800.0))
    ]
    goal = goals_of(rows_of(cells), [])[0]
    assert (goal.users, goal.found, goal.reached) == (20000, 1.25, False)


def test_chart_has_a_bar_for_each_server() -> None:
    """The longest bar first; well-formed, and with colours for dark pages."""
    drawn = chart(rows_of([_cell("apollo", (500.0,)), _cell("ours", (1000.0,)), _cell("pgbench", (2000.0,))]))
    bars = ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}rect")  # noqa: S314 - our own text
    assert [bar.get("class") for bar in bars] == ["limit", "bar ours", "bar"]
    assert "prefers-color-scheme: dark" in drawn
