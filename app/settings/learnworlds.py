"""The school that people come from."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator

from app.settings.forms import ORIGIN, SAFE_ORIGIN, Group, Origins
from resolvers.learnworlds.school import SIGN_IN_FAILED

MIN_SSO_SECRET_BYTES = 32
MIN_WEBHOOK_SECRET_BYTES = 16
"""Less than ours, because LearnWorlds itself makes the value."""

_PAGE = re.compile(rf"(/(?!/)|({ORIGIN.pattern})/)[!$-;=?-Z_a-z~]*")
"""A page of this host or of another, without a fragment."""

DEVELOPMENT_SSO_SECRET = "public-secret-of-the-school-on-your-own-machine"  # noqa: S105 - everybody knows it
DEVELOPMENT_WEBHOOK_SECRET = "public-webhooks-of-the-school-on-your-own-machine"  # noqa: S105 - everybody knows it
"""What the school at /dev/learnworlds signs with; production refuses both."""


class WebhookMode(StrEnum):
    """How webhooks of LearnWorlds prove where they are from: with a shared value, or with a signature of the body."""

    SHARED = "shared"
    SIGNED = "signed"


class LearnWorlds(Group):
    """Settings of sign-ins and webhooks of LearnWorlds."""

    learnworlds_sso_secret: str | None = Field(
        None, description="Secret that the school signs sign-ins with; without it nobody signs in by LearnWorlds."
    )
    learnworlds_webhook_secret: str | None = Field(
        None, description="Secret of the school's webhooks; without it they are refused."
    )
    learnworlds_webhook_mode: WebhookMode = Field(
        WebhookMode.SHARED,
        description="`shared`: webhooks carry the secret; `signed`: HMAC-SHA256 of their body.",
    )
    learnworlds_courses: Path | None = Field(
        None, description="TOML file of the tools that courses open; `db/catalogue/courses.toml` without it."
    )
    sign_in_origins: Origins = Field(
        (), description="Origins whose pages a sign-in from LearnWorlds may end at, separated by commas."
    )
    sign_in_error_page: str = Field(
        SIGN_IN_FAILED, description="Page that a failed sign-in ends at, with `error=CODE` (docs/sign-in.md)."
    )

    @field_validator("learnworlds_sso_secret", "learnworlds_webhook_secret")
    @classmethod
    def _secret(cls, value: str | None, given: ValidationInfo) -> str | None:
        least = MIN_SSO_SECRET_BYTES if given.field_name == "learnworlds_sso_secret" else MIN_WEBHOOK_SECRET_BYTES
        if value is not None and (len(value) < least or not (value.isascii() and value.isprintable())):
            raise ValueError(f"must be at least {least} printable ASCII characters")
        return value

    @field_validator("sign_in_error_page")
    @classmethod
    def _page(cls, value: str) -> str:
        if not _PAGE.fullmatch(value):
            raise ValueError("is no page; one looks like /sign-in-failed or https://tools.example.org/failed")
        return value

    def problems(self) -> Iterator[str]:
        """What does not go together."""
        yield from super().problems()
        if self.in_development:
            return
        if not all(map(SAFE_ORIGIN.match, self.sign_in_origins)):
            yield "SIGN_IN_ORIGINS must begin with https:// in production"
        public_secrets = (DEVELOPMENT_SSO_SECRET, DEVELOPMENT_WEBHOOK_SECRET)
        if self.learnworlds_sso_secret in public_secrets or self.learnworlds_webhook_secret in public_secrets:
            yield "LEARNWORLDS_SSO_SECRET and LEARNWORLDS_WEBHOOK_SECRET: development's own are public"

    @property
    def sso_secret(self) -> str | None:
        """The secret of sign-ins; in development there is always one."""
        return self.learnworlds_sso_secret or (DEVELOPMENT_SSO_SECRET if self.in_development else None)

    @property
    def webhook_secret(self) -> str | None:
        """The secret of webhooks; in development there is always one."""
        return self.learnworlds_webhook_secret or (DEVELOPMENT_WEBHOOK_SECRET if self.in_development else None)
