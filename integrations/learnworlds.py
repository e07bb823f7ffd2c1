"""LearnWorlds as it is: how the school signs what it sends."""

import re
from hmac import compare_digest, digest

SIGN_IN_SEPARATOR = "|"

_HEX_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_VERSION = "v1="


class SignedSignIns:
    """Sign-ins signed with HMAC-SHA256 over ``user_id|email|name|timestamp``."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def used(self, user_id: str, email: str, name: str, timestamp: str, signature: str) -> bytes | None:
        """The signature as bytes if it is the school's over these values.

        A value that holds the separator is refused: what is signed could be cut into other values.
        """
        values = (user_id, email, name, timestamp)
        expected = self._expected(values)
        if not _HEX_SHA256.fullmatch(signature) or any(SIGN_IN_SEPARATOR in value for value in values):
            return None
        return expected if compare_digest(expected, bytes.fromhex(signature)) else None

    def sign(self, user_id: str, email: str, name: str, timestamp: str) -> str:
        """The signature that a school with this secret makes."""
        return self._expected((user_id, email, name, timestamp)).hex()

    def _expected(self, values: tuple[str, ...]) -> bytes:
        return digest(self._secret, _bytes(SIGN_IN_SEPARATOR.join(values)), "sha256")


class WebhooksWithSharedValue:
    """Webhooks whose header carries a value that only the school and we know: ``v1=<value>``."""

    def __init__(self, value: str) -> None:
        self._expected = _VERSION.encode() + value.encode()

    def is_genuine(self, _: bytes, signature: str) -> bool:
        """Whether the header carries the value."""
        return compare_digest(self._expected, _bytes(signature))

    def sign(self, _: bytes) -> str:
        """The header of a school that knows the value."""
        return self._expected.decode()


class SignedWebhooks:
    """Webhooks signed with hex HMAC-SHA256 over the body, byte for byte as it was sent."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def is_genuine(self, body: bytes, signature: str) -> bool:
        """Whether the header is the body's signature."""
        given = signature.removeprefix(_VERSION)
        expected = digest(self._secret, body, "sha256")
        return bool(_HEX_SHA256.fullmatch(given)) and compare_digest(expected, bytes.fromhex(given))

    def sign(self, body: bytes) -> str:
        """The header of a school with this secret."""
        return _VERSION + digest(self._secret, body, "sha256").hex()


def _bytes(text: str) -> bytes:
    """Lone surrogates too: no text may be an error here."""
    return text.encode("utf-8", "surrogatepass")
