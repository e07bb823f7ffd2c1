"""What a service key looks like: ``ftk_``, eight characters that name it, 43 that are secret, six that check the rest.

The letters in front let scanners of repositories and logs recognise a key; the check tells a mistyped one without
asking the database.
"""

import secrets
import string
from dataclasses import dataclass, field
from hashlib import sha256
from zlib import crc32

MARK = "ftk_"
"""What every service key begins with."""

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_NAME, _SECRET, _CHECK = 8, 43, 6
_LENGTH = len(MARK) + _NAME + 1 + _SECRET + _CHECK


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key in full, as it is shown once and sent ever after."""

    text: str = field(repr=False)

    @property
    def prefix(self) -> str:
        """The part that names it."""
        return self.text[len(MARK) : len(MARK) + _NAME]

    @property
    def digest(self) -> bytes:
        """What is stored of it."""
        return sha256(self.text.encode()).digest()


def new_key() -> KeyText:
    """A key that nobody has seen; 256 bits of it are secret."""
    name, secret = ("".join(secrets.choice(_ALPHABET) for _ in range(length)) for length in (_NAME, _SECRET))
    body = f"{MARK}{name}_{secret}"
    return KeyText(body + _check(body))


def read_key(text: str) -> KeyText | None:
    """The key that a text is; ``None`` for what cannot be one."""
    if len(text) != _LENGTH or not text.isascii() or _check(text[:-_CHECK]) != text[-_CHECK:]:
        return None
    key = KeyText(text)
    return key if text.startswith(MARK) and set(key.prefix) <= set(_ALPHABET) else None


def _check(body: str) -> str:
    """CRC-32 in digits of base 62."""
    number, digits = crc32(body.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
