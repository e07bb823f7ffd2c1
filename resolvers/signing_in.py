"""Signing in by mail address alone: what it gives. Who provides it, and when, is the application's business."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SignIn:
    """An access token and whom it names."""

    user_id: UUID
    access_token: str
    token_type: str
    expires_in: int


Identify = Callable[[str | None, str | None], Awaitable[SignIn]]
"""Mail address and name in, token out; raises ``NotAllowed`` where it is not offered."""
