"""Loads participants' work: published values, submissions, progress."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from db.catalogue import Catalogue
from db.database import Reader, Record
from db.encryption import DataKeys, Stored
from db.models.tools import FieldOutput, Progress, ProgressStatus, Story, Submission, SubmissionStatus
from db.statements import encryption
from db.statements import tools as sql
from loaders.batching import RowLoader, RowsLoader
from loaders.within import Within


@dataclass(frozen=True, slots=True)
class TeamCompletion:
    """How many of the viewer's organisation have completed a tool, of how many participants."""

    submitted: int
    total: int


Seen = Callable[[UUID, str], None]
"""Told of a person and the slug of a tool whose answers were read."""


def field_outputs(
    read: Reader, catalogue: Catalogue, within: Within, seen: Seen | None
) -> RowLoader[tuple[UUID, str], FieldOutput]:
    """Published values by (user id, field id); one arm of the statement for each tool touched."""

    async def fetch(keys: Sequence[tuple[UUID, str]]) -> Mapping[tuple[UUID, str], FieldOutput]:
        users = list({user for user, _ in keys})
        wanted: dict[str, list[str]] = defaultdict(list)
        for field in sorted({field for _, field in keys}):
            tool = catalogue.fields[field].tool
            if within.reaches(tool.slug):
                wanted[tool.schema_name].append(field)
        if not wanted:
            return {}
        schemas = tuple(sorted(wanted))
        rows = await read(sql.field_outputs(schemas), users, *(wanted[schema] for schema in schemas))
        if seen:
            for row in rows:
                seen(row["user_id"], catalogue.fields[row["field_id"]].tool.slug)
        found = {}
        for row in rows:
            columns = dict(row) | {"built_on": within.sources(row["built_on"], catalogue)}
            found[row["user_id"], row["field_id"]] = FieldOutput(**columns)
        return found

    return RowLoader(fetch)


def submissions(
    read: Reader, catalogue: Catalogue, data_keys: DataKeys, within: Within, seen: Seen | None
) -> RowLoader[tuple[UUID, str], Submission]:
    """Submissions by (user id, tool slug), their answers in plain text."""

    async def keys_by_id(ids: Sequence[UUID]) -> Sequence[Record]:
        return await read(encryption.READ_BY_ID, ids)

    async def fetch(keys: Sequence[tuple[UUID, str]]) -> Mapping[tuple[UUID, str], Submission]:
        users = list({user for user, _ in keys})
        slugs = {slug for _, slug in keys if within.reaches(slug)}
        if not slugs:
            return {}
        tools = sorted(slugs, key=lambda slug: catalogue.by_slug[slug].sprint)
        statement = sql.submissions(tuple(catalogue.by_slug[slug].schema_name for slug in tools))
        rows = [dict(row) for row in await read(statement, users)]
        stored = [
            Stored(tools[row.pop("position")], row["user_id"], row["organization_id"], row.pop("data")) for row in rows
        ]
        found = {}
        for row, each, opened in zip(rows, stored, await data_keys.open(stored, keys_by_id), strict=True):
            row["status"] = SubmissionStatus(row["status"])
            row["built_on"] = within.sources(row["built_on"], catalogue)
            if seen:
                seen(each.user_id, each.slug)
            submission = Submission(**row, answers=opened.answers, unreadable=opened.unreadable)
            found[each.user_id, each.slug] = within.submission(submission, catalogue.by_slug[each.slug])
        return found

    return RowLoader(fetch)


def stories(read: Reader, catalogue: Catalogue, within: Within) -> RowsLoader[tuple[UUID, str], Story]:
    """What was built on what by (user id, tool slug): of each published value, or of all answers where there are none.

    No answer is read, so nobody is told of it.
    """

    async def fetch(keys: Sequence[tuple[UUID, str]]) -> Mapping[tuple[UUID, str], Sequence[Story]]:
        users = list({user for user, _ in keys})
        wanted = [catalogue.by_slug[slug] for slug in {slug for _, slug in keys} if within.reaches(slug)]
        # Those that publish nothing come last.
        tools = sorted(wanted, key=lambda tool: (not tool.published, tool.sprint))
        if not tools:
            return {}
        publishing = tuple(tool.schema_name for tool in tools if tool.published)
        silent = tuple(tool.schema_name for tool in tools if not tool.published)
        found: dict[tuple[UUID, str], list[Story]] = defaultdict(list)
        for row in await read(sql.stories(publishing, silent), users):
            if row["field_id"] is None or row["field_id"] in catalogue.fields:
                story = Story(row["field_id"], row["version"], within.sources(row["built_on"], catalogue))
                found[row["user_id"], tools[row["position"]].slug].append(story)
        return found

    return RowsLoader(fetch)


def progress(read: Reader, within: Within) -> RowsLoader[UUID, Progress]:
    """A participant's progress rows, one for each tool, by user id."""

    async def fetch(keys: Sequence[UUID]) -> Mapping[UUID, Sequence[Progress]]:
        found: dict[UUID, list[Progress]] = defaultdict(list)
        for row in await read(sql.PROGRESS, keys):
            if within.reaches(row["tool_slug"]):
                found[row["user_id"]].append(Progress(row[0], row[1], ProgressStatus(row[2]), *row[3:]))
        return found

    return RowsLoader(fetch)


def team_completion(read: Reader, within: Within) -> RowLoader[str, TeamCompletion]:
    """How far the viewer's own organisation is, by tool slug."""

    async def fetch(keys: Sequence[str]) -> Mapping[str, TeamCompletion]:
        rows = await read(sql.TEAM_COMPLETION, [slug for slug in keys if within.reaches(slug)])
        return {row["tool_slug"]: TeamCompletion(row["submitted"], row["total"]) for row in rows}

    return RowLoader(fetch)
