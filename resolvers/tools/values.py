"""Values with their story: what a tool publishes, and what it builds on."""

from dataclasses import dataclass
from datetime import datetime

from db.catalogue import Field, Need, Question, Tool
from db.models.identity import Account
from db.models.tools import FieldOutput, Json
from resolvers.tools.staleness import moved_on
from resolvers.tools.work import Work


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A published value with its story."""

    work: Work
    field: Field

    @property
    def _output(self) -> FieldOutput | None:
        return self.work.outputs.get(self.field.id)

    @property
    def id(self) -> str:
        """The field id."""
        return self.field.id

    @property
    def label(self) -> str:
        """The question's label."""
        return self.field.question.label

    @property
    def available(self) -> bool:
        """Whether there is a value."""
        return self.work.story(self.field) is not None

    @property
    def value(self) -> Json:
        """The value."""
        return self._output.value if self._output else None

    @property
    def version(self) -> int | None:
        """The submission version at which the value last changed."""
        story = self.work.story(self.field)
        return story.version if story else None

    @property
    def updated_at(self) -> datetime | None:
        """When the value last changed."""
        return self._output.updated_at if self._output else None

    @property
    def author(self) -> Account | None:
        """Who last changed it, if the viewer may see that person."""
        author_id = self._output.author_id if self._output else None
        return self.work.people.get(author_id) if author_id else None

    @property
    def source_tool(self) -> Tool:
        """The tool that publishes it."""
        return self.field.tool

    @property
    def stale(self) -> bool:
        """Whether a source value has changed since this one was built on it."""
        story = self.work.story(self.field)
        return bool(story and moved_on(story.built_on, self.work.versions))


@dataclass(frozen=True, slots=True)
class Dependency:
    """A value that a tool builds on."""

    work: Work
    need: Need
    moved_sources: frozenset[str]

    @property
    def _output(self) -> FieldOutput | None:
        return self.work.outputs.get(self.need.source.id)

    @property
    def field_id(self) -> str:
        """The field that is read."""
        return self.need.source.id

    @property
    def target_field(self) -> str:
        """The tool's own name for it."""
        return self.need.entry.target

    @property
    def label(self) -> str:
        """What it is, for a person."""
        return self.need.entry.label

    @property
    def required(self) -> bool:
        """Whether the tool cannot do without it."""
        return self.need.entry.required

    @property
    def value(self) -> Json:
        """The value, or the part of it that the catalogue's ``value_path`` names."""
        return at_path(self._output.value, self.need.entry.value_path) if self._output else None

    @property
    def available(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def source_tool(self) -> Tool:
        """The tool that publishes it."""
        return self.need.source.tool

    @property
    def source_version(self) -> int | None:
        """The source submission's version at which the value last changed."""
        return self._output.version if self._output else None

    @property
    def updated_at(self) -> datetime | None:
        """When the value last changed."""
        return self._output.updated_at if self._output else None

    @property
    def stale(self) -> bool:
        """Whether it has changed since this tool's answers were built on it."""
        return self.need.source.id in self.moved_sources


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """A question and what was answered."""

    tool: Tool
    question: Question
    data: Json

    @property
    def text(self) -> str | None:
        """The answer where it is text."""
        return self.data if isinstance(self.data, str) else None


def at_path(value: Json, path: str | None) -> Json:
    """The part of ``value`` at a dotted path of object keys; the whole without a path, none where it ends early."""
    for key in path.split(".") if path else ():
        value = value.get(key) if isinstance(value, dict) else None
    return value
