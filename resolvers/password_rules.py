"""Which passwords are accepted: long ones that are not guessed first; no rules of composition (NIST SP 800-63B)."""

import unicodedata
from functools import cache
from pathlib import Path

from resolvers.refusals import InvalidInput, Problem

MIN_PASSWORD_CHARACTERS = 12
MAX_PASSWORD_CHARACTERS = 128
"""Characters of a password after normalisation, as Unicode counts code points."""

MAX_RAW_CHARACTERS = 4 * MAX_PASSWORD_CHARACTERS
"""Characters as they are sent; normalisation makes one of several, rarely more. What is longer is not looked at."""

MAX_NAME_CHARACTERS = 255
"""Characters of a person's name."""

_LITTLE_MORE = 3
_LONGEST_REPEATED = 4
_COMMON = Path(__file__).parent / "common_passwords.txt"
_SERIES = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)


def normalised_password(password: str) -> str | None:
    """The password as it is hashed: in Unicode's form NFKC, so that every keyboard types the same one.

    ``None`` for one that is longer than any that was ever accepted.
    """
    if len(password) > MAX_RAW_CHARACTERS:
        return None
    return unicodedata.normalize("NFKC", password)


def accepted_password(password: str, path: str, email: str, name: str) -> str:
    """The normalised password, if it may become that of the person with this address and name.

    Raises ``InvalidInput`` with everything that is wrong with it, at ``path``.
    """
    normalised = normalised_password(password)
    if normalised is None or len(normalised) > MAX_PASSWORD_CHARACTERS:
        problems = [f"A password has at most {MAX_PASSWORD_CHARACTERS} characters. Choose a shorter one."]
    else:
        problems = list(_problems(normalised, email, name))
    if normalised is None or problems:
        raise InvalidInput([Problem(path, message) for message in problems])
    return normalised


def accepted_name(name: str, path: str) -> str:
    """A person's name without spaces around it. Raises ``InvalidInput`` for one that is empty, long or unprintable."""
    stripped = unicodedata.normalize("NFC", name[: 4 * MAX_NAME_CHARACTERS]).strip()
    if not 1 <= len(stripped) <= MAX_NAME_CHARACTERS or _has_controls(stripped):
        message = f"A name has 1 to {MAX_NAME_CHARACTERS} characters, all on one line."
        raise InvalidInput([Problem(path, message)])
    return stripped


def _problems(password: str, email: str, name: str) -> list[str]:
    found = []
    if len(password) < MIN_PASSWORD_CHARACTERS:
        found.append(
            f"A password has at least {MIN_PASSWORD_CHARACTERS} characters. Choose a longer one, such as a few words."
        )
    if _has_controls(password):
        found.append("It holds a character that cannot be typed, such as a tab or a line break. Leave that out.")
    if _is_common(password):
        found.append("It is one of the first that are guessed. Choose another one, such as a few words.")
    elif _is_personal(password, email, name):
        found.append("It is your mail address or your name with little more. Choose something else.")
    return found


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(character) in ("Cc", "Cs") for character in text)


def _is_common(password: str) -> bool:
    folded = password.casefold()
    if folded in _common():
        return True
    # One piece over and over (aaaaaaaaaaaa, 123412341234), or a row of keys.
    longest = min(_LONGEST_REPEATED, len(folded) // 2)
    return any(folded[length:] == folded[:-length] for length in range(1, longest + 1)) or any(
        folded in row or folded in row[::-1] for row in _SERIES
    )


def _is_personal(password: str, email: str, name: str) -> bool:
    plain = _letters(password)
    given = (email, email.partition("@")[0], name)
    pieces = [piece for piece in map(_letters, given) if piece and piece in plain]
    return any(len(plain.replace(piece, "")) <= _LITTLE_MORE for piece in pieces)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


@cache
def _common() -> frozenset[str]:
    """Passwords that are guessed first, of those long enough, one a line."""
    return frozenset(_COMMON.read_text("utf-8").splitlines())
