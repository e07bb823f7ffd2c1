"""People and organisations, as far as they do not concern tools."""

from datetime import datetime
from uuid import UUID

import strawberry

from db.models.identity import Account, Team
from db.viewer import Role
from graphql_api.types.describe import computed, described, enumerated, stands_for

enumerated(
    "Role",
    "What a person may be.",
    USER="A participant, who sees their own work.",
    GURU="Someone who looks after the organisations assigned to them, and reviews submissions.",
    ADMIN="Someone who sees the work of their own organisation, and manages its people.",
    PLATFORM_ADMIN="Someone who manages organisations and accounts, and sees nobody's work.",
)(Role)


@strawberry.type(name="Author", description="Who wrote or reviewed something.")
class AuthorType:
    """An account, seen from what it has written."""

    is_type_of = stands_for(Account)

    database_id: UUID = computed("The account's UUID.", lambda account: account.id)
    full_name: str = described("First and last name.")
    role: Role = described("The person's role.")


@strawberry.type(name="Account", description="Somebody who can sign in.")
class AccountType:
    """An account."""

    is_type_of = stands_for(Account)

    database_id: UUID = computed("The account's UUID.", lambda account: account.id)
    email: str = described("Mail address, in lower case.")
    full_name: str = described("First and last name.")
    role: Role = described("What the person may be.")
    organization_id: UUID | None = described("UUID of the organisation.")
    created_at: datetime = described("When the account was made.")
    last_login_at: datetime | None = described("When the person last signed in.")
    deactivated_at: datetime | None = described("Since when the person cannot sign in; null while they can.")


@strawberry.type(name="Team", description="A named group of people within an organisation.")
class TeamType:
    """A team."""

    is_type_of = stands_for(Team)

    database_id: UUID = computed("The team's UUID.", lambda team: team.id)
    name: str = described("The team's name.")
    lead_user_id: UUID | None = described("UUID of the person who leads it.")
    member_ids: list[UUID] = described("UUIDs of its members.")
