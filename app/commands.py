"""What the commands do. Each takes the parsed arguments and the settings, and returns the exit status."""

import gc
import sys
from argparse import Namespace

from app.accounts import NewAccount, create_account, create_organization, organization_id
from app.demo import SeedRefused, seed
from app.development import DevelopmentSignIn
from app.inviting import allow_reset, invite
from app.links import has_page, link_of
from app.logs import configure_logging
from app.progress import Steps
from app.serving import application, now, open_gateway, server_config, tokens_of
from app.settings import Settings
from app.sockets import Server, require_free
from app.storage import Storage, create_database, open_storage
from app.worker import worker_inside
from db.catalogue import Catalogue, load_catalogue
from db.database import Database
from db.migrations import applied_and_known, downgrade
from db.viewer import Role
from resolvers.mail import LetterKind
from resolvers.password_hashing import PasswordHashing

COLLECT_AFTER = (5_000, 10, 50)
"""After how many new objects Python collects the young, and after how many times that the older and the oldest.

With its own (700, 10, 10), what a commit does for a thousand listeners set off a collection of everything that they
hold: up to 0.27 s in which nobody was answered, to find nothing.
"""


class CommandError(Exception):
    """A command cannot be carried out; the message says what to do instead."""


async def serve(_: Namespace, settings: Settings) -> int:
    """Run the gateway until it is told to stop."""
    require_free(settings.host, settings.port)
    steps = Steps(sys.stderr)
    catalogue = load_catalogue()
    steps.done(f"catalogue of {len(catalogue.tools)} tools")
    storage = await _storage(settings, steps)
    if settings.in_development and storage.owner_url:
        await _prepare(storage, settings, catalogue, steps)
    configure_logging(settings)
    async with open_gateway(settings, storage, catalogue) as gateway:
        server = Server(server_config(application(gateway, settings, storage), settings), gateway.streams)
        steps.done(f"graph of {len(gateway.graph.schema.type_map)} types")
        # What is there now lasts as long as the process; a full collection that walks through it holds everybody up.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        if settings.in_development:
            steps.say(_welcome(settings))
        async with worker_inside(gateway, settings, storage.gateway_url):
            await server.serve()
        return 0 if server.started else 1


async def migrate(given: Namespace, settings: Settings) -> int:
    """Move the database up or down."""
    steps = Steps(sys.stderr)
    catalogue = load_catalogue()
    storage = await _storage(settings, steps)
    if given.direction == "up":
        moved = await storage.migrate(catalogue, given.to or "heads")
    else:
        async with storage.owner() as engine:
            moved = await downgrade(engine, catalogue, given.to or "base")
    steps.done(f"{len(moved)} revision(s) {'applied' if given.direction == 'up' else 'undone'}")
    return 0


async def seed_demo(_: Namespace, settings: Settings) -> int:
    """Write the demo data."""
    steps = Steps(sys.stderr)
    catalogue = load_catalogue()
    storage = await _storage(settings, steps)
    await require_migrated(storage, catalogue)
    await _seed(storage, settings, catalogue, steps)
    return 0


async def add_user(given: Namespace, settings: Settings) -> int:
    """Make an account."""
    _development_only(settings, "user add")
    catalogue = load_catalogue()
    storage = await _storage(settings, Steps(None))
    await require_migrated(storage, catalogue)
    async with storage.owner() as engine, engine.begin() as connection:
        company = await organization_id(connection, given.organization)
        if company is None:
            company = await create_organization(connection, given.organization, given.organization)
        account = NewAccount(given.email, given.name, Role(given.role), company)
        print(await create_account(connection, catalogue, account))
    return 0


async def invite_user(given: Namespace, settings: Settings) -> int:
    """Print the link of an invitation and nothing else; no mail is sent."""
    storage = await _prepared(settings, LetterKind.INVITATION)
    async with storage.owner() as engine, engine.begin() as connection:
        invited = await invite(connection, given.email, Role(given.role), given.organization, now())
    print(link_of(settings, LetterKind.INVITATION, invited))
    return 0


async def reset_user(given: Namespace, settings: Settings) -> int:
    """Print the link that sets somebody's password and nothing else; no mail is sent."""
    storage = await _prepared(settings, LetterKind.RESET_PASSWORD)
    async with storage.owner() as engine, engine.begin() as connection:
        allowed = await allow_reset(connection, given.email, now())
    print(link_of(settings, LetterKind.RESET_PASSWORD, allowed))
    return 0


async def _prepared(settings: Settings, kind: LetterKind) -> Storage:
    """The migrated database. Raises ``CommandError`` where a link would lead nowhere."""
    if not settings.in_development and not has_page(settings, kind):
        raise CommandError("Nobody could follow the link: set PUBLIC_URL to the address of this gateway.")
    storage = await _storage(settings, Steps(None))
    await require_migrated(storage, load_catalogue())
    return storage


async def token(given: Namespace, settings: Settings) -> int:
    """Print an access token and nothing else."""
    _development_only(settings, "token")
    catalogue = load_catalogue()
    storage = await _storage(settings, Steps(None))
    await require_migrated(storage, catalogue)
    database = await Database.connect(storage.gateway_url, pool_size=1)
    try:
        sign_in = await DevelopmentSignIn(storage, database, tokens_of(settings), catalogue).token(given.email)
    finally:
        await database.close()
    print(sign_in.access_token)
    return 0


async def check_catalogue(_: Namespace, __: Settings) -> int:
    """Load the catalogue; what is wrong with it is reported by the caller."""
    catalogue = load_catalogue()
    questions = sum(len(tool.questions) for tool in catalogue.tools)
    needs = sum(len(tool.needs) for tool in catalogue.tools)
    print(f"{len(catalogue.tools)} tools, {questions} questions, {len(catalogue.fields)} fields, {needs} needs: sound")
    return 0


async def _storage(settings: Settings, steps: Steps) -> Storage:
    storage = open_storage(settings)
    if storage.embedded is not None:
        await create_database(storage)
        steps.done(f"embedded PostgreSQL in {settings.data_dir}")
    return storage


async def _prepare(storage: Storage, settings: Settings, catalogue: Catalogue, steps: Steps) -> None:
    moved = await storage.migrate(catalogue)
    steps.done(f"{len(moved)} migrations applied" if moved else "database up to date")
    try:
        await _seed(storage, settings, catalogue, steps)
    except SeedRefused as refused:
        steps.done(str(refused))


async def _seed(storage: Storage, settings: Settings, catalogue: Catalogue, steps: Steps) -> None:
    database = await Database.connect(storage.gateway_url, pool_size=1, key_ring=settings.key_ring)
    try:
        async with storage.owner() as owner:
            hashing = PasswordHashing() if settings.in_development else None  # no known password in production
            written = await seed(owner, database, catalogue, now(), steps.note, hashing)
    finally:
        await database.close()
    steps.done("demo data written" if written else "demo data is there")


async def require_migrated(storage: Storage, catalogue: Catalogue) -> None:
    """Raise ``CommandError`` for a database that is behind this code."""
    async with storage.owner() as engine:
        applied, known = await applied_and_known(engine, catalogue)
    if known - applied:
        raise CommandError("The database is not up to date. Run: python -m app migrate")


def _development_only(settings: Settings, command: str) -> None:
    if not settings.in_development:
        raise CommandError(
            f"'{command}' is for development; in production people sign in through their school, or are invited."
        )


def _welcome(settings: Settings) -> str:
    base = f"http://{settings.host}:{settings.port}"
    return (
        f"\n  Map        {base}/\n"
        f"  Explorer   {base}/graphiql\n"
        f"  REST docs  {base}/docs\n"
        f"  GraphQL    {base}/graphql\n"
        f"  Mail       {base}/dev/mail\n"
        f"  A token    .venv/bin/python -m app token --email halfway@acme.example\n"
    )
