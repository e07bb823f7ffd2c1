"""An envelope opens where it was sealed, as it was sealed, and nowhere else."""

import base64
import os
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db.encryption.envelope import MARK, DataKey, Place, UnreadableAnswer, is_sealed, key_of, opened, seal
from db.encryption.key_ring import KEY_BYTES

PLACE = Place(uuid4(), uuid4(), "know-thyself", "hardships")
KEY = DataKey(UUID("0b54c6d1-3a8e-4f0e-9d5b-6f2a17c84e93"), PLACE.tenant_id, AESGCM(os.urandom(KEY_BYTES)))

ANSWERS = ["I lost the bakery twice.", "", "ü€🥖\u2028", 7, 1.0, True, None, [1, [2]], {"a": {"b": None}}, {MARK: "me"}]


@pytest.mark.parametrize("answer", ANSWERS, ids=repr)
def test_what_is_sealed_opens(answer: Any) -> None:
    """Every JSON value comes back as it was, also one that looks like an envelope."""
    sealed = seal(KEY, PLACE, answer)
    assert is_sealed(sealed)
    assert key_of(sealed) == KEY.id
    assert (opened(KEY, PLACE, sealed), type(opened(KEY, PLACE, sealed))) == (answer, type(answer))


def test_an_envelope_says_how_it_was_made_and_nothing_else() -> None:
    """Version, key, a nonce of 96 bits, and the text with its tag."""
    parts = seal(KEY, PLACE, "I lost the bakery twice.")[MARK]
    assert parts.keys() == {"version", "key", "nonce", "text"}
    assert (parts["version"], parts["key"]) == (1, str(KEY.id))
    assert len(base64.b64decode(parts["nonce"])) == 12
    assert len(base64.b64decode(parts["text"])) == len('"I lost the bakery twice."') + 16


def test_no_nonce_is_used_twice() -> None:
    """The same answer sealed again is another envelope."""
    sealed = [seal(KEY, PLACE, "the same")[MARK] for _ in range(1_000)]
    assert len({each["nonce"] for each in sealed}) == len({each["text"] for each in sealed}) == 1_000


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"tenant_id": uuid4()},
        {"user_id": uuid4()},
        {"slug": "dream"},
        {"key": "birthday_story"},
        {"slug": "know", "key": "thyself-hardships"},
    ],
    ids=["tenant", "person", "tool", "question", "shifted border"],
)
def test_an_envelope_in_another_place_stays_shut(elsewhere: dict[str, Any]) -> None:
    """Whichever part of its place is another, even with the right key."""
    place = replace(PLACE, **elsewhere)
    with pytest.raises(UnreadableAnswer):
        opened(replace(KEY, tenant_id=place.tenant_id), place, seal(KEY, PLACE, "mine"))


def test_a_key_of_another_tenant_is_not_even_tried() -> None:
    """The key itself says whose it is."""
    with pytest.raises(UnreadableAnswer, match="another tenant's"):
        opened(replace(KEY, tenant_id=uuid4()), PLACE, seal(KEY, PLACE, "mine"))


def test_another_key_does_not_open() -> None:
    """Neither another secret under the same id, nor the same secret under another id."""
    sealed = seal(KEY, PLACE, "mine")
    for other in (replace(KEY, cipher=AESGCM(os.urandom(KEY_BYTES))), replace(KEY, id=uuid4())):
        with pytest.raises(UnreadableAnswer):
            opened(other, PLACE, sealed)


@pytest.mark.parametrize("part", ["nonce", "text"])
def test_a_changed_bit_keeps_it_shut(part: str) -> None:
    """Each bit of the nonce, the text and the tag."""
    sealed = seal(KEY, PLACE, "mine")
    raw = base64.b64decode(sealed[MARK][part])
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(UnreadableAnswer):
            opened(KEY, PLACE, {MARK: {**sealed[MARK], part: base64.b64encode(changed).decode()}})


@pytest.mark.parametrize("part", ["nonce", "text"])
def test_a_shorter_one_stays_shut(part: str) -> None:
    """Cut at any byte, down to nothing; longer ones too."""
    sealed = seal(KEY, PLACE, "mine")
    raw = base64.b64decode(sealed[MARK][part])
    for cut in [*(raw[:length] for length in range(len(raw))), raw + b"\0"]:
        with pytest.raises(UnreadableAnswer):
            opened(KEY, PLACE, {MARK: {**sealed[MARK], part: base64.b64encode(cut).decode()}})


@pytest.mark.parametrize("raw", ["no base64", 7, None, [], "ü"], ids=repr)
@pytest.mark.parametrize("part", ["nonce", "text"])
def test_parts_of_another_kind_keep_it_shut(part: str, raw: Any) -> None:
    """Whatever somebody wrote there."""
    sealed = seal(KEY, PLACE, "mine")
    with pytest.raises(UnreadableAnswer):
        opened(KEY, PLACE, {MARK: {**sealed[MARK], part: raw}})


@pytest.mark.parametrize(
    "inside",
    [
        None,
        "text",
        [],
        {},
        {"version": 2, "key": str(KEY.id), "nonce": "", "text": ""},
        {"version": 1, "key": "no id", "nonce": "", "text": ""},
        {"version": 1, "key": 7, "nonce": "", "text": ""},
        {"version": 1, "key": str(KEY.id), "nonce": ""},
        {"version": 1, "key": str(KEY.id), "nonce": "", "text": "", "more": ""},
    ],
    ids=repr,
)
def test_what_only_looks_like_one_names_no_key(inside: Any) -> None:
    """It counts as an envelope, so it is never shown, and there is no key to open it with."""
    assert is_sealed({MARK: inside})
    assert key_of({MARK: inside}) is None
