"""What the identity domain adds to ``Query`` and ``Mutation``: one class for each of its subjects."""

from graphql_api.types.identity.audit import AuditQueries
from graphql_api.types.identity.invitations import InvitationMutations, InvitationQueries
from graphql_api.types.identity.learnworlds import LearnworldsMutations
from graphql_api.types.identity.members import MemberMutations, PermissionQueries
from graphql_api.types.identity.passwords import PasswordMutations
from graphql_api.types.identity.service_keys import ServiceKeyMutations, ServiceKeyQueries
from graphql_api.types.identity.signing_in import SessionMutations, SessionQueries
from graphql_api.types.identity.webhooks import WebhookMutations, WebhookQueries

IDENTITY_QUERIES: tuple[type, ...] = (
    SessionQueries,
    InvitationQueries,
    PermissionQueries,
    ServiceKeyQueries,
    AuditQueries,
    WebhookQueries,
)
IDENTITY_MUTATIONS: tuple[type, ...] = (
    SessionMutations,
    LearnworldsMutations,
    PasswordMutations,
    InvitationMutations,
    MemberMutations,
    ServiceKeyMutations,
    WebhookMutations,
)
