"""What passes between a gateway and a process that prints: a letter for its kind, a length, then so many bytes."""

import struct

DOCUMENT = b"D"
"""A document as JSON, to be printed."""
PRINTED = b"P"
"""The PDF."""
NOT_INSTALLED = b"N"
"""A system library is missing; the text says which."""
FAILED = b"F"
"""It could not be printed; the text names the kind of fault, and nothing of the document."""

HEADER = struct.Struct(">cQ")


def frame(kind: bytes, content: bytes) -> bytes:
    """One message."""
    return HEADER.pack(kind, len(content)) + content
