"""The written content of the demo companies, read from the files beside this one."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.accounts import NewAccount
from db.catalogue import Tool
from db.viewer import Role

_CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone of a demo company, and how far they are."""

    account: NewAccount
    organization: str


def organizations() -> list[dict[str, str]]:
    """The demo organisations: slug, name, industry, size."""
    found: list[dict[str, str]] = _people()["organizations"]
    return found


def people() -> list[Person]:
    """Everyone in them."""
    return [
        Person(
            NewAccount(
                person["email"],
                person["name"],
                Role(person["role"]),
                None,
                person.get("timezone"),
                person.get("language", "en"),
            ),
            person["organization"],
        )
        for person in _people()["people"]
    ]


def teams() -> list[dict[str, Any]]:
    """Their teams: organization, name, lead and members by mail address."""
    found: list[dict[str, Any]] = _people()["teams"]
    return found


def answers(organization: str, tool: Tool) -> dict[str, Any]:
    """What this company has answered in a tool; nothing in a tool that is newer than the demo."""
    file = _CONTENT / organization / f"{tool.sprint:02d}_{tool.slug.replace('-', '_')}.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def drafts(organization: str, tool: Tool) -> list[dict[str, Any]]:
    """What this company answered first, in its order, before it came to its answers; in most tools nothing."""
    file = _CONTENT / organization / "drafts.json"
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8")).get(tool.slug, [])
    return found


def _people() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_CONTENT / "people.json").read_text("utf-8"))
    return found
