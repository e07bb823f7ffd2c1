"""A Redis of the tests' own: the real server, on a socket in a folder that goes away with it."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from redis import ConnectionError as NotYet
from redis import Redis

BINARY = shutil.which("redis-server")


@contextmanager
def redis_place() -> Iterator[Path]:
    """A socket for a server that does not run yet."""
    with TemporaryDirectory(prefix="ftgredis", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "redis.sock"


@contextmanager
def running_redis(socket: Path) -> Iterator[None]:
    """A server on that socket. It keeps nothing and listens on no port."""
    assert BINARY is not None
    command = [BINARY, "--port", "0", "--unixsocket", str(socket), "--dir", str(socket.parent), "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            _wait(socket)
            yield
        finally:
            server.terminate()


def _wait(socket: Path) -> None:
    with Redis(unix_socket_path=str(socket)) as client:
        for _ in range(100):
            try:
                client.ping()
            except NotYet:
                time.sleep(0.1)
            else:
                return
    raise TimeoutError("redis-server does not start")
