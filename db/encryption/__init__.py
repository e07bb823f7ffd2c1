"""Encrypts sensitive answers before they are stored: data keys for each tenant, wrapped by keys of the operator."""

from db.encryption.data_keys import DataKeys, Stored
from db.encryption.envelope import MARK, UnreadableAnswer, is_sealed
from db.encryption.key_ring import EncryptionKeyError, KeyEncryptionKey, KeyRing

__all__ = [
    "MARK",
    "DataKeys",
    "EncryptionKeyError",
    "KeyEncryptionKey",
    "KeyRing",
    "Stored",
    "UnreadableAnswer",
    "is_sealed",
]
