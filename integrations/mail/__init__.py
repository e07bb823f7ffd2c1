"""Mail: written from templates, sent through an SMTP server, later and more than once if need be."""

from integrations.mail.outgoing import Outgoing
from integrations.mail.smtp import Encryption, SmtpServer
from integrations.mail.templates import TemplateError, Templates

__all__ = ["Encryption", "Outgoing", "SmtpServer", "TemplateError", "Templates"]
