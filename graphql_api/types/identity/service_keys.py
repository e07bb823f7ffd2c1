"""Service keys as those see and make them who manage an organisation's automations."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from db.models.service_keys import Behalf, ServiceKey
from graphql_api import global_id
from graphql_api.types.arguments import Whose
from graphql_api.types.describe import computed, described, enumerated, stands_for
from graphql_api.types.refusals import InvalidInput, NotAllowed, NotFound, or_refused
from resolvers.service_keys.checking import MAX_KEY_LIFETIME, NewServiceKey
from resolvers.service_keys.managing import (
    CreatedKey,
    Granted,
    create_service_key,
    grant_to_service_key,
    revoke_service_key,
    service_keys,
)

enumerated(
    "ServiceKeyBehalf",
    "For whom a service key may ask.",
    MEMBERS="Every member of its organisation.",
    LISTED="Those whom it lists.",
    ASKED="Those for whom it has been granted, for as long as the grant lasts.",
)(Behalf)

KeyId = Annotated[UUID, strawberry.argument(description="The key's UUID.")]
Which = Annotated[strawberry.ID | None, strawberry.argument(description="The organisation; your own without it.")]
Tools = Annotated[
    list[str] | None, strawberry.argument(description="Slugs or aliases of tools; every tool of the key without them.")
]
Until = Annotated[datetime, strawberry.argument(description="When the grant ends; a time that is over ends it now.")]


@strawberry.type(name="ServiceKey", description="A key with which an automation asks. What is secret is not stored.")
class ServiceKeyType:
    """A key."""

    is_type_of = stands_for(ServiceKey)

    database_id: UUID = computed("The key's UUID.", lambda key: key.id)
    prefix: str = described("The eight characters after `ftk_` that name it.")
    name: str = described("What people call it.")
    organization_id: UUID = described("UUID of its organisation.")
    operations: list[str] = described("Ids of the stored documents that it may execute; `read` stands for every query.")
    tools: list[str] | None = described("Slugs of the tools that it reaches; null for every tool.")
    behalf: Behalf = described("For whom it may ask.")
    user_ids: list[UUID] = described("UUIDs of the people whom it lists.")
    created_by: UUID | None = described("UUID of who made it.")
    created_at: datetime = described("When it was made.")
    expires_at: datetime = described("Until when it is good.")
    last_used_at: datetime | None = described("When it was last used, to the minute.")
    revoked_at: datetime | None = described("When it was revoked; null while it is not.")


@strawberry.input(name="ServiceKeyInput", description="What a new service key shall be.")
class ServiceKeyInput:
    """A new key."""

    name: str = described("What people call it.")
    operations: list[str] = described(
        "Ids of stored documents. `read` stands for every query; mutations have to be named."
    )
    behalf: Behalf = described("For whom it may ask.")
    expires_at: datetime = described(f"Until when it is good, at most {MAX_KEY_LIFETIME.days} days.")
    tools: list[str] | None = strawberry.field(
        default=None, description="Slugs or aliases of the tools that it reaches; every tool without them."
    )
    user_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The people whom it lists, by id or UUID; for `LISTED` only."
    )
    organization_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organisation, for platform admins; your own without it."
    )


@strawberry.type(description="The key is made.")
class ServiceKeyCreated:
    """Created."""

    is_type_of = stands_for(CreatedKey)

    key: ServiceKeyType = described("The key.")
    secret: str = computed(
        "The key in full, to be sent as `X-Api-Key`. It is shown this once.", lambda created: created.text.text
    )


@strawberry.type(description="The key is good no more.")
class ServiceKeyRevoked:
    """Revoked; its source is the key."""

    is_type_of = stands_for(ServiceKey)

    key: ServiceKeyType = computed("The key.", lambda key: key)


@strawberry.type(description="The key may ask for the person.")
class ServiceKeyGranted:
    """Granted."""

    is_type_of = stands_for(Granted)

    user_id: UUID = described("UUID of the person.")
    until: datetime = described("When the grant ends.")


CreateServiceKeyResult = Annotated[
    ServiceKeyCreated | NotAllowed | NotFound | InvalidInput,
    strawberry.union("CreateServiceKeyResult", description="The new key, or why there is none."),
]
RevokeServiceKeyResult = Annotated[
    ServiceKeyRevoked | NotAllowed | NotFound,
    strawberry.union("RevokeServiceKeyResult", description="What became of the key."),
]
GrantServiceKeyResult = Annotated[
    ServiceKeyGranted | NotAllowed | NotFound | InvalidInput,
    strawberry.union("GrantServiceKeyResult", description="The grant, or why there is none."),
]


@strawberry.type
class ServiceKeyQueries:
    """Fields of ``Query`` about service keys."""

    @strawberry.field(
        description="An organisation's service keys, those that are good first; none unless you manage them."
    )
    async def service_keys(self, info: Info, organization_id: Which = None) -> list[ServiceKeyType]:
        """Keys."""
        found: Any = await service_keys(info.context, global_id.company_id(organization_id, "organizationId"))
        return list(found)


@strawberry.type
class ServiceKeyMutations:
    """Fields of ``Mutation`` about service keys."""

    @strawberry.mutation(description="Make a key for an automation such as n8n; its secret is shown once. For admins.")
    async def create_service_key(
        self,
        info: Info,
        input: Annotated[ServiceKeyInput, strawberry.argument(description="What the key shall be.")],
    ) -> CreateServiceKeyResult:
        """Create."""
        people = [global_id.user_id(given, f"input.userIds.{n}") for n, given in enumerate(input.user_ids or ())]
        new = NewServiceKey(
            input.name,
            input.operations,
            input.tools,
            input.behalf,
            [person for person in people if person is not None],
            input.expires_at,
            global_id.company_id(input.organization_id, "input.organizationId"),
        )
        return await or_refused(create_service_key(info.context, new))

    @strawberry.mutation(description="Have a service key be good no more, from its next request on. For admins.")
    async def revoke_service_key(self, info: Info, id: KeyId) -> RevokeServiceKeyResult:
        """Revoke."""
        return await or_refused(revoke_service_key(info.context, id))

    @strawberry.mutation(
        description="Let a service key that has to be asked ask for a person until then: for yourself, or for admins."
        " A grant takes the place of the one before, with all its tools."
    )
    async def grant_service_key(
        self, info: Info, id: KeyId, user_id: Whose, until: Until, tools: Tools = None
    ) -> GrantServiceKeyResult:
        """Grant."""
        person = global_id.user_id(user_id, "userId")
        assert person is not None
        return await or_refused(grant_to_service_key(info.context, id, person, tools, until))
