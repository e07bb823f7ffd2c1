"""A participant and their tools as the graph shows them: plain values computed from rows already read."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from db.catalogue import Catalogue, Field, Need, Tool
from db.models.identity import Account
from db.models.tools import Json, Progress, ProgressStatus, Submission
from resolvers.refusals import MissingPrerequisite
from resolvers.tools import summary
from resolvers.tools.staleness import moved_on
from resolvers.tools.unlocking import incomplete, status_of, waiting_for
from resolvers.tools.values import Dependency, FieldValue, QuestionAnswer
from resolvers.tools.work import Work

ANSWER = "answer_"
"""Prefix of the attribute under which ``ToolView`` gives an answer, so that no question can shadow anything else."""

TOOL = "tool_"
"""Prefix of the attribute under which ``Participant`` and the source lists give a tool."""


class Participant:
    """A person with their 31 tools."""

    def __init__(self, catalogue: Catalogue, account: Account, work: Work) -> None:
        self.catalogue = catalogue
        self.account = account
        self.work = work

    def __getattr__(self, name: str) -> Any:
        if name.startswith(TOOL):
            return self.tool(self.catalogue.by_slug[name.removeprefix(TOOL).replace("_", "-")])
        return getattr(self.account, name)

    def tool(self, tool: Tool) -> "ToolView":
        """One tool of this participant."""
        return ToolView(self, tool)

    @property
    def company(self) -> Any:
        """The participant's organisation."""
        return self.work.company

    @property
    def progress_summary(self) -> summary.ProgressSummary:
        """Counts over all tools."""
        return summary.summarise(self.catalogue, self.work.progress)

    @property
    def next_tool(self) -> summary.NextTool:
        """What to work on next."""
        return summary.next_tool(self.catalogue, self.work.progress)


class ToolView:
    """One tool of one participant."""

    def __init__(self, participant: Participant, tool: Tool) -> None:
        self.participant = participant
        self.tool = tool

    def __getattr__(self, name: str) -> Any:
        if name.startswith(ANSWER):
            return self.answer(name.removeprefix(ANSWER))
        raise AttributeError(name)

    @property
    def slug(self) -> str:
        """The tool's slug."""
        return self.tool.slug

    @property
    def name(self) -> str:
        """The tool's name."""
        return self.tool.name

    @property
    def definition(self) -> Tool:
        """The tool as the catalogue has it."""
        return self.tool

    def answer(self, key: str) -> Json:
        """The answer to one question: from the published values where it is published, else from the submission."""
        published = self.tool.question_by_key[key].publishes
        if published:
            output = self._work.outputs.get(published)
            return output.value if output else None
        return self.submission.answer(key) if self.submission else None

    @property
    def answers(self) -> dict[str, Json]:
        """All answers as stored, by question key; empty before the first save."""
        return self.submission.data if self.submission else {}

    @property
    def responses(self) -> tuple[QuestionAnswer, ...]:
        """Each question with its answer, in the order of the tool."""
        answers = self.answers
        return tuple(QuestionAnswer(self.tool, q, answers.get(q.key)) for q in self.tool.questions)

    @property
    def submission(self) -> Submission | None:
        """The stored submission."""
        return self._work.submissions.get(self.tool.slug)

    @property
    def progress(self) -> Progress:
        """The tool's progress row; one is made up for a tool that is newer than the account."""
        if row := self._work.progress.get(self.tool.slug):
            return row
        status = status_of(self._catalogue, self._work.statuses, self.tool)
        return Progress(self.participant.account.id, self.tool.slug, status, 0, None, None, None, None)

    @property
    def why_locked(self) -> tuple[MissingPrerequisite, ...]:
        """What is missing: each prerequisite not completed, with the required values of it that are not there."""
        statuses = self._work.statuses
        if self.progress.status is not ProgressStatus.LOCKED:
            return ()
        return tuple(
            MissingPrerequisite(
                source, status_of(self._catalogue, statuses, source), tuple(self._missing_fields(source))
            )
            for source in incomplete(self._catalogue, statuses, self.tool)
        )

    @property
    def unlocks(self) -> tuple[Tool, ...]:
        """The locked tools that wait for this one."""
        return waiting_for(self._catalogue, self._work.statuses, self.tool)

    @property
    def stale(self) -> bool:
        """Whether a source has changed since any value here was built on it: of the answers, where none are published.

        From ``stories``: a table of all tools of many people asks for this alone.
        """
        stories = self._work.stories
        sources = self._catalogue.source_slugs(self.tool)
        current = {each.field_id: each.version for slug in sources for each in stories.get(slug, ()) if each.field_id}
        return any(moved_on(story.built_on, current) for story in stories.get(self.slug, ()))

    @property
    def needs(self) -> Mapping[str, Json]:
        """Values this tool builds on, under its own names for them."""
        return _Values({need.entry.target: self.dependency(need).value for need in self._needs})

    @property
    def sources(self) -> "ToolViews":
        """The prerequisite tools of the same participant."""
        return ToolViews(self.participant)

    dependents = sources

    def dependencies(self, available: bool | None = None) -> list[Dependency]:
        """Every value this tool builds on, with where it comes from; optionally only those (not) available."""
        found = (self.dependency(need) for need in self._needs)
        return [item for item in found if available is None or item.available is available]

    def dependency(self, need: Need) -> Dependency:
        """One value this tool builds on."""
        return Dependency(self._work, need, self.moved_sources)

    def field_values(self, ids: Sequence[str] | None = None) -> list[FieldValue]:
        """The tool's published values with their story; all of them without ``ids``."""
        wanted = [q.publishes for q in self.tool.published if q.publishes and (ids is None or q.publishes in ids)]
        return [FieldValue(self._work, self._catalogue.fields[field_id]) for field_id in wanted]

    @cached_property
    def moved_sources(self) -> frozenset[str]:
        """Source fields that have changed since any value here was built on them."""
        outputs = [self._work.outputs[q.publishes] for q in self.tool.published if q.publishes in self._work.outputs]
        current = self._work.versions
        if self.tool.published:
            return frozenset().union(*(moved_on(output.built_on, current) for output in outputs))
        return moved_on(self.submission.built_on, current) if self.submission else frozenset()

    @property
    def _work(self) -> Work:
        return self.participant.work

    @property
    def _catalogue(self) -> Catalogue:
        return self.participant.catalogue

    @property
    def _needs(self) -> tuple[Need, ...]:
        return self._catalogue.needs[self.tool.slug]

    def _missing_fields(self, source: Tool) -> Iterator[Field]:
        for need in self._needs:
            if need.source.tool is source and need.entry.required and not self.dependency(need).available:
                yield need.source


class ToolViews:
    """Tools of one participant by attribute."""

    def __init__(self, participant: Participant) -> None:
        self._participant = participant

    def __getattr__(self, name: str) -> Any:
        return getattr(self._participant, name)


class _Values(dict[str, Json]):
    """Values by attribute."""

    def __getattr__(self, name: str) -> Json:
        if name in self:
            return self[name]
        raise AttributeError(name)
