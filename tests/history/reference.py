"""A reference model of what one person's values have been and what they were built on: lists, dictionaries, sentences
of ADR 0005, and no SQL.

It shares nothing with the product but the catalogue's facts. A source is remembered by its place in a list, not by its
version, so a version that is given twice or skipped shows as a difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from db.catalogue import Catalogue, Tool

Answers = dict[str, Any]
Basis = dict[str, int]
"""The sources of something: where in the list of its source's entries each stood when it was built."""


@dataclass(frozen=True)
class Entry:
    """What a value became; ``value`` is ``None`` where it was cleared. ``basis``: what it was built on then."""

    version: int
    value: Any
    basis: Basis


@dataclass
class Sheet:
    """The answers to one tool."""

    data: Answers = field(default_factory=dict)
    version: int = 0
    submitted: bool = False
    basis: Basis = field(default_factory=dict)


class Reference:
    """One person's programme."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.sheets: dict[str, Sheet] = {}
        self.entries: dict[str, list[Entry]] = {each: [] for each in catalogue.fields}
        self.bases: dict[str, Basis] = {}
        """What each value counts as built on now: other than its entry says once it has been confirmed."""
        self.confirmed: set[str] = set()
        """Values that were confirmed since they were written."""
        self.opened = {tool.slug for tool in catalogue.tools if not self._blocking(tool)}

    def save(self, tool: Tool, given: Mapping[str, Any]) -> str:
        """Save; what comes of it."""
        if tool.slug not in self.opened:
            return "Locked"
        sheet = self.sheets.get(tool.slug, Sheet())
        after = _laid_over(sheet.data, given)
        if sheet.submitted and any(q.required and q.key in sheet.data.keys() - after.keys() for q in tool.questions):
            return "MissingAnswers"
        self._write(tool, after, sheet.version + 1)
        return "SubmissionSaved"

    def submit(self, tool: Tool, given: Mapping[str, Any]) -> str:
        """Submit, whatever is left open; what comes of it."""
        if tool.slug not in self.opened:
            return "Locked"
        sheet = self.sheets.get(tool.slug)
        after = _laid_over(sheet.data if sheet else {}, given)
        if sheet is None or after != sheet.data:
            self._write(tool, after, sheet.version + 1 if sheet else 1)
        self.sheets[tool.slug].submitted = True
        done = {slug for slug, each in self.sheets.items() if each.submitted}
        self.opened |= {t.slug for t in self.catalogue.tools if self._blocking(t) <= done}
        return "SubmissionSubmitted"

    def reopen(self, tool: Tool) -> str:
        """Reopen; what comes of it."""
        sheet = self.sheets.get(tool.slug)
        if sheet is None:
            return "NotFound"
        if not sheet.submitted:
            return "InvalidTransition"
        sheet.submitted = False
        return "SubmissionReopened"

    def confirm(self, tool: Tool, ids: list[str] | None, seen: Mapping[str, int]) -> str | set[str]:
        """Confirm; the values that are fresh again, or the refusal."""
        if tool.slug not in self.sheets:
            return "NotFound"
        if any(self.version(source) != version for source, version in seen.items()):
            return "SourceMoved"
        fresh = {each for each in self.published(tool) if self.stale(each) and (ids is None or each in ids)}
        for each in fresh:
            self.bases[each] = self._now(tool)
        self.confirmed |= fresh
        sheet = self.sheets[tool.slug]
        if not self.published(tool) and self._moved(sheet.basis):
            sheet.basis = self._now(tool)
        return fresh

    def published(self, tool: Tool) -> list[str]:
        """The ids of a tool's values."""
        return [question.publishes for question in tool.questions if question.publishes]

    def value(self, field_id: str) -> Any:
        """The value there is now."""
        return self.entries[field_id][-1].value if self.entries[field_id] else None

    def version(self, field_id: str) -> int | None:
        """The version of the value there is now."""
        return self.entries[field_id][-1].version if self.value(field_id) is not None else None

    def there(self) -> list[str]:
        """The values there are."""
        return [each for each in self.entries if self.value(each) is not None]

    def stale(self, field_id: str) -> bool:
        """Whether something that the value was built on has become anything since, be it nothing."""
        return self.value(field_id) is not None and self._moved(self.bases[field_id])

    def tool_stale(self, tool: Tool) -> bool:
        """Whether any of its values is stale; its answers, where it publishes none."""
        if published := self.published(tool):
            return any(map(self.stale, published))
        return tool.slug in self.sheets and self._moved(self.sheets[tool.slug].basis)

    def sources(self, basis: Basis) -> dict[str, tuple[int, int | None, bool, Any, Any]]:
        """By field: the version built on, that of now, whether it has moved on, the value then, that of now."""
        found = {}
        for each, place in basis.items():
            then = self.entries[each][place]
            found[each] = (then.version, self.version(each), self._moved({each: place}), then.value, self.value(each))
        return found

    def upstream(self, field_id: str, depth: int) -> dict[str, int]:
        """What a value was built on, with the steps to it."""
        return self._steps(field_id, depth, [(user, source) for user, source in self._arrows()])

    def downstream(self, field_id: str, depth: int) -> dict[str, int]:
        """What was built on a value, with the steps to it."""
        return self._steps(field_id, depth, [(source, user) for user, source in self._arrows()])

    def built_on_it(self, field_id: str) -> set[str]:
        """The values that were built on a value itself."""
        return {user for user, source in self._arrows() if source == field_id}

    def impact(self, field_id: str) -> tuple[set[str], set[str]]:
        """What turns stale when a value changes, and the tools of that: found by changing it, and back."""
        before = {each for each in self.there() if self.stale(each)}, set(filter(self._by_slug, self._slugs()))
        self.entries[field_id].append(Entry(0, object(), {}))
        after = {each for each in self.there() if each != field_id and self.stale(each)}
        tools = {self.catalogue.fields[each].tool.slug for each in after - before[0]}
        silent = {slug for slug in self._slugs() if not self.published(self.catalogue.by_slug[slug])}
        tools |= {slug for slug in silent - before[1] if self._by_slug(slug)}
        self.entries[field_id].pop()
        return after - before[0], tools

    def _by_slug(self, slug: str) -> bool:
        return self.tool_stale(self.catalogue.by_slug[slug])

    def _slugs(self) -> list[str]:
        return [tool.slug for tool in self.catalogue.tools]

    def _arrows(self) -> Iterator[tuple[str, str]]:
        for each in self.there():
            for source in self.bases[each]:
                yield each, source

    def _steps(self, start: str, depth: int, arrows: list[tuple[str, str]]) -> dict[str, int]:
        """Distances: every arrow shortens what it can, until none does."""
        steps = {start: 0}
        changed = True
        while changed:
            changed = False
            for one, other in arrows:
                if one in steps and steps[one] + 1 < steps.get(other, 1_000):
                    steps[other] = steps[one] + 1
                    changed = True
        return {each: number for each, number in steps.items() if 0 < number <= depth}

    def _moved(self, basis: Basis) -> bool:
        return any(place != len(self.entries[source]) - 1 for source, place in basis.items())

    def _now(self, tool: Tool) -> Basis:
        """What something built now is built on: the sources that have a value."""
        needed = {need.field for need in tool.needs}
        return {each: len(self.entries[each]) - 1 for each in needed if self.value(each) is not None}

    def _write(self, tool: Tool, after: Answers, version: int) -> None:
        sheet = self.sheets.setdefault(tool.slug, Sheet())
        basis = self._now(tool)
        for question in tool.questions:
            changed = question.key in sheet.data.keys() | after.keys() and (
                sheet.data.get(question.key) != after.get(question.key)
            )
            if changed and question.publishes:
                self.entries[question.publishes].append(Entry(version, after.get(question.key), basis))
                self.bases[question.publishes] = basis
                self.confirmed.discard(question.publishes)
        if after != sheet.data:
            sheet.basis = basis
        sheet.data, sheet.version = after, version

    def _blocking(self, tool: Tool) -> set[str]:
        return {slug for slug in tool.prerequisites if not self.catalogue.by_slug[slug].optional}


def _laid_over(old: Answers, given: Mapping[str, Any]) -> Answers:
    return {key: value for key, value in {**old, **given}.items() if value is not None}
