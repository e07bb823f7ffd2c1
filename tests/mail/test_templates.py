"""Mails as they are written: both forms, nobody's name in a header, and a folder of one's own."""

from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import pytest

from integrations.mail import TemplateError, Templates
from integrations.mail.templates import FOLDER
from resolvers.mail import LetterKind

SENDER = Address("Fast Track", addr_spec="no-reply@example.org")


def written(kind: str = "invitation", templates: Templates | None = None, **values: str) -> EmailMessage:
    """A mail with these values."""
    given = {"name": "Ana", "greeting": "Hello Ana,", "address": "ana@example.org", "link": "https://a.example/#t"}
    given |= {"inviter": "Dulce", "where": "Fast Track with Acme"}
    return (templates or Templates()).message(kind, SENDER, "ana@example.org", given | values)


def parts(message: EmailMessage) -> tuple[str, str]:
    """The plain text and the HTML."""
    found = [message.get_body((kind,)) for kind in ("plain", "html")]
    return tuple(str(part.get_content()) for part in found if part)  # type: ignore[return-value]


def test_every_letter_has_a_template() -> None:
    """In both forms, and there is none that no letter uses."""
    assert Templates().kinds == {kind.value for kind in LetterKind}
    names = {file.name for file in FOLDER.iterdir()}
    assert names == {f"{kind.value}.{form}" for kind in LetterKind for form in ("txt", "html")}


@pytest.mark.parametrize("kind", [kind.value for kind in LetterKind])
def test_both_forms_say_the_same(kind: str) -> None:
    """To a person, with a link where there is one to follow, and without loading anything."""
    message = written(kind)
    text, page = parts(message)
    assert text.startswith("Hello Ana,")
    assert "Hello Ana," in page
    linked = kind in ("invitation", "reset_password")
    assert ("https://a.example/#t" in text) is ('href="https://a.example/#t"' in page) is linked
    assert "<img" not in page
    assert "<script" not in page
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.org>")


HOSTILE = "Eve\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>\x00\u2028$name"


def test_no_name_becomes_a_header_or_markup() -> None:
    """Line breaks, tags and placeholders in values are text."""
    message = written(inviter=HOSTILE, where=HOSTILE, greeting=HOSTILE)
    text, page = parts(message)
    assert message["Bcc"] is None
    assert "Bcc: all@example.org" in text  # in the middle of a line, as the name that it is
    assert "\nBcc" not in text
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "$name" in text
    assert b"\r\nBcc" not in message.as_bytes()


def test_no_subject_has_two_lines(tmp_path: Path) -> None:
    """Also where a template of one's own puts a name there."""
    (tmp_path / "invitation.txt").write_text("Subject: $inviter invites you\n\n$link\n", "utf-8")
    message = written(templates=Templates(tmp_path), inviter=HOSTILE)
    assert message["Subject"].startswith("Eve Bcc: all@example.org <script>")
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"]


def test_a_long_name_is_cut() -> None:
    """Nobody writes a letter of their own in it."""
    text, _ = parts(written(inviter="x" * 1000))
    assert "x" * 120 in text
    assert "x" * 121 not in text


@pytest.mark.parametrize("address", ["a@b.example\nBcc: c@d.example", "a b", "", "@", "a@b.example, c@d.example"])
def test_an_address_that_is_none(address: str) -> None:
    """Is refused, never written."""
    with pytest.raises(Exception, match=r".*"):
        Templates().message("no_password", SENDER, address, dict.fromkeys(("greeting", "address"), ""))


def test_a_folder_of_ones_own_replaces_some(tmp_path: Path) -> None:
    """The others stay."""
    (tmp_path / "reset_password.txt").write_text("Subject: Nova senha\n\nOlá $name: $link\n", "utf-8")
    templates = Templates(tmp_path)
    message = written("reset_password", templates)
    assert (message["Subject"], parts(message)[0].strip()) == ("Nova senha", "Olá Ana: https://a.example/#t")
    assert "Set a new password" in parts(message)[1]
    assert written("invitation", templates)["Subject"] == "An invitation to Fast Track"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("invitation.txt", b"$tokne", "has tokne; what can stand there is"),
        ("invitation.html", b"100 $", "write $$ for the sign"),
        ("invitation.txt", b"\xff", "cannot be read"),
        ("welcome.txt", b"Hello", "replace no template: welcome.txt"),
    ],
)
def test_a_template_that_cannot_be_used(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    """Stops the start, and says which and why."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TemplateError) as refused:
        Templates(tmp_path)
    assert sentence in str(refused.value)
