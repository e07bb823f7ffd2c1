"""What the assistant is told: the tool, its questions, one person's answers, and what they build on.

It is told nothing that says who the person is but an id, and no answer that the catalogue calls sensitive
(docs/help.md).
"""

from collections.abc import Mapping

from db.catalogue import Tool
from db.models.tools import Json
from resolvers.context import Context
from resolvers.refusals import InvalidAnswers
from resolvers.tools.answers import merge, problems, size_problem, unanswered
from resolvers.tools.participant import ToolView
from resolvers.tools.reading import participant, sources_of
from resolvers.tools.work import Requirement

VERSION = 1
"""Of the form below; it changes when a workflow that reads the old one would no longer understand it."""


class Background:
    """A tool of the viewer with answers laid over those that are saved."""

    def __init__(self, context: Context, view: ToolView, answers: Mapping[str, Json]) -> None:
        self._context = context
        self._view = view
        self._answers = answers
        self.tool = view.tool

    @property
    def guidance(self) -> str:
        """What the tool itself says to somebody who is stuck: its guidance, and which required questions are open."""
        missing = ", ".join(question.label for question in unanswered(self.tool, self._answers))
        return self.tool.guidance + (f" Still to answer: {missing}." if missing else "")

    def told(self, **asked: Json) -> dict[str, Json]:
        """All of it as one object; ``asked`` beside it."""
        return {
            "version": VERSION,
            **asked,
            "request_id": self._context.request_id,
            "user_id": str(self._view.participant.account.id),
            "tool": self._tool(),
            "questions": self._questions(),
            "builds_on": self._builds_on(),
            "guidance": self.guidance,
        }

    def _tool(self) -> Json:
        module = self._context.catalogue.modules[self.tool.module]
        return {
            "slug": self.tool.slug,
            "name": self.tool.name,
            "description": self.tool.description,
            "sprint": self.tool.sprint,
            "module": {"number": module.number, "name": module.name},
            "status": self._view.progress.status.value,
        }

    def _questions(self) -> Json:
        return [
            {
                "key": question.key,
                "label": question.label,
                "description": question.description,
                "type": question.type.value,
                "section": question.section,
                "required": question.required,
                "withheld": question.sensitive,
                "answer": None if question.sensitive else self._answers.get(question.key),
            }
            for question in self.tool.questions
        ]

    def _builds_on(self) -> Json:
        return [
            {
                "field_id": each.field_id,
                "label": each.label,
                "required": each.required,
                "value": each.value,
                "source_tool": each.source_tool.slug,
                "source_name": each.source_tool.name,
                "source_version": each.source_version,
                "stale": each.stale,
            }
            for each in self._view.dependencies()
        ]


async def background_of(context: Context, tool: Tool, given: Mapping[str, Json], root: str) -> Background:
    """The viewer's work on a tool, ``given`` laid over what is saved; nothing of it is written.

    Raises ``InvalidAnswers`` where ``given`` could not be saved either; ``root`` is the argument it came in.
    """
    if found := problems(tool, given, root=root):
        raise InvalidAnswers(found)
    fields = sources_of(context, tool) | {question.publishes for question in tool.published if question.publishes}
    required = Requirement(progress=True, fields=fields, submissions={tool.slug})
    person = await participant(context, None, required)
    assert person is not None
    view = person.tool(tool)
    answers = merge(tool, view.answers, given).data
    if found := size_problem(answers, root=root):
        raise InvalidAnswers(found)
    return Background(context, view, answers)
