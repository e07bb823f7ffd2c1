"""A participant's work on the tools: what every tool type has in common, and what it consists of."""

from datetime import datetime
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import strawberry

from db.models.tools import Progress, Submission
from graphql_api import global_id
from graphql_api.scalars import JSON, FieldId
from graphql_api.types.describe import computed, described, enumerated, stands_for
from graphql_api.types.node import Node
from graphql_api.types.tools.catalogue import FieldDefinition, QuestionObject, ToolDefinition
from graphql_api.types.tools.status import ProgressStatus, SubmissionStatus
from graphql_api.types.tools.values import DependencyType, FieldValueType
from resolvers.refusals import MissingPrerequisite
from resolvers.tools.participant import ToolView
from resolvers.tools.summary import NextTool, ProgressSummary
from resolvers.tools.values import QuestionAnswer


@strawberry.type(name="Progress", description="How far a participant is with one tool. Each time is written once.")
class ProgressType:
    """Progress."""

    is_type_of = stands_for(Progress)

    status: ProgressStatus = described("Locked, open, begun or done.")
    percentage: int = described("Required questions answered, in percent.")
    is_unlocked: bool = computed("Whether it can be worked on.", lambda p: p.status is not ProgressStatus.LOCKED)
    is_completed: bool = computed("Whether it has been submitted.", lambda p: p.status is ProgressStatus.COMPLETED)
    unlocked_at: datetime | None = described("When it opened.")
    started_at: datetime | None = described("When it was first saved.")
    last_accessed_at: datetime | None = described("When it was last changed.")
    completed_at: datetime | None = described("When it was first submitted.")


@strawberry.type(name="Submission", description="A participant's answers to one tool.")
class SubmissionType:
    """A submission."""

    is_type_of = stands_for(Submission)

    database_id: UUID = computed("The row's UUID.", lambda row: row.id)
    user_id: UUID = described("The participant's UUID.")
    organization_id: UUID | None = described("The organisation's UUID.")
    data: JSON = described("Every answer by question key.")
    status: SubmissionStatus = described("Where it stands.")
    version: int = described("Counts saves, from 1; send it as `expectedVersion` to be told of a save in between.")
    created_at: datetime = described("When it was first saved.")
    updated_at: datetime = described("When it was last changed.")
    submitted_at: datetime | None = described("When it was first submitted.")
    completed_at: datetime | None = described("When a guru first approved it.")
    reviewed_at: datetime | None = described("When a guru last looked at it.")
    review_comment: str | None = described("What the guru said.")


@strawberry.type(name="QuestionAnswer", description="A question and what was answered.")
class QuestionAnswerType:
    """A question with its answer."""

    is_type_of = stands_for(QuestionAnswer)

    question: QuestionObject = computed("The question.", lambda pair: (pair.tool, pair.question))
    text: str | None = described("The answer where it is text.")
    data: JSON | None = described("The answer as stored.")


@strawberry.type(name="MissingPrerequisite", description="A tool that has to be completed first.")
class MissingPrerequisiteType:
    """A missing prerequisite."""

    is_type_of = stands_for(MissingPrerequisite)

    tool: ToolDefinition = described("The tool to complete.")
    status: ProgressStatus = described("How far it is.")
    fields: list[FieldDefinition] = described("Required values of it that are not there yet.")


@enumerated(
    "TeamUnlockReason",
    "Why a team cannot unlock a tool together.",
    NO_ORG="You belong to no organisation.",
    NO_MEMBERS="Your organisation has no participants.",
)
class TeamUnlockReason(Enum):
    """Reasons."""

    NO_ORG = "no_org"
    NO_MEMBERS = "no_members"


@strawberry.type(description="How far the participants of the viewer's organisation are with a tool.")
class TeamUnlock:
    """Team completion; its source is (TeamCompletion or None, whether there is an organisation)."""

    unlocked: bool = computed("Whether everyone has completed it.", lambda pair: _everyone(pair[0]))
    submitted: int = computed("Participants who have.", lambda pair: pair[0].submitted if pair[0] else 0)
    total: int = computed("Participants there are.", lambda pair: pair[0].total if pair[0] else 0)
    reason: TeamUnlockReason | None = computed("Why it cannot be.", lambda pair: _reason(*pair))


def _everyone(completion: Any) -> bool:
    return bool(completion and completion.total and completion.submitted == completion.total)


def _reason(completion: Any, in_organization: bool) -> TeamUnlockReason | None:
    if not in_organization:
        return TeamUnlockReason.NO_ORG
    return None if completion and completion.total else TeamUnlockReason.NO_MEMBERS


@strawberry.type(name="ProgressSummary", description="Counts over all tools of a participant.")
class ProgressSummaryType:
    """A summary."""

    is_type_of = stands_for(ProgressSummary)

    total_tools: int = described("Tools there are.")
    completed_tools: int = described("Submitted.")
    in_progress_tools: int = described("Begun.")
    unlocked_tools: int = described("Open, not begun.")
    locked_tools: int = described("Waiting for prerequisites.")
    completion_percentage: int = described("Completed tools, in percent.")
    current_tool: ToolDefinition | None = described("What to work on.")
    total_time_spent_hours: float = described("From first save to first completion, over all completed tools.")
    average_time_per_tool_hours: float = described("The same for one tool.")


@strawberry.type(name="NextTool", description="What to work on next.")
class NextToolType:
    """The next tool."""

    is_type_of = stands_for(NextTool)

    tool: ToolDefinition | None = described("The tool; null when there is none.")
    message: str = described("A sentence that says why.")


Available = Annotated[
    bool | None, strawberry.argument(description="Only values that are there, or only those that are not.")
]
OwnFields = Annotated[
    list[FieldId] | None, strawberry.argument(description="Ids of values that the tool publishes; others give nothing.")
]


@strawberry.interface(name="Tool", description="One tool of one participant: what every tool type has.")
class ToolInterface(Node):
    """The common fields; their sources are `ToolView`s."""

    id: strawberry.ID = computed(
        "Opaque and globally unique.",
        lambda view: global_id.encode(f"{view.tool.type_name}Tool", view.participant.account.id),
    )
    slug: str = described("Name in URLs.")
    name: str = described("Name for people.")
    definition: ToolDefinition = described("The tool as the catalogue has it.")
    progress: ProgressType = described("How far the participant is.")
    submission: SubmissionType | None = described("The answers as stored, with their status and version.")
    answers: JSON = described("Every answer by question key; empty before the first save.")
    responses: list[QuestionAnswerType] = described("Each question with its answer, in the order of its page.")
    stale: bool = described(
        "Whether a value it publishes was built on something that has changed since; its answers, if it publishes none."
    )
    why_locked: list[MissingPrerequisiteType] = described(
        "What is missing: prerequisites not completed, each with its required values not there yet. Empty when open."
    )
    unlocks: list[ToolDefinition] = described("The locked tools that wait for this one.")

    @strawberry.field(description="Every value it builds on; with `available`, only those (not) there.")
    def dependencies(root: strawberry.Parent[Any], available: Available = None) -> list[DependencyType]:
        """Dependencies in the catalogue's order."""
        return root.dependencies(available)

    @strawberry.field(description="Its published values with their story; all of them without `ids`.")
    def field_values(root: strawberry.Parent[Any], ids: OwnFields = None) -> list[FieldValueType]:
        """Published values in the order of the questions."""
        return root.field_values(ids)

    @strawberry.field(description="How far the participants of the viewer's organisation are with it.")
    def team_unlock(root: strawberry.Parent[Any]) -> TeamUnlock:
        """Team completion."""
        work = root.participant.work
        completion: Any = (work.team_completion.get(root.tool.slug), root.participant.organization_id is not None)
        return completion

    @classmethod
    def resolve_type(cls, source: ToolView, _: Any, __: Any) -> str:
        """Name of the object type for a tool."""
        return f"{source.tool.type_name}Tool"
