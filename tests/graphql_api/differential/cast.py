"""Who asks and who is asked about: three organisations and somebody without one, named by words in every operation."""

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from db.viewer import Role
from tests.world import Person, World

COMPANIES = {
    "bakery": 'Bäckerei "50 %" & Söhne\n\\ 🥐',
    "forge": "Forge %s {} '; --",
    "elsewhere": "Elsewhere",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One role of the cast. ``work``: share of the tools worked on; ``mistyped``: share of values of a wrong type."""

    company: str | None
    role: Role
    full_name: str
    work: float
    mistyped: float = 0.0


PARTS = {
    "paula": Part("bakery", Role.USER, "Paula Participant", 0.95),
    "dora": Part("bakery", Role.USER, 'Dora "d\'Or" \\ 100% %s {0}', 0.6, 0.04),
    "wilma": Part("bakery", Role.USER, "Wilma\nWild\t\u2028🧨", 0.9, 0.4),
    "nico": Part("bakery", Role.USER, "Nico Newcomer", 0.0),
    "ada": Part("bakery", Role.ADMIN, "Ada Admin", 0.5),
    "greta": Part("bakery", Role.GURU, "Greta Gurú", 0.2),
    "ben": Part("forge", Role.USER, "Same Name", 0.7),
    "tom": Part("forge", Role.USER, "Same Name", 0.5, 0.02),
    "fay": Part("forge", Role.ADMIN, "<fay> & co", 0.3),
    "sam": Part("elsewhere", Role.USER, "Sam Stranger", 0.8),
    "elma": Part("elsewhere", Role.ADMIN, "Elma Elsewhere", 0.1),
    "lone": Part(None, Role.USER, "Lone Lonely", 0.8),
}

VIEWERS = (*("paula", "ada", "greta", "greta", "greta") * 3, "dora", "wilma", "fay", "elma", "lone", None)
"""Who asks, as often as they stand here; nobody is ``None``."""

ASKED = (*("paula", "dora", "wilma", "ben") * 4, *PARTS)
"""Who is asked about."""

_WORD = re.compile(r"<(?:(\w+):)?([\w-]+)>")


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and organisations with the ids that they have in this run."""

    people: dict[str, Person]
    companies: dict[str, UUID]

    def with_ids(self, value: Any) -> Any:
        """Text or variables with words as ids: ``<paula>``, ``<DreamTool:paula>``, ``<Cursor:paula>``."""
        match value:
            case dict():
                return {key: self.with_ids(child) for key, child in value.items()}
            case list():
                return [self.with_ids(child) for child in value]
            case str():
                return _WORD.sub(self._id, value)
        return value

    def _id(self, found: re.Match[str]) -> str:
        kind, name = found.groups()
        person = self.people.get(name)
        id_ = str(person.id if person else self.companies.get(name, name))
        if kind is None:
            return id_
        if kind == "Cursor":
            return urlsafe_b64encode(orjson.dumps([person.account.full_name if person else name, id_])).decode()
        return urlsafe_b64encode(f"{kind}:{id_}".encode()).decode().rstrip("=")


async def gather(world: World) -> Cast:
    """Make the cast; their rows are still those of new accounts."""
    companies = {word: await world.organization(word) for word in COMPANIES}
    people = {
        word: await world.person(companies[part.company] if part.company else None, part.role, part.full_name)
        for word, part in PARTS.items()
    }
    return Cast(people, companies)
