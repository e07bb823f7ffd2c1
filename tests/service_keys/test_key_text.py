"""What a key looks like, and what is no key."""

import re

import pytest

from resolvers.service_keys.secret import KeyText, new_key, read_key


def test_a_key_is_recognisable_and_secret() -> None:
    """A mark, a name, 256 bits; no two are alike, and a key that is printed shows nothing."""
    keys = [new_key() for _ in range(100)]
    assert all(re.fullmatch(r"ftk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}", key.text) for key in keys)
    assert len({key.text for key in keys}) == len({key.prefix for key in keys}) == 100
    assert keys[0].text not in repr(keys[0])
    assert all(len(key.digest) == 32 for key in keys)


def test_a_key_reads_as_itself() -> None:
    """With its name and its digest."""
    key = new_key()
    assert read_key(key.text) == key


def test_every_changed_character_is_noticed() -> None:
    """Before the database is asked."""
    text = new_key().text
    for at in range(len(text)):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        assert read_key(changed) is None, at


@pytest.mark.parametrize("text", ["", "ftk_", "ftk_" + "x" * 58, "ü" * 62, "\x00" * 62, "x" * 100_000, "ey.ey.x"])
def test_what_is_no_key(text: str) -> None:
    """Whatever it is."""
    assert read_key(text) is None


def test_another_marks_checksum_does_not_help() -> None:
    """A right check does not make a key of what has another shape."""
    from resolvers.service_keys.secret import _check

    for body in ("xtk_" + "a" * 8 + "_" + "a" * 43, "ftk_" + "-" * 8 + "_" + "a" * 43):
        assert read_key(body + _check(body)) is None
    assert KeyText("ftk_12345678_rest").prefix == "12345678"
