"""What the key of a request may do there."""

from dataclasses import dataclass
from uuid import UUID

ANY_QUERY = "read"
"""The operation that stands for every query."""

EVERY_TOOL = "*"
"""The tool of a grant that stands for every tool of its key."""


@dataclass(frozen=True, slots=True)
class KeyScope:
    """A key in use: its operations, the tools that it reaches in this request (``None``: all), and for whom it asks."""

    id: UUID
    organization_id: UUID
    operations: frozenset[str]
    tools: frozenset[str] | None
    person: UUID | None

    def reaches(self, slug: str) -> bool:
        """Whether this tool's data is there for it."""
        return self.tools is None or slug in self.tools


def tools_in_reach(of_key: list[str] | None, granted: list[str] | None) -> frozenset[str] | None:
    """The tools of a key, of those only the granted ones where it has to be asked."""
    if granted is None or EVERY_TOOL in granted:
        return None if of_key is None else frozenset(of_key)
    return frozenset(granted) if of_key is None else frozenset(granted) & frozenset(of_key)
