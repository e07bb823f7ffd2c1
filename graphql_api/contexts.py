"""The context of a request: who asks, by token or by service key, with loaders that are bound to them."""

from dataclasses import replace
from uuid import UUID

from db.catalogue import Catalogue
from db.database import Database
from db.models.identity import Account
from db.viewer import ANONYMOUS, Claims, Viewer
from graphql_api.authentication import AuthenticationError, Tokens, bearer
from loaders import EVERYTHING, OF_KEYS, Loaders, Within
from resolvers.context import Clock, Context, Origin, RefreshCookie, Renewal
from resolvers.identity import account_by_id, viewer_of
from resolvers.read_trail import ReadTrail
from resolvers.service_keys.scope import KeyScope
from resolvers.service_keys.using import KeyUse, note_use
from resolvers.services import Services


class Contexts:
    """Makes them, for one gateway."""

    def __init__(
        self,
        catalogue: Catalogue,
        database: Database,
        tokens: Tokens,
        clock: Clock,
        services: Services,
        reads: ReadTrail,
    ) -> None:
        self._catalogue = catalogue
        self._database = database
        self._tokens = tokens
        self.clock = clock
        self._services = services
        self._reads = reads

    async def for_token(
        self,
        authorization: str | None,
        origin: Origin,
        request_id: str,
        database: Database | None = None,
        cookie: RefreshCookie | None = None,
    ) -> Context:
        """The context of a person, or of nobody; raises ``AuthenticationError`` when the token identifies nobody.

        The token names the account; role and organisation are the account's own of this moment, and a token that
        says otherwise was made before they changed, or by someone else.
        """
        account: Account | None = None
        database = database or self._database
        token = bearer(authorization)
        if token is not None:
            account = await _account(database, self._tokens.verify(token))
        viewer = viewer_of(account) if account else ANONYMOUS
        return self._context(database, viewer, account, origin, request_id, cookie)

    def again(self, context: Context, origin: Origin, request_id: str, renewal: Renewal) -> Context:
        """A context of the same person for another request, one that lasts, with loaders of its own."""
        return self._context(self._database, context.viewer, context.account, origin, request_id, renewal=renewal)

    async def for_person(self, user_id: UUID, request_id: str) -> Context | None:
        """The context of something done later for a person who asked for it; ``None`` for one who is gone."""
        account = await account_by_id(self._database, user_id)
        if account is None or account.deactivated_at is not None:
            return None
        return self._context(self._database, viewer_of(account), account, Origin(), request_id)

    async def for_key(self, use: KeyUse, origin: Origin, request_id: str) -> Context:
        """The context of a service key: its person as a participant, within the key's scope; the use is noted.

        Raises ``AuthenticationError`` where the person has gone in this moment.
        """
        scope = use.scope
        await note_use(self._database, use, origin, self.clock())
        account: Account | None = None
        if scope.person is not None:
            account = await account_by_id(self._database, scope.person)
            if account is None:
                raise AuthenticationError("Invalid service key")
        # Whatever the person may be: policies show a participant's own rows and nobody else's.
        viewer = Viewer(account.id, account.organization_id) if account else ANONYMOUS
        within = replace(OF_KEYS, tools=scope.tools)
        return self._context(self._database, viewer, account, origin, request_id, within=within, key=scope)

    def _context(
        self,
        database: Database,
        viewer: Viewer,
        account: Account | None,
        origin: Origin,
        request_id: str,
        cookie: RefreshCookie | None = None,
        within: Within = EVERYTHING,
        key: KeyScope | None = None,
        renewal: Renewal | None = None,
    ) -> Context:
        reader, seen = database.reader(viewer), self._reads.of(viewer)
        loaders = Loaders(reader, self._catalogue, database.data_keys, within, seen, account)
        return Context(
            self._catalogue,
            database,
            loaders,
            viewer,
            account,
            self.clock,
            self._services,
            origin,
            request_id,
            cookie or RefreshCookie(),
            key,
            renewal,
        )


async def _account(database: Database, claims: Claims) -> Account:
    """The account that a token names; raises ``AuthenticationError`` where it is not what the token says."""
    claimed = claims.viewer
    assert claimed.user_id is not None
    account = await account_by_id(database, claimed.user_id, claims.session_id)
    if (
        account is None
        or account.role is not claimed.role
        or account.organization_id != claimed.organization_id
        or not account.accepts_token_of(claims.issued)
    ):
        raise AuthenticationError("Invalid token")
    return account
