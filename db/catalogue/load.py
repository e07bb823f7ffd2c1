"""Reads the catalogue's TOML files; anything that does not fit is reported by file and key."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from db.catalogue.check import CatalogueError, check
from db.catalogue.graph import Catalogue
from db.catalogue.model import FieldAlias, Module, Tool

CATALOGUE_PATH = Path(__file__).parent

_Entry = TypeVar("_Entry", bound=BaseModel)


def load_catalogue(path: Path = CATALOGUE_PATH) -> Catalogue:
    """Load ``path``/modules.toml, field_aliases.toml and tools/NN_slug.toml.

    Raises ``CatalogueError`` with every problem found in a file; once all files can be read, with every problem
    between them.
    """
    problems: list[str] = []
    modules = _entries(path / "modules.toml", "modules", Module, problems)
    aliases = _entries(path / "field_aliases.toml", "field_aliases", FieldAlias, problems)
    tools = [tool for file in sorted((path / "tools").glob("*.toml")) if (tool := _tool(file, problems))]
    if not tools and not problems:
        problems.append(f"no tool files in {path / 'tools'}")
    if problems:
        raise CatalogueError(problems)
    check(modules, tools, aliases)
    return Catalogue(modules, tools, aliases)


def _entries(file: Path, key: str, model: type[_Entry], problems: list[str]) -> list[_Entry]:
    try:
        content = tomllib.loads(file.read_text("utf-8"))
        problems += [f"{file.name}: {name}: only {key!r} is read here" for name in content.keys() - {key}]
        # Not strictly: TOML's arrays and strings have to become tuples and enums.
        return [model.model_validate(entry, strict=False) for entry in content.get(key, [])]
    except OSError as error:
        problems.append(f"{file.name}: cannot be read: {error.strerror}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{file.name}: not TOML: {error}")
    except ValidationError as error:
        problems += _lines(file, error)
    return []


def _tool(file: Path, problems: list[str]) -> Tool | None:
    try:
        tool = Tool.model_validate(tomllib.loads(file.read_text("utf-8")), strict=False)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{file.name}: not TOML: {error}")
        return None
    except ValidationError as error:
        problems += _lines(file, error)
        return None
    expected = f"{tool.sprint:02d}_{tool.slug.replace('-', '_')}.toml"
    if file.name != expected:
        problems.append(f"{file.name}: holds sprint {tool.sprint}, slug {tool.slug!r}; its name must be {expected}")
    return tool


def _lines(file: Path, error: ValidationError) -> list[str]:
    return [f"{file.name}: {'.'.join(str(part) for part in line['loc'])}: {line['msg']}" for line in error.errors()]
