"""The part of the product's schema that the queries ask for, with the same names."""

from enum import Enum
from uuid import UUID

import strawberry
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.fastapi import BaseContext
from strawberry.types import Info as StrawberryInfo

from bench.peers.strawberry_orm.loaders import Loaders
from bench.peers.strawberry_orm.models import Organization, User
from bench.peers.strawberry_orm.tools import Pricing, pricing


class Context(BaseContext):
    """One request: its session, the person who asks, its loaders."""

    def __init__(self, session: AsyncSession, user: User, loaders: Loaders) -> None:
        super().__init__()
        self.session = session
        self.user = user
        self.loaders = loaders


Info = StrawberryInfo[Context, None]


@strawberry.enum(name="ProgressStatus")
class ProgressStatus(Enum):
    """How far a person is with a tool."""

    LOCKED = "locked"
    UNLOCKED = "unlocked"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


@strawberry.type(name="Progress")
class ProgressType:
    """How far a person is with one tool."""

    status: ProgressStatus
    percentage: int


@strawberry.type
class Tool:
    """One tool of a person."""

    slug: str
    progress: ProgressType


@strawberry.type
class Participant:
    """A person with their tools."""

    id: strawberry.Private[UUID]
    full_name: str

    @strawberry.field
    async def tools(self, info: Info) -> list[Tool]:
        """Every tool, by sprint."""
        return [
            Tool(
                slug=row.tool_slug,
                progress=ProgressType(status=ProgressStatus(row.status), percentage=row.progress_percentage),
            )
            for row in await info.context.loaders.progress.load(self.id)
        ]

    @strawberry.field
    async def pricing(self, info: Info) -> Pricing:
        """Pricing of this person."""
        return await pricing(info, self.id)


@strawberry.type
class MemberEdge:
    """One entry of a page."""

    node: Participant


@strawberry.type
class MemberConnection:
    """A page of members."""

    edges: list[MemberEdge]


@strawberry.type(name="Organization")
class OrganizationType:
    """An organisation with its people."""

    id: strawberry.Private[UUID]
    name: str

    @strawberry.field
    async def members(self, info: Info, first: int = 20) -> MemberConnection:
        """People by name."""
        page = select(User).where(User.organization_id == self.id).order_by(User.full_name, User.id).limit(first)
        users = (await info.context.session.scalars(page)).all()
        return MemberConnection(
            edges=[MemberEdge(node=Participant(id=user.id, full_name=user.full_name)) for user in users]
        )


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    def viewer(self, info: Info) -> Participant:
        """The person who asks."""
        return Participant(id=info.context.user.id, full_name=info.context.user.full_name)

    @strawberry.field
    async def organization(self, info: Info) -> OrganizationType | None:
        """The organisation of the person who asks."""
        found = await info.context.session.get(Organization, info.context.user.organization_id)
        return OrganizationType(id=found.id, name=found.name) if found else None


schema = strawberry.Schema(Query, extensions=[ParserCache, ValidationCache])
