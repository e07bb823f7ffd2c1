"""The process that prints: ``python -m integrations.pdf.child BYTES``. Reads documents, writes PDFs, knows nobody.

Its memory is limited before anything is loaded, its processor time for each document anew. It has no settings, and
whatever would open a connection or start a program is refused.
"""

import logging
import resource
import sys
from typing import BinaryIO

import orjson

from integrations.pdf.frames import FAILED, HEADER, NOT_INSTALLED, PRINTED, frame
from integrations.pdf.pages import page_of

_REFUSED = frozenset(
    {"socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}
)


def main() -> None:
    """Print until nobody asks any more."""
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)  # the library would tell of what it leaves out, in the words of the document
    while header := sys.stdin.buffer.read(HEADER.size):
        _, length = HEADER.unpack(header)
        kind, content = _answer(sys.stdin.buffer, length)
        sys.stdout.buffer.write(frame(kind, content))
        sys.stdout.buffer.flush()


def _answer(source: BinaryIO, length: int) -> tuple[bytes, bytes]:
    try:
        job = orjson.loads(source.read(length))
        _limit_time(job["seconds"])
        return PRINTED, _pdf(page_of(job["document"]), job["theme"])
    except _MissingLibrary as missing:
        return NOT_INSTALLED, str(missing).encode()
    except Exception as error:  # noqa: BLE001 - whatever it was, only its kind may leave: its words may be somebody's
        return FAILED, type(error).__name__.encode()


class _MissingLibrary(Exception):
    """What the dynamic linker said."""


def _limit_time(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _pdf(page: str, theme: str) -> bytes:
    try:
        # Here and not above: it loads Pango as it is imported, and what is missing has to be told, not died of.
        from integrations.pdf.layout import pdf_of
    except OSError as error:
        raise _MissingLibrary(str(error).partition("\n")[0]) from error
    return pdf_of(page, theme)


def _refuse(event: str, _: object) -> None:
    if event in _REFUSED:
        raise PermissionError(f"{event} is not for a process that prints")


if __name__ == "__main__":
    sys.addaudithook(_refuse)
    main()
