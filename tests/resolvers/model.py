"""A reference model of one participant's programme: dictionaries and the sentences of the issue, nothing shared.

It knows the catalogue's facts and none of the product's decisions, so that both can be wrong only in the same way by
being told the same thing twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from db.catalogue import Catalogue, Question, Tool

Answers = dict[str, Any]


@dataclass
class Value:
    """A published value: ``stamp`` is unlike that of any other value ever written; sources are remembered by it."""

    value: Any
    version: int
    stamp: int
    built_on: dict[str, int]


@dataclass
class Sheet:
    """The answers to one tool."""

    data: Answers = field(default_factory=dict)
    status: str = "draft"
    version: int = 0


class Model:
    """What should be there after a sequence of saves, submits and reopens."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.sheets: dict[str, Sheet] = {}
        self.values: dict[str, Value] = {}
        self.percentages = {tool.slug: 0 for tool in catalogue.tools}
        self.progress = {tool.slug: "locked" for tool in catalogue.tools}
        self.opened: list[str] = []
        self._stamps = count()
        self._open()

    def save(self, tool: Tool, given: Answers, expected: int | None) -> str | None:
        """Save; the name of the refusal if there must be one."""
        if refusal := self._refused(tool, expected):
            return refusal
        data, changed = self._merged(tool, given)
        completed = self.progress[tool.slug] == "completed"
        if completed and any(question.key in changed for question in self._open_questions(tool, data)):
            return "MissingAnswers"
        sheet = self.sheets.setdefault(tool.slug, Sheet())
        self._write(tool, sheet, data, changed, sheet.version + 1)
        if not completed:
            self.progress[tool.slug] = "in_progress"
        self.percentages[tool.slug] = 100 if completed else self._percentage(tool)
        return None

    def submit(self, tool: Tool, given: Answers, expected: int | None) -> str | None:
        """Submit; the name of the refusal if there must be one."""
        if refusal := self._refused(tool, expected):
            return refusal
        data, changed = self._merged(tool, given)
        if self._open_questions(tool, data):
            return "MissingAnswers"
        if any(_too_short(question, data.get(question.key)) for question in tool.questions):
            return "InvalidAnswers"
        sheet = self.sheets.setdefault(tool.slug, Sheet())
        if sheet.status == "submitted" and not changed:
            return None
        self._write(tool, sheet, data, changed, sheet.version + (1 if changed or not sheet.version else 0))
        sheet.status = "submitted"
        self.progress[tool.slug] = "completed"
        self.percentages[tool.slug] = 100
        self._open()
        return None

    def reopen(self, tool: Tool) -> str | None:
        """Reopen; the name of the refusal if there must be one."""
        sheet = self.sheets.get(tool.slug)
        if sheet is None:
            return "NotFound"
        if sheet.status != "submitted":
            return "InvalidTransition"
        sheet.status = self.progress[tool.slug] = "in_progress"
        self.percentages[tool.slug] = self._percentage(tool)
        return None

    def version(self, tool: Tool) -> int:
        """The version that a writer who has seen everything expects."""
        return self.sheets[tool.slug].version if tool.slug in self.sheets else 0

    def stale(self, field_id: str) -> bool:
        """Whether a value's sources have changed since it was written."""
        return any(
            source not in self.values or self.values[source].stamp != stamp
            for source, stamp in self.values[field_id].built_on.items()
        )

    def missing(self, tool: Tool) -> list[str]:
        """The tools that keep this one locked."""
        if self.progress[tool.slug] != "locked":
            return []
        return [slug for slug in tool.prerequisites if self._blocks(slug)]

    def _refused(self, tool: Tool, expected: int | None) -> str | None:
        if self.progress[tool.slug] == "locked":
            return "Locked"
        return "StaleVersion" if expected not in (None, self.version(tool)) else None

    def _merged(self, tool: Tool, given: Mapping[str, Any]) -> tuple[Answers, set[str]]:
        old = self.sheets[tool.slug].data if tool.slug in self.sheets else {}
        new = {key: value for key, value in {**old, **given}.items() if value is not None}
        return new, {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}

    def _write(self, tool: Tool, sheet: Sheet, data: Answers, changed: set[str], version: int) -> None:
        sheet.data, sheet.version = data, version
        sources = {need.field: self.values[need.field].stamp for need in tool.needs if need.field in self.values}
        for question in tool.questions:
            if question.publishes and question.key in changed:
                self.values.pop(question.publishes, None)
                if question.key in data:
                    self.values[question.publishes] = Value(
                        data[question.key], version, next(self._stamps), dict(sources)
                    )

    def _open(self) -> None:
        for tool in self.catalogue.tools:
            if self.progress[tool.slug] == "locked" and not any(map(self._blocks, tool.prerequisites)):
                self.progress[tool.slug] = "unlocked"
                self.opened.append(tool.slug)

    def _blocks(self, slug: str) -> bool:
        return not self.catalogue.by_slug[slug].optional and self.progress[slug] != "completed"

    def _open_questions(self, tool: Tool, data: Answers) -> list[Question]:
        return [question for question in tool.questions if question.required and question.key not in data]

    def _percentage(self, tool: Tool) -> int:
        required = [question for question in tool.questions if question.required]
        answered = [question for question in required if question.key in self.sheets[tool.slug].data]
        return round(100 * len(answered) / len(required))


def _too_short(question: Question, value: Any) -> bool:
    least = question.constraints.min_chars if isinstance(value, str) else question.constraints.min_items
    return value is not None and least is not None and len(value) < least
