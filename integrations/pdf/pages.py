"""A document as HTML: cover, contents, chapters. What people wrote stands in it as text and as nothing else."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from integrations.pdf.values import MISSING, clean, html_of

Node = Mapping[str, Any]


def page_of(document: Node) -> str:
    """The whole page. The keys of ``document`` are those that ``resolvers/tools/exporting/document.py`` gives."""
    return "".join(_parts(document))


def _parts(document: Node) -> Iterator[str]:
    yield f'<!doctype html><html lang="{_text(document["lang"])}"><head><meta charset="utf-8">'
    yield f"<title>{_text(document['title'])}</title>"
    for name in ("author", "description", "generator"):
        yield f'<meta name="{name}" content="{_text(document[name])}">'
    yield f'<meta name="dcterms.created" content="{_text(document["created"])}"></head><body>'
    yield from _cover(document)
    if document["contents"]:
        yield from _contents(document)
    for chapter in document["chapters"]:
        yield from _chapter(chapter)
    yield "</body></html>"


def _cover(document: Node) -> Iterator[str]:
    cover = document["cover"]
    yield f'<section class="cover"><p class="brand">{_text(cover["brand"])}</p>'
    yield f'<p class="kicker">{_text(cover["kicker"])}</p><p class="title">{_text(cover["title"])}</p>'
    yield '<table class="facts">'
    for label, value in cover["facts"]:
        yield f'<tr><th scope="row">{_text(label)}</th><td>{html_of(value)}</td></tr>'
    yield "</table></section>"


def _contents(document: Node) -> Iterator[str]:
    yield '<nav class="contents"><h1>Contents</h1><ul>'
    for chapter in document["chapters"]:
        yield f'<li><a href="#{_text(chapter["id"])}">{_text(chapter["title"])}</a></li>'
    yield "</ul></nav>"


def _chapter(chapter: Node) -> Iterator[str]:
    yield f'<section class="chapter" id="{_text(chapter["id"])}"><h1>{_text(chapter["title"])}</h1>'
    if chapter["note"]:
        yield f'<p class="note">{_text(chapter["note"])}</p>'
    for section in chapter["sections"]:
        yield f"<h2>{_text(section['title'])}</h2>"
        for answer in section["answers"]:
            yield f'<h3>{_text(answer["label"])}</h3><div class="answer">{_value(answer["value"])}</div>'
    if chapter["sources"]:
        yield '<div class="sources"><h2>Built upon</h2>'
        for source in chapter["sources"]:
            yield f'<h3>{_text(source["label"])}</h3><p class="source">From {_text(source["tool"])}'
            yield f"{' · ' + _text(source['note']) if source['note'] else ''}</p>"
            yield f'<div class="answer">{_value(source["value"])}</div>'
        yield "</div>"
    yield "</section>"


def _value(value: Any) -> str:
    return MISSING if value is None else html_of(value)


def _text(text: str) -> str:
    return escape(clean(text))
