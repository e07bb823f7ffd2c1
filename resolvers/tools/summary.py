"""Sums over a participant's progress: how far, how long, what next. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from db.catalogue import Catalogue, Tool
from db.models.tools import Progress, ProgressStatus
from resolvers.tools.unlocking import status_of


@dataclass(frozen=True, slots=True)
class ProgressSummary:
    """Counts over all tools. Hours run from a tool's first save to its first completion."""

    total_tools: int
    completed_tools: int
    in_progress_tools: int
    unlocked_tools: int
    locked_tools: int
    completion_percentage: int
    current_tool: Tool | None
    total_time_spent_hours: float
    average_time_per_tool_hours: float


@dataclass(frozen=True, slots=True)
class NextTool:
    """What to work on next, and a sentence that says why."""

    tool: Tool | None
    message: str


def summarise(catalogue: Catalogue, progress: Mapping[str, Progress]) -> ProgressSummary:
    """Counts, times and the tool at hand."""
    statuses = {slug: row.status for slug, row in progress.items()}
    counts = Counter(status_of(catalogue, statuses, tool) for tool in catalogue.tools)
    hours = [
        (row.completed_at - row.started_at).total_seconds() / 3600
        for row in progress.values()
        if row.completed_at and row.started_at and row.tool_slug in catalogue.by_slug
    ]
    completed = counts[ProgressStatus.COMPLETED]
    return ProgressSummary(
        total_tools=len(catalogue.tools),
        completed_tools=completed,
        in_progress_tools=counts[ProgressStatus.IN_PROGRESS],
        unlocked_tools=counts[ProgressStatus.UNLOCKED],
        locked_tools=counts[ProgressStatus.LOCKED],
        completion_percentage=round(100 * completed / len(catalogue.tools)),
        current_tool=next_tool(catalogue, progress).tool,
        total_time_spent_hours=round(sum(hours), 2),
        average_time_per_tool_hours=round(sum(hours) / len(hours), 2) if hours else 0.0,
    )


def next_tool(catalogue: Catalogue, progress: Mapping[str, Progress]) -> NextTool:
    """The tool last worked on that is not done; else the first open one in the programme's sequence."""
    statuses = {slug: row.status for slug, row in progress.items()}
    begun = [
        row
        for row in progress.values()
        if row.status is ProgressStatus.IN_PROGRESS and row.tool_slug in catalogue.by_slug
    ]
    if begun:
        latest = max(begun, key=lambda row: (row.last_accessed_at is not None, row.last_accessed_at, row.tool_slug))
        tool = catalogue.by_slug[latest.tool_slug]
        return NextTool(tool, f"Go on with {tool.name}: it is {latest.percentage}% answered.")
    opened = [t for t in catalogue.sequence if status_of(catalogue, statuses, t) is ProgressStatus.UNLOCKED]
    if opened:
        tool = next((tool for tool in opened if not tool.optional), opened[0])
        return NextTool(tool, f"{tool.name} is open: start it.")
    if all(statuses.get(tool.slug) is ProgressStatus.COMPLETED for tool in catalogue.tools):
        return NextTool(None, "All tools are completed. Well done.")
    return NextTool(None, "No tool is open. Ask your guru to look at your progress.")
