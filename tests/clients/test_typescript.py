"""TypeScript: types made from the schema, so that what the graph does not have does not compile."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import CLIENTS, DIALOGUE, Ran, Shell
from tests.node import NODE, install, needs_node

SCHEMA = CLIENTS.parents[1] / "schema.graphql"

pytestmark = needs_node


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with its pinned packages and generated types."""
    folder = tmp_path_factory.mktemp("clients")
    shutil.copy(CLIENTS / "operations.graphql", folder)
    ignored = shutil.ignore_patterns("node_modules", "build")
    copy = Path(shutil.copytree(CLIENTS / "typescript", folder / "typescript", ignore=ignored))
    install(copy)
    return copy


async def node(project: Path, *command: str, **environment: str) -> tuple[int | None, str]:
    """Run a program of the project: its status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(str(NODE), *command),
        cwd=project,
        env={"PATH": os.environ["PATH"], "SCHEMA": str(SCHEMA), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode, printed.decode()


COMPILER = "node_modules/typescript/bin/tsc"


async def test_it_compiles_and_says_what_the_others_say(
    shell: Shell, project: Path, credentials: dict[str, str]
) -> None:
    """Under --strict, from types that are current."""
    committed = (project / "src" / "graph.ts").read_text("utf-8")
    assert await node(project, "generate.mjs") == (0, "")
    assert (project / "src" / "graph.ts").read_text("utf-8") == committed, "Run 'npm run generate' in docs/clients"
    assert await node(project, COMPILER) == (0, "")
    ran = await shell.run(str(NODE), project / "build" / "main.js", **credentials)
    assert ran == Ran(0, DIALOGUE, "")
    ran = await shell.run(str(NODE), project / "build" / "main.js", **credentials | {"PASSWORD": "wrong"})
    assert (ran.status, ran.out) == (1, "")
    assert "do not belong together" in ran.err


async def test_what_the_graph_does_not_have_does_not_compile(project: Path) -> None:
    """A field that was not asked for, a variable of another type, a member of a union that cannot come."""
    wrong = project / "src" / "wrong.ts"
    wrong.write_text(
        """import type * as graph from './graph.js';
export const nickname = (data: graph.ReadProductDevelopmentQuery) => data.viewer?.nickname;
export const unchecked = (data: graph.ReadProductDevelopmentQuery) => data.viewer.fullName;
export const version: graph.SaveProductDevelopmentMutationVariables = { answers: {}, version: '1' };
export const answers: graph.SaveProductDevelopmentMutationVariables = { answers: { porfolio: [] }, version: 1 };
export const gone = (saved: graph.SavedFragment) => saved.__typename === 'TooLate';
""",
        "utf-8",
    )
    try:
        status, printed = await node(project, COMPILER, "--noEmit")
    finally:
        wrong.unlink()
    assert status != 0
    found = [line.split(":")[0] for line in printed.splitlines() if line.startswith("src/wrong.ts")]
    assert [line.split("(")[1].split(",")[0] for line in found] == ["2", "3", "4", "5", "6"], printed


async def test_an_operation_that_the_schema_does_not_know_makes_no_types(project: Path) -> None:
    """The generator says which field."""
    operations = project / "wrong.graphql"
    operations.write_text("query Wrong { viewer { nickname } }", "utf-8")
    status, printed = await node(project, "generate.mjs", OPERATIONS=str(operations))
    assert status != 0
    assert 'Cannot query field "nickname" on type "Participant"' in printed
