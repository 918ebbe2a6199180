"""How a dataclass states its place in the schema: one table that drives reading and writing.

A field made by ``one``, ``optional``, ``many``, ``listing`` or ``foreign`` is one element of the
schema's sequence, in the schema's order and under the schema's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypeVar, dataclass_transform

from custodes.wire.x1 import names

KEY = "x1"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Item:
    """One element of a sequence. ``of`` is a Simple, a sequence class or a Choice class.

    ``within``: the schema wraps the repeated element ``within`` in one element of the field's
    name; the value is the tuple. ``foreign``: xs:any of other namespaces. ``namespace``: where it
    is not that of the class (a type that extends one of another namespace).
    """

    of: Any
    minimum: int = 1
    maximum: int | None = 1
    within: str | None = None
    within_minimum: int = 0
    foreign: bool = False
    namespace: str | None = None


def one(of: Any, *, namespace: str | None = None) -> Any:
    return field(metadata={KEY: Item(of, namespace=namespace)})


def optional(of: Any) -> Any:
    return field(default=None, metadata={KEY: Item(of, minimum=0)})


def many(of: Any, minimum: int = 0) -> Any:
    item = Item(of, minimum=minimum, maximum=None)
    return field(metadata={KEY: item}) if minimum else field(default=(), metadata={KEY: item})


def listing(name: str, of: Any, *, minimum: int = 0, absent: bool = False) -> Any:
    """A list in an element of its own; where it may be absent, None says that it is."""
    item = Item(of, 0 if absent else 1, 1, name, minimum)
    if absent:
        return field(default=None, metadata={KEY: item})
    return field(metadata={KEY: item}) if minimum else field(default=(), metadata={KEY: item})


def foreign() -> Any:
    """xs:any of other namespaces: kept as raw XML, but for what a reader knows as a value."""
    return field(default=(), metadata={KEY: Item(None, 0, None, foreign=True)})


@dataclass_transform(kw_only_default=True, frozen_default=True)
def sequence(kind: type[T]) -> type[T]:
    """A frozen, keyword-only dataclass: the value of a complex type that is a sequence."""
    return dataclass(frozen=True, slots=True, kw_only=True)(kind)


class Sequence:
    """Base of a complex type that is a sequence; ``NAMESPACE`` is that of its children."""

    __slots__ = ()
    NAMESPACE: ClassVar[str] = names.X1


@dataclass(frozen=True, slots=True)
class Choice:
    """Base of a complex type that is a choice: one arm's name and its value."""

    name: str
    value: Any

    NAMESPACE: ClassVar[str] = names.X1
    ARMS: ClassVar[Mapping[str, Item]] = {}


@dataclass(frozen=True, slots=True)
class SimpleContent:
    """Base of an element that is a class of its own but holds only text: ``OF`` is its Simple.

    ``ATTRIBUTES``: the optional attributes, each a field of the class (None where absent).
    """

    value: Any

    NAMESPACE: ClassVar[str] = names.X1
    OF: ClassVar[Any] = None
    ATTRIBUTES: ClassVar[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Abstract:
    """An abstract complex type: the element's xsi:type names one of ``known`` (Clark notation to
    sequence class); any other is kept raw after ``base``, the class of what all have."""

    name: str
    base: type
    known: Mapping[str, type]


def arm(of: Any) -> Item:
    return Item(of)


def arms_listing(name: str, of: Any, minimum: int = 0) -> Item:
    return Item(of, 1, 1, name, minimum)


def items(kind: type) -> list[tuple[str, Item]]:
    """The table of a sequence class."""
    return [(f.name, f.metadata[KEY]) for f in fields(kind) if KEY in f.metadata]
