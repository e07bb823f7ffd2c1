"""Progress rows as the rules of unlocking and of the summary take them."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from uuid import UUID

from db.catalogue import Tool
from db.models.tools import Progress, ProgressStatus
from graphql_api.execution.compiled.compilation import Compilation
from graphql_api.execution.compiled.declined import Declined, Unanswerable
from graphql_api.execution.compiled.layout import Person, literal
from graphql_api.execution.compiled.leaves import NULL
from resolvers.tools.unlocking import Statuses

_STATUSES = {f'"{status.name}"': status for status in ProgressStatus}


def statuses(made: Compilation, tools: Iterable[Tool]) -> Callable[[Person], Statuses]:
    """Reads the statuses of these tools; one without a row has none."""
    wanted = list(dict.fromkeys(tools))
    at = _column(made, wanted, "status")
    slugs = [tool.slug for tool in wanted]

    def read(person: Person) -> Statuses:
        rows = person.progress[at]
        return {slug: _STATUSES[rows[slug]] for slug in slugs if slug in rows}

    return read


def progress(made: Compilation, names: Collection[str]) -> Callable[[Person], dict[str, Progress]]:
    """Reads every progress row: its status, and of the other columns those of the fields ``names``.

    A percentage that is not read is 0, a time that is not read none.
    """
    tools = made.catalogue.tools
    status = _column(made, tools, "status")
    percentage = _column(made, tools, "percentage") if "percentage" in names else None
    started, accessed, completed = (
        _column(made, tools, name) if name in names else None for name in ("startedAt", "lastAccessedAt", "completedAt")
    )

    def read(person: Person) -> dict[str, Progress]:
        owner = UUID(person.id)
        return {
            slug: Progress(
                user_id=owner,
                tool_slug=slug,
                status=_STATUSES[word],
                percentage=0 if percentage is None else int(person.progress[percentage][slug]),
                unlocked_at=None,
                started_at=_time(person, started, slug),
                last_accessed_at=_time(person, accessed, slug),
                completed_at=_time(person, completed, slug),
            )
            for slug, word in person.progress[status].items()
        }

    return read


def _column(made: Compilation, tools: Iterable[Tool], name: str) -> int:
    column = made.column("Progress", name)
    if column is None:
        raise Declined(f"Progress.{name} is not declared as data")
    (at,) = {made.layout.fragment(tool, literal(column, "p")) for tool in tools}
    return at


def _time(person: Person, at: int | None, slug: str) -> datetime | None:
    raw = NULL if at is None else person.progress[at][slug]
    if raw == NULL:
        return None
    try:
        return datetime.fromisoformat(raw[1:-1])
    except ValueError as error:
        raise Unanswerable("a stored time is beyond the calendar") from error
