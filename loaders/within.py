"""How far the loaders of a request reach, where that is less than its viewer sees."""

from dataclasses import dataclass, replace

from db.catalogue import Catalogue, Tool
from db.models.tools import Submission


@dataclass(frozen=True, slots=True)
class Within:
    """The tools whose rows there are (``None``: all), and whether there is anything of colleagues, and of answers that
    the catalogue calls sensitive."""

    tools: frozenset[str] | None = None
    colleagues: bool = True
    sensitive: bool = True

    def reaches(self, slug: str) -> bool:
        """Whether there are rows of this tool."""
        return self.tools is None or slug in self.tools

    def submission(self, found: Submission, tool: Tool) -> Submission:
        """A submission to a tool, with the answers that are there."""
        if self.sensitive or not tool.sensitive_names:
            return found
        answers = {key: answer for key, answer in found.answers.items() if not tool.is_sensitive(key)}
        return replace(found, answers=answers, unreadable={})

    def sources(self, built_on: dict[str, int], catalogue: Catalogue) -> dict[str, int]:
        """What something was built on, as far as that is there: on a tool without rows nothing was ever built."""
        if self.tools is None:
            return built_on
        known = catalogue.fields
        return {each: built_on[each] for each in built_on if each in known and known[each].tool.slug in self.tools}


EVERYTHING = Within()
OF_KEYS = Within(colleagues=False, sensitive=False)
"""What a service key that reaches every tool sees of its person."""
