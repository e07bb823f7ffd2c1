"""The addresses in mails: where somebody sets a new password or accepts an invitation."""

from app.settings import Settings
from resolvers.mail import LetterKind

PAGES = {LetterKind.RESET_PASSWORD: "/account/reset", LetterKind.INVITATION: "/account/invitation"}
"""Our own pages (``account_pages.py``), unless the settings name others."""


def link_of(settings: Settings, kind: LetterKind, token: str) -> str:
    """The link of a letter. The token stands behind the ``#`` on our own pages, where no log and no referrer has it."""
    pattern = _own(settings)[kind] or f"{settings.public_address}{PAGES[kind]}#{{token}}"
    return pattern.replace("{token}", token)


def has_page(settings: Settings, kind: LetterKind) -> bool:
    """Whether the settings say where the link of such a letter leads."""
    return bool(settings.public_url or _own(settings)[kind])


def _own(settings: Settings) -> dict[LetterKind, str | None]:
    return {LetterKind.RESET_PASSWORD: settings.reset_url, LetterKind.INVITATION: settings.invitation_url}
