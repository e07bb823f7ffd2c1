"""Which tools a course of the school opens."""

import tomllib
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from db.catalogue.check import CatalogueError
from db.catalogue.graph import Catalogue

COURSES_PATH = Path(__file__).parent / "courses.toml"

_Courses = TypeAdapter(dict[str, dict[str, tuple[str, ...]]])


def load_courses(catalogue: Catalogue, path: Path = COURSES_PATH) -> dict[str, tuple[str, ...]]:
    """Slugs of tools by id of the course. Raises ``CatalogueError`` for a file that does not fit the catalogue."""
    try:
        read = _Courses.validate_python(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise CatalogueError([f"{path.name}: cannot be read: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError([f"{path.name}: not TOML: {error}"]) from error
    except ValidationError as error:
        raise CatalogueError([f'{path.name}: write [courses] and lines such as course-id = ["woop"]']) from error
    courses = read.get("courses", {})
    problems = [f"{path.name}: {key}: only [courses] is read here" for key in read.keys() - {"courses"}]
    problems += [
        f"{path.name}: {course}: there is no tool {slug!r}"
        for course, slugs in courses.items()
        for slug in slugs
        if slug not in catalogue.by_slug
    ]
    if problems:
        raise CatalogueError(problems)
    return courses
