"""The catalogue linked up: who publishes a field, who needs whom, and in which order tools can be done."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID, uuid5

from db.catalogue.model import FieldAlias, Module, NeedEntry, Question, Tool

_QUESTIONS = UUID("6f1d5b0a-8f63-5c53-9a0e-4f2d3c1b7e60")


def question_id(tool: Tool, question: Question) -> UUID:
    """The question's id for clients that address questions by UUID; the same on every machine, for ever."""
    return uuid5(_QUESTIONS, f"{tool.slug}/{question.key}")


@dataclass(frozen=True, slots=True)
class Field:
    """A published value: its id, the tool that publishes it and the question it answers."""

    id: str
    tool: Tool
    question: Question


@dataclass(frozen=True, slots=True)
class Need:
    """A value that ``tool`` builds on, resolved to the field and to the tool it comes from."""

    tool: Tool
    entry: NeedEntry
    source: Field


class Catalogue:
    """All tools, immutable, with every cross reference resolved. Made by ``load_catalogue`` after its checks."""

    def __init__(self, modules: Iterable[Module], tools: Iterable[Tool], aliases: Iterable[FieldAlias] = ()) -> None:
        self.modules: Mapping[int, Module] = {module.number: module for module in modules}
        self.tools: tuple[Tool, ...] = tuple(sorted(tools, key=lambda tool: tool.sprint))
        self.by_sprint: Mapping[int, Tool] = {tool.sprint: tool for tool in self.tools}
        self.by_slug: Mapping[str, Tool] = {tool.slug: tool for tool in self.tools}
        self.fields: Mapping[str, Field] = {
            question.publishes: Field(question.publishes, tool, question)
            for tool in self.tools
            for question in tool.published
            if question.publishes
        }
        self.field_aliases: Mapping[str, FieldAlias] = {alias.name: alias for alias in aliases}
        self.needs: Mapping[str, tuple[Need, ...]] = {
            tool.slug: tuple(Need(tool, entry, self.fields[entry.field]) for entry in tool.needs) for tool in self.tools
        }
        self.question_ids: Mapping[UUID, tuple[Tool, Question]] = {
            question_id(tool, question): (tool, question) for tool in self.tools for question in tool.questions
        }
        self._by_name = dict(self.by_slug) | {alias: tool for tool in self.tools for alias in tool.aliases}

    def find(self, name: str) -> Tool | None:
        """The tool with this slug or alias."""
        return self._by_name.get(name)

    def prerequisites(self, tool: Tool) -> tuple[Tool, ...]:
        """The tools that ``tool`` lists as its prerequisites, in the file's order."""
        return tuple(self.by_slug[slug] for slug in tool.prerequisites)

    def blocking(self, tool: Tool) -> tuple[Tool, ...]:
        """The prerequisites that must be completed before ``tool`` unlocks: all but the optional ones."""
        return tuple(source for source in self.prerequisites(tool) if not source.optional)

    def source_slugs(self, tool: Tool) -> frozenset[str]:
        """The tools whose values ``tool`` builds on."""
        return frozenset(need.source.tool.slug for need in self.needs[tool.slug])

    def user_slugs(self, tool: Tool) -> frozenset[str]:
        """The tools that build on values of ``tool``."""
        return self._users[tool.slug]

    def sources_within(self, tool: Tool, steps: int) -> frozenset[str]:
        """``tool`` and those that its values can have been built on, in at most so many steps."""
        return self._within(tool, steps, self.source_slugs)

    def users_within(self, tool: Tool, steps: int) -> frozenset[str]:
        """``tool`` and those whose values can have been built on its own, in at most so many steps."""
        return self._within(tool, steps, self.user_slugs)

    @cached_property
    def longest_chain(self) -> int:
        """Steps from the first to the last of the longest chain of tools of which each builds on the one before."""
        steps: dict[str, int] = {}
        for tool in self.sequence:
            steps[tool.slug] = max((1 + steps[slug] for slug in self.source_slugs(tool)), default=0)
        return max(steps.values(), default=0)

    @cached_property
    def for_newcomers(self) -> tuple[list[str], list[bool]]:
        """The slugs of all tools, and which of them are open to somebody who has completed none."""
        return [tool.slug for tool in self.tools], [not self.blocking(tool) for tool in self.tools]

    def dependents(self, tool: Tool) -> tuple[Tool, ...]:
        """The tools that list ``tool`` as a prerequisite, by sprint."""
        return self._dependents[tool.slug]

    @cached_property
    def _dependents(self) -> dict[str, tuple[Tool, ...]]:
        return {
            tool.slug: tuple(other for other in self.tools if tool.slug in other.prerequisites) for tool in self.tools
        }

    @cached_property
    def _users(self) -> dict[str, frozenset[str]]:
        return {
            tool.slug: frozenset(other.slug for other in self.tools if tool.slug in self.source_slugs(other))
            for tool in self.tools
        }

    def _within(self, tool: Tool, steps: int, beyond: Callable[[Tool], frozenset[str]]) -> frozenset[str]:
        found = last = frozenset((tool.slug,))
        for _ in range(steps):
            last = frozenset().union(*(beyond(self.by_slug[slug]) for slug in last)) - found
            found |= last
        return found

    @cached_property
    def sequence(self) -> tuple[Tool, ...]:
        """A topological order: every tool after its prerequisites, smallest sprint first among equals."""
        done: dict[str, Tool] = {}
        waiting = list(self.tools)
        while waiting:
            tool = next(tool for tool in waiting if all(slug in done for slug in tool.prerequisites))
            done[tool.slug] = tool
            waiting.remove(tool)
        return tuple(done.values())
