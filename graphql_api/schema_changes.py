"""Compares the schema with the one that was released: what breaks clients, what may, and which breaks are meant."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from graphql import build_schema
from graphql.utilities import BreakingChangeType, DangerousChangeType, find_schema_changes
from pydantic import BaseModel, ConfigDict, ValidationError

CONSEQUENCES: dict[BreakingChangeType | DangerousChangeType, str] = {
    BreakingChangeType.TYPE_REMOVED: "Fragments and variables that name it are refused: keep the type.",
    BreakingChangeType.TYPE_CHANGED_KIND: "What is selected or sent no longer fits: give the new kind a new name.",
    BreakingChangeType.TYPE_REMOVED_FROM_UNION: "Fragments on it are refused: leave it in the union.",
    BreakingChangeType.VALUE_REMOVED_FROM_ENUM: "Requests that send it are refused: keep it, deprecated.",
    BreakingChangeType.REQUIRED_INPUT_FIELD_ADDED: "Nobody sends it yet: make it nullable, or give it a default.",
    BreakingChangeType.IMPLEMENTED_INTERFACE_REMOVED: "Fragments on the interface miss it: go on implementing it.",
    BreakingChangeType.FIELD_REMOVED: "Requests that name it are refused: keep it, deprecated.",
    BreakingChangeType.FIELD_CHANGED_KIND: "Programs read or send the type from before: add a field beside it.",
    BreakingChangeType.REQUIRED_ARG_ADDED: "Nobody sends it yet: make it nullable, or give it a default.",
    BreakingChangeType.ARG_REMOVED: "Requests that send it are refused: keep it, deprecated.",
    BreakingChangeType.ARG_CHANGED_KIND: "Programs send the type from before: add an argument beside it.",
    BreakingChangeType.DIRECTIVE_REMOVED: "Requests that use it are refused: keep it.",
    BreakingChangeType.DIRECTIVE_ARG_REMOVED: "Requests that send it are refused: keep it.",
    BreakingChangeType.REQUIRED_DIRECTIVE_ARG_ADDED: "Nobody sends it yet: make it nullable, or give it a default.",
    BreakingChangeType.DIRECTIVE_REPEATABLE_REMOVED: "Requests that repeat it are refused: leave it repeatable.",
    BreakingChangeType.DIRECTIVE_LOCATION_REMOVED: "Requests that use it there are refused: leave it allowed.",
    DangerousChangeType.VALUE_ADDED_TO_ENUM: "Programs that know every value meet a new one.",
    DangerousChangeType.TYPE_ADDED_TO_UNION: "Programs that know every member meet a new one.",
    DangerousChangeType.OPTIONAL_INPUT_FIELD_ADDED: "Programs that do not send it must get what they got before.",
    DangerousChangeType.OPTIONAL_ARG_ADDED: "Programs that do not send it must get what they got before.",
    DangerousChangeType.IMPLEMENTED_INTERFACE_ADDED: "Fragments on the interface meet a new type.",
    DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE: "Programs that do not send it get something else now.",
    DangerousChangeType.INPUT_FIELD_DEFAULT_VALUE_CHANGE: "Programs that do not send it get something else now.",
}
"""What a change does to clients, and what to do instead of one that breaks them."""


class SchemaChange(NamedTuple):
    """A difference that clients may feel. ``name`` is graphql-core's sentence, by which a break is accepted."""

    name: str
    breaking: bool
    consequence: str


class Accepted(BaseModel):
    """A break that is meant, with its reason as ``CHANGELOG.md`` tells it to clients."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, str_min_length=1)

    change: str
    reason: str


class AcceptedChangesError(Exception):
    """The file of accepted changes cannot be read; the message says why."""


def changes_between(released: str, current: str) -> list[SchemaChange]:
    """What clients of one schema may feel of another, both in the definition language; additions are left out."""
    found = []
    before, now = (build_schema(text, assume_valid_sdl=True) for text in (released, current))
    for change in find_schema_changes(before, now):
        if isinstance(change.type, BreakingChangeType | DangerousChangeType):
            # graphql-core calls it dangerous; who left the value out is refused now, or means null by it.
            lost_default = change.description.endswith("defaultValue was removed.")
            breaking = isinstance(change.type, BreakingChangeType) or lost_default
            found.append(SchemaChange(change.description, breaking, CONSEQUENCES[change.type]))
    return found


def read_accepted(file: Path) -> list[Accepted]:
    """The breaks that are meant. Raises ``AcceptedChangesError``."""
    try:
        content = tomllib.loads(file.read_text("utf-8"))
        if unknown := sorted(content.keys() - {"accepted"}):
            raise AcceptedChangesError(f"{file.name}: there is only [[accepted]], no {', '.join(unknown)}.")
        return [Accepted(**entry) for entry in content.get("accepted", [])]
    except OSError as error:
        raise AcceptedChangesError(f"{file.name} cannot be read: {error}") from error
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise AcceptedChangesError(f"{file.name}: {error}") from error
    except ValidationError as error:
        raise AcceptedChangesError(f"{file.name}: each [[accepted]] has a change and a reason, both text.") from error


def unaccepted(changes: Sequence[SchemaChange], accepted: Sequence[Accepted], changelog: str) -> list[str]:
    """What keeps the schema from being released: breaks that nobody accepted, acceptances of what is no break."""
    named = {entry.change for entry in accepted}
    breaks = {change.name for change in changes if change.breaking}
    told = " ".join(changelog.split())
    return [
        *(f"{change.name} {change.consequence}" for change in changes if change.breaking and change.name not in named),
        *(
            f"Accepted, but no break of the released schema: {entry.change!r}. Take the entry out, or mend its wording."
            for entry in accepted
            if entry.change not in breaks
        ),
        *(
            f"Accepted: {entry.change!r}. But CHANGELOG.md does not tell the reason, {entry.reason!r}."
            for entry in accepted
            if entry.change in breaks and " ".join(entry.reason.split()) not in told
        ),
    ]
