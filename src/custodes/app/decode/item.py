"""The tree every decoder builds: one item per element of the wire, with its place.

Pure values. A decoder adds to an item as it reads, so what stood before a bad octet is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any


class Shape(Enum):
    """How an item becomes JSON."""

    LEAF = "value"
    STRUCT = "object of its children"
    LIST = "array of its children"
    CHOICE = "object with the one alternative"
    NESTED = "octets, and what they decode to"


class Blame(StrEnum):
    """Whose fault it is that octets cannot be read."""

    SENDER = "the sender"
    CUT = "the file is cut, or the sender"
    CAPTURE = "the capture"
    FILE = "the file"


class Severity(Enum):
    """UNDECODABLE: the octets are not the format's. BREACH: readable, a rule is broken.
    TOLERATED: read all the same, because an option said so."""

    UNDECODABLE = 1
    BREACH = 2
    TOLERATED = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """``offset`` counts as the offsets of items do.

    ``option``: the name of the leniency that would read it, or, where it is tolerated, did.
    """

    offset: int
    what: str
    expected: str = ""
    severity: Severity = Severity.UNDECODABLE
    blame: Blame = Blame.SENDER
    option: str = ""

    @property
    def undecodable(self) -> bool:
        return self.severity is Severity.UNDECODABLE


@dataclass(slots=True)
class Item:
    """``value`` is ready for JSON (octets as hex); ``shown`` is it for people, where that differs.

    ``offset`` counts octets from the first of the file or stream; ``note`` is clause and meaning.
    """

    name: str
    offset: int
    length: int
    shape: Shape = Shape.LEAF
    value: Any = None
    shown: str = ""
    note: str = ""
    children: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def bad(
        self,
        offset: int,
        what: str,
        expected: str = "",
        *,
        blame: Blame = Blame.SENDER,
        option: str = "",
    ) -> None:
        """The octet at ``offset`` is not what the format says."""
        self.faults.append(Fault(offset, what, expected, blame=blame, option=option))

    def tolerated(self, offset: int, what: str, option: str) -> None:
        """Against the standard, and read because the option says so."""
        self.faults.append(Fault(offset, what, severity=Severity.TOLERATED, option=option))

    def breach(self, what: str, offset: int | None = None) -> None:
        """Readable, but against a rule of the standard; or a user's packet, which is no format of
        this interface."""
        at = self.offset if offset is None else offset
        self.faults.append(Fault(at, what, severity=Severity.BREACH))

    def leaf(self, name: str, offset: int, length: int, value: Any, shown: str = "") -> Item:
        """A new child."""
        child = Item(name, offset, length, Shape.LEAF, value, shown)
        self.children.append(child)
        return child

    def sub(self, name: str, offset: int, length: int, shape: Shape) -> Item:
        """A new child with children of its own."""
        child = Item(name, offset, length, shape)
        self.children.append(child)
        return child

    def walk(self) -> Iterator[Item]:
        """This item and everything below it, in wire order."""
        stack = [self]
        while stack:
            item = stack.pop()
            yield item
            stack.extend(reversed(item.children))


def faults_of(item: Item) -> list[Fault]:
    """Everything that is wrong with the item and below it, by offset."""
    found: list[Fault] = []
    stack = [item]
    while stack:
        part = stack.pop()
        if part.faults:
            found += part.faults
        if part.children:
            stack += part.children
    return sorted(found, key=lambda fault: fault.offset) if found else found


def located(item: Item) -> Iterator[tuple[str, Item]]:
    """Every element with its path: the names from the root on, numbered where several are alike."""
    stack = [(item.name, item)]
    while stack:
        path, part = stack.pop()
        yield path, part
        if part.children:
            stack += _below(path, part.children)


def _below(path: str, children: list[Item]) -> list[tuple[str, Item]]:
    """The children with their paths, the last one first."""
    total: dict[str, int] = {}
    for child in children:
        total[child.name] = total.get(child.name, 0) + 1
    seen: dict[str, int] = {}
    found = []
    for child in children:
        name = child.name
        if total[name] > 1:
            seen[name] = seen.get(name, -1) + 1
            name = f"{name}[{seen[name]}]"
        found.append((f"{path}/{name}", child))
    found.reverse()
    return found


def is_undecodable(item: Item) -> bool:
    """Whether any octets of it are not what the format says."""
    return any(fault.undecodable for fault in faults_of(item))


def to_json(item: Item, repeatable: frozenset[str] = frozenset()) -> Any:
    """The value of an item: plain types that JSON has."""
    if item.shape is Shape.LEAF:
        return item.value
    if item.shape is Shape.LIST:
        return [to_json(child, repeatable) for child in item.children]
    if item.shape is Shape.NESTED:
        inside = {child.name: to_json(child, repeatable) for child in item.children}
        return {"octets": item.value, "decoded": inside or None}
    found: dict[str, Any] = {}
    several: set[str] = set()
    for child in item.children:
        name, value = child.name, to_json(child, repeatable)
        if name in several:
            found[name].append(value)
        elif name in found or name in repeatable:
            found[name] = [found[name], value] if name in found else [value]
            several.add(name)
        else:
            found[name] = value
    return found
