"""What has been read of one participant's work, and what a selection needs of it before it can be answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from db.catalogue import Field
from db.models.identity import Account, Company
from db.models.tools import FieldOutput, Progress, ProgressStatus, Story, Submission
from loaders import Loaders
from loaders.tools import TeamCompletion


@dataclass(slots=True)
class Requirement:
    """The rows that a selection below a participant reads: collected first, then loaded in one batch each."""

    fields: set[str] = field(default_factory=set)
    submissions: set[str] = field(default_factory=set)
    stories: set[str] = field(default_factory=set)
    """Tools of which it is asked what was built on what, and not for the values."""
    team_completion: set[str] = field(default_factory=set)
    progress: bool = False
    company: bool = False
    people: bool = False
    """Authors of values: known by id only once the values are there."""
    values: bool = False
    """Values themselves, of those that a lineage finds: which these are is known only once it is there."""


@dataclass(slots=True)
class Work:
    """Rows of one participant, as far as they were required. ``user_id``: whose; none of somebody whom nobody sees."""

    user_id: UUID | None = None
    outputs: dict[str, FieldOutput] = field(default_factory=dict)
    submissions: dict[str, Submission] = field(default_factory=dict)
    stories: dict[str, Sequence[Story]] = field(default_factory=dict)
    """By tool slug."""
    progress: dict[str, Progress] = field(default_factory=dict)
    team_completion: dict[str, TeamCompletion] = field(default_factory=dict)
    people: dict[UUID, Account] = field(default_factory=dict)
    company: Company | None = None

    def story(self, field: Field) -> FieldOutput | Story | None:
        """A published value, or at least what is told of it; none where there is no value."""
        told = self.stories.get(field.tool.slug, ())
        return self.outputs.get(field.id) or next((each for each in told if each.field_id == field.id), None)

    @property
    def statuses(self) -> dict[str, ProgressStatus]:
        """Progress status by tool slug."""
        return {slug: row.status for slug, row in self.progress.items()}

    @property
    def versions(self) -> dict[str, int]:
        """Version by field id, of the published values that were read or told of."""
        told = {story.field_id: story.version for rows in self.stories.values() for story in rows if story.field_id}
        return told | {field_id: output.version for field_id, output in self.outputs.items()}


async def load_work(loaders: Loaders, accounts: Sequence[Account], required: Requirement) -> list[Work]:
    """The required rows of each account, in the order given: one statement for each kind of row, for all of them."""
    works = [Work(account.id) for account in accounts]
    fields, slugs = sorted(required.fields), sorted(required.submissions)
    if fields:
        outputs = await loaders.field_outputs.load_many((a.id, field_id) for a in accounts for field_id in fields)
        for number, output in enumerate(outputs):
            if output is not None:
                works[number // len(fields)].outputs[output.field_id] = output
    if slugs:
        submissions = await loaders.submissions.load_many((a.id, slug) for a in accounts for slug in slugs)
        for number, submission in enumerate(submissions):
            if submission is not None:
                works[number // len(slugs)].submissions[slugs[number % len(slugs)]] = submission
    if required.stories:
        asked = sorted(required.stories)
        stories = iter(await loaders.stories.load_many((a.id, slug) for a in accounts for slug in asked))
        for work in works:
            work.stories = {slug: next(stories) for slug in asked}
    if required.progress:
        for work, rows in zip(works, await loaders.progress.load_many(a.id for a in accounts), strict=True):
            work.progress = {row.tool_slug: row for row in rows}
    if required.company:
        ids = [a.organization_id for a in accounts if a.organization_id]
        companies = {c.id: c for c in await loaders.companies.load_many(ids) if c}
        for work, account in zip(works, accounts, strict=True):
            work.company = companies.get(account.organization_id) if account.organization_id else None
    for slug in sorted(required.team_completion):
        completion = await loaders.team_completion.load(slug)
        for work in works:
            if completion:
                work.team_completion[slug] = completion
    if required.people:
        await load_people(loaders, works)
    return works


async def load_people(loaders: Loaders, works: Iterable[Work]) -> None:
    """Authors of the values that were read."""
    wanted = {output.author_id for work in works for output in work.outputs.values() if output.author_id}
    people = {account.id: account for account in await loaders.accounts.load_many(sorted(wanted)) if account}
    for work in works:
        work.people = people
