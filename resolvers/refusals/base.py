"""What every refusal is, and what is wrong with one answer or input."""

from dataclasses import dataclass


def constant_case(name: str) -> str:
    """``StaleVersion`` → ``STALE_VERSION``: a refusal's name as programs read it."""
    return "".join(f"_{char}" if char.isupper() and index else char for index, char in enumerate(name)).upper()


class Refusal(Exception):
    """The request was understood and not carried out. ``str()`` of it is the message for a person."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer: ``path`` is dotted (``data.strengths.0``), ``message`` a sentence."""

    path: str
    message: str
