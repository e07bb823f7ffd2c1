"""Server processes: started pinned, waited for, their use of CPU and memory read, stopped."""

import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from os import environ
from pathlib import Path

import psutil

from bench.cores import SERVER_CORE, on
from bench.peers import Peer

HOST = "127.0.0.1"
POOL_SIZE = 5
START_SECONDS = 60.0
STOP_SECONDS = 10.0

_FROM_US = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH")
"""What a server inherits: no setting of the person who runs the bench reaches it."""


class ServerFailed(Exception):
    """A server did not start, or went away; the message ends with what it said last."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A process with all its children."""

    root: psutil.Process

    def cpu_seconds(self) -> float:
        """CPU time used until now, by children that are gone as well."""
        spent = 0.0
        for process in self._processes():
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            spent += times.user + times.system
            if process.pid == self.root.pid:
                spent += times.children_user + times.children_system
        return spent

    def memory_mb(self) -> float:
        """Resident memory."""
        return sum(float(process.memory_info().rss) for process in self._processes()) / 1e6

    def _processes(self) -> list[psutil.Process]:
        return [self.root, *self.root.children(recursive=True)]


@dataclass(frozen=True, slots=True)
class Server:
    """A peer that runs."""

    peer: Peer
    port: int
    tree: Tree


@contextmanager
def running(
    peers: tuple[Peer, ...], database_url: str, secret: str, logs: Path, wrapper: tuple[str, ...] = ()
) -> Iterator[list[Server]]:
    """Every peer started, side by side; each idle but while it is measured."""
    with ExitStack() as stack:
        yield [stack.enter_context(_running(peer, database_url, secret, logs, wrapper)) for peer in peers]


def process_tree(pid: int) -> Tree:
    """A process that runs already."""
    return Tree(psutil.Process(pid))


def new_secret() -> str:
    """A signing secret for one run."""
    return secrets.token_hex(32)


@contextmanager
def _running(peer: Peer, database_url: str, secret: str, logs: Path, wrapper: tuple[str, ...]) -> Iterator[Server]:
    port = _free_port()
    terms = {
        "HOST": HOST,
        "PORT": str(port),
        "GATEWAY_DATABASE_URL": database_url,
        "DATABASE_POOL_SIZE": str(POOL_SIZE),
        "JWT_SECRET": secret,
    }
    inherited: Mapping[str, str] = {name: environ[name] for name in _FROM_US if name in environ}
    log = logs / f"{peer.name}.log"
    interpreter, *words = peer.start_command(terms)
    if wrapper:
        words = words[1:]  # the wrapper takes the place of ``-m``
    with log.open("wb") as told, on(SERVER_CORE):
        process = subprocess.Popen(
            [interpreter, *wrapper, *words],
            env={**inherited, **terms, **peer.environment},
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
        )
    try:
        _wait(process, port, peer, log)
        yield Server(peer, port, process_tree(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, peer: Peer, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    last = "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
    raise ServerFailed(f"{peer.name} does not listen after {START_SECONDS:.0f} s, or ended. It said:\n{last}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
