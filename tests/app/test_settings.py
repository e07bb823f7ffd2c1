"""Settings: what a process starts with, and how a wrong one stops it."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.settings import (
    DEVELOPMENT_SSO_SECRET,
    DEVELOPMENT_WEBHOOK_SECRET,
    Environment,
    Settings,
    SettingsError,
    read_settings,
)
from app.settings.signing_in import MIN_SECRET_BYTES
from app.settings.storage import DEVELOPMENT_ENCRYPTION_KEY
from tests.app.conftest import Shell
from tests.conftest import ENCRYPTION_KEYS

GOOD_SECRET = "k" * MIN_SECRET_BYTES
DATABASE = "postgresql://owner:hunter2@db.example:5432/fast_track"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": DATABASE,
    "JWT_SECRET": GOOD_SECRET,
    "ENCRYPTION_KEYS": ENCRYPTION_KEYS,
}
RENAMED_KEY = DEVELOPMENT_ENCRYPTION_KEY.replace("development", "ours")

WRONG = {
    "ENVIRONMENT": ("staging", "'development' or 'production'"),
    "PORT": ("eighty", "valid integer"),
    "DATABASE_POOL_SIZE": ("0", "greater than or equal to 1"),
    "JWT_EXPIRY": ("604801", "less than or equal to 604800"),
    "RATE_LIMIT_PER_USER": ("-1", "greater than or equal to 0"),
    "TRUSTED_PROXIES": ("10.0.0.0/8, proxy.example", "entry 2 is no network"),
    "TRUSTED_DOCUMENTS_ONLY": ("perhaps", "valid boolean"),
    "EXPLORER": ("perhaps", "valid boolean"),
    "LEARNWORLDS_SSO_SECRET": ("hunter2", "at least 32 printable"),
    "LEARNWORLDS_WEBHOOK_SECRET": ("hunter2", "at least 16 printable"),
    "LEARNWORLDS_WEBHOOK_MODE": ("hunter2", "'shared' or 'signed'"),
    "SIGN_IN_ORIGINS": ("https://a.example/hunter2", "no origin"),
    "SIGN_IN_ERROR_PAGE": ("//hunter2.example", "is no page"),
    "LOG_LEVEL": ("chatty", "info"),
    "REDIS_URL": ("http://hunter2", "redis://"),
    "ENCRYPTION_KEYS": ("mine:hunter2", "openssl rand -base64 32"),
    "SMTP_URL": ("smtp+plain://hunter2.example", "smtps://"),
    "MAIL_FROM": ("hunter2", "no-reply@example.org"),
    "PUBLIC_URL": ("https://hunter2.example/graph", "without a path"),
    "RESET_URL": ("https://hunter2.example/reset", "{token}"),
    "INVITATION_URL": ("javascript:hunter2{token}", "{token}"),
    "N8N_HELP_URL": ("https://user:hunter2@n8n.example/webhook", "is no webhook"),
    "N8N_CHALLENGE_URL": ("ftp://hunter2.example", "is no webhook"),
    "N8N_SECRET": ("hunter2", "at least 32 printable"),
    "N8N_PATIENCE": ("31", "less than or equal to 30"),
    "HELP_RETENTION": ("0", "greater than or equal to 1"),
    "ARGON2_MEMORY": ("7", "greater than or equal to 8"),
    "DATABASE_URL": ("hunter2", "postgresql://"),
    "GATEWAY_DATABASE_URL": ("hunter2", "postgresql://"),
    "CORS_ORIGINS": ("https://a.example/hunter2", "no origin"),
    "HSTS_MAX_AGE": ("-1", "greater than or equal to 0"),
    "GRAPHQL_HTTP_PROFILE": ("strict", "'default' or 'draft-2026'"),
}
"""A wrong value of each setting that can be wrong, and a part of the sentence that says what would be right."""


def test_nothing_set_is_development(shell: Shell) -> None:
    """Every setting has a default that runs on one's own machine, and nowhere else."""
    assert shell
    settings = read_settings()
    assert settings.in_development
    assert (settings.host, settings.port, settings.signing_keys) == ("127.0.0.1", 8000, Path(".data/jwt-keys.json"))
    assert (settings.database_url, settings.gateway_database_url, settings.cors_origins) == (None, None, ())


def test_everything_is_read_from_the_environment(shell: Shell) -> None:
    """Typed: numbers, a duration, a list."""
    shell.set(
        ENVIRONMENT="production",
        PORT="9000",
        DATABASE_URL=DATABASE,
        JWT_SECRET=GOOD_SECRET,
        JWT_EXPIRY="60",
        ENCRYPTION_KEYS=ENCRYPTION_KEYS,
        CORS_ORIGINS="https://a.example, https://b.example,",
    )
    settings = read_settings()
    assert settings.environment is Environment.PRODUCTION
    assert settings.port == 9000
    assert settings.database_url == DATABASE
    assert settings.token_lifetime == timedelta(minutes=1)
    assert settings.cors_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "https://*.example.org",
        "https://a.example/",
        "a.example",
        "https://A.example",
        "https://u@a.example",
    ],
)
def test_what_no_browser_would_send_is_no_origin(shell: Shell, origin: str) -> None:
    """No wildcard, and nothing that would look allowed and never match."""
    shell.set(CORS_ORIGINS=f"https://a.example,{origin}")
    with pytest.raises(SettingsError, match="CORS_ORIGINS: entry 2 is no origin"):
        read_settings()


def test_strict_transport_is_for_production(shell: Shell) -> None:
    """A year unless it is set; never told to a browser that visits somebody's own machine."""
    assert read_settings().strict_transport_seconds == 0
    shell.set(**PRODUCTION)
    assert read_settings().strict_transport_seconds == 31_536_000
    shell.set(HSTS_MAX_AGE="0")
    assert read_settings().strict_transport_seconds == 0


def test_an_empty_variable_counts_as_not_set(shell: Shell) -> None:
    """As in a copied ``.env.example`` of which only some lines were filled in."""
    defaults = read_settings()
    shell.set(**{name.upper(): "" for name in Settings.model_fields})
    assert read_settings() == defaults


def test_the_older_spelling_of_a_postgresql_url_will_do(shell: Shell) -> None:
    """As several hosts hand it out."""
    shell.set(DATABASE_URL=DATABASE.replace("postgresql://", "postgres://"))
    assert read_settings().database_url == DATABASE


@pytest.mark.parametrize(("name", "value", "right"), [(name, *row) for name, row in WRONG.items()], ids=WRONG.keys())
def test_a_wrong_setting_is_named_and_its_value_is_not(shell: Shell, name: str, value: str, right: str) -> None:
    """The value might be a secret that landed in the wrong line."""
    shell.set(**{name: value})
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert f"{name}: " in str(refused.value)
    assert right in str(refused.value)
    assert value not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://owner:hunter2@db.example/fast_track",
        "postgresql://owner:hun@ter:hunter2@db.example:5432/fast_track",
        "postgresql://owner@db.example:hunter2/fast_track",
        "owner:hunter2@db.example",
    ],
)
@pytest.mark.parametrize("name", ["DATABASE_URL", "GATEWAY_DATABASE_URL"])
def test_a_url_that_does_not_parse_keeps_its_password(shell: Shell, name: str, url: str) -> None:
    """Another database, an unescaped ``@`` in the password, a password in the place of the port, no scheme."""
    shell.set(**{name: url})
    with pytest.raises(SettingsError, match=f"{name}: ") as refused:
        read_settings()
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0"])
def test_not_everybody_is_a_proxy(shell: Shell, network: str) -> None:
    """Or anybody could say any address, and none would be limited."""
    shell.set(TRUSTED_PROXIES=network)
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES: entry 1 is the whole internet"):
        read_settings()


def test_all_wrong_settings_are_named_at_once(shell: Shell) -> None:
    """One start, one list."""
    shell.set(**{name: value for name, (value, _) in WRONG.items()})
    with pytest.raises(SettingsError) as refused:
        read_settings()
    lines = str(refused.value).splitlines()[1:]
    assert sorted(line.split(":")[0].strip() for line in lines) == sorted(WRONG)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"JWT_SECRET": ""}, "JWT_KEYS must be set"),
        ({"JWT_SECRET": GOOD_SECRET[1:]}, "JWT_SECRET must be at least 32 bytes"),
        ({"DATABASE_URL": ""}, "DATABASE_URL or GATEWAY_DATABASE_URL must be set"),
        ({"CORS_ORIGINS": "https://a.example,http://b.example"}, "CORS_ORIGINS must begin with https://"),
        ({"SIGN_IN_ORIGINS": "http://a.example"}, "SIGN_IN_ORIGINS must begin with https://"),
        ({"LEARNWORLDS_SSO_SECRET": DEVELOPMENT_SSO_SECRET}, "LEARNWORLDS_SSO_SECRET and .* are public"),
        ({"LEARNWORLDS_WEBHOOK_SECRET": DEVELOPMENT_WEBHOOK_SECRET}, "LEARNWORLDS_SSO_SECRET and .* are public"),
        ({"ENCRYPTION_KEYS": ""}, "ENCRYPTION_KEYS must be set"),
        ({"ENCRYPTION_KEYS": DEVELOPMENT_ENCRYPTION_KEY}, "ENCRYPTION_KEYS must be set"),
        ({"ENCRYPTION_KEYS": f"{ENCRYPTION_KEYS},{RENAMED_KEY}"}, "the development key is public"),
    ],
    ids=[
        "no keys",
        "short secret",
        "no database",
        "origin without TLS",
        "redirect without TLS",
        "development's sign-ins",
        "development's webhooks",
        "no encryption key",
        "development key",
        "development key by another name",
    ],
)
def test_production_refuses(shell: Shell, wrong: dict[str, str], named: str) -> None:
    """No keys, a secret that can be guessed, public keys, and the embedded database."""
    shell.set(**PRODUCTION | wrong)
    with pytest.raises(SettingsError, match=named) as refused:
        read_settings()
    for secret in filter(None, [*wrong.values(), "hunter2", ENCRYPTION_KEYS]):
        assert secret not in str(refused.value)


def test_production_makes_no_keys_of_its_own(shell: Shell) -> None:
    """Several processes have to sign with the same ones."""
    shell.set(ENVIRONMENT="production", DATABASE_URL=DATABASE)
    with pytest.raises(SettingsError, match="JWT_KEYS must be set in production"):
        read_settings()


def test_secrets_are_measured_in_bytes(shell: Shell) -> None:
    """Sixteen letters of two bytes each are long enough."""
    shell.set(**PRODUCTION | {"JWT_SECRET": "ü" * 16})
    assert read_settings().jwt_secret == "ü" * 16


@pytest.mark.parametrize("command", [["catalogue", "check"], ["schema"], ["migrate"], ["seed"], ["serve"]])
def test_a_wrong_setting_stops_every_command(shell: Shell, command: list[str]) -> None:
    """With the message on the error stream, status 1, and no trace."""
    shell.set(PORT="eighty")
    printed = shell.run(*command)
    assert (printed.status, printed.out) == (1, "")
    assert printed.err.startswith("These settings are wrong:\n  PORT: ")
    assert "Traceback" not in printed.err


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"SMTP_URL": "smtp://mail.example"}, "MAIL_FROM must be set with SMTP_URL"),
        ({"SMTP_URL": "smtp://mail.example", "MAIL_FROM": "a@b.example"}, "PUBLIC_URL must be set with SMTP_URL"),
        ({"ARGON2_MEMORY": "8"}, "ARGON2_MEMORY and ARGON2_PASSES must be at least 19456 and 2"),
        ({"ARGON2_PASSES": "1"}, "ARGON2_MEMORY and ARGON2_PASSES must be at least 19456 and 2"),
    ],
)
def test_production_sends_mail_with_links_and_hashes_at_full_cost(
    shell: Shell, given: dict[str, str], sentence: str
) -> None:
    """Or does not start."""
    shell.set(ENVIRONMENT="production", DATABASE_URL=DATABASE, JWT_SECRET=GOOD_SECRET, **given)
    with pytest.raises(SettingsError, match=sentence):
        read_settings()
