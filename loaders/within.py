"""How far the loaders of a request reach, where that is less than its viewer sees."""

from dataclasses import dataclass

from db.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Within:
    """The tools whose rows there are (``None``: all), and whether there is anything of colleagues."""

    tools: frozenset[str] | None = None
    colleagues: bool = True

    def reaches(self, slug: str) -> bool:
        """Whether there are rows of this tool."""
        return self.tools is None or slug in self.tools

    def sources(self, built_on: dict[str, int], catalogue: Catalogue) -> dict[str, int]:
        """What something was built on, as far as that is there: on a tool without rows nothing was ever built."""
        if self.tools is None:
            return built_on
        known = catalogue.fields
        return {each: built_on[each] for each in built_on if each in known and known[each].tool.slug in self.tools}


EVERYTHING = Within()
