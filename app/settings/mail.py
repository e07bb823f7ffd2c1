"""Mails, and the pages that their links lead to."""

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, field_validator

from app.settings.serving import Serving
from integrations.mail import SmtpServer

_SENDER = re.compile(r"([^<>@\r\n\",]+ <)?[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+>?")


class Mailing(Serving):
    """Settings of mails."""

    smtp_url: str | None = Field(
        None,
        description="SMTP server: `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte.",
    )
    mail_from: str | None = Field(None, description="Sender of mails, `Name <address>`; needed with SMTP_URL.")
    mail_templates: Path | None = Field(None, description="Folder of mail templates that replace ours.")
    reset_url: str | None = Field(
        None, description="Your page that sets a new password, with `{token}` in it; ours without it."
    )
    invitation_url: str | None = Field(
        None, description="Your page that accepts an invitation, with `{token}` in it; ours without it."
    )

    @field_validator("reset_url", "invitation_url")
    @classmethod
    def _page_with_token(cls, value: str | None) -> str | None:
        if value is not None and (not value.startswith(("https://", "http://")) or "{token}" not in value):
            raise ValueError("is no such page; one looks like https://tools.example.org/reset#{token}")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: str | None) -> str | None:
        if value is not None:
            SmtpServer.at(value)
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str | None) -> str | None:
        if value is not None and not _SENDER.fullmatch(value):
            raise ValueError("is no sender; one looks like Fast Track <no-reply@example.org>")
        return value

    def problems(self) -> Iterator[str]:
        """What does not go together."""
        yield from super().problems()
        if self.smtp_url is None:
            return
        if self.mail_from is None:
            yield "MAIL_FROM must be set with SMTP_URL"
        if not self.in_development and not self.public_url and not (self.reset_url and self.invitation_url):
            yield "PUBLIC_URL must be set with SMTP_URL: mails have links"

    @property
    def smtp(self) -> SmtpServer | None:
        """The server that mail is handed to."""
        return SmtpServer.at(self.smtp_url) if self.smtp_url else None
