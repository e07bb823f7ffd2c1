"""Sums over progress: how far, how long, what next. Pure."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from db.catalogue import Catalogue
from db.models.tools import Progress, ProgressStatus
from resolvers.tools.summary import next_tool, summarise

LOCKED, UNLOCKED, IN_PROGRESS, COMPLETED = ProgressStatus
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _row(slug: str, status: ProgressStatus, hours: float | None = None, touched: int = 0) -> Progress:
    started = NOON if hours is not None else None
    completed = NOON + timedelta(hours=hours) if hours is not None else None
    return Progress(UUID(int=1), slug, status, 40, NOON, started, NOON + timedelta(minutes=touched), completed)


def _rows(*rows: Progress) -> dict[str, Progress]:
    return {row.tool_slug: row for row in rows}


def test_an_account_without_rows_has_one_open_tool(catalogue: Catalogue) -> None:
    """The root; everything else waits."""
    found = summarise(catalogue, {})
    assert (found.total_tools, found.unlocked_tools, found.locked_tools) == (31, 1, 30)
    assert (found.completed_tools, found.completion_percentage) == (0, 0)
    assert (found.total_time_spent_hours, found.average_time_per_tool_hours) == (0.0, 0.0)
    assert found.current_tool is catalogue.by_slug["woop"]


def test_times_run_from_first_save_to_first_completion(catalogue: Catalogue) -> None:
    """Summed and averaged over the tools that have both; a tool that left the catalogue does not count."""
    rows = _rows(
        _row("woop", COMPLETED, 1.5),
        _row("know-thyself", COMPLETED, 2),
        _row("dream", IN_PROGRESS),
        _row("gone", COMPLETED, 9),
    )
    found = summarise(catalogue, rows)
    assert (found.total_time_spent_hours, found.average_time_per_tool_hours) == (3.5, 1.75)
    assert (found.completed_tools, found.in_progress_tools) == (2, 1)
    assert found.completion_percentage == 6


def test_what_was_begun_last_comes_first(catalogue: Catalogue) -> None:
    """Of the tools in progress, the one last worked on."""
    rows = _rows(
        _row("woop", COMPLETED, 1), _row("dream", IN_PROGRESS, touched=5), _row("energy", IN_PROGRESS, touched=9)
    )
    assert next_tool(catalogue, rows).tool is catalogue.by_slug["energy"]


def test_then_what_is_open_and_not_optional(catalogue: Catalogue) -> None:
    """Cash before the optional Energy, although Energy is open longer; Energy where nothing else is."""
    done = [_row(slug, COMPLETED, 1) for slug in ("woop", "know-thyself", "dream", "values")]
    locked = [_row(tool.slug, LOCKED) for tool in catalogue.tools]
    rows = _rows(*locked, *done, _row("energy", UNLOCKED), _row("cash", UNLOCKED))
    assert next_tool(catalogue, rows).tool is catalogue.by_slug["cash"]
    assert next_tool(catalogue, rows | _rows(_row("cash", LOCKED))).tool is catalogue.by_slug["energy"]


@pytest.mark.parametrize(("status", "words"), [(COMPLETED, "All tools are completed"), (LOCKED, "No tool is open")])
def test_at_the_end_there_is_no_next_tool(catalogue: Catalogue, status: ProgressStatus, words: str) -> None:
    """And the sentence says whether that is good."""
    found = next_tool(catalogue, _rows(*(_row(tool.slug, status, 1) for tool in catalogue.tools)))
    assert found.tool is None
    assert words in found.message
