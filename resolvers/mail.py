"""Letters to people: what they say, and who takes them to be sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from resolvers.refusals import NotAllowed


class LetterKind(StrEnum):
    """What a letter is about; its words are in the template of this name."""

    RESET_PASSWORD = "reset_password"  # noqa: S105  # a template's name
    NO_PASSWORD = "no_password"  # noqa: S105  # a template's name
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # a template's name
    INVITATION = "invitation"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person. ``token`` becomes part of its link, and appears nowhere else."""

    kind: LetterKind
    to: str
    name: str
    token: str | None = field(default=None, repr=False)
    inviter: str = ""
    organization: str = ""


Compose = Callable[[], Awaitable[Letter | None]]
"""Makes a letter, or finds that there is nothing to send."""


class Mailer(Protocol):
    """Takes letters and sends them later, once. Raises ``NotAllowed`` where no mail is sent at all."""

    def require(self) -> None:
        """Raise ``NotAllowed`` unless letters are sent."""

    def post(self, compose: Compose) -> None:
        """Make and send a letter after this, without anybody waiting for it."""


class NoMailer:
    """The mailer of a process that sends nothing."""

    def require(self) -> None:
        """Raises ``NotAllowed``."""
        raise NotAllowed("This gateway sends no mail. Ask whoever runs it.")

    def post(self, compose: Compose) -> None:
        """Raises ``NotAllowed``."""
        self.require()


NO_MAILER = NoMailer()


def post(mailer: Mailer, letter: Letter) -> None:
    """Send a letter that is already made, where mail is sent; else nothing happens."""

    async def made() -> Letter:
        return letter

    try:
        mailer.require()
    except NotAllowed:
        return
    mailer.post(made)
