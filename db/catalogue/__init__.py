"""The tool catalogue: 31 TOML files, loaded, checked and linked into one immutable graph."""

from db.catalogue.check import CatalogueError
from db.catalogue.courses import COURSES_PATH, load_courses
from db.catalogue.graph import Catalogue, Field, Need
from db.catalogue.load import CATALOGUE_PATH, load_catalogue
from db.catalogue.model import Constraints, Module, Question, QuestionType, Tool
from db.catalogue.names import camel_case, pascal_case

__all__ = [
    "CATALOGUE_PATH",
    "COURSES_PATH",
    "Catalogue",
    "CatalogueError",
    "Constraints",
    "Field",
    "Module",
    "Need",
    "Question",
    "QuestionType",
    "Tool",
    "camel_case",
    "load_catalogue",
    "load_courses",
    "pascal_case",
]
