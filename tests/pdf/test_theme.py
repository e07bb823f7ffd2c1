"""The look of PDFs is ours, or a stylesheet of the operator's, which has to be there."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.printing import ThemeError, open_printer
from app.settings import Settings
from tests.pdf.documents import document, needs_libraries


@needs_libraries()
async def test_a_stylesheet_of_the_operator_takes_the_place_of_ours(settings: Settings, tmp_path: Path) -> None:
    """Pages as wide as it says, and nothing of ours: that one breaks before each chapter."""
    theme = tmp_path / "theme.css"
    theme.write_text("@page { size: 300pt 2000pt } body { font-size: 8pt }")
    sizes = {}
    for name, used in (("ours", None), ("theirs", theme)):
        async with open_printer(settings.model_copy(update={"export_theme": used})) as printer:
            pdf = PdfReader(BytesIO(await printer.print(document("x", chapters=3), 60)))
        sizes[name] = [round(page.mediabox.width) for page in pdf.pages]
    assert sizes == {"ours": [595] * 4, "theirs": [300]}


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "no text"])
async def test_one_that_cannot_be_read_is_told_at_the_start(
    settings: Settings, tmp_path: Path, content: bytes | None
) -> None:
    """The setting and the reason, in one sentence."""
    theme = tmp_path / "theme.css"
    if content is not None:
        theme.write_bytes(content)
    with pytest.raises(ThemeError, match=r"EXPORT_THEME cannot be read: .*(No such file|can't decode)"):
        async with open_printer(settings.model_copy(update={"export_theme": theme})):
            pass
