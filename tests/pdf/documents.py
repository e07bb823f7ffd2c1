"""Documents to be printed, and what a printed one says."""

import asyncio
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from app.printing import THEME
from integrations.pdf import Press, PressNotInstalled


def document(*values: Any, chapters: int = 1, contents: bool = False) -> dict[str, Any]:
    """A document whose chapters answer with these values."""
    answers = [{"label": f"Question {number}", "value": value} for number, value in enumerate(values, 1)]
    return {
        "lang": "en",
        "title": "Dream – Inês Vasconcelos",
        "author": "Inês Vasconcelos",
        "description": "Fast Track: Sprint 2, Dream",
        "generator": "Fast Track Graph",
        "created": "2026-11-21",
        "cover": {"brand": "Fast Track", "kicker": "Sprint 2", "title": "Dream", "facts": [["Name", "Inês"]]},
        "contents": contents,
        "chapters": [
            {
                "id": f"tool-{number}",
                "title": f"Chapter {number}",
                "note": "Submitted",
                "sections": [{"title": "Vision", "answers": answers}],
                "sources": [{"label": "A wish", "tool": "WOOP", "note": "version 1", "value": "To sail"}],
            }
            for number in range(1, chapters + 1)
        ],
    }


async def printed(press: Press, given: Mapping[str, Any], seconds: float = 60) -> PdfReader:
    """The PDF, to be read."""
    return PdfReader(BytesIO(await press.print(given, seconds)))


def text_of(pdf: PdfReader) -> str:
    """What stands on all pages, words apart by one space."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).replace("\u200b", "").split())


def _why_not() -> str | None:
    async def ask() -> str | None:
        press = Press(THEME.read_text("utf-8"), children=1)
        try:
            await press.print(document("x"), 60)
        except PressNotInstalled as missing:
            return str(missing)
        finally:
            await press.close()
        return None

    return asyncio.run(ask())


def needs_libraries() -> pytest.MarkDecorator:
    """Skips where Pango is not installed, which is what an operator without it sees too."""
    missing = _why_not()
    return pytest.mark.skipif(missing is not None, reason=f"PDF needs system libraries: {missing}")
