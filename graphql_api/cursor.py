"""Cursors of pages: opaque to clients, a position as JSON in base64url to us."""

from base64 import b64decode, urlsafe_b64encode

import orjson

from resolvers.refusals import BadArgument


def encode_cursor(position: list[str]) -> str:
    """The opaque cursor of a position in the list."""
    return urlsafe_b64encode(orjson.dumps(position)).decode()


def decode_cursor(after: str) -> str:
    """The position in a cursor, as JSON text; raises ``BadArgument`` for what is none."""
    try:
        # Strictly: else every character that is none of base64's is skipped, and rubbish reads as the first page.
        return b64decode(after, b"-_", validate=True).decode()
    except ValueError as error:
        raise BadArgument("after", "This is no cursor of this list; use endCursor of the page before.") from error
