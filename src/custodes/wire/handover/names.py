"""ENUMERATED values as members of an Enum whose values are the names in the module."""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeVar

E = TypeVar("E", bound=Enum)


def read_name(kind: type[E], found: str | int | None) -> E | int | None:
    """A number of a later module stays a number."""
    return kind(found) if isinstance(found, str) else found


def write_name(name: str, value: Enum | int | None) -> dict[str, Any]:
    """The component of that name; absent for None."""
    if value is None:
        return {}
    return {name: value.value if isinstance(value, Enum) else value}
