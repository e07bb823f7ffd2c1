"""The operator's keys: how they are written down, and what they wrap and unwrap."""

import base64
import os
from dataclasses import replace
from uuid import uuid4

import pytest

from db.encryption import EncryptionKeyError, KeyEncryptionKey, KeyRing
from db.encryption.key_ring import KEY_BYTES


def key(name: str) -> KeyEncryptionKey:
    """A new key."""
    return KeyEncryptionKey(name, os.urandom(KEY_BYTES))


def written(*keys: KeyEncryptionKey) -> str:
    """The keys as the setting has them."""
    return ", ".join(f"{each.id}:{base64.b64encode(each.secret).decode()}" for each in keys)


def test_the_first_key_wraps_and_every_key_unwraps() -> None:
    """A data key that an older key has wrapped opens with a ring that begins with a newer one."""
    older, newer = key("2025"), key("2026")
    secret, key_id, tenant = os.urandom(KEY_BYTES), uuid4(), uuid4()
    wrapped = KeyRing([older]).wrap(secret, key_id, tenant)
    both = KeyRing([newer, older])
    assert (wrapped.wrapped_by, both.wrap(secret, key_id, tenant).wrapped_by) == ("2025", "2026")
    assert both.unwrap(wrapped) == secret
    assert secret not in wrapped.wrapped


def test_a_wrapped_key_belongs_to_its_row() -> None:
    """Under another tenant or another id it does not unwrap, nor with a changed byte, nor shortened."""
    ring = KeyRing([key("2026")])
    wrapped = ring.wrap(os.urandom(KEY_BYTES), uuid4(), uuid4())
    raw = wrapped.wrapped
    for wrong in (
        replace(wrapped, tenant_id=uuid4()),
        replace(wrapped, id=uuid4()),
        replace(wrapped, wrapped=raw[:-1] + bytes([raw[-1] ^ 1])),
        replace(wrapped, wrapped=raw[:-1]),
    ):
        with pytest.raises(EncryptionKeyError, match="does not unwrap"):
            ring.unwrap(wrong)


def test_a_missing_key_is_named() -> None:
    """And the operator is told where it belongs."""
    wrapped = KeyRing([key("2025")]).wrap(os.urandom(KEY_BYTES), uuid4(), uuid4())
    with pytest.raises(EncryptionKeyError, match="'2025', which is not in ENCRYPTION_KEYS"):
        KeyRing([key("2026")]).unwrap(wrapped)


def test_an_empty_ring_wraps_nothing() -> None:
    """No key, no data key."""
    with pytest.raises(EncryptionKeyError, match="Set ENCRYPTION_KEYS"):
        KeyRing().wrap(os.urandom(KEY_BYTES), uuid4(), uuid4())


def test_the_ring_knows_what_it_lacks() -> None:
    """A key that is gone, and one whose id now stands for another key."""
    first, second, third = key("a"), key("b"), key("c")
    used = [(each.id, each.fingerprint) for each in (first, second, third)]
    assert KeyRing([first, second, third]).lacking(used) == []
    gone, changed = KeyRing([first, key("c")]).lacking(used)
    assert "'b' wraps data keys, and ENCRYPTION_KEYS does not hold it" in gone
    assert "'c' in ENCRYPTION_KEYS is not the one" in changed


def test_keys_are_read_in_their_order() -> None:
    """With or without blanks."""
    first, second = key("2026-11"), key("2025.old")
    assert KeyRing.parse(written(first, second)).keys == (first, second)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "key 1 has no id"),
        (base64.b64encode(b"k" * 32).decode(), "key 1 has no id"),
        ("Upper:" + base64.b64encode(b"k" * 32).decode(), "key 1 has no id"),
        ("a:not base64!", "key 1 is no base64"),
        ("a:ü", "key 1 is no base64"),
        ("a:" + base64.b64encode(b"k" * 31).decode(), "key 1 has 31 bytes, not 32"),
        ("a:", "key 1 has 0 bytes, not 32"),
        (written(KeyEncryptionKey("a", b"k" * 32)) + ",", "key 2 has no id"),
        (written(KeyEncryptionKey("a", b"k" * 32), KeyEncryptionKey("a", b"j" * 32)), "names a key twice"),
    ],
)
def test_a_ring_that_cannot_be_read_says_why_and_shows_no_key(text: str, told: str) -> None:
    """The message names the key by its number; a value that landed in the wrong place could be the key itself."""
    with pytest.raises(ValueError, match=told) as refused:
        KeyRing.parse(text)
    for secret in filter(None, text.replace(",", ":").split(":")):
        assert len(secret) < 3 or secret not in str(refused.value)


def test_keys_are_not_printed() -> None:
    """Not even by accident."""
    secret = key("2026")
    assert repr(secret.secret) not in repr(secret)
    assert base64.b64encode(secret.secret).decode() not in repr(secret)
