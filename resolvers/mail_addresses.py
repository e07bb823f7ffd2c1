"""Mail addresses as accounts have them: one spelling for each, and none that only looks like another."""

import re

from resolvers.refusals import InvalidInput, Problem

MAX_ADDRESS_CHARACTERS = 254
"""Length of a mail address (RFC 5321)."""

_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_LOCAL}@{_LABEL}(\.{_LABEL})+")


def normalised(address: str, path: str = "email") -> str:
    """The address in lower case, without spaces around it.

    Raises ``InvalidInput`` (the problem is at ``path``) for what is no address, and for one with other characters than
    those of ASCII: they look like one another, and two accounts would look like one.
    """
    stripped = address.strip(" ")
    # Before lower(): the Kelvin sign becomes a plain k there.
    if not stripped.isascii():
        message = (
            f"{address!r:.80} has characters other than plain letters, digits and signs. Send the address as ASCII;"
            " a domain with other letters in its form that begins with xn--."
        )
        raise InvalidInput([Problem(path, message)])
    lowered = stripped.lower()
    if len(lowered) > MAX_ADDRESS_CHARACTERS or not _ADDRESS.fullmatch(lowered):
        raise InvalidInput([Problem(path, f"{address!r:.80} is no mail address.")])
    return lowered


def domain_of(address: str) -> str:
    """The domain of a normalised address."""
    return address.rpartition("@")[2]
