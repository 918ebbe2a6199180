"""The table of attributes, and the only code that walks a list of them, in both directions.

A list is held as its octets, checked once when it arrives, and turned into values when somebody
asks: mediation looks at four attributes of a PDU and passes on hundreds of thousands a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from struct import Struct
from typing import TypeVar

from custodes.wire.x2x3 import attributes
from custodes.wire.x2x3.attributes.base import LONGEST, Attribute
from custodes.wire.x2x3.attributes.octets import OctetsAttribute
from custodes.wire.x2x3.attributes.timestamp import Timestamp
from custodes.wire.x2x3.attributes.unknown import UnknownAttribute
from custodes.wire.x2x3.errors import X2X3DecodeError, X2X3EncodeError

A = TypeVar("A", bound=Attribute)


def _found() -> Iterator[type[Attribute]]:
    """Every attribute that a file of this package defines: none is listed twice (ADR 0010)."""
    for found in iter_modules(attributes.__path__):
        if found.name == "table":
            continue
        module = import_module(f"{attributes.__name__}.{found.name}")
        for value in vars(module).values():
            own = isinstance(value, type) and value.__module__ == module.__name__
            if own and issubclass(value, Attribute) and "TYPE" in vars(value):
                yield value


CLASSES: tuple[type[Attribute], ...] = tuple(sorted(_found(), key=lambda c: c.TYPE))
BY_TYPE: dict[int, type[Attribute]] = {int(c.TYPE): c for c in CLASSES}
# What a walk needs of each type: the one length it may have, or a check of its content.
_FIXED: dict[int, int] = {
    t: c.LONGEST for t, c in BY_TYPE.items() if c.SHORTEST == c.LONGEST and c is not Timestamp
}
_CHECKS: dict[int, Callable[[bytes], None]] = {
    t: c.check for t, c in BY_TYPE.items() if t not in _FIXED and not issubclass(c, OctetsAttribute)
}
_HEAD = Struct("!HH")
_head = _HEAD.unpack_from


def check(buffer: bytes, start: int, end: int) -> None:
    """Refuse a list of attributes that does not fill ``buffer[start:end]`` exactly and validly."""
    while start < end:
        if end - start < 4:
            raise X2X3DecodeError("an attribute is cut off by the header's end", offset=start)
        kind, length = _head(buffer, start)
        stop = start + 4 + length
        if stop > end:
            raise X2X3DecodeError(f"attribute {kind} is longer than the header", offset=start)
        fixed = _FIXED.get(kind)
        if fixed is None:
            content = _CHECKS.get(kind)
            if content is not None:
                content(buffer[start + 4 : stop])
        elif fixed != length:
            raise X2X3DecodeError(f"attribute {kind} has a length of {length}", offset=start)
        start = stop


def decode_all(octets: bytes) -> tuple[Attribute, ...]:
    """Every attribute of a checked list, in order."""
    found: list[Attribute] = []
    start = 0
    while start < len(octets):
        kind, length = _head(octets, start)
        stop = start + 4 + length
        value = octets[start + 4 : stop]
        known = BY_TYPE.get(kind)
        found.append(known.from_octets(value) if known else UnknownAttribute(kind, value))
        start = stop
    return tuple(found)


def decode_each(octets: bytes, wanted: type[A]) -> tuple[A, ...]:
    """Every attribute of one class in a checked list, in order."""
    return tuple(a for a in decode_all(octets) if isinstance(a, wanted))


def decode_first(octets: bytes, wanted: type[A]) -> A | None:
    """The first attribute of one class: clause 5.3.1 says that the first counts."""
    number = wanted.TYPE
    start, end = 0, len(octets)
    while start < end:
        kind, length = _head(octets, start)
        start += 4
        if kind == number:
            return wanted.from_octets(octets[start : start + length])
        start += length
    return None


def octets_by_type(octets: bytes) -> dict[int, bytes]:
    """The undecoded value of the first attribute of each type in a checked list."""
    values: dict[int, bytes] = {}
    start, end = 0, len(octets)
    while start < end:
        kind, length = _head(octets, start)
        start += 4
        values.setdefault(kind, octets[start : start + length])
        start += length
    return values


def encode_all(listed: Iterable[Attribute]) -> bytes:
    """The octets of a list of attributes, or X2X3EncodeError."""
    parts: list[bytes] = []
    for attribute in listed:
        value = attribute.to_octets()
        if len(value) > LONGEST:
            raise X2X3EncodeError(f"attribute {attribute.type} is longer than {LONGEST} octets")
        if isinstance(attribute, UnknownAttribute):
            _refuse_disguise(attribute)
        parts.append(_HEAD.pack(attribute.type, len(value)))
        parts.append(value)
    return b"".join(parts)


def _refuse_disguise(attribute: UnknownAttribute) -> None:
    if not 0 <= attribute.number <= LONGEST or attribute.number in BY_TYPE:
        raise X2X3EncodeError(f"{attribute.number} is not the number of an unknown attribute")
