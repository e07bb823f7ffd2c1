"""Markdown from outside made harmless: it is read, and written anew from what is allowed.

Paragraphs, headings, lists, quotes, code, tables, emphasis and links to web and mail addresses stay. Raw HTML, images
and every other link do not; what they enclose stays as text. The result is Markdown again, and harmless in renderers
that let HTML through and differ in what they take for code.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_PARSER.validateLink = lambda url: True  # type: ignore[method-assign]  # which links stay is decided below

_SAFE_LINK = re.compile(r"(https?://|mailto:)[^\s<>()\\\"'`\x00-\x1f]+", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, those among them that turn the direction of what follows."""

_SPECIAL = re.compile(r"[\\`*\[\]|]|(?<!\w)_|_(?!\w)|~(?=~)|(?<=~)~")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^(?:([-+=#>])|(\d{1,9})([.)]))", re.MULTILINE)
_ANY_PUNCTUATION = re.compile(r"[!-%'-/:;=>-@\[-`{-~]")
_MARKS = {"em": "*", "strong": "**", "s": "~~"}


def sanitised(text: str) -> str:
    """The harmless part of a Markdown text."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    written = _blocks(SyntaxTreeNode(_PARSER.parse(text)).children)
    # Ours is the smaller grammar; should the two ever read a text differently, all of it is shown as it stands.
    return written if is_harmless(written) else _as_it_stands(text)


def is_harmless(text: str) -> bool:
    """Whether a Markdown text holds neither HTML nor images nor links that are not allowed."""
    for node in SyntaxTreeNode(_PARSER.parse(text)).walk():
        if node.type in ("html_block", "html_inline", "image"):
            return False
        if node.type == "link" and not _SAFE_LINK.fullmatch(str(node.attrs.get("href", ""))):
            return False
    return True


def _as_it_stands(text: str) -> str:
    return _ANY_PUNCTUATION.sub(r"\\\g<0>", text.replace("&", "&amp;").replace("<", "&lt;"))


def _blocks(nodes: Sequence[SyntaxTreeNode], *, tight: bool = False) -> str:
    written = [block for node in nodes if (block := _block(node))]
    return ("\n" if tight else "\n\n").join(written)


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "paragraph":
            return _lines(node)
        case "heading":
            return f"{'#' * int(node.tag[1])} {_lines(node).replace(chr(10), ' ')}"
        case "blockquote":
            return _indented(_blocks(node.children), "> ", "> ")
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "fence" | "code_block":
            return _code_block(node)
        case "hr":
            return "---"
        case "table":
            return _table(node)
        case _:  # html_block
            return ""


def _list(node: SyntaxTreeNode) -> str:
    first = int(node.attrs.get("start", 1))
    tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
    items = []
    for number, item in enumerate(node.children, first):
        mark = f"{number}. " if node.type == "ordered_list" else "- "
        items.append(_indented(_blocks(item.children, tight=tight), mark, " " * len(mark)))
    return ("\n" if tight else "\n\n").join(items)


def _indented(text: str, first: str, others: str) -> str:
    head, *rest = text.split("\n")
    return "\n".join([first + head, *((others + line).rstrip() for line in rest)])


def _code_block(node: SyntaxTreeNode) -> str:
    if node.level:
        # Some renderers know no fences within lists, and would take this one's end for the beginning of another.
        return "\\\n".join(_line_start(_text(line.strip())) for line in node.content.splitlines() if line.strip())
    fence = _longer_than("`", node.content, 3)
    language = re.match(r"[\w+#.-]{0,20}", node.info)
    return f"{fence}{language[0] if language else ''}\n{node.content.rstrip(chr(10))}\n{fence}"


def _table(node: SyntaxTreeNode) -> str:
    rows = [
        [_lines(cell).replace("\n", " ") for cell in row.children]
        for section in node.children
        for row in section.children
    ]
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _lines(node: SyntaxTreeNode) -> str:
    """The text of a paragraph, a heading or a cell."""
    text = "".join(_inline(child) for inline in node.children for child in inline.children)
    return _line_start(text.strip())


def _line_start(text: str) -> str:
    return _LINE_START.sub(lambda found: f"\\{found[1]}" if found[1] else rf"{found[2]}\{found[3]}", text)


def _inline(node: SyntaxTreeNode) -> str:
    inside = "".join(_inline(child) for child in node.children)
    match node.type:
        case "text":
            return _text(node.content)
        case "softbreak":
            return "\n"
        case "hardbreak":
            return "\\\n"
        case "code_inline":
            return _code_span(node.content)
        case "em" | "strong" | "s":
            mark = _MARKS[node.type]
            return f"{mark}{inside}{mark}" if inside.strip() else inside
        case "link":
            href = str(node.attrs.get("href", ""))
            return f"[{inside}]({href})" if inside and _SAFE_LINK.fullmatch(href) else inside
        case "image":
            return _text(node.content)
        case _:  # html_inline
            return ""


def _text(content: str) -> str:
    escaped = _SPECIAL.sub(r"\\\g<0>", _ENTITY.sub("&amp;", content))
    # Not with a backslash: older renderers do not know it before this character.
    return escaped.replace("<", "&lt;")


def _code_span(content: str) -> str:
    # Some renderers end a table's cell at the bar, or take the first mark for the end of a bare address before it; what
    # was code is text then.
    if "|" in content or "<" in content or not content.strip():
        return _text(content)
    fence = _longer_than("`", content, 1)
    space = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{fence}{space}{content}{space}{fence}"


def _longer_than(mark: str, content: str, least: int) -> str:
    runs = [len(run) for run in re.findall(f"{mark}+", content)]
    return mark * max([least, *(run + 1 for run in runs)])
