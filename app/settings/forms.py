"""The forms that several settings share."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ORIGIN = re.compile(r"https?://[a-z0-9._-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")
SAFE_ORIGIN = re.compile(r"https://|http://(localhost|127\.0\.0\.1|\[::1\])(:|$)")
"""What production lets bring credentials: https, or this machine."""


class Environment(StrEnum):
    """Where the process runs. Development conveniences exist only in the first."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Group(BaseSettings):
    """What every group of settings knows: where the process runs, and how it is told what is wrong."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    environment: Environment = Field(
        Environment.DEVELOPMENT,
        description="`development` or `production`; production refuses development secrets.",
    )

    data_dir: Path = Field(
        Path(".data"), description="Folder of the embedded PostgreSQL, and of what development makes for itself."
    )

    def problems(self) -> Iterator[str]:
        """What does not go together, or will not do in production; each a sentence that begins with the setting."""
        yield from ()

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if problems := list(self.problems()):
            raise ValueError("\n  SETTINGS: ".join(problems))
        return self

    @property
    def in_development(self) -> bool:
        """Whether development conveniences are offered."""
        return self.environment is Environment.DEVELOPMENT


def _split(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _origins(value: tuple[str, ...]) -> tuple[str, ...]:
    for number, origin in enumerate(value, 1):
        if not ORIGIN.fullmatch(origin):
            raise ValueError(f"entry {number} is no origin; one looks like https://tools.example.org, in lower case")
    return value


CommaSeparated = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
CommaSeparatedPaths = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_split)]
Origins = Annotated[CommaSeparated, AfterValidator(_origins)]
