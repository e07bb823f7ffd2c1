"""Settings, read from the environment once, when the process starts. Nothing else reads the environment."""

from pydantic import ValidationError

from app.settings.exports import Exporting
from app.settings.forms import Environment
from app.settings.help import Helping
from app.settings.learnworlds import (
    DEVELOPMENT_SSO_SECRET,
    DEVELOPMENT_WEBHOOK_SECRET,
    LearnWorlds,
    WebhookMode,
)
from app.settings.limits import Limiting
from app.settings.mail import Mailing
from app.settings.signing_in import SigningIn
from app.settings.storage import Storing
from app.settings.working import WorkerPlace, Working

__all__ = [
    "DEVELOPMENT_SSO_SECRET",
    "DEVELOPMENT_WEBHOOK_SECRET",
    "Environment",
    "Settings",
    "SettingsError",
    "WebhookMode",
    "WorkerPlace",
    "read_settings",
]


class SettingsError(Exception):
    """A setting is missing or wrong; the message names each one and what would be right."""


class Settings(Exporting, Helping, Limiting, LearnWorlds, Mailing, SigningIn, Storing, Working):
    """Every setting. The names of the environment variables are these in upper case; an empty one counts as not set."""


def read_settings() -> Settings:
    """The settings of this process; raises ``SettingsError`` naming each wrong one, never its value."""
    try:
        return Settings()  # type: ignore[call-arg]  # every value comes from the environment
    except ValidationError as error:
        lines = [
            f"  {'.'.join(str(part) for part in item['loc']).upper() or 'SETTINGS'}: "
            + item["msg"].removeprefix("Value error, ")
            for item in error.errors(include_input=False)
        ]
        raise SettingsError("These settings are wrong:\n" + "\n".join(lines)) from None
