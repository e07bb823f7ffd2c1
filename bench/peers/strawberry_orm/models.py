"""Mapped classes over the product's own tables, with the columns that the schema shows."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.catalogue import load_catalogue

CATALOGUE = load_catalogue()


class Base(DeclarativeBase):
    """The registry of mapped classes."""


class Organization(Base):
    """An organisation."""

    __tablename__ = "companies"
    __table_args__ = ({"schema": "organizations"},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]


class User(Base):
    """A person."""

    __tablename__ = "accounts"
    __table_args__ = ({"schema": "users"},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    full_name: Mapped[str]
    role: Mapped[str]
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(Organization.id))


class Progress(Base):
    """How far a person is with a tool."""

    __tablename__ = "progress"
    __table_args__ = ({"schema": "tool_access"},)

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), primary_key=True)
    tool_slug: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    progress_percentage: Mapped[int]


class FieldOutput(Base):
    """A published value; each tool has its own table of them."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    field_id: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB)


OUTPUTS: dict[str, type[FieldOutput]] = {
    tool.slug: type(
        f"{tool.type_name}Output",
        (FieldOutput,),
        {"__tablename__": "field_outputs", "__table_args__": {"schema": tool.schema_name}},
    )
    for tool in CATALOGUE.tools
}

PUBLISHED: dict[str, list[str]] = {
    tool.slug: [question.publishes for question in tool.published if question.publishes] for tool in CATALOGUE.tools
}

SPRINT: dict[str, int] = {tool.slug: tool.sprint for tool in CATALOGUE.tools}
