"""Who is asking, in the words that row-level policies compare rows with."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Protocol
from uuid import UUID

SETTINGS = ("app.user_id", "app.organization_id", "app.role", "app.guided_organization_ids")
"""Transaction settings of the identity, in the order of ``Viewer.settings``."""

_SAFE = re.compile(r"[0-9a-z_{},-]*")


class Role(StrEnum):
    """What an account may be: participant, guru of some organisations, admin of one, admin of all accounts."""

    USER = "user"
    GURU = "guru"
    ADMIN = "admin"
    PLATFORM_ADMIN = "platform_admin"


@dataclass(frozen=True)
class Viewer:
    """The identity that a session is opened for. ``guided_organization_ids`` are the organisations of a guru."""

    user_id: UUID | None = None
    organization_id: UUID | None = None
    role: Role = Role.USER
    guided_organization_ids: tuple[UUID, ...] = ()

    @cached_property
    def settings(self) -> tuple[str, str, str, str]:
        """Values for ``SETTINGS``; ``''`` means "none", which every policy reads as "no rows"."""
        if self.user_id is None:
            return ("", "", "", "")
        guided = self.guided_organization_ids if self.role is Role.GURU else ()
        return (
            str(self.user_id),
            str(self.organization_id or ""),
            self.role.value,
            "{" + ",".join(map(str, guided)) + "}" if guided else "",
        )

    @property
    def set_config(self) -> str:
        """SQL that makes the current transaction this viewer's.

        The only place where an identity is written into SQL text instead of bound: a statement list, which is what
        lets BEGIN and the identity share one round trip, takes no parameters. Only the characters of UUIDs, role
        names and array braces can pass.
        """
        values = self.settings
        assert all(_SAFE.fullmatch(value) for value in values)
        calls = ", ".join(
            f"set_config('{name}', '{value}', true)" for name, value in zip(SETTINGS, values, strict=True)
        )
        return f"SELECT {calls}"


ANONYMOUS = Viewer()


@dataclass(frozen=True)
class Claims:
    """What a verified access token says: whom it names, as what, and from when until when (seconds of the epoch).

    ``session_id``: the session that it ends with; ``None`` for one that belongs to none.
    """

    viewer: Viewer
    issued: float
    expires: float
    session_id: UUID | None = None

    @cached_property
    def settings(self) -> tuple[str, str, str, str]:
        """What a statement of ``as_account`` checks: the claimed identity, when it was claimed and in which session."""
        user_id, organization_id, role, _ = self.viewer.settings
        return (user_id, organization_id, role, f"{self.issued!r} {self.session_id or ''}")


class Identity(Protocol):
    """What a read is bound to: a viewer, or the claims of a token that the read checks itself."""

    @property
    def settings(self) -> tuple[str, str, str, str]:
        """The first four parameters of the statement."""
