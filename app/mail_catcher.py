"""Development's end of the mail: an SMTP server on the loopback address that keeps what it gets, and shows it."""

import asyncio
import html
import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

KEPT_MAILS = 100
"""Mails that are shown; older ones are forgotten."""

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HTML_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LINK = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True, slots=True)
class Caught:
    """A mail, and when it came."""

    number: int
    at: datetime
    message: EmailMessage

    def part(self, kind: str) -> str:
        """Its text of this kind: plain or html."""
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body else ""


@dataclass(slots=True)
class Mailbox:
    """The mails of this process, oldest first. What aiosmtpd calls a handler."""

    mails: deque[Caught] = field(default_factory=lambda: deque(maxlen=KEPT_MAILS))
    count: int = 0

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a mail."""
        content = envelope.original_content or b""
        self.count += 1
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(Caught(self.count, datetime.now(UTC), message))
        return "250 kept"


@asynccontextmanager
async def catching() -> AsyncIterator[tuple[Mailbox, int]]:
    """A mailbox, and the port of the loopback address that fills it."""
    mailbox = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, hostname="localhost", loop=loop), "127.0.0.1", 0)
    try:
        yield mailbox, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def mail_routes(mailbox: Mailbox) -> APIRouter:
    """``/dev/mail``."""
    router = APIRouter(prefix="/dev/mail", include_in_schema=False)

    @router.get("")
    async def mails() -> Response:
        found = "".join(_shown(caught) for caught in reversed(mailbox.mails)) or "<p>No mail yet.</p>"
        return HTMLResponse(_PAGE.format(found), headers={"Content-Security-Policy": _POLICY})

    @router.get("/{number}")
    async def as_html(number: int) -> Response:
        found = next((caught.part("html") for caught in mailbox.mails if caught.number == number), None)
        if found is None:
            return HTMLResponse("<p>There is no such mail.</p>", 404, headers={"Content-Security-Policy": _POLICY})
        return HTMLResponse(found, headers={"Content-Security-Policy": _HTML_POLICY})

    return router


def _shown(caught: Caught) -> str:
    subject, to = html.escape(str(caught.message["Subject"])), html.escape(str(caught.message["To"]))
    return (
        f"<article><h2>{subject}</h2><p>To {to}, {caught.at:%H:%M:%S} UTC ·"
        f' <a href="/dev/mail/{caught.number}">as HTML</a></p><pre>{_linked(caught.part("plain"))}</pre></article>'
    )


def _linked(text: str) -> str:
    """The text as HTML, with its addresses to be clicked."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        address = html.escape(found[0])
        parts += [html.escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, html.escape(text[end:])])


_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Mail · Fast Track Graph</title>
    <link rel="icon" type="image/svg+xml" href="/static/favicon.svg">
    <link rel="stylesheet" href="/account/page.css">
  </head>
  <body>
    <main>
      <h1>Mail that this gateway would have sent</h1>
      {}
    </main>
  </body>
</html>
"""
