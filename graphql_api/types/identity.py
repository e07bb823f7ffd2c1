"""People and organisations, as far as they do not concern tools."""

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
    ADMIN="Someone who sees the work of their own organisation.",
)(Role)


@strawberry.type(name="Author", description="Who wrote or reviewed something.")
class AuthorType:
    """An account, seen from what it has written."""

    is_type_of = stands_for(Account)

    database_id: UUID = computed("The account's UUID.", lambda account: account.id)
    full_name: str = described("First and last name.")
    role: Role = described("The person's role.")


@strawberry.type(name="Team", description="A named group of people within an organisation.")
class TeamType:
    """A team."""

    is_type_of = stands_for(Team)

    database_id: UUID = computed("The team's UUID.", lambda team: team.id)
    name: str = described("The team's name.")
    lead_user_id: UUID | None = described("UUID of the person who leads it.")
    member_ids: list[UUID] = described("UUIDs of its members.")
