"""Refusals of work on tools: locked, changed in between, answers that do not fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from db.catalogue import Field, Question, Tool
from db.models.tools import ProgressStatus, Submission, SubmissionStatus
from resolvers.refusals.base import Problem, Refusal


@dataclass(frozen=True, slots=True)
class MissingPrerequisite:
    """A prerequisite that is not completed, and the required values of it that are not there yet."""

    tool: Tool
    status: ProgressStatus
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """A source of a value: the version that was built on, and what it is now; ``None``: it has no value any more."""

    user_id: UUID
    field: Field
    version: int
    current_version: int | None

    @property
    def stale(self) -> bool:
        """Whether it has moved on, or is gone."""
        return self.version != self.current_version


class Locked(Refusal):
    """The tool is locked until its prerequisites are completed."""

    def __init__(self, tool: Tool, missing: Sequence[MissingPrerequisite]) -> None:
        self.tool = tool
        self.missing = tuple(missing)
        names = ", ".join(item.tool.name for item in missing)
        super().__init__(f"{tool.name} is locked. Complete these tools first: {names}.")


class StaleVersion(Refusal):
    """The submission has changed since the version that the caller worked on; nothing was written."""

    def __init__(self, expected: int, current: Submission | None) -> None:
        self.expected_version = expected
        self.current = current
        self.current_version = current.version if current else 0
        super().__init__(
            f"You worked on version {expected}, but the current version is {self.current_version}. "
            "Merge your changes into the current data and send its version."
        )


class SourceMoved(Refusal):
    """A source has changed since the caller looked at it; nothing was confirmed."""

    def __init__(self, sources: Sequence[SourceVersion]) -> None:
        self.sources = tuple(sources)
        names = ", ".join(f"{each.field.question.label} of {each.field.tool.name}" for each in sources)
        super().__init__(f"Changed since you looked: {names}. Read what is there now and confirm again.")


class InvalidAnswers(Refusal):
    """At least one answer does not fit its question; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__(f"{count} answer{'s do' if count > 1 else ' does'} not fit: see the problems.")


class MissingAnswers(Refusal):
    """Required questions are not answered."""

    def __init__(self, tool: Tool, questions: Sequence[Question]) -> None:
        self.tool = tool
        self.questions = tuple(questions)
        labels = ", ".join(question.label for question in questions)
        super().__init__(f"{tool.name} still needs an answer to: {labels}.")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The same as one problem for each question."""
        return tuple(Problem(f"data.{q.key}", f"{q.label} is required.") for q in self.questions)


class InvalidTransition(Refusal):
    """A submission's status cannot become what was asked for from what it is."""

    def __init__(self, status: SubmissionStatus | None, advice: str) -> None:
        self.status = status
        super().__init__(advice)
