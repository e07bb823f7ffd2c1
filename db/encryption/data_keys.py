"""Opens and seals sensitive answers for the gateway, with data keys that it keeps in memory once they are unwrapped."""

import logging
import os
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db.catalogue import Tool
from db.encryption.envelope import DataKey, Place, UnreadableAnswer, is_sealed, key_of, opened, seal
from db.encryption.key_ring import KEY_BYTES, EncryptionKeyError, KeyRing, WrappedKey
from db.models.tools import Json
from db.statements import encryption as sql

CACHED_DATA_KEYS = 1_000
"""Unwrapped data keys in memory, one for each organisation; one that has fallen out is read and unwrapped again."""

Fetch = Callable[..., Awaitable[Sequence[Any]]]
"""``await fetch(statement, *arguments)``: rows of one statement within a transaction."""

_log = logging.getLogger("fast_track_graph")


@dataclass(frozen=True, slots=True)
class Stored:
    """Answers as a row holds them, and where it stands."""

    slug: str
    user_id: UUID
    organization_id: UUID | None
    data: dict[str, Json]

    @property
    def tenant_id(self) -> UUID:
        """Whose data key seals it: the organisation's, or the person's who belongs to none."""
        return self.organization_id or self.user_id

    def place(self, key: str) -> Place:
        """Where one answer stands."""
        return Place(self.tenant_id, self.user_id, self.slug, key)


@dataclass(frozen=True, slots=True)
class Opened:
    """Answers in plain text. ``unreadable``: why, by the key of each one that did not open."""

    answers: dict[str, Json]
    unreadable: Mapping[str, str] = field(default_factory=dict)


class DataKeys:
    """The data keys of all tenants that this process has met, by id. A key never changes, so none of them ages."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self._keys: OrderedDict[UUID, DataKey] = OrderedDict()

    async def open(
        self, rows: Sequence[Stored], read: Callable[[list[UUID]], Awaitable[Sequence[Any]]]
    ) -> list[Opened]:
        """The answers of each row in plain text. ``read`` gives data keys by id, as far as the viewer may see them.

        What cannot be opened is named, never shown and never left out in silence. Without a sealed answer among the
        rows nothing is read.
        """
        sealed = [[(key, value) for key, value in row.data.items() if is_sealed(value)] for row in rows]
        if not any(sealed):
            return [Opened(row.data) for row in rows]
        wanted = {found for each in sealed for _, value in each if (found := key_of(value))}
        keys = await self._found(wanted, read)
        return [_opened(row, each, keys) for row, each in zip(rows, sealed, strict=True)]

    async def seal(self, tool: Tool, row: Stored, fetch: Fetch) -> dict[str, Json]:
        """The answers as they are to be stored: sensitive ones sealed with the tenant's current data key.

        ``fetch`` runs in the transaction that will store them. Until it ends that data key is not replaced, so no
        answer is ever stored under one that is gone. Raises ``EncryptionKeyError``; then nothing may be stored.
        """
        sensitive = [key for key in row.data if tool.is_sensitive(key)]
        if not sensitive:
            return row.data
        await fetch(sql.LOCK_SHARED, *sql.lock_key(row.tenant_id))
        data_key = await self._current(row, fetch)
        return row.data | {key: seal(data_key, row.place(key), row.data[key]) for key in sensitive}

    async def _current(self, row: Stored, fetch: Fetch) -> DataKey:
        found = await fetch(sql.CURRENT, row.tenant_id)
        if not found:
            new = self.ring.wrap(os.urandom(KEY_BYTES), uuid4(), row.tenant_id)
            owner = None if row.organization_id else row.user_id
            await fetch(sql.ADD, new.id, row.organization_id, owner, new.wrapped, new.wrapped_by, new.fingerprint)
            found = await fetch(sql.CURRENT, row.tenant_id)  # another process may have been first
        key = WrappedKey(**found[0])
        return self._keys.get(key.id) or self._unwrapped(key)

    async def _found(
        self, wanted: set[UUID], read: Callable[[list[UUID]], Awaitable[Sequence[Any]]]
    ) -> dict[UUID, DataKey | str]:
        """Data keys by id; a text says why one is not to be had."""
        keys: dict[UUID, DataKey | str] = {}
        for key_id in wanted:
            if known := self._keys.get(key_id):
                self._keys.move_to_end(key_id)
                keys[key_id] = known
        if missing := wanted - keys.keys():
            for row in await read(sorted(missing)):
                wrapped = WrappedKey(**row)
                try:
                    keys[wrapped.id] = self._unwrapped(wrapped)
                except EncryptionKeyError as error:
                    keys[wrapped.id] = str(error)
        return keys

    def _unwrapped(self, key: WrappedKey) -> DataKey:
        unwrapped = DataKey(key.id, key.tenant_id, AESGCM(self.ring.unwrap(key)))
        self._keys[key.id] = unwrapped
        if len(self._keys) > CACHED_DATA_KEYS:
            self._keys.popitem(last=False)
        return unwrapped


def _opened(row: Stored, sealed: Iterable[tuple[str, Json]], keys: Mapping[UUID, DataKey | str]) -> Opened:
    answers = dict(row.data)
    unreadable: dict[str, str] = {}
    for name, value in sealed:
        del answers[name]
        try:
            key = usable(keys, key_of(value))
            answers[name] = opened(key, row.place(name), value)
        except UnreadableAnswer as error:
            unreadable[name] = str(error)
            _log.error("answer %s of %s of person %s does not open: %s", name, row.slug, row.user_id, error)
    return Opened({name: answers[name] for name in row.data if name in answers}, unreadable)


def usable(keys: Mapping[UUID, DataKey | str], key_id: UUID | None) -> DataKey:
    """The data key; raises ``UnreadableAnswer`` saying why there is none."""
    if key_id is None:
        raise UnreadableAnswer("it is no envelope of a version that this release knows")
    key = keys.get(key_id, f"its data key {key_id} is not in organizations.data_keys, or is another tenant's")
    if isinstance(key, str):
        raise UnreadableAnswer(key)
    return key
