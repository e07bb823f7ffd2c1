"""Tokens that work once, mailed or kept in a cookie: 256 random bits, of which the database knows the digest only."""

import secrets
from hashlib import sha256

MAX_TOKEN_CHARACTERS = 200
"""Length of a token; ours have 43 characters."""

_TOKEN_BYTES = 32


def new_token() -> str:
    """A token that stands in a URL as it is."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest(token: str) -> bytes:
    """What the database keeps of a token, and finds it by. One that is too long is nobody's."""
    return sha256(token[: MAX_TOKEN_CHARACTERS + 1].encode("utf-8", "surrogatepass")).digest()
