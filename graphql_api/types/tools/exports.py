"""Documents that are made later: asking for them, and looking how far they are."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from db.models.exports import ExportJob, ExportStatus
from graphql_api import global_id
from graphql_api.types.arguments import ToolName, WhoseOrOwn
from graphql_api.types.describe import computed, described, enumerated, stands_for
from graphql_api.types.refusals import NotAllowed, NotFound, RateLimited, TooLarge, or_refused
from resolvers.tools.exporting import download_link, find_export, request_book, request_export

enumerated(
    "ExportStatus",
    "How far a document is.",
    PENDING="Nobody has begun it yet.",
    PROCESSING="It is being made.",
    COMPLETED="It can be fetched.",
    FAILED="It will not be made; the job says why.",
)(ExportStatus)

JobId = Annotated[UUID, strawberry.argument(description="The job's id.")]
OfTool = Annotated[str | None, strawberry.argument(description="Only a job of this tool, by slug or alias.")]


def _link(root: ExportJob, info: Info) -> str | None:
    return download_link(info.context, root)


@strawberry.type(name="ExportJob", description="A document that is made while nobody waits for it.")
class ExportJobType:
    """An export that takes long; its source is the row."""

    is_type_of = stands_for(ExportJob)

    id: UUID = described("Its id.")
    status: ExportStatus = described("How far it is.")
    progress: int = described("The same in percent.")
    tool_slug: str | None = described("The tool; null for the programme book.")
    error: str | None = described("Why it will not be made.")
    requested_at: datetime = described("When it was asked for.")
    finished_at: datetime | None = described("When it was finished.")
    expires_at: datetime = described("When file, link and job are gone.")
    download_url: str | None = strawberry.field(
        resolver=_link, description="Where the file is fetched, once it is completed; whoever has it needs no token."
    )
    user_id: strawberry.ID = computed("Whose work it shows.", lambda job: strawberry.ID(str(job.subject_id)))


ExportRequestResult = Annotated[
    ExportJobType | NotAllowed | NotFound | RateLimited | TooLarge,
    strawberry.union("ExportRequestResult", description="A job, or why there is none."),
]


@strawberry.type
class ExportQueries:
    """What has been asked for."""

    @strawberry.field(description="A document that you have asked for; null when its time is over.")
    async def export_job(self, info: Info, id: JobId, tool: OfTool = None) -> ExportJobType | None:
        """A job."""
        job: Any = await find_export(info.context, id, tool) if info.context.account else None
        found: ExportJobType | None = job
        return found


@strawberry.type
class ExportMutations:
    """Asking for a document."""

    @strawberry.mutation(
        description="Have a PDF of a submission made; `userId` for admins and gurus. Counts as an export."
        " Asked again before it is finished, it is the same job."
    )
    async def request_export(self, info: Info, tool: ToolName, user_id: WhoseOrOwn = None) -> ExportRequestResult:
        """A tool."""
        return await or_refused(request_export(info.context, tool, global_id.user_id(user_id, "userId")))

    @strawberry.mutation(
        description="Have one PDF of all completed tools made, with a table of contents; `userId` for admins and gurus."
        " Counts as an export. Asked again before it is finished, it is the same job."
    )
    async def request_programme_book(self, info: Info, user_id: WhoseOrOwn = None) -> ExportRequestResult:
        """All tools."""
        return await or_refused(request_book(info.context, global_id.user_id(user_id, "userId")))
