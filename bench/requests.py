"""What is sent to a server for a question: one request for each asker and each set of variables."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.processes import HOST, Server
from bench.queries import Query


@dataclass(frozen=True, slots=True)
class Request:
    """One request over HTTP."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def raw(self, port: int) -> bytes:
        """The whole message, for a keep-alive connection."""
        headers = {"Host": f"{HOST}:{port}", **self.headers}
        if self.body:
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


def requests_for(query: Query, server: Server, tokens: Sequence[str]) -> list[Request]:
    """Every asker's request; where there are several sets of variables, all askers send one before the next."""
    return [_request(query, server, body, token) for body in query.bodies(server.peer.name) for token in tokens]


def _request(query: Query, server: Server, body: bytes, token: str) -> Request:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    if query.path:
        return Request("GET", query.path, headers, body)
    return Request("POST", server.peer.path, headers | {"Content-Type": "application/json"}, body)
