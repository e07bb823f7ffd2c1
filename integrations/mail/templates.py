"""Writes messages from templates: one file of plain text and one of HTML for each kind.

The first line of the text is the subject. ``$name`` and the like stand for values, which are put in as they are in the
text and escaped in the HTML. A folder of one's own may replace any of the files.
"""

import html
import unicodedata
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "templates"

PLACEHOLDERS = frozenset({"name", "greeting", "link", "inviter", "where", "address"})
"""What a template may hold."""

MAX_VALUE_CHARACTERS = 120
"""Characters of a name within a mail; links are as long as they are."""


class TemplateError(Exception):
    """A template cannot be used; the message says which and why."""


class Templates:
    """The templates of every kind, read once. Raises ``TemplateError``."""

    def __init__(self, folder: Path | None = None) -> None:
        self._texts: dict[str, Template] = {}
        self._pages: dict[str, Template] = {}
        for file in sorted(FOLDER.glob("*.*")):
            own = folder / file.name if folder else file
            read = _read(own if own.exists() else file)
            (self._texts if file.suffix == ".txt" else self._pages)[file.stem] = read
        if folder and (unknown := {each.name for each in folder.glob("*.*")} - {f.name for f in FOLDER.glob("*.*")}):
            raise TemplateError(f"{folder} has files that replace no template: {', '.join(sorted(unknown))}.")

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of messages there are."""
        return frozenset(self._texts)

    def message(self, kind: str, sender: Address, to: str, values: Mapping[str, str]) -> EmailMessage:
        """A message of this kind. Raises ``ValueError`` for an address that is none."""
        plain = {key: value if key == "link" else _on_one_line(value) for key, value in values.items()}
        first, _, body = self._texts[kind].substitute(plain).partition("\n")
        escaped = {key: html.escape(value) for key, value in plain.items()}
        message = EmailMessage(SMTP)
        message["Subject"] = _on_one_line(first.removeprefix("Subject: "), MAX_VALUE_CHARACTERS * 2)
        message["From"] = sender
        message["To"] = Address(addr_spec=to)
        message["Message-ID"] = make_msgid(domain=sender.domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body.lstrip("\n"), cte="quoted-printable")
        message.add_alternative(self._pages[kind].substitute(escaped), subtype="html", cte="quoted-printable")
        return message


def _read(file: Path) -> Template:
    try:
        template = Template(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{file} cannot be read: {error}") from error
    if not template.is_valid():
        raise TemplateError(f"{file} has a $ that begins no placeholder; write $$ for the sign itself.")
    if unknown := set(template.get_identifiers()) - PLACEHOLDERS:
        known = ", ".join(f"${each}" for each in sorted(PLACEHOLDERS))
        raise TemplateError(f"{file} has {', '.join(sorted(unknown))}; what can stand there is {known}.")
    return template


def _on_one_line(value: str, most: int = MAX_VALUE_CHARACTERS) -> str:
    """Without line breaks and other control characters: nobody's name begins a header or a paragraph."""
    plain = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in value)
    return " ".join(plain.split())[:most]
