"""Sends letters: through the operator's SMTP server, or in development into a catcher that shows them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from app.links import link_of
from app.mail_catcher import Mailbox, catching
from app.settings import Settings
from integrations.mail import Encryption, Outgoing, SmtpServer, Templates
from resolvers.mail import NO_MAILER, Compose, Letter, Mailer

_DEVELOPMENT_SENDER = "Fast Track <no-reply@fast-track.localhost>"


@dataclass(frozen=True, slots=True)
class Mailing:
    """Letters become messages, and go out. ``mailbox`` is where development keeps them."""

    settings: Settings
    outgoing: Outgoing
    templates: Templates
    sender: Address
    mailbox: Mailbox | None = None

    def require(self) -> None:
        """Letters are sent."""

    def post(self, compose: Compose) -> None:
        """Make and send a letter after this."""

        async def make() -> EmailMessage | None:
            letter = await compose()
            return self._message(letter) if letter else None

        self.outgoing.put(make)

    def _message(self, letter: Letter) -> EmailMessage:
        values = {
            "name": letter.name,
            "greeting": f"Hello {letter.name}," if letter.name else "Hello,",
            "address": letter.to,
            "link": link_of(self.settings, letter.kind, letter.token) if letter.token else "",
            "inviter": letter.inviter,
            "where": f"Fast Track with {letter.organization}" if letter.organization else "Fast Track",
        }
        return self.templates.message(letter.kind.value, self.sender, letter.to, values)


@asynccontextmanager
async def open_mailer(settings: Settings) -> AsyncIterator[Mailer]:
    """The mailer of one process; what it holds is sent before the block ends. Raises ``TemplateError``.

    In production without ``SMTP_URL`` there is none: what needs mail is refused.
    """
    if settings.smtp is None and not settings.in_development:
        yield NO_MAILER
        return
    templates = Templates(settings.mail_templates)
    sender = sender_of(settings.mail_from or _DEVELOPMENT_SENDER)
    if settings.smtp is not None:
        async with Outgoing(settings.smtp.deliver) as outgoing:
            yield Mailing(settings, outgoing, templates, sender)
        return
    async with catching() as (mailbox, port):
        server = SmtpServer("127.0.0.1", port, Encryption.NONE)
        async with Outgoing(server.deliver) as outgoing:
            yield Mailing(settings, outgoing, templates, sender, mailbox)


def sender_of(text: str) -> Address:
    """``Name <address>``, or an address alone."""
    name, address = parseaddr(text)
    return Address(name, addr_spec=address)
