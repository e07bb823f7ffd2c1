"""What is wrong with an answer or a log, each kind of it once, with the request that brought it about."""

import logging
import traceback
from collections.abc import Collection
from typing import Any

import orjson

from tests.fuzz.planted import TRACES
from tests.fuzz.sending import Got, Sent

_DESCRIPTIONS = ("/openapi.json", "/schema.graphql", "/static/")
"""What these say was written by us, codes of failures included."""


class Heard(logging.Handler):
    """Everything that is logged, at every level, with its traces."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.last_trace = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record as text."""
        line = record.getMessage()
        if record.exc_info and record.exc_info[0]:
            self.last_trace = "".join(traceback.format_exception(*record.exc_info))
            line = f"{line}\n{self.last_trace}"
        self.lines.append(line)


class Findings:
    """The findings of a run, and how many answers had which status."""

    def __init__(self, secrets: Collection[bytes], heard: Heard) -> None:
        self._secrets = secrets
        self._heard = heard
        self.found: dict[str, str] = {}
        self.statuses: dict[int, int] = {}

    def look(self, sent: Sent, got: Got) -> None:
        """Look at one answer, and at what was logged meanwhile."""
        self.statuses[got.status] = self.statuses.get(got.status, 0) + 1
        whole = b"\n".join((*(name + b": " + value for name, value in got.headers), got.body))
        logged = "\n".join(self._heard.lines).encode("utf-8", "replace")
        self._heard.lines.clear()
        if got.fault is not None:
            raised = traceback.format_exception(got.fault)
            self._heard.last_trace = "".join(raised)
            self._add(f"raised {type(got.fault).__name__}: {_place(raised)}", sent, got)
        elif (got.status >= 500 and not _not_set_up(got)) or _is_fault(sent, got):
            last = self._heard.last_trace.strip().splitlines()
            self._add(f"fault: {_place(last)} {last[-1] if last else ''}", sent, got)
        for secret in self._secrets:
            for where, text in (("answer", whole), ("log", logged)):
                if secret in text:
                    self._add(f"a secret in the {where}", sent, got)
        for credential in sent.credentials:
            for where, text in (("answer", whole), ("log", logged)):
                if credential.encode("latin-1", "replace") in text:
                    self._add(f"a credential of the request in the {where}", sent, got)
        if any(trace in whole for trace in TRACES) and not sent.path.startswith(_DESCRIPTIONS):
            self._add("a trace in the answer", sent, got)
        if any(b"\r" in value or b"\n" in value or b"evil.example" in value for _, value in got.headers):
            self._add("a header that the request wrote", sent, got)
        if sent.hostile and _honoured(sent, got):
            self._add("a hostile token was honoured", sent, got)
        if b"json" in got.header(b"content-type") and got.body and _decoded(got.body) is _NO_JSON:
            self._add("a body that is not the JSON it says it is", sent, got)

    def _add(self, kind: str, sent: Sent, got: Got) -> None:
        if kind not in self.found:
            answer = f"{got.status} {got.body!r:.600}"
            self.found[kind] = f"=== {kind}\n{sent}\n--- {answer}\n{self._heard.last_trace[-3000:]}"


_NO_JSON = object()


def _decoded(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _NO_JSON


def _not_set_up(got: Got) -> bool:
    """Whether the answer says what the operator has not set up: a refusal by its code, not a fault."""
    return got.status == 503 and any(code in got.body for code in (b'"NOT_SET_UP"', b'"ASSISTANT_UNAVAILABLE"'))


def _is_fault(sent: Sent, got: Got) -> bool:
    """Whether the answer tells of a fault of ours, whatever its status."""
    return b'"INTERNAL_SERVER_ERROR"' in got.body and not sent.path.startswith(_DESCRIPTIONS)


def _honoured(sent: Sent, got: Got) -> bool:
    """Whether something was answered that asks who is there."""
    if sent.path == "/graphql":
        body = _decoded(got.body)
        return isinstance(body, dict) and body.get("data") is not None
    return sent.path.startswith("/api/") and sent.path != "/api/health" and 200 <= got.status < 300


def _place(trace: list[str]) -> str:
    files = [line.strip() for line in trace if line.strip().startswith("File ")]
    return files[-1].rsplit("/", 1)[-1] if files else ""
