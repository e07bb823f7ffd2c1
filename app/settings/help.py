"""The assistant in n8n that people may ask for help."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from app.settings.forms import SAFE_ORIGIN, Group
from integrations.n8n import PATIENCE

MIN_N8N_SECRET_CHARACTERS = 32

HELP_RETENTION_DAYS = 365
"""What ``HELP_RETENTION`` is unless it is set."""

_ADDRESS = re.compile(r"https?://[!-~]+")


class Helping(Group):
    """Settings of help."""

    n8n_help_url: str | None = Field(
        None, description="Webhook of n8n that answers questions; without it there is the tools' own guidance only."
    )
    n8n_challenge_url: str | None = Field(
        None, description="Webhook of n8n that challenges answers; without it none are challenged."
    )
    n8n_secret: str | None = Field(
        None, repr=False, description="Secret that requests to n8n are signed with (docs/help.md)."
    )
    n8n_patience: float = Field(
        PATIENCE, gt=0, le=PATIENCE, description="Seconds that an answer of n8n is waited for, at most 30."
    )
    help_retention: int = Field(
        HELP_RETENTION_DAYS,
        ge=1,
        le=36_525,
        description="Days that is kept who asked for help with which tool: what `help-log prune` leaves alone.",
    )

    @field_validator("n8n_help_url", "n8n_challenge_url")
    @classmethod
    def _webhook(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            found = urlsplit(value)
            known = _ADDRESS.fullmatch(value) and found.hostname and found.port != 0
        except ValueError:  # a port that is none, brackets that do not close
            known = None
        if not known or found.username is not None or found.fragment:
            raise ValueError("is no webhook; one looks like https://n8n.example.org/webhook/fast-track-help")
        return value

    @field_validator("n8n_secret")
    @classmethod
    def _secret_of_n8n(cls, value: str | None) -> str | None:
        if value is not None and (
            len(value) < MIN_N8N_SECRET_CHARACTERS or not (value.isascii() and value.isprintable())
        ):
            raise ValueError(f"must be at least {MIN_N8N_SECRET_CHARACTERS} printable ASCII characters")
        return value

    def problems(self) -> Iterator[str]:
        """What does not go together."""
        yield from super().problems()
        urls = [url for url in (self.n8n_help_url, self.n8n_challenge_url) if url]
        if urls and self.n8n_secret is None:
            yield "N8N_SECRET must be set with N8N_HELP_URL or N8N_CHALLENGE_URL: requests are signed"
        if not self.in_development and not all(SAFE_ORIGIN.match(_origin(url)) for url in urls):
            yield "N8N_HELP_URL and N8N_CHALLENGE_URL must begin with https:// in production, or stay on this machine"


def _origin(url: str) -> str:
    found = urlsplit(url)
    return f"{found.scheme}://{found.netloc.lower()}"
