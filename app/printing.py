"""Prints documents: processes of their own, whose failures are told as refusals."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import integrations.pdf
from app.settings import Settings
from integrations.pdf import Press, PressBusy, PressFailed, PressNotInstalled
from resolvers.printing import Printer
from resolvers.refusals import Busy, NotSetUp, TooLarge
from resolvers.tools.exporting.document import instead_of

THEME = Path(integrations.pdf.__file__).parent / "theme.css"

INSTALL = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-color-emoji"
"""What Debian and its relatives lack for PDF, in one line."""


class ThemeError(Exception):
    """The stylesheet of PDFs cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Printing:
    """Prints with a ``Press``."""

    press: Press

    async def print(self, document: Mapping[str, Any], seconds: float) -> bytes:
        """The document as PDF. Raises ``NotSetUp``, ``Busy`` or ``TooLarge``."""
        try:
            return await self.press.print(document, seconds)
        except PressNotInstalled as missing:
            raise NotSetUp(
                f"PDF needs system libraries that are not installed on this server ({missing}). Whoever runs it"
                f" installs them with: {INSTALL}. JSON does without them."
            ) from missing
        except PressBusy as busy:
            raise Busy("So many PDFs are being made that this one would wait too long. Try again soon.") from busy
        except PressFailed as failed:
            instead = instead_of(book=document["contents"])
            raise TooLarge(f"This could not be made into a PDF: {failed}. {instead}") from failed


@asynccontextmanager
async def open_printer(settings: Settings) -> AsyncIterator[Printer]:
    """The printer of one process; what is being printed when the block ends is given up. Raises ``ThemeError``."""
    file = settings.export_theme or THEME
    try:
        theme = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ThemeError(f"EXPORT_THEME cannot be read: {error}") from error
    press = Press(theme)
    try:
        yield Printing(press)
    finally:
        await press.close()
