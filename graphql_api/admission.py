"""Whether a request is answered at all, decided once its token's signature is known and before anything is executed."""

from graphql_api.authentication import AuthenticationError
from graphql_api.exchange import Exchange, HttpError
from graphql_api.gateway import Gateway


async def admit(gateway: Gateway, exchange: Exchange) -> None:
    """Count the request for its address and for whom its token claims to name; its answer will say what is left.

    A token that identifies nobody counts for the address alone; whoever reads it next refuses it. Raises ``HttpError``
    429.
    """
    try:
        claimed = gateway.claimed(exchange.headers.get("authorization"))
    except AuthenticationError:
        claimed = None
    user, organization = claimed.settings[:2] if claimed else ("", "")
    admission = await gateway.rate_limits.admit(exchange.host, user, organization)
    if admission is None:
        return
    exchange.standing = admission.headers
    if admission.retry_after is not None:
        raise HttpError(429, admission.refusal)
