"""Invitations: sent, listed and revoked by admins, accepted by those who hold their token."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.relay import PageInfo
from strawberry.types import Info

from db.models.identity import Invitation
from db.viewer import Role
from graphql_api import global_id
from graphql_api.cursor import decode_cursor, encode_cursor
from graphql_api.execution.scope import selects
from graphql_api.types.describe import computed, described, stands_for
from graphql_api.types.identity.passwords import NewPassword
from graphql_api.types.identity.signing_in import SignedIn
from graphql_api.types.refusals import InvalidInput, NotAllowed, NotFound, RateLimited, or_refused
from resolvers.identity import MAX_PAGE
from resolvers.invitations import accept_invitation, cursor, invite_member, open_invitations, revoke_invitation

First = Annotated[int, strawberry.argument(description=f"How many, from 0 to {MAX_PAGE}.")]
After = Annotated[str | None, strawberry.argument(description="`endCursor` of the page before.")]
IntoOrganization = Annotated[
    strawberry.ID | None, strawberry.argument(description="The organisation, by id or UUID; your own without it.")
]
OfOrganization = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only those of one organisation, by id or UUID.")
]
InvitedAs = Annotated[Role, strawberry.argument(description="What the person shall be.")]
Address = Annotated[str, strawberry.argument(description="Mail address of the person.")]
Name = Annotated[str | None, strawberry.argument(description="First and last name, as far as known.")]
OwnName = Annotated[str, strawberry.argument(description="Your first and last name.")]
InvitationToken = Annotated[str, strawberry.argument(description="The token of the mail; works once, within 7 days.")]
InvitationId = Annotated[UUID, strawberry.argument(description="The invitation.")]


@strawberry.type(name="Invitation", description="An invitation that can still be accepted.")
class InvitationType:
    """An invitation."""

    is_type_of = stands_for(Invitation)

    database_id: UUID = computed("The invitation's UUID.", lambda invitation: invitation.id)
    email: str = described("Where it was sent, and the address of the account to come.")
    full_name: str | None = described("Name, as far as it is known.")
    role: Role = described("What the person will be.")
    organization_id: UUID | None = described("UUID of the organisation.")
    invited_by: UUID | None = described("UUID of the admin who sent it; null: an operator did.")
    created_at: datetime = described("When it was sent.")
    expires_at: datetime = described("When it can be accepted no more.")


@strawberry.type(description="An invitation, and where the list goes on after it.")
class InvitationEdge:
    """An edge."""

    node: InvitationType = described("The invitation.")
    cursor: str = described("Opaque; for `after`.")


@strawberry.type(description="A page of open invitations, the newest first.")
class InvitationConnection:
    """A page."""

    edges: list[InvitationEdge] = described("The invitations of this page.")
    page_info: PageInfo = described("Whether and where the list goes on.")
    total_count: int = described("Open invitations of all pages.")


@strawberry.type(description="The invitation is on its way by mail.")
class MemberInvited:
    """Invited; its source is the invitation."""

    is_type_of = stands_for(Invitation)

    invitation: InvitationType = computed("The invitation.", lambda invitation: invitation)


@dataclass(frozen=True, slots=True)
class Revoked:
    """An invitation that was revoked."""

    id: UUID


@strawberry.type(description="The invitation is worth nothing any more.")
class InvitationRevoked:
    """Revoked."""

    is_type_of = stands_for(Revoked)

    database_id: UUID = computed("The invitation's UUID.", lambda revoked: revoked.id)


InviteMemberResult = Annotated[
    MemberInvited | InvalidInput | NotAllowed | NotFound | RateLimited,
    strawberry.union("InviteMemberResult", description="The invitation, or why there is none."),
]
RevokeInvitationResult = Annotated[
    InvitationRevoked | NotAllowed | NotFound,
    strawberry.union("RevokeInvitationResult", description="What became of the invitation."),
]
AcceptInvitationResult = Annotated[
    SignedIn | InvalidInput,
    strawberry.union("AcceptInvitationResult", description="Tokens of the new account, or why there is none."),
]


@strawberry.type
class InvitationQueries:
    """Fields of ``Query`` about invitations."""

    @strawberry.field(
        description="Open invitations that you may see, the newest first: for an admin those of their organisation."
    )
    async def invitations(
        self, info: Info, first: First = 20, after: After = None, organization_id: OfOrganization = None
    ) -> InvitationConnection:
        """One page."""
        page = await open_invitations(
            info.context,
            first=first,
            after=None if after is None else decode_cursor(after),
            organization_id=global_id.company_id(organization_id, "organizationId"),
            counted=selects(info, "totalCount"),
        )
        found: Any = page.invitations
        edges = [InvitationEdge(node=each, cursor=encode_cursor(cursor(each))) for each in found]
        return InvitationConnection(
            edges=edges,
            page_info=PageInfo(
                has_next_page=page.has_next,
                has_previous_page=after is not None,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
            total_count=page.total or 0,
        )


@strawberry.type
class InvitationMutations:
    """Fields of ``Mutation`` about invitations."""

    @strawberry.mutation(
        description="Invite somebody by mail to make an account. Inviting them again replaces the invitation."
    )
    async def invite_member(
        self,
        info: Info,
        email: Address,
        role: InvitedAs,
        full_name: Name = None,
        organization_id: IntoOrganization = None,
    ) -> InviteMemberResult:
        """Invite."""
        company = global_id.company_id(organization_id, "organizationId")
        return await or_refused(invite_member(info.context, email, role, full_name, company))

    @strawberry.mutation(description="Make an open invitation worth nothing.")
    async def revoke_invitation(self, info: Info, id: InvitationId) -> RevokeInvitationResult:
        """Revoke."""

        async def act() -> Revoked:
            return Revoked(await revoke_invitation(info.context, id))

        return await or_refused(act())

    @strawberry.mutation(description="Make the account that you were invited to, and sign in.")
    async def accept_invitation(
        self, info: Info, token: InvitationToken, full_name: OwnName, password: NewPassword
    ) -> AcceptInvitationResult:
        """Accept."""
        return await or_refused(accept_invitation(info.context, token, full_name, password))
