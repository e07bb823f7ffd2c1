"""Who may ask a route: a person with a token, and, where service keys may execute its operation, an automation."""

from collections.abc import Collection
from typing import Any

from rest_shim.routes import Route

SECURITY_SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A person's access token."},
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Api-Key",
        "description": "A service key, `ftk_…`. It may execute what it was made for.",
    },
    "onBehalfOf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-On-Behalf-Of",
        "description": "UUID of the person for whom a service key asks.",
    },
}


def security(route: Route, for_keys: Collection[str]) -> list[dict[str, list[str]]]:
    """The ways to be let in, one of which is enough; ``for_keys`` are the root fields that service keys may have."""
    found: list[dict[str, list[str]]] = [{}] if route.entry.public else []
    found.append({"bearer": []})
    if route.operation.root_fields <= set(for_keys):
        found.append({"apiKey": [], "onBehalfOf": []})
    return found
