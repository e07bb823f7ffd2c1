"""Documents that people keep."""

from pathlib import Path

from pydantic import Field

from app.settings.forms import Group


class Exporting(Group):
    """Settings of exports."""

    export_theme: Path | None = Field(None, description="Stylesheet of exported PDFs that replaces ours.")
