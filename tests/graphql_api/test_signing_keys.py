"""The keys of access tokens: rotation that no living token notices, files that are refused, one algorithm a key."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.signing_keys import create_key_file, rotate_key_file
from db.models.identity import Account
from db.viewer import Role
from graphql_api.authentication import AuthenticationError, Tokens
from graphql_api.signing_keys import Keys, KeySet, SigningKeyError, key_set_of, new_key, rotated

SECRET = "a shared secret of at least 32 bytes"
LIFETIME = 900.0
NOW = 1_800_000_000.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with one key."""
    found = tmp_path / "keys.json"
    create_key_file(found, time.time())
    return found


@pytest.fixture
def account() -> Account:
    """Somebody to sign for."""
    return Account(uuid4(), "ann@acme.example", "Ann", Role.USER, None, (), datetime.now(UTC), None)


def tokens(keys: Keys) -> Tokens:
    """A signer and verifier by the real clock."""
    return Tokens(keys, timedelta(seconds=LIFETIME), lambda: datetime.now(UTC))


def at_once(keys: Keys) -> Keys:
    """The keys of a process whose next look at the file is due."""
    keys._next_look = 0.0
    return keys


def test_a_rotation_goes_unnoticed() -> None:
    """The new key is published before it signs; the old one goes when no token of it can be alive."""
    old = new_key(NOW)
    both = rotated([old], NOW, lead=600, lifetime=LIFETIME)
    found = KeySet.of(key_set_of(json.dumps({"keys": both}).encode(), "test"))
    assert [found.signing(NOW + after).id == old["kid"] for after in (0, 599, 600, 10_000)] == [
        True,
        True,
        False,
        False,
    ]
    kept = {
        after: [key["kid"] for key in rotated(both, NOW + after, lead=600, lifetime=LIFETIME)][:-1]
        for after in (600, 600 + LIFETIME - 1, 600 + LIFETIME)
    }
    assert kept[600] == kept[600 + LIFETIME - 1] == [key["kid"] for key in both]
    assert kept[600 + LIFETIME] == [both[1]["kid"]]


def test_a_running_process_takes_over_a_rotated_file(file: Path, account: Account) -> None:
    """Tokens of before stay good; with ``--revoke`` none does, remembered or not."""
    keys = Keys(file)
    signer = tokens(keys)
    before = signer.sign(account)
    rotate_key_file(file, time.time(), LIFETIME)
    at_once(keys)
    assert signer.verify(before).viewer.user_id == account.id
    assert len(keys.current().keys) == 2
    rotate_key_file(file, time.time(), LIFETIME, revoke=True)
    at_once(keys)
    with pytest.raises(AuthenticationError, match="Invalid token"):
        signer.verify(before)
    assert signer.verify(signer.sign(account)).viewer.user_id == account.id


def test_a_file_that_is_being_broken_changes_nothing(file: Path, account: Account) -> None:
    """A process that runs goes on with the keys it has; one that starts does not start."""
    keys = Keys(file)
    before = tokens(keys).sign(account)
    file.write_text("{", "utf-8")
    assert tokens(at_once(keys)).verify(before)
    file.unlink()
    assert tokens(at_once(keys)).verify(before)
    with pytest.raises(SigningKeyError, match="cannot be read"):
        Keys(file)


def test_a_key_file_is_its_owners_alone(file: Path) -> None:
    """Nobody else reads it, and it is never made a second time."""
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    with pytest.raises(SigningKeyError, match="exists"):
        create_key_file(file, NOW)
    before = file.read_bytes()
    create_key_file(file, NOW, exist_ok=True)
    assert file.read_bytes() == before


def test_a_shared_secret_is_accepted_only_where_it_is_set(file: Path, account: Account) -> None:
    """By its own id or by none; our own tokens are signed with the asymmetric key all the same."""
    shared = tokens(Keys(None, SECRET)).sign(account)
    both = tokens(Keys(file, SECRET))
    assert both.verify(shared)
    assert jwt.get_unverified_header(both.sign(account))["alg"] == "ES256"
    claims = jwt.decode(shared, options={"verify_signature": False})
    assert both.verify(jwt.encode(claims, SECRET, "HS256"))
    with pytest.raises(AuthenticationError):
        tokens(Keys(file)).verify(shared)


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_a_public_key_is_no_secret(file: Path, account: Account, algorithm: str) -> None:
    """Signed with any form of what everybody knows, under the key's own id: refused."""
    keys = Keys(file, SECRET)
    key = keys.current().signing(time.time())
    assert key.public is not None
    pem = key.verifying.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    claims = jwt.decode(tokens(keys).sign(account), options={"verify_signature": False})
    signed = ".".join(map(_encoded, ({"alg": algorithm, "kid": key.id}, claims)))
    for secret in (pem, json.dumps(dict(key.public)).encode(), key.public["x"].encode()):
        # By hand: the library would not sign with any of them.
        digest = hmac.digest(secret, signed.encode(), algorithm.replace("HS", "sha"))
        forged = f"{signed}.{urlsafe_b64encode(digest).decode().rstrip('=')}"
        with pytest.raises(AuthenticationError, match="Invalid token"):
            tokens(keys).verify(forged)


def _encoded(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@pytest.mark.parametrize("kid", ["../../etc/passwd", "' OR 1=1 --", "", "x" * 5_000, 7, None, ["a"], {"a": 1}])
def test_a_key_id_is_only_looked_up(file: Path, account: Account, kid: Any) -> None:
    """Whatever it is, it names one of our keys or none."""
    private = ec.generate_private_key(ec.SECP256R1())
    claims = jwt.decode(tokens(Keys(file)).sign(account), options={"verify_signature": False})
    header = {"kid": kid, "jku": "https://evil.example/keys", "jwk": {"kty": "EC"}} if kid is not None else {}
    try:
        forged = jwt.encode(claims, private, "ES256", header)
    except (TypeError, jwt.InvalidTokenError):
        parts = ({"alg": "ES256", **header}, claims)
        forged = ".".join([*map(_encoded, parts), "AAAA"])
    with pytest.raises(AuthenticationError, match="Invalid token"):
        tokens(Keys(file, SECRET)).verify(forged)


def _rsa_public() -> dict[str, Any]:
    public: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(
        rsa.generate_private_key(65_537, 2_048).public_key(), as_dict=True
    )
    return public | {"kid": "rsa", "alg": "RS256"}


WRONG: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "is no JSON Web Key Set"),
    "no set": ({"kid": "a"}, "is no JSON Web Key Set"),
    "empty": ({"keys": []}, "There is no signing key"),
    "a secret": ({"keys": [{"kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "a"}]}, "belongs into JWT_SECRET"),
    "public half": ({"keys": [_rsa_public()]}, "has no private half"),
    "no id": ({"keys": [{**new_key(0), "kid": None}]}, "needs a text as its 'kid'"),
    "nonsense": ({"keys": [{"kty": "EC", "crv": "P-256", "x": "hidden", "y": "hidden", "kid": "a"}]}, "is no key"),
}


@pytest.mark.parametrize(("content", "sentence"), WRONG.values(), ids=WRONG)
def test_a_file_that_cannot_be_used(tmp_path: Path, content: Any, sentence: str) -> None:
    """One sentence that says which key is wrong, and nothing of what stands in it."""
    file = tmp_path / "keys.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    with pytest.raises(SigningKeyError) as refused:
        Keys(file)
    assert sentence in str(refused.value)
    assert "hidden" not in str(refused.value)
    assert "c2VjcmV0" not in str(refused.value)


def test_two_keys_of_one_id() -> None:
    """Which of them a token means would be chance."""
    key = new_key(0)
    with pytest.raises(SigningKeyError, match="Two signing keys have the id"):
        KeySet.of(key_set_of(json.dumps({"keys": [key, key]}).encode(), "test"))
