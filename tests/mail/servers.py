"""SMTP servers of this machine: with TLS and a login, or unwilling."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "gateway", "smtp-secret-1"


@dataclass(slots=True)
class Server:
    """An SMTP server, what it got, and what it answers with. aiosmtpd's handler."""

    answers: list[str] = field(default_factory=list)
    got: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    attempts: int = 0
    port: int = 0
    over_tls: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message, unless an answer is set."""
        self.attempts += 1
        if self.answers and not (answer := self.answers.pop(0)).startswith("250"):
            return answer
        assert envelope.original_content is not None
        message = message_from_bytes(envelope.original_content, policy=default)
        assert isinstance(message, EmailMessage)
        self.got.append(message)
        self.recipients.append(envelope.rcpt_tos)
        self.over_tls.append(server.session is not None and server.session.ssl is not None)
        return "250 taken"


@asynccontextmanager
async def smtp_server(
    *answers: str, certificate: ssl.SSLContext | None = None, tls_at_once: bool = False
) -> AsyncIterator[Server]:
    """A server; with a certificate it wants STARTTLS and a login, or TLS from the first byte."""
    server = Server(list(answers))
    loop = asyncio.get_running_loop()

    def login(_: SMTP, __: Session, ___: Envelope, mechanism: str, data: object) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right and mechanism in ("LOGIN", "PLAIN"), handled=False)

    def protocol() -> SMTP:
        secured = certificate is not None and not tls_at_once
        return SMTP(
            server,
            hostname="localhost",
            loop=loop,
            tls_context=certificate if secured else None,
            require_starttls=secured,
            auth_required=secured,
            authenticator=login if secured else None,
        )

    listening = await loop.create_server(protocol, "127.0.0.1", 0, ssl=certificate if tls_at_once else None)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await listening.wait_closed()


def certificates(folder: Path, name: str = "127.0.0.1") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The context of a server whose certificate is for this name, and of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, False, False, False, False, True, True, False, False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=certificate.public_bytes(serialization.Encoding.PEM).decode())
