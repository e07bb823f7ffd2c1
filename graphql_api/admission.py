"""Whether a request is answered at all, decided once its token's signature is known and before anything is executed."""

from graphql_api.authentication import AuthenticationError
from graphql_api.exchange import Exchange, HttpError
from graphql_api.gateway import Gateway
from graphql_api.rate_limits import Admission
from graphql_api.service_keys import NotInScope, PresentedKey, presented_key
from resolvers.refusals import NotAllowed
from resolvers.service_keys.using import KeyUse


async def admit(gateway: Gateway, exchange: Exchange) -> KeyUse | None:
    """Count the request for its address and for whom its token claims to name; its answer will say what is left.

    A token that identifies nobody counts for the address alone; whoever reads it next refuses it. Returns the service
    key that asks, if one does. Raises ``HttpError``: 429, and for service keys 401 and 403.
    """
    if presented := presented_key(exchange.headers):
        return await _admit_key(gateway, exchange, presented)
    try:
        claimed = gateway.claimed(exchange.headers.get("authorization"))
    except AuthenticationError:
        claimed = None
    user, organization = claimed.settings[:2] if claimed else ("", "")
    _counted(exchange, await gateway.rate_limits.admit(exchange.host, user, organization))
    return None


async def _admit_key(gateway: Gateway, exchange: Exchange, presented: PresentedKey) -> KeyUse:
    # The address first: whoever guesses keys is not to ask the database as often as they like.
    _counted(exchange, await gateway.rate_limits.admit(exchange.host))
    try:
        use = await gateway.service_keys.identify(presented)
    except AuthenticationError as error:
        raise HttpError(401, str(error), WWW_Authenticate="Bearer") from error
    scope = use.scope
    _counted(exchange, await gateway.rate_limits.admit_key(str(scope.id), str(scope.organization_id)))
    try:
        use.refuse_unreachable()
    except NotAllowed as refusal:
        raise NotInScope(str(refusal)) from refusal
    return use


def _counted(exchange: Exchange, admission: Admission | None) -> None:
    if admission is None:
        return
    exchange.standing = admission.headers
    if admission.retry_after is not None:
        raise HttpError(429, admission.refusal)
