"""Failures kept as files in ``cases/``: who asked what with which variables, and the seed that had drawn it."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.graphql_api.differential.generator import Request

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    """One request with who sends it."""

    viewer: str | None
    request: Request
    seed: str

    @property
    def text(self) -> str:
        """The case as its file has it."""
        return (
            f"# as: {self.viewer or 'nobody'}\n"
            f"# variables: {json.dumps(self.request.variables)}\n"
            f"# operation: {json.dumps(self.request.name)}\n"
            f"# seed: {self.seed}\n"
            f"{self.request.text}\n"
        )

    @property
    def path(self) -> Path:
        """The file that keeps it."""
        return FOLDER / f"{sha256(self.text.encode()).hexdigest()[:10]}.graphql"


def cases() -> list[Case]:
    """Every kept case."""
    return [_case(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.graphql"))]


def _case(text: str) -> Case:
    head = dict(re.findall(r"^# (\w+): (.*)$", text, re.MULTILINE))
    # The document's own text begins after the head: a line of a block string may well begin with '# '.
    document = text.split("\n", 4)[4].removesuffix("\n")
    viewer = None if head["as"] == "nobody" else head["as"]
    return Case(viewer, Request(document, json.loads(head["variables"]), json.loads(head["operation"])), head["seed"])
