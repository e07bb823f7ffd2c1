"""The map's tool chain: types that are current, unit tests, and the bytes that are committed."""

import gzip
import shutil
from pathlib import Path

import pytest

from tests.node import install, needs_node, npm

ROOT = Path(__file__).parents[2]
MOST_BYTES = 40_000
pytestmark = needs_node


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources with their pinned packages, beside the schema."""
    root = tmp_path_factory.mktemp("map")
    shutil.copy(ROOT / "schema.graphql", root)
    copy = Path(shutil.copytree(ROOT / "map", root / "map", ignore=shutil.ignore_patterns("node_modules")))
    install(copy)
    return copy


def _files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_types_are_those_of_the_schema(sources: Path) -> None:
    """Made anew they are the same, and everything compiles with them."""
    npm(sources, "run", "check")
    again, committed = [(folder / "src" / "graph.ts").read_text("utf-8") for folder in (sources, ROOT / "map")]
    assert again == committed, "Run 'npm run generate' and 'npm run build' in map/"


def test_the_same_sources_give_the_same_bytes(sources: Path) -> None:
    """Those that are served."""
    npm(sources, "run", "build")
    assert _files(sources.parent / "app" / "static" / "map") == _files(ROOT / "app" / "static" / "map")


def test_it_is_small() -> None:
    """Script and style together in gzip: what a phone loads before it draws."""
    parts = [file for file in (ROOT / "app/static/map").iterdir() if file.suffix in (".js", ".css")]
    assert sum(len(gzip.compress(part.read_bytes(), 9)) for part in parts) < MOST_BYTES


def test_layout_and_steering(sources: Path) -> None:
    """Unit tests in Node: sixty generated tools, circles, arrow keys."""
    assert "# fail 0" in npm(sources, "test")
