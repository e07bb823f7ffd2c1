"""Who asks: three tenants with everybody whom the roles know, somebody who belongs nowhere, and nobody."""

from dataclasses import dataclass, field
from uuid import UUID

from db.viewer import Role

TENANTS = ("acme", "beta", "corp")


@dataclass(frozen=True, slots=True)
class Part:
    """One viewer. ``guides`` are the tenants of a guru; ``active``: whether the account has not been deactivated.

    ``asks_for``: a service key asks for this person.
    """

    name: str
    kind: str
    tenant: str | None = None
    role: Role | None = None
    guides: tuple[str, ...] = ()
    active: bool = True
    asks_for: str | None = None

    def __str__(self) -> str:
        return self.name


NOBODY = Part("nobody", "nobody")


def parts() -> list[Part]:
    """Everybody. A role that is new in ``Role`` is there at once."""
    found = [NOBODY, Part("lone", "participant without organisation", None, Role.USER)]
    for number, tenant in enumerate(TENANTS):
        neighbour = TENANTS[(number + 1) % len(TENANTS)]
        found += [
            Part(f"{tenant}-ann", "participant", tenant, Role.USER),
            Part(f"{tenant}-ben", "participant, colleague", tenant, Role.USER),
            Part(f"{tenant}-gus", "guru of the tenant", tenant, Role.GURU, (tenant,)),
            Part(f"{tenant}-vic", "guru of the neighbour", tenant, Role.GURU, (neighbour,)),
            Part(f"{tenant}-key", "service key that asks for ann", tenant, Role.USER, asks_for=f"{tenant}-ann"),
            Part(f"{tenant}-old", "deactivated", tenant, Role.ADMIN, active=False),
        ]
        others = [role for role in Role if role not in (Role.USER, Role.GURU)]
        found += [Part(f"{tenant}-{role.value.replace('_', '-')}", role.value, tenant, role) for role in others]
    return found


@dataclass(frozen=True, slots=True)
class Cast:
    """The parts with the ids that they have in this database."""

    people: dict[str, UUID]
    companies: dict[str, UUID]
    parts: dict[str, Part]
    keys: dict[str, str] = field(default_factory=dict)
    """Service keys of this run."""
    answered: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """Marks that a person has sent as answers, by person and table; some of them are not stored as they were sent."""

    def named(self, id_: UUID | None) -> str | None:
        """The person or tenant with this id."""
        names = {value: name for name, value in (*self.people.items(), *self.companies.items())}
        return names.get(id_) if id_ else None
