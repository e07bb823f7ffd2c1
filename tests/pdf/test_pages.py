"""What a printed document says and shows: text, tables, tags, bookmarks, page numbers, and nothing that was fetched."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.printing import THEME
from integrations.pdf import Press
from integrations.pdf.values import html_of
from tests.pdf.documents import document, needs_libraries, printed, text_of

pytestmark = needs_libraries()


@pytest.fixture(scope="module")
async def press() -> AsyncIterator[Press]:
    """Our theme."""
    press = Press(THEME.read_text("utf-8"), children=1)
    yield press
    await press.close()


@pytest.mark.parametrize("above", range(18, 26))
async def test_a_row_stays_with_what_it_names(press: Press, above: int) -> None:
    """Wherever on a page it comes to stand: its name is where its table begins, and the whole of it on one page."""
    ideas = [{"idea": f"Idea {number}", "ease": number} for number in range(4)]
    pdf = await printed(press, document("\n\n".join(["Line"] * above), {"quarter": "Q2", "ideas": ideas}))
    pages = [page.extract_text() for page in pdf.pages]
    (on,) = {number for number, text in enumerate(pages) if "Idea 0" in text}
    assert "Ideas" in pages[on]
    assert "Idea 3" in pages[on]


async def test_it_is_tagged_has_bookmarks_and_says_whose_it_is(press: Press) -> None:
    """PDF/UA: structure, language, title; bookmarks of chapters, sections and questions; pages are numbered."""
    pdf = await printed(press, document("Sail", chapters=2, contents=True))
    root: Any = pdf.root_object
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en")
    assert "/StructTreeRoot" in root
    metadata = pdf.metadata
    assert metadata is not None
    assert (metadata.title, metadata.author) == ("Dream – Inês Vasconcelos", "Inês Vasconcelos")
    titles = [item.title for item in pdf.outline if not isinstance(item, list)]
    assert titles == ["Contents", "Chapter 1", "Chapter 2"]
    assert [len(pdf.pages), "2 of 4" in text_of(pdf), "4 of 4" in text_of(pdf)] == [4, True, True]
    contents: Any = pdf.pages[1]
    assert [entry.rstrip("0123456789").strip(". ") for entry in contents.extract_text().splitlines()[1:3]] == [
        "Chapter 1",
        "Chapter 2",
    ]
    assert len(contents["/Annots"]) >= 2, "each entry of the contents is a link"


async def test_lists_tables_gaps_and_sources_are_there(press: Press) -> None:
    """A list, rows with a head, pairs, what is missing, what it is built upon; keys as words."""
    rows = [{"target": "Bakeries", "openDays": 712}, {"target": "Cafés", "openDays": None}]
    pdf = await printed(press, document(["one", "two"], rows, {"yearEnd": {"revenue_eur": 3_800_000}}, None, True))
    text = text_of(pdf)
    for words in ("• one", "Target Open days", "Bakeries 712", "Year end", "Revenue eur 3800000", "Yes"):
        assert words in text
    assert text.count("[Not yet completed]") == 1
    assert "Built upon A wish From WOOP · version 1 To sail" in text


async def test_german_bulgarian_arabic_and_emoji(press: Press) -> None:
    """Letters of every script are there to be copied, and drawn in a font that has them."""
    pdf = await printed(press, document("Größe, Übermut, „Straße“", "Нашата мечта", "حلمنا أن نساعد", "🚀 ✅"))
    text = text_of(pdf)
    for words in ("Größe, Übermut, „Straße“", "Нашата мечта", "🚀", "✅"):
        assert words in text
    assert {"ح", "ل", "م"} <= set(text), "Arabic letters, in whichever order they were drawn"
    pages: Any = pdf.pages
    fonts = {str(font["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()}
    assert not any("Serif" in font for font in fonts)


def test_each_paragraph_has_its_own_direction() -> None:
    """By its first letter that has one; also in lists and tables."""
    html = html_of("حلمنا 2030\n\nEnglish\n\n12 שלום")
    assert [part.split('"')[1] for part in html.split("<p ")[1:]] == ["rtl", "ltr", "rtl"]
    assert 'li dir="rtl"' in html_of(["مرحبا"])
    assert 'td dir="rtl"' in html_of([{"a": "مرحبا"}])


HOSTILE = [
    '<img src="{url}/img"><script src="{url}/script"></script>',
    '<link rel="stylesheet" href="{url}/link"><style>@import url({url}/import);</style>',
    "</p></div><iframe src='{url}/frame'></iframe><object data='{url}/object'></object>",
    'file:///etc/passwd <a rel="attachment" href="file:///etc/hostname">x</a>',
    "]]> &lt;b&gt; <svg><image href='{url}/svg'/></svg> \u202e \x00\x0b\x1b[31m",
]


async def test_what_people_write_is_text_and_nothing_is_fetched(press: Press) -> None:
    """Markup, styles and addresses are printed as they were written; a server that stands by is not asked."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        written = [text.format(url=url) for text in HOSTILE]
        given = document(*written, written, {written[0]: written[1]}, [{written[2]: written[3]}])
        given["title"] = given["cover"]["title"] = given["cover"]["facts"][0][1] = written[0]
        theme = Press(f'@import url("{url}/theme"); body {{ background: url({url}/background) }}', children=1)
        try:
            text = text_of(await printed(press, given))
            await printed(theme, given)
        finally:
            await theme.close()
    assert asked == []
    assert "@import url(" in text
    assert "file:///etc/passwd" in text
    assert "&lt;b&gt;" in text


async def test_no_file_of_this_machine_is_fetched(press: Press, tmp_path: Path) -> None:
    """Neither a stylesheet, a picture nor an attachment, whether a theme names it or somebody has written it."""
    style, picture = tmp_path / "read.css", tmp_path / "read.svg"
    style.write_text('@page { size: 300pt 300pt } h1::before { content: "was read " }')
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="20">was read</text></svg>')
    url, svg = style.as_uri(), picture.as_uri()
    written = f'<link rel="stylesheet" href="{url}"><img src="{svg}"><a rel="attachment" href="{svg}">x</a>'
    named = f'@import url("{url}"); h1::after {{ content: url("{svg}") }} body {{ background: url("{svg}") }}'
    theme = Press(named, children=1)
    try:
        for pdf in (await printed(press, document(written)), await printed(theme, document(written))):
            assert written.replace(" ", "") in text_of(pdf).replace(" ", "")
            assert "was read" not in text_of(pdf)
            assert {round(page.mediabox.width) for page in pdf.pages} == {595}
            assert not pdf.attachments
    finally:
        await theme.close()


async def test_long_words_long_lists_and_deep_values_are_broken_up(press: Press) -> None:
    """A word of 2,000 characters, 300 items, objects nested 12 deep: all of it is there."""
    deep: object = "bottom"
    for level in range(12):
        deep = {f"level{level}": deep}
    text = text_of(await printed(press, document("w" * 2_000, [f"Item {n}" for n in range(300)], deep)))
    assert text.replace(" ", "").count("w") >= 2_000
    assert "Item 299" in text
    assert "bottom" in text
