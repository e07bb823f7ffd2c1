"""Answers as HTML: text as paragraphs, each in its own direction, lists as lists, objects as tables.

Everything is escaped here. Long words and paragraphs are broken up, because laying out a line takes a time that grows
with its square.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

MISSING = '<p class="missing">[Not yet completed]</p>'

MAX_COLUMNS = 5
"""Columns of a table of objects; with more, each object is a table of its own."""

MAX_TABLE_DEPTH = 3
"""Tables within tables; what lies deeper is written as lines of text."""

MAX_WORD = 40
"""Characters of a word after which a line may break."""

MAX_PARAGRAPH = 4_000
"""Characters of a paragraph; a longer one becomes several."""

WHOLE = 6_000
"""Characters of HTML in a row that stays on one page where it can. A longer one may break: to try it on the next page
takes as long as to lay it out."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_LONG_WORD = re.compile(rf"\S{{{MAX_WORD}}}(?=\S)")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\s]+")
_STRONG = 400
"""Characters in which the first one with a direction is looked for."""


def clean(text: str) -> str:
    """Without characters that cannot be printed."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def html_of(value: Any, depth: int = 0) -> str:
    """An answer as HTML."""
    if _is_scalar(value):
        return "".join(_paragraphs(_plain(value)))
    if not value:
        return MISSING
    if depth >= MAX_TABLE_DEPTH:
        return "".join(_paragraphs("\n".join(_lines(value, 0))))
    if isinstance(value, Mapping):
        return _pairs(value, depth)
    return _list(value, depth)


def name_of(key: str) -> str:
    """A key as words: ``operatingProfit`` → ``Operating profit``."""
    words = " ".join(part if part.isupper() else part.lower() for part in _HUMPS.split(clean(key)) if part)
    return words[:1].upper() + words[1:]


def direction(text: str) -> str:
    """``rtl`` or ``ltr``, by the first letter that has a direction."""
    for char in text[:_STRONG]:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else clean(str(value))


def _paragraphs(text: str) -> Iterator[str]:
    for block in _PARAGRAPHS.split(text.strip()):
        way = direction(block)
        for part in _parts(block):
            yield f'<p dir="{way}">{_broken(part)}</p>'


def _parts(block: str) -> Iterator[str]:
    while len(block) > MAX_PARAGRAPH:
        end = block.rfind(" ", MAX_PARAGRAPH // 2, MAX_PARAGRAPH)
        end = end if end > 0 else MAX_PARAGRAPH
        yield block[:end]
        block = block[end:].lstrip(" ")
    yield block


def _broken(text: str) -> str:
    """Escaped, with a place to break in each long word, and with its own line breaks."""
    breakable = _LONG_WORD.sub("\\g<0>\u200b", text)
    return escape(breakable).replace("\n", "<br>")


def _pairs(value: Mapping[str, Any], depth: int) -> str:
    rows = "".join(_pair(key, html_of(item, depth + 1)) for key, item in value.items())
    return f'<table class="pairs">{rows}</table>'


def _pair(key: str, cell: str) -> str:
    whole = ' class="whole"' if len(cell) <= WHOLE else ""
    return f'<tr{whole}><th scope="row" dir="{direction(key)}">{_broken(name_of(key))}</th><td>{cell}</td></tr>'


def _list(items: Sequence[Any], depth: int) -> str:
    if all(isinstance(item, Mapping) for item in items):
        columns = list(dict.fromkeys(key for item in items for key in item))
        if 0 < len(columns) <= MAX_COLUMNS and all(_is_scalar(each) for item in items for each in item.values()):
            return _table(columns, items)
    return "<ul>" + "".join(_item(item, depth) for item in items) + "</ul>"


def _item(item: Any, depth: int) -> str:
    if isinstance(item, str) and len(item) <= MAX_PARAGRAPH:
        text = clean(item).strip()
        return f'<li dir="{direction(text)}">•\u00a0{_broken(text)}</li>'
    return f"<li>{html_of(item, depth + 1)}</li>"


def _table(columns: Sequence[str], items: Sequence[Mapping[str, Any]]) -> str:
    head = "".join(f'<th scope="col" dir="{direction(key)}">{_broken(name_of(key))}</th>' for key in columns)
    rows = "".join("<tr>" + "".join(_cell(item.get(key)) for key in columns) + "</tr>" for item in items)
    return f'<table class="rows"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _cell(value: Any) -> str:
    text = _plain(value)
    if len(text) > MAX_PARAGRAPH:
        return f"<td>{''.join(_paragraphs(text))}</td>"
    numeric = ' class="number"' if isinstance(value, int | float) and not isinstance(value, bool) else ""
    return f'<td{numeric} dir="{direction(text)}">{_broken(text)}</td>'


def _lines(value: Any, level: int) -> Iterator[str]:
    """What lies too deep for tables, a line for each value."""
    indent = "· " * level
    if _is_scalar(value):
        yield indent + _plain(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if _is_scalar(item):
                yield f"{indent}{name_of(key)}: {_plain(item)}"
            else:
                yield f"{indent}{name_of(key)}:"
                yield from _lines(item, level + 1)
    else:
        for item in value:
            yield from _lines(item, level + 1)
