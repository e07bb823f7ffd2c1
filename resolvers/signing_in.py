"""What signing in gives."""

from dataclasses import dataclass
from uuid import UUID

from db.models.identity import Account


@dataclass(frozen=True, slots=True)
class SignIn:
    """An access token and whom it names. ``refresh_token`` only where the caller keeps it without a cookie."""

    account: Account
    access_token: str
    expires_in: int
    refresh_token: str | None = None
    token_type: str = "Bearer"  # noqa: S105  # a scheme's name

    @property
    def user_id(self) -> UUID:
        """The account's id."""
        return self.account.id
