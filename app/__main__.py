"""The command line: ``python -m app COMMAND``. Each command is a function; errors that a person can mend end with one
sentence and status 1, without a trace."""

import argparse
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable

import asyncpg
import uvloop

from app import (
    audit_commands,
    commands,
    contract_commands,
    encryption_commands,
    help_commands,
    schema_commands,
    school_accounts,
    signing_keys,
    worker_command,
)
from app.accounts import AccountError
from app.demo import SeedRefused
from app.printing import ThemeError
from app.serving import UnsafeLogin
from app.settings import Settings, SettingsError, read_settings
from app.sockets import PortTaken
from app.storage import EmbeddedServerError, OwnerRequired
from db.catalogue import CatalogueError
from db.encryption import EncryptionKeyError
from db.encryption.rotation import RotationRunning
from db.migrations import MigrationError
from db.viewer import Role
from graphql_api.manifests import ManifestError, ManifestFormat
from graphql_api.schema_changes import AcceptedChangesError
from graphql_api.signing_keys import SigningKeyError
from integrations.mail import TemplateError
from resolvers.refusals import Refusal
from rest_shim import RouteError

UNREACHABLE = (
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
"""What comes instead of a connection: a wrong address, login or database, or a server that takes no more."""

Command = Callable[[argparse.Namespace, Settings], Awaitable[int]]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the process's exit status."""
    given = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _terminated)
    try:
        # A key file is what production asks for before it takes any settings.
        settings = Settings.model_construct() if given.command is signing_keys.create_keys else read_settings()
        status: int = uvloop.run(given.command(given, settings))
    except (
        SettingsError,
        CatalogueError,
        OwnerRequired,
        EmbeddedServerError,
        AccountError,
        SeedRefused,
        UnsafeLogin,
        EncryptionKeyError,
        RotationRunning,
        MigrationError,
        Refusal,
        RouteError,
        SigningKeyError,
        ManifestError,
        AcceptedChangesError,
        TemplateError,
        ThemeError,
        commands.CommandError,
        PortTaken,
    ) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for the flush at exit
        return 0
    except UNREACHABLE as error:
        print(f"The database cannot be reached: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0 if given.command in (commands.serve, worker_command.work) else 130
    return status


def _terminated(_: int, __: object) -> None:
    """End by the ordinary way out, so that the embedded server is stopped too."""
    raise SystemExit(0)


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(prog="python -m app", description="Fast Track Graph")
    sub = top.add_subparsers(required=True, metavar="COMMAND")

    _command(sub, "serve", "run the gateway (in development: migrate and seed first)", commands.serve)

    _command(sub, "worker", "do the jobs that were deferred (WORKER=apart)", worker_command.work)

    migrate = _command(sub, "migrate", "bring the database up to date, or down", commands.migrate)
    migrate.add_argument("direction", nargs="?", choices=["up", "down"], default="up")
    migrate.add_argument("--to", help="up: 'heads'; down: 'base', a tool's '<slug>@base', or a revision")

    _command(sub, "seed", "write the demo data into an empty database", commands.seed_demo)

    user = sub.add_parser("user", help="accounts").add_subparsers(required=True, metavar="ACTION")
    invite = _command(user, "invite", "print a link that makes an account, for 7 days", commands.invite_user)
    invite.add_argument("--email", required=True)
    invite.add_argument("--role", choices=[role.value for role in Role], required=True)
    invite.add_argument("--organization", help="slug; made if it is new")
    reset = _command(user, "reset", "print a link that sets somebody's password, for 30 minutes", commands.reset_user)
    reset.add_argument("--email", required=True)
    add = _command(user, "add", "make an account, and its organisation if it is new (development)", commands.add_user)
    add.add_argument("--email", required=True)
    add.add_argument("--name", required=True)
    add.add_argument("--organization", required=True, help="slug")
    add.add_argument("--role", choices=[role.value for role in Role], default="user")

    linked = _command(user, "link", "tie an account to somebody at LearnWorlds", school_accounts.link_account)
    linked.add_argument("--email", required=True)
    linked.add_argument("--learnworlds-id", required=True)

    rules = sub.add_parser("rules", help="which organisation people of the school join").add_subparsers(
        required=True, metavar="ACTION"
    )
    _command(rules, "list", "print the rules", school_accounts.list_rules)
    new_rule = _command(rules, "add", "newcomers with this address or domain join", school_accounts.add_rule)
    new_rule.add_argument("--organization", required=True, help="slug")
    for rule in (new_rule, _command(rules, "remove", "they join nothing any more", school_accounts.remove_rule)):
        either = rule.add_mutually_exclusive_group(required=True)
        either.add_argument("--address")
        either.add_argument("--domain", help="exactly; a subdomain is another one")

    token = _command(sub, "token", "print an access token (development only)", commands.token)
    token.add_argument("--email", required=True)

    keys = sub.add_parser("keys", help="the keys that sign access tokens").add_subparsers(
        required=True, metavar="ACTION"
    )
    create = _command(keys, "create", "make a file with a key, for JWT_KEYS", signing_keys.create_keys)
    create.add_argument("file")
    rotate = _command(keys, "rotate", "add a key, drop those that have had their time", signing_keys.rotate_keys)
    rotate.add_argument("file", nargs="?", help="JWT_KEYS without it")
    rotate.add_argument("--revoke", action="store_true", help="sign with a new key at once; all tokens become invalid")
    listed = _command(keys, "list", "show the keys, without what is secret", signing_keys.list_keys)
    listed.add_argument("file", nargs="?", help="JWT_KEYS without it")

    schema = _command(sub, "schema", "print schema.graphql, or check and release it", schema_commands.schema)
    schema.add_argument(
        "action",
        nargs="?",
        choices=["print", "check", "release"],
        default="print",
        help="check: what breaks clients since the release; release: make it what clients have",
    )

    explain = _command(sub, "explain", "show how the operations of a document are executed", contract_commands.explain)
    explain.add_argument("file", help="a GraphQL document")
    explain.add_argument("--variables", default="{}", help="a JSON object")

    _command(sub, "openapi", "print openapi.json", contract_commands.openapi)
    _command(sub, "routes", "print the REST routes", contract_commands.routes)
    documents = _command(sub, "documents", "print the manifest of trusted documents", contract_commands.documents)
    documents.add_argument("--format", type=ManifestFormat, choices=list(ManifestFormat), default=ManifestFormat.APOLLO)

    encryption = sub.add_parser("encryption", help="the keys of sensitive answers")
    acts = encryption.add_subparsers(required=True, metavar="ACTION")
    _command(acts, "status", "which keys are in use, and what is still in plain text", encryption_commands.status)
    _command(acts, "seal", "encrypt sensitive answers that are stored in plain text", encryption_commands.seal)
    _command(acts, "rewrap", "wrap every data key with the newest encryption key", encryption_commands.rewrap)
    _command(acts, "rotate", "replace the data keys, encrypt all sensitive answers anew", encryption_commands.rotate)

    audit = sub.add_parser("audit", help="the audit trail").add_subparsers(required=True, metavar="ACTION")
    prune = _command(audit, "prune", "delete what is older than AUDIT_RETENTION", audit_commands.prune)
    prune.add_argument("--dry-run", action="store_true", help="count only")

    help_log = sub.add_parser("help-log", help="who asked for help").add_subparsers(required=True, metavar="ACTION")
    prune_help = _command(help_log, "prune", "delete what is older than HELP_RETENTION", help_commands.prune)
    prune_help.add_argument("--dry-run", action="store_true", help="count only")

    catalogue = sub.add_parser("catalogue", help="the tool catalogue").add_subparsers(required=True, metavar="ACTION")
    _command(catalogue, "check", "load the catalogue and report what is wrong", commands.check_catalogue)
    return top


def _command(
    sub: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str, command: Command
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = sub.add_parser(name, help=text, description=text)
    made.set_defaults(command=command)
    return made


if __name__ == "__main__":
    sys.exit(main())
