"""Managing people, and the table of what each role may do."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from db.models.identity import Account
from db.permissions import PERMISSIONS, Permission, Reach
from db.viewer import Role
from graphql_api import global_id
from graphql_api.types.arguments import Whose
from graphql_api.types.describe import computed, described, enumerated, stands_for
from graphql_api.types.identity.people import AccountType
from graphql_api.types.refusals import NotAllowed, NotFound, or_refused
from resolvers.members import assign_guru, change_role, deactivate_user, reactivate_user, unassign_guru
from resolvers.permissions import meaning

enumerated(
    "Reach",
    "Whose rows a permission reaches.",
    OWN="The person's own.",
    ORGANIZATION="Everybody's of the person's organisation.",
    GUIDED="Everybody's of the organisations that a guru looks after.",
    ALL="Everybody's.",
)(Reach)

NewRole = Annotated[Role, strawberry.argument(description="What the person shall be.")]
Which = Annotated[
    strawberry.ID | None, strawberry.argument(description="The organisation, by id or UUID; your own without it.")
]


@dataclass(frozen=True, slots=True)
class Rule:
    """A cell of the table of permissions that is not empty."""

    permission: Permission
    role: Role
    reaches: tuple[Reach, ...]


@strawberry.type(name="PermissionRule", description="What one role may do, and with whose rows.")
class PermissionRule:
    """A rule."""

    is_type_of = stands_for(Rule)

    permission: str = computed("`<what>:<how>`, as in `work:read`.", lambda rule: rule.permission.value)
    meaning: str = computed("The same in words.", lambda rule: meaning(rule.permission))
    role: Role = described("Who may.")
    reaches: list[Reach] = described("Whose rows.")


@dataclass(frozen=True, slots=True)
class Changed:
    """An account after it was changed."""

    account: Account


@strawberry.type(description="The person as they are now.")
class MemberChanged:
    """Changed."""

    is_type_of = stands_for(Changed)

    user: AccountType = computed("The account.", lambda changed: changed.account)
    guided_organization_ids: list[UUID] = computed(
        "UUIDs of the organisations that a guru looks after, as far as you manage them.",
        lambda changed: list(changed.account.guided_organization_ids),
    )


MemberResult = Annotated[
    MemberChanged | NotAllowed | NotFound,
    strawberry.union("MemberResult", description="The changed person, or why nothing was changed."),
]


@strawberry.type
class PermissionQueries:
    """Fields of ``Query`` about permissions."""

    @strawberry.field(description="What each role may do; needs no sign-in. Without `role` all of them.")
    def permissions(
        self,
        role: Annotated[Role | None, strawberry.argument(description="Only this role.")] = None,
    ) -> list[PermissionRule]:
        """The table."""
        rules: Any = [
            Rule(permission, each, tuple(reach for reach in Reach if reach in reaches))
            for permission, by_role in PERMISSIONS.items()
            for each, reaches in by_role.items()
            if reaches and role in (None, each)
        ]
        return rules


@strawberry.type
class MemberMutations:
    """Fields of ``Mutation`` for those who manage people."""

    @strawberry.mutation(description="Give somebody another role. Their access tokens stop at once. For admins.")
    async def change_role(self, info: Info, user_id: Whose, role: NewRole) -> MemberResult:
        """Change a role."""
        return await or_refused(_changed(change_role(info.context, _user(user_id), role)))

    @strawberry.mutation(
        description="Let somebody sign in no more; sessions and access tokens end at once, the work stays. For admins."
    )
    async def deactivate_user(self, info: Info, user_id: Whose) -> MemberResult:
        """Deactivate."""
        return await or_refused(_changed(deactivate_user(info.context, _user(user_id))))

    @strawberry.mutation(description="Let somebody sign in again. For admins.")
    async def reactivate_user(self, info: Info, user_id: Whose) -> MemberResult:
        """Reactivate."""
        return await or_refused(_changed(reactivate_user(info.context, _user(user_id))))

    @strawberry.mutation(description="Have a guru look after an organisation. For admins.")
    async def assign_guru(self, info: Info, user_id: Whose, organization_id: Which = None) -> MemberResult:
        """Assign."""
        wanted = global_id.company_id(organization_id, "organizationId")
        return await or_refused(_changed(assign_guru(info.context, _user(user_id), wanted)))

    @strawberry.mutation(description="Have a guru look after an organisation no more. For admins.")
    async def unassign_guru(self, info: Info, user_id: Whose, organization_id: Which = None) -> MemberResult:
        """Unassign."""
        wanted = global_id.company_id(organization_id, "organizationId")
        return await or_refused(_changed(unassign_guru(info.context, _user(user_id), wanted)))


async def _changed(change: Coroutine[Any, Any, Account]) -> Changed:
    return Changed(await change)


def _user(given: str) -> UUID:
    user_id = global_id.user_id(given, "userId")
    assert user_id is not None
    return user_id
