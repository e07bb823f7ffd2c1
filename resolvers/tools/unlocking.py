"""When a tool is open. Pure: progress in, answers out."""

from collections.abc import Mapping

from db.catalogue import Catalogue, Tool
from db.models.tools import ProgressStatus

Statuses = Mapping[str, ProgressStatus]
"""Status by slug; a tool without an entry has no progress row yet."""


def status_of(catalogue: Catalogue, statuses: Statuses, tool: Tool) -> ProgressStatus:
    """The tool's status; without a row (a tool newer than the account) what its prerequisites say."""
    if stored := statuses.get(tool.slug):
        return stored
    return ProgressStatus.LOCKED if incomplete(catalogue, statuses, tool) else ProgressStatus.UNLOCKED


def incomplete(catalogue: Catalogue, statuses: Statuses, tool: Tool) -> tuple[Tool, ...]:
    """The prerequisites that still stand between the participant and ``tool``; optional ones never do."""
    return tuple(
        source for source in catalogue.blocking(tool) if statuses.get(source.slug) is not ProgressStatus.COMPLETED
    )


def waiting_for(catalogue: Catalogue, statuses: Statuses, tool: Tool) -> tuple[Tool, ...]:
    """The locked tools for which ``tool`` is one of the prerequisites still missing."""
    return tuple(
        dependent
        for dependent in catalogue.dependents(tool)
        if status_of(catalogue, statuses, dependent) is ProgressStatus.LOCKED
        and tool in incomplete(catalogue, statuses, dependent)
    )


def opened_by(catalogue: Catalogue, statuses: Statuses, tool: Tool) -> tuple[Tool, ...]:
    """The tools that unlock once ``tool`` is completed and everything else stays as it is."""
    after = {**statuses, tool.slug: ProgressStatus.COMPLETED}
    return tuple(
        dependent
        for dependent in catalogue.dependents(tool)
        if status_of(catalogue, statuses, dependent) is ProgressStatus.LOCKED
        and not incomplete(catalogue, after, dependent)
    )
