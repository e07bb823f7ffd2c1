"""What a plan reads of one person, and where it stands in the row that the statement gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from db.catalogue import Catalogue, Field, Tool
from db.database import Record
from db.statements import literals
from db.statements.tools import person as sql
from graphql_api.declarations import Column, Kind
from graphql_api.execution.compiled.declined import Unanswerable

_WRITTEN = {
    Kind.TEXT: literals.text,
    Kind.NUMBER: literals.number,
    Kind.UUID: literals.uuid,
    Kind.TIMESTAMP: literals.timestamp,
    Kind.JSON: literals.json,
    Kind.BOOLEAN: literals.boolean,
}


def literal(column: Column, row: str, before: str = "") -> str:
    """The SQL that writes a column of ``row`` as JSON text; ``before``: text to put in front of an enum's word."""
    expression = f"{row}.{column.expression}"
    if column.words is not None:
        return literals.enumeration(expression, column.words, before)
    return _WRITTEN[column.kind](expression)


@dataclass(frozen=True, slots=True)
class Story:
    """What else is read of a published value: JSON text, and the versions it was built on as stored."""

    version: str
    updated_at: str
    built_on: str


class _Rows(dict[str, Any]):
    """Rows that must be there; one that is not leaves the answer to graphql-core."""

    def __missing__(self, key: str) -> Any:
        raise Unanswerable(f"{key} has no row")


@dataclass(slots=True)
class Person:
    """What was read of one person. Texts are JSON unless said otherwise.

    ``values`` and ``stories`` by field id; ``submissions``: parts by slug; ``progress``: for each fragment, by slug.
    """

    record: Record
    id: str
    """The account's id, bare."""
    values: Mapping[str, str]
    stories: Mapping[str, Story]
    submissions: Mapping[str, Sequence[str]]
    progress: Sequence[Mapping[str, str]]
    versions: Mapping[str, int]
    """Of the tools whose stories are read, by field id."""
    built_on: Mapping[str, Sequence[Mapping[str, int]]]
    """Of the same tools by slug: what each value was built on, or all answers of a tool that publishes none."""
    spent: int = 0
    """Cost of what holes have written of this person."""


@dataclass(slots=True)
class Layout:
    """Collects what a plan needs while it is made; then says what to select, and reads rows of just that."""

    catalogue: Catalogue
    columns: dict[str, int] = field(default_factory=lambda: {"person.id::text": 0})
    fields: dict[str, Field] = field(default_factory=dict)
    with_story: bool = False
    tools: dict[str, Tool] = field(default_factory=dict)
    """Tools whose submissions are read."""
    parts: dict[str, int] = field(default_factory=dict)
    """Parts of a submission."""
    told_of: dict[str, Tool] = field(default_factory=dict)
    """Tools of which it is read what was built on what."""
    fragments: dict[str, int] = field(default_factory=dict)
    progress_of: set[str] = field(default_factory=set)
    with_company: bool = False

    def column(self, expression: str) -> int:
        """Where an expression stands in the row."""
        return self.columns.setdefault(expression, len(self.columns))

    def value(self, field_id: str) -> None:
        """Read a published value."""
        self.fields[field_id] = self.catalogue.fields[field_id]

    def submission(self, tool: Tool, column: Column) -> int:
        """Where a column stands among the parts of a tool's submission."""
        self.tools[tool.slug] = tool
        return self.parts.setdefault(literal(column, "s"), len(self.parts))

    def stories(self, tool: Tool) -> None:
        """Read what a tool's values were built on, and the versions of what it builds on."""
        for slug in (tool.slug, *self.catalogue.source_slugs(tool)):
            self.told_of[slug] = self.catalogue.by_slug[slug]

    def fragment(self, tool: Tool, expression: str) -> int:
        """Which fragment an expression on a progress row is."""
        self.progress_of.add(tool.slug)
        return self.fragments.setdefault(expression, len(self.fragments))

    def select(self) -> list[str]:
        """What the statement selects for each person."""
        selected = list(self.columns)
        if self.fields:
            wanted: dict[str, list[str]] = {}
            for field_id, each in self.fields.items():
                wanted.setdefault(each.tool.schema_name, []).append(field_id)
            selected.append(sql.values(wanted, with_story=self.with_story))
        if self.tools:
            schemas = [tool.schema_name for tool in self.tools.values()]
            selected.append(sql.submissions(schemas, list(self.parts)))
        if self.told_of:
            publishing, silent = self._told_of()
            selected.append(sql.stories([t.schema_name for t in publishing], [t.schema_name for t in silent]))
        if self.fragments:
            selected += ["progress.slugs", *(f"progress.fragment_{number}" for number in self.fragments.values())]
        return selected

    def versions(self) -> list[str]:
        """What changes whenever anything does that ``select`` reads, without looking at the tools' own tables."""
        slugs = {field.tool.slug for field in self.fields.values()} | self.tools.keys()
        slugs |= self.told_of.keys() | self.progress_of
        company = ["md5(company::text)"] if self.with_company else []
        return ["md5(person::text)", *company, *([sql.versions(sorted(slugs))] if slugs else [])]

    def joins(self) -> list[str]:
        """What the statement joins to each person."""
        joins = [sql.COMPANY] if self.with_company else []
        if self.fragments:
            every = len(self.progress_of) == len(self.catalogue.tools)
            joins.append(sql.progress(list(self.fragments), None if every else sorted(self.progress_of)))
        return joins

    def person(self, record: Record) -> Person:
        """What a row says of its person."""
        at = len(self.columns)
        values: dict[str, str] = {}
        stories: dict[str, Story] = {}
        submissions: dict[str, Sequence[str]] = {}
        versions: Mapping[str, int] = {}
        built: Mapping[str, Sequence[Mapping[str, int]]] = {}
        progress: list[_Rows] = []
        if self.fields:
            if self.with_story:
                for row in record[at]:
                    field_id, version, updated_at, built_on, value = row.split(sql.UNIT, 4)
                    values[field_id] = value
                    stories[field_id] = Story(version, updated_at, built_on)
            else:
                values = dict([row.split(sql.UNIT, 1) for row in record[at]])
            at += 1
        if self.tools:
            slugs = list(self.tools)
            for row in record[at]:
                position, *parts = row.split(sql.UNIT)
                submissions[slugs[int(position)]] = parts
            at += 1
        if self.told_of:
            versions, built = self._built(record[at])
            at += 1
        if self.fragments:
            found = record[at].split(sql.LINE) if record[at] else []
            progress = [
                _Rows(zip(found, record[at + 1 + number].split(sql.LINE), strict=True)) if found else _Rows()
                for number in range(len(self.fragments))
            ]
        return Person(record, record[0], values, stories, submissions, progress, versions, built)

    def _told_of(self) -> tuple[list[Tool], list[Tool]]:
        """Those that publish values, and those that do not."""
        tools = self.told_of.values()
        return [tool for tool in tools if tool.published], [tool for tool in tools if not tool.published]

    def _built(self, rows: Sequence[str]) -> tuple[dict[str, int], dict[str, list[dict[str, int]]]]:
        publishing, silent = self._told_of()
        slugs = [tool.slug for tool in (*publishing, *silent)]
        versions: dict[str, int] = {}
        built_on: dict[str, list[dict[str, int]]] = {}
        for row in rows:
            position, field_id, version, sources = row.split(sql.UNIT)
            if not field_id or field_id in self.catalogue.fields:
                versions[field_id] = int(version)
                built_on.setdefault(slugs[int(position)], []).append(orjson.loads(sources))
        return versions, built_on
