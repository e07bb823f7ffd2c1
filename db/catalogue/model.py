"""What one catalogue file may say: a tool, its questions and the values it needs from other tools."""

from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from db.catalogue.names import (
    FIELD_ID,
    MAX_FIELD_ID_CHARACTERS,
    MAX_SLUG,
    QUESTION_KEY,
    SLUG,
    camel_case,
    folded,
    pascal_case,
)

Slug = Annotated[str, StringConstraints(pattern=f"^{SLUG.pattern}$", max_length=MAX_SLUG)]
Key = Annotated[str, StringConstraints(pattern=f"^{QUESTION_KEY.pattern}$", max_length=80)]
FieldId = Annotated[str, StringConstraints(pattern=f"^{FIELD_ID.pattern}$", max_length=MAX_FIELD_ID_CHARACTERS)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Sprint = Annotated[int, Field(ge=0, le=99)]


class QuestionType(StrEnum):
    """The answer's kind, as the programme names it."""

    TEXT = "text"
    NUMBER = "number"
    RATING = "rating"
    LIST = "list"
    COMPOUND = "compound"


class Shape(StrEnum):
    """The JSON shapes that an answer may have."""

    TEXT = "text"
    NUMBER = "number"
    LIST = "list"
    OBJECT = "object"


_SHAPES = {
    QuestionType.TEXT: (Shape.TEXT,),
    QuestionType.NUMBER: (Shape.NUMBER,),
    QuestionType.RATING: (Shape.NUMBER,),
    QuestionType.LIST: (Shape.LIST,),
    QuestionType.COMPOUND: (Shape.OBJECT, Shape.LIST),
}


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    # An entry is itself and nothing else: compared and hashed by identity, not field by field.
    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


class Constraints(_Entry):
    """Limits on an answer: ``options`` hold for every save, the minima only when a tool is submitted."""

    min_chars: int | None = None
    min_items: int | None = None
    options: tuple[int | str, ...] | None = None
    item: dict[str, str] | None = None


class Question(_Entry):
    """One question of a tool. ``publishes`` is the field id under which other tools read the answer.

    ``sensitive``: the answer is stored encrypted.
    """

    key: Key
    label: Text
    description: Text
    type: QuestionType
    widget: Text = "textarea"
    required: bool = False
    section: Text | None = None
    step: int | None = None
    publishes: FieldId | None = None
    sensitive: bool = False
    accepts: tuple[Shape, ...] = ()
    constraints: Constraints = Constraints()

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """JSON shapes that a saved answer may have; real pages send objects for some questions declared as text."""
        return self.accepts or _SHAPES[self.type]

    @cached_property
    def graphql_name(self) -> str:
        """The field of the tool's GraphQL type that answers this question."""
        return camel_case(self.key)


class NeedEntry(_Entry):
    """A value that a tool builds on: field id, the tool's own name for it, and where inside the value it lies."""

    field: FieldId
    target: Key
    label: Text
    required: bool = False
    value_path: Text | None = None


class Tool(_Entry):
    """One tool of the programme, as its catalogue file says."""

    slug: Slug
    sprint: Sprint
    name: Text
    description: Text
    guidance: Text
    module: int
    optional: bool = False
    aliases: tuple[Slug, ...] = ()
    prerequisites: tuple[Slug, ...] = ()
    also_accepts: tuple[str, ...] = ()
    questions: tuple[Question, ...]
    needs: tuple[NeedEntry, ...] = ()

    @cached_property
    def schema_name(self) -> str:
        """The PostgreSQL schema of the tool: ``sprint_{NN}_{slug}``."""
        return f"sprint_{self.sprint:02d}_{self.slug.replace('-', '_')}"

    @cached_property
    def graphql_name(self) -> str:
        """The field of ``Participant`` that gives this tool."""
        return camel_case(self.slug)

    @cached_property
    def type_name(self) -> str:
        """Stem of the tool's GraphQL types: ``Dream`` for ``DreamTool``, ``DreamInput`` and so on."""
        return pascal_case(self.slug)

    @cached_property
    def question_by_key(self) -> dict[str, Question]:
        """Questions by their stored key."""
        return {question.key: question for question in self.questions}

    @cached_property
    def published(self) -> tuple[Question, ...]:
        """The questions whose answers other tools can read."""
        return tuple(question for question in self.questions if question.publishes)

    @cached_property
    def required_keys(self) -> frozenset[str]:
        """Keys of the questions that must be answered before the tool can be submitted."""
        return frozenset(question.key for question in self.questions if question.required)

    @cached_property
    def sensitive_names(self) -> frozenset[str]:
        """The folded keys of the questions whose answers are stored encrypted."""
        return frozenset(folded(question.key) for question in self.questions if question.sensitive)

    def is_sensitive(self, key: str) -> bool:
        """Whether what is stored under a key is encrypted: a sensitive question's key, in whatever spelling.

        Older pages send the same answer under another spelling (``also_accepts``), which counts as that question.
        """
        return bool(self.sensitive_names) and folded(key) in self.sensitive_names


class Module(_Entry):
    """A chapter of the programme."""

    number: int
    name: Text


class FieldAlias(_Entry):
    """An older name for a published value that real pages still ask for."""

    name: Text
    field: FieldId
    value_path: Text | None = None
