"""Markdown from outside: what is allowed stays as it was, nothing else gets through."""

import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from integrations.n8n.markdown import is_harmless, sanitised

KEPT = """# Title

Some *emphasis*, **strength**, ~~strikes~~ and `code`.

- first
- second
  - deeper

3. three
4. four

> quoted
> on two lines

```python
if a < b:
    print("<script>")
```

| a | b |
| --- | --- |
| 1 | 2 |

[a page](https://example.org/a?b=1&c=2) and [a mail](mailto:help@example.org)

---

Ünïcödé, العربية, 🙂 and snake_case"""


def test_what_is_allowed_stays() -> None:
    """To the letter."""
    assert sanitised(KEPT) == KEPT


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("<script>alert(1)</script>", ""),
        ("a <b onclick=x>bold</b> word", "a bold word"),
        ("a <img src=x onerror=alert(1)>", "a"),
        ("<!-- note --> b", ""),
        ("![a picture](https://example.org/tracker.gif)", "a picture"),
        ("[![pic](x)](https://example.org)", "[pic](https://example.org)"),
        ("[go](javascript:alert(1))", "go"),
        ("[go](JaVaScRiPt:alert(1)) [x](data:text/html,x)", "go x"),
        ("[go](//example.org) [x](/api/auth/logout) [y](#top)", "go x y"),
        ("[go][1]\n\n[1]: vbscript:x", "go"),
        (
            "<javascript:alert(1)> <https://example.org>",
            "javascript:alert(1) [https://example.org](https://example.org)",
        ),
        ("[go](&#106;avascript:alert(1))", "go"),
        ("5 < 6, `<b>`, &lt;b&gt;, \\<b>", "5 &lt; 6, &lt;b>, &lt;b>, &lt;b>"),
        ("see https://example.org)`<b>`", "see https://example.org)&lt;b>"),
        ("a\x00\x07b\u202ec", "abc"),
        ("1. one\n1. two", "1. one\n2. two"),
        ("text\n1986. A year", "text\n1986\\. A year"),
        ("- ```\n  <b>\n  # x\n  ```", "- &lt;b>\\\n  \\# x"),
        ("\\# no title", "\\# no title"),
    ],
)
def test_what_is_not_allowed_goes(given: str, left: str) -> None:
    """Its text stays where it has any."""
    assert sanitised(given) == left


PIECES = st.sampled_from(
    [
        *(
            "<b>",
            "</b>",
            "<script>",
            "<!--",
            "-->",
            "<a href=x>",
            "<?php",
            "<![CDATA[",
            "]]>",
            "<x@y.z>",
            "&lt;",
            "&#60;",
        ),
        *("](", "](javascript:a)", "(data:x)", "[", "]", "![", "[x]: javascript:y\n", "`", "``", "```\n", "~~~", '"'),
        *("\n", "\n\n", "    ", "  \n", "\t", "> ", "- ", "1. ", "# ", "=", "---", "|", "|-|", "\n|-|-|\n"),
        *("*", "**", "_", "\\", "a", "b c"),
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200)

_RENDERER = MarkdownIt("commonmark").enable("table")
_ALLOWED = re.compile(
    r"<(/?(p|h[1-6]|ul|li|ol|blockquote|em|strong|s|code|pre|table|thead|tbody|tr|th|td)|br /|hr /|ol start=\"\d+\""
    r"|code class=\"language-[\w+#.-]*\"|a href=\"(https?://|mailto:)[^\"<>]*\"|/a)>",
    re.IGNORECASE,
)


@settings(max_examples=int(os.environ.get("MARKDOWN_EXAMPLES", "120")), deadline=None)
@given(TEXTS)
def test_nothing_else_gets_through(text: str) -> None:
    """Rendered where HTML is let through, it is made of our own tags alone; and what is harmless stays so."""
    written = sanitised(text)
    assert is_harmless(written)
    assert "<" not in _ALLOWED.sub("", _RENDERER.render(written))
    assert is_harmless(sanitised(written))


@pytest.mark.parametrize("text", ["[" * 5_000, "*a" * 2_500, "- " * 2_500, "`a``b" * 1_000, "![a" * 1_500, "<" * 5_000])
def test_what_is_made_to_take_long(text: str) -> None:
    """It ends."""
    assert is_harmless(sanitised(text))
