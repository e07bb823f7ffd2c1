"""Loads what published values have been."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from db.catalogue import Catalogue
from db.database import Reader
from db.models.tools import AuthorKind, FieldVersion
from db.statements import tools as sql
from loaders.batching import RowLoader, RowsLoader
from loaders.tools import Seen
from loaders.within import Within


class VersionKey(NamedTuple):
    """One version of a person's value, and whether the value itself is wanted."""

    user_id: UUID
    field_id: str
    version: int
    with_value: bool


class HistoryKey(NamedTuple):
    """The newest versions of a person's value: before which, how many, and whether the values themselves are wanted."""

    user_id: UUID
    field_id: str
    before: int
    most: int
    with_values: bool


def field_versions(
    read: Reader, catalogue: Catalogue, within: Within, seen: Seen | None
) -> RowLoader[VersionKey, FieldVersion]:
    """Single versions of published values."""

    async def fetch(keys: Sequence[VersionKey]) -> Mapping[VersionKey, FieldVersion]:
        found = {}
        for with_value in sorted({key.with_value for key in keys}):
            wanted = _by_schema(catalogue, within, [key for key in keys if key.with_value is with_value])
            if wanted:
                statement = sql.field_versions(tuple(wanted), with_values=with_value)
                columns = [[key[:3] for key in of_schema] for of_schema in wanted.values()]
                for version in _versions(await read(statement, *_parameters(columns)), catalogue, within, seen):
                    found[VersionKey(version.user_id, version.field_id, version.version, with_value)] = version
        return found

    return RowLoader(fetch)


def field_histories(
    read: Reader, catalogue: Catalogue, within: Within, seen: Seen | None
) -> RowsLoader[HistoryKey, FieldVersion]:
    """Histories of published values, newest first."""

    async def fetch(keys: Sequence[HistoryKey]) -> Mapping[HistoryKey, Sequence[FieldVersion]]:
        found: dict[HistoryKey, list[FieldVersion]] = defaultdict(list)
        # Two pages of one value in one statement could not be told apart.
        for before, most, with_values in sorted({key[2:] for key in keys}):
            alike = [key for key in keys if key[2:] == (before, most, with_values)]
            wanted = _by_schema(catalogue, within, alike)
            if wanted:
                statement = sql.field_histories(tuple(wanted), with_values=with_values)
                columns = [[key[:4] for key in of_schema] for of_schema in wanted.values()]
                for version in _versions(await read(statement, *_parameters(columns)), catalogue, within, seen):
                    key = HistoryKey(version.user_id, version.field_id, before, most, with_values)
                    found[key].append(version)
        return {key: sorted(versions, key=lambda each: -each.version) for key, versions in found.items()}

    return RowsLoader(fetch)


def _by_schema(catalogue: Catalogue, within: Within, keys: Sequence[Any]) -> dict[str, list[Any]]:
    """The keys by the schema of the tool that publishes the value, as far as there is any for the request."""
    wanted: dict[str, list[Any]] = defaultdict(list)
    for key in sorted(keys):
        tool = catalogue.fields[key.field_id].tool
        if within.reaches(tool.slug):
            wanted[tool.schema_name].append(key)
    return dict(sorted(wanted.items()))


def _parameters(by_schema: Sequence[Sequence[tuple[Any, ...]]]) -> list[list[Any]]:
    """The keys column by column, one schema after the other."""
    return [list(column) for keys in by_schema for column in zip(*keys, strict=True)]


def _versions(rows: Sequence[Any], catalogue: Catalogue, within: Within, seen: Seen | None) -> Iterator[FieldVersion]:
    for row in rows:
        columns = dict(row)
        columns["author_kind"] = AuthorKind(row["author_kind"])
        columns["built_on"] = within.sources(row["built_on"], catalogue)
        if seen:
            seen(row["user_id"], catalogue.fields[row["field_id"]].tool.slug)
        yield FieldVersion(**columns)
