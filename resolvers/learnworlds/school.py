"""What the school on LearnWorlds can prove, and how it is connected: promises, and the twin of a school that is not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from resolvers.refusals import NotSetUp

SIGN_IN_FAILED = "/sign-in-failed"
"""The page of ours that a browser is sent to when a sign-in fails, unless another one is set."""


class SignInProof(Protocol):
    """Tells sign-ins that the school has signed from all others."""

    def used(self, user_id: str, email: str, name: str, timestamp: str, signature: str) -> bytes | None:
        """The signature as bytes if it is the school's over these values; ``None`` if it is anything else."""


class WebhookProof(Protocol):
    """Tells webhooks that the school has sent from all others."""

    def is_genuine(self, body: bytes, signature: str) -> bool:
        """Whether the school has sent this body with this signature."""


class NoSchool:
    """The twin: no school is connected."""

    def used(self, *_: str) -> bytes | None:
        """Raises ``NotSetUp``."""
        raise NotSetUp("Signing in through a school is not set up on this server. Ask whoever runs it.")

    def is_genuine(self, _: bytes, __: str) -> bool:
        """Raises ``NotSetUp``."""
        raise NotSetUp("Webhooks of LearnWorlds are not set up on this server. Ask whoever runs it.")


NO_SCHOOL = NoSchool()


@dataclass(frozen=True, slots=True)
class School:
    """A school: what it proves, which tools its courses open, where browsers may go from there.

    ``courses``: slugs of tools by id of the course. ``origins``: whose pages a sign-in may end at, beside our own.
    """

    sign_ins: SignInProof = NO_SCHOOL
    webhooks: WebhookProof = NO_SCHOOL
    courses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    origins: tuple[str, ...] = ()
    error_page: str = SIGN_IN_FAILED
