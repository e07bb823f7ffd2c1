"""Alembic revisions read from SQL files.

``shared/NNNN_name.up.sql`` form one line of revisions. ``tool/NNNN_name.up.sql`` are templates: each makes one
revision for every tool of the catalogue, on a branch of its own (``pricing@head``), so a new catalogue file is a new
branch and nothing else moves. ``tool/<slug>/`` holds the revisions that only this tool has.
"""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from string import Template
from types import ModuleType
from typing import Any

from alembic import op
from alembic.script import Script, ScriptDirectory

from db.catalogue import Catalogue, Tool
from db.policies import POLICY_TERMS

_HERE = Path(__file__).parent


def _shipped() -> dict[str, str]:
    """What a library brings for the database. A migration that names it holds it as it is in the pinned version; the
    library's next one needs a migration of its own, and the old text beside this file (ADR 0025)."""
    schema = resources.files("procrastinate") / "sql" / "schema.sql"
    return {"procrastinate_schema": schema.read_text("utf-8")}


class SqlScripts(ScriptDirectory):
    """Every revision of the shared schemas and of each tool in ``catalogue``, made from the SQL files."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        super().__init__(str(_HERE))

    def _load_revisions(self) -> Iterator[Script]:
        shared = list(_line(_files(_HERE / "shared"), "shared", {}))
        yield from shared
        for tool in self._catalogue.tools:
            files = _files(_HERE / "tool") + _files(_HERE / "tool" / tool.slug.replace("-", "_"))
            yield from _line(
                files, f"sprint_{tool.sprint:02d}", {"schema": tool.schema_name}, tool=tool, after=shared[0]
            )


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.up.sql"))


def _line(
    files: list[Path],
    prefix: str,
    terms: dict[str, str],
    *,
    tool: Tool | None = None,
    after: Script | None = None,
) -> Iterator[Script]:
    previous: str | None = None
    for up in sorted(files, key=lambda file: file.name):
        down = up.with_name(up.name.replace(".up.sql", ".down.sql"))
        revision = f"{prefix}_{up.name.split('_')[0]}"
        # A module as Alembic would have read it from a file; what it holds is for Alembic to know.
        module: Any = ModuleType(revision)
        module.__doc__ = f"{up.name.removesuffix('.up.sql')} of {tool.schema_name if tool else 'the shared schemas'}"
        module.revision = revision
        module.down_revision = previous
        if previous is None:
            module.branch_labels = (tool.slug if tool else "shared",)
            module.depends_on = after.revision if after else None
        module.upgrade = _step(up, terms)
        module.downgrade = _step(down, terms)
        yield Script(module, revision, str(up))
        previous = revision


def _step(file: Path, terms: dict[str, str]) -> object:
    def run() -> None:
        sql = Template(file.read_text("utf-8")).substitute(POLICY_TERMS | _shipped() | terms)
        # Many statements at once: only the driver's simple-query call takes them.
        adapter: Any = op.get_bind().connection.dbapi_connection
        adapter.run_async(lambda driver: driver.execute(sql))

    return run
