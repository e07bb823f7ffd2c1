"""Where a browser may be sent after a sign-in: pages of listed origins and of this host, nothing that looks like one.

No URL is taken apart: browsers and libraries do that differently, and that difference is what a forged one lives on. An
address is taken if it begins with a listed origin as it stands there, followed by what can only be a path.
"""

import re
from collections.abc import Collection

MAX_DESTINATION_CHARACTERS = 2_000
"""Length of the address that a sign-in ends at."""

# No backslash, which browsers take for a slash; no space or control character, which they leave out; ASCII only.
_REST = re.compile(r"[!#-;=?-\[\]_a-z~]*")


def is_allowed(address: str, origins: Collection[str]) -> bool:
    """Whether a browser may be sent there."""
    if len(address) > MAX_DESTINATION_CHARACTERS or not _REST.fullmatch(address):
        return False
    if address.startswith("/"):
        return not address.startswith("//")
    return any(address == origin or address.startswith((f"{origin}/", f"{origin}?")) for origin in origins)


def with_error(page: str, code: str) -> str:
    """The error page's address with the code of what went wrong."""
    return f"{page}{'&' if '?' in page else '?'}error={code}"
