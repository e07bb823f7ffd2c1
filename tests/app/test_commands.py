"""The commands, each on a migrated database of its own module."""

import json
import re
import socket
from pathlib import Path

import jwt
import pytest

from graphql_api.manifests import read_manifest
from tests.app.conftest import Shell
from tests.conftest import ENCRYPTION_KEYS

PRODUCTION = {"ENVIRONMENT": "production", "JWT_SECRET": "k" * 32, "ENCRYPTION_KEYS": ENCRYPTION_KEYS}


def add(shell: Shell, email: str, organization: str = "acme", role: str = "user") -> int:
    """Make an account; the command's status."""
    return shell.run(
        "user", "add", "--email", email, "--name", "Pat", "--organization", organization, "--role", role
    ).status


def test_catalogue_check_counts(shell: Shell) -> None:
    """What is there, in one line; it needs no database."""
    printed = shell.run("catalogue", "check")
    assert printed.status == 0
    assert printed.out == "31 tools, 150 questions, 85 fields, 105 needs: sound\n"


def test_catalogue_check_says_what_is_wrong(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On the error stream, with status 1."""
    monkeypatch.setattr("db.catalogue.load.load_catalogue.__defaults__", (tmp_path,))
    printed = shell.run("catalogue", "check")
    assert (printed.status, printed.out) == (1, "")
    assert printed.err.startswith("The tool catalogue is not usable:\n  - modules.toml: ")


@pytest.mark.parametrize("form", ["apollo", "relay"])
def test_documents_are_printed_as_a_manifest(shell: Shell, tmp_path: Path, form: str) -> None:
    """Those of the routes and those of the files; what is printed is a manifest again."""
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    one.write_text('{"7d3f": "{ viewer { fullName } }"}', "utf-8")
    shell.set(STORED_DOCUMENTS=str(one))
    printed = shell.run("documents", "--format", form)
    assert (printed.status, printed.err) == (0, "")
    two.write_text(printed.out, "utf-8")
    documents = dict(read_manifest(two))
    assert documents["7d3f"] == "{ viewer { fullName } }"
    assert "query ListTools" in documents["ListTools"]
    shell.set(STORED_DOCUMENTS=f"{one}, {two}")
    assert shell.run("documents", "--format", form).out == printed.out


def test_a_manifest_that_cannot_be_used_stops_with_a_sentence(shell: Shell, tmp_path: Path) -> None:
    """On the error stream, with status 1."""
    shell.set(STORED_DOCUMENTS=str(tmp_path / "missing.json"))
    printed = shell.run("documents")
    assert (printed.status, printed.out) == (1, "")
    assert printed.err.startswith("The stored documents cannot be read: ")


def test_schema_is_the_committed_one(shell: Shell) -> None:
    """What ``make schema`` writes is what the repository holds."""
    committed = Path(__file__).parents[2] / "schema.graphql"
    printed = shell.run("schema")
    assert printed.status == 0
    assert printed.out == committed.read_text("utf-8")


def test_routes_are_one_a_line(shell: Shell) -> None:
    """Method and path."""
    printed = shell.run("routes")
    assert printed.status == 0
    assert any(line.split()[:2] == ["GET", "/api/tools"] for line in printed.out.splitlines())


def test_openapi_is_a_document(shell: Shell) -> None:
    """JSON, of version 3.1."""
    printed = shell.run("openapi")
    assert printed.status == 0
    assert json.loads(printed.out)["openapi"].startswith("3.1")


def test_an_account_is_made_with_its_organization(operator: Shell) -> None:
    """The organisation too, when it is new; the command prints the account's id."""
    printed = operator.run("user", "add", "--email", "New@One.example", "--name", "New", "--organization", "one")
    assert printed.status == 0
    assert len(printed.out.strip()) == 36
    assert add(operator, "second@one.example", "one", "guru") == 0


@pytest.mark.parametrize(
    ("email", "organization", "sentence"),
    [
        ("taken@two.example", "two", "taken@two.example has an account already."),
        ("nobody", "two", "'nobody' is no mail address."),
        ("some@two.example", "Two & Co", "'Two & Co' cannot be an organisation's slug; use lower case"),
    ],
)
def test_an_account_that_cannot_be_made_is_refused(
    operator: Shell, email: str, organization: str, sentence: str
) -> None:
    """In one sentence, with status 1, and no organisation is left behind."""
    add(operator, "taken@two.example", "two")
    printed = operator.run("user", "add", "--email", email, "--name", "P", "--organization", organization)
    assert (printed.status, printed.out) == (1, "")
    assert printed.err.startswith(sentence)


def test_token_prints_nothing_but_the_token(operator: Shell) -> None:
    """One line, for ``$(…)``; it names the account, and nothing is on the error stream."""
    add(operator, "ann@three.example", "three", "admin")
    printed = operator.run("token", "--email", "Ann@Three.example")
    assert (printed.status, printed.err) == (0, "")
    assert printed.out == printed.out.strip() + "\n"
    claims = jwt.decode(printed.out.strip(), options={"verify_signature": False})
    assert (claims["email"], claims["role"]) == ("ann@three.example", "admin")


def test_token_for_nobody_says_how_to_make_somebody(operator: Shell) -> None:
    """The command to type next."""
    printed = operator.run("token", "--email", "nobody@three.example")
    assert (printed.status, printed.out) == (1, "")
    assert "python -m app user add --email nobody@three.example" in printed.err


@pytest.mark.parametrize(
    "command",
    [
        ("user", "add", "--email", "a@b.example", "--name", "A", "--organization", "b"),
        ("token", "--email", "ann@three.example"),
    ],
    ids=["user add", "token"],
)
def test_production_makes_nobody_and_signs_nobody_in(operator: Shell, command: tuple[str, ...]) -> None:
    """These two are for development."""
    operator.set(**PRODUCTION)
    printed = operator.run(*command)
    assert (printed.status, printed.out) == (1, "")
    assert "is for development" in printed.err


def test_an_operator_begins_in_production(operator: Shell) -> None:
    """A link and nothing else; for an account that exists, one that sets its password."""
    operator.set(**PRODUCTION, PUBLIC_URL="https://graph.example.org")
    invite = ("user", "invite", "--email", "First@Four.example", "--role", "platform_admin")
    printed = operator.run(*invite)
    assert (printed.status, printed.err) == (0, "")
    assert re.fullmatch(r"https://graph\.example\.org/account/invitation#[\w-]{43}\n", printed.out)
    assert operator.run(*invite).status == 0
    admin = operator.run("user", "invite", "--email", "a@four.example", "--role", "admin", "--organization", "four")
    assert admin.status == 0
    operator.set(ENVIRONMENT="development")
    assert add(operator, "known@four.example", "four") == 0
    operator.set(ENVIRONMENT="production", RESET_URL="https://tools.example.org/reset?t={token}")
    printed = operator.run("user", "reset", "--email", "known@four.example")
    assert re.fullmatch(r"https://tools\.example\.org/reset\?t=[\w-]{43}\n", printed.out)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("invite", "--email", "taken@five.example", "--role", "user", "--organization", "five"), "has an account"),
        (("invite", "--email", "no", "--role", "user", "--organization", "five"), "'no' is no mail address."),
        (("invite", "--email", "a@five.example", "--role", "user"), "--organization"),
        (("invite", "--email", "a@five.example", "--role", "platform_admin", "--organization", "five"), "has no org"),
        (("reset", "--email", "nobody@five.example"), "python -m app user invite"),
    ],
)
def test_an_operator_is_told_what_is_wrong(operator: Shell, arguments: tuple[str, ...], sentence: str) -> None:
    """In one sentence, with status 1."""
    add(operator, "taken@five.example", "five")
    printed = operator.run("user", *arguments)
    assert (printed.status, printed.out) == (1, "")
    assert sentence in printed.err


def test_a_link_needs_somewhere_to_lead(operator: Shell) -> None:
    """In production the gateway's address is not the one it listens on."""
    operator.set(**PRODUCTION)
    printed = operator.run("user", "reset", "--email", "a@b.example")
    assert (printed.status, printed.out) == (1, "")
    assert "PUBLIC_URL" in printed.err


def test_migrate_again_finds_nothing_to_do(operator: Shell) -> None:
    """And says so."""
    printed = operator.run("migrate")
    assert printed.status == 0
    assert "0 revision(s) applied" in printed.err


def test_one_tool_is_migrated_down_and_up(operator: Shell) -> None:
    """While it is down the database counts as not up to date, and nobody is signed in to it."""
    assert "2 revision(s) undone" in operator.run("migrate", "down", "--to", "pricing@base").err
    refused = operator.run("token", "--email", "ann@three.example")
    assert (refused.status, refused.err) == (1, "The database is not up to date. Run: python -m app migrate\n")
    assert "2 revision(s) applied" in operator.run("migrate").err


@pytest.mark.parametrize("direction", ["up", "down"])
def test_migrate_to_nowhere_is_refused(operator: Shell, direction: str) -> None:
    """In a sentence."""
    printed = operator.run("migrate", direction, "--to", "nowhere")
    assert printed.status == 1
    assert "Can't locate revision identified by 'nowhere'. Nothing was moved." in printed.err


@pytest.mark.parametrize("command", [("migrate",), ("seed",), ("serve",), ("token", "--email", "a@b.example")])
def test_a_database_that_is_not_there_is_told(shell: Shell, command: tuple[str, ...]) -> None:
    """In one sentence, without a trace and without the URL's password."""
    shell.set(DATABASE_URL="postgresql://owner:hunter2@127.0.0.1:1/fast_track")
    printed = shell.run(*command)
    assert (printed.status, printed.out) == (1, "")
    assert "The database cannot be reached: " in printed.err
    assert "hunter2" not in printed.err


@pytest.mark.parametrize("command", [("migrate",), ("seed",)])
def test_what_the_owner_does_needs_the_owner(operator: Shell, migrated: str, command: tuple[str, ...]) -> None:
    """With only the gateway's URL there is no way to migrate or seed."""
    operator.set(DATABASE_URL="", GATEWAY_DATABASE_URL=migrated)
    printed = operator.run(*command)
    assert printed.status == 1
    assert "This needs DATABASE_URL, the owner's way into the database" in printed.err


def test_the_gateway_does_not_serve_with_the_owners_login(operator: Shell, migrated: str) -> None:
    """A login that policies do not bind stops the start."""
    operator.set(**PRODUCTION, DATABASE_URL="", GATEWAY_DATABASE_URL=migrated)
    printed = operator.run("serve")
    assert printed.status == 1
    assert "The gateway's database login must be harmless, but it: " in printed.err


@pytest.mark.parametrize("arguments", [(), ("dance",), ("token",), ("user", "add", "--role", "owner")])
def test_words_that_are_no_command_show_the_usage(
    shell: Shell, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, as command lines have it."""
    with pytest.raises(SystemExit) as left:
        shell.run(*arguments)
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m app")


def test_a_port_that_is_taken_is_told_before_anything_is_done(shell: Shell) -> None:
    """Which one, and how to take another; no database is made for it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        shell.set(PORT=str(port))
        printed = shell.run("serve")
    assert (printed.status, printed.out) == (1, "")
    assert printed.err == (
        f"Port {port} of 127.0.0.1 is taken by another program. Stop that, or take another port: PORT=8455.\n"
    )
    assert list(Path().iterdir()) == []
