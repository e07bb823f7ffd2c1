"""Hands one message to an SMTP server, over TLS that is verified."""

import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, send

SMTP_TIMEOUT = 20.0
"""Seconds that the server may take for one step."""

_PERMANENT = 500


class Encryption(StrEnum):
    """How the connection is protected: upgraded to TLS, TLS from the first byte, or not at all."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_SCHEMES = {"smtp": Encryption.STARTTLS, "smtps": Encryption.TLS, "smtp+plain": Encryption.NONE}
_PORTS = {Encryption.STARTTLS: 587, Encryption.TLS: 465, Encryption.NONE: 25}
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_ADVICE = "is no SMTP server; one looks like smtp://user:password@mail.example.org:587"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over. A certificate that does not verify, or a server without STARTTLS, gets no mail."""

    host: str
    port: int
    encryption: Encryption = Encryption.STARTTLS
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> "SmtpServer":
        """The server that a URL names: ``smtp`` with STARTTLS, ``smtps`` with TLS, ``smtp+plain`` with neither.

        Raises ``ValueError`` for anything else. Without TLS only this machine is spoken to, and no password is sent.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise ValueError(_ADVICE) from error
        encryption = _SCHEMES.get(parts.scheme)
        if encryption is None or not host or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(_ADVICE)
        user, password = [unquote(part) if part is not None else None for part in (parts.username, parts.password)]
        if encryption is Encryption.NONE and (host not in _THIS_MACHINE or password is not None):
            raise ValueError("without TLS names another machine or a password; use smtp:// or smtps://")
        return cls(host, port or _PORTS[encryption], encryption, user, password)

    async def deliver(self, message: EmailMessage) -> None:
        """Hand over one message. Raises ``Refused`` for a refusal that would come again, ``Unreachable`` otherwise.

        Neither says more than the server's code: its words may quote the message.
        """
        secured = self.encryption is not Encryption.NONE
        try:
            await send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                use_tls=self.encryption is Encryption.TLS,
                start_tls=self.encryption is Encryption.STARTTLS,
                tls_context=(self.tls or ssl.create_default_context()) if secured else None,
                timeout=SMTP_TIMEOUT,
            )
        except SMTPRecipientsRefused as error:
            codes = [each.code for each in error.recipients]
            raise (Refused if min(codes) >= _PERMANENT else Unreachable)(
                f"recipient refused, code {codes[0]}"
            ) from None
        except SMTPResponseException as error:
            kind = Refused if error.code >= _PERMANENT else Unreachable
            raise kind(f"{type(error).__name__}, code {error.code}") from None
        except (SMTPException, OSError, ValueError) as error:
            raise Unreachable(type(error).__name__) from None


class Refused(Exception):
    """The server does not take this message, now or later."""


class Unreachable(Exception):
    """The server could not be talked to, or asks to come again."""
