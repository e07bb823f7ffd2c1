"""How far the loaders of a request reach, where that is less than its viewer sees."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Within:
    """The tools whose rows there are (``None``: all), and whether there is anything of colleagues."""

    tools: frozenset[str] | None = None
    colleagues: bool = True

    def reaches(self, slug: str) -> bool:
        """Whether there are rows of this tool."""
        return self.tools is None or slug in self.tools


EVERYTHING = Within()
