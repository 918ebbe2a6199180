"""Primitive values of BER: for JSON and for people."""

from __future__ import annotations

from typing import Any

from custodes.app.decode.item import Item
from custodes.app.decode.readable import address, moment, octets_shown, text
from custodes.base.errors import DecodeError
from custodes.wire.ber.node import Node
from custodes.wire.ber.primitive import Enumerated, ObjectIdentifier
from custodes.wire.ber.strings import BitString, CharacterString
from custodes.wire.iri.times import to_ns

GENERALIZED_TIME = 24
# OCTET STRINGs that hold text, by the standard or by habit.
_TEXT = frozenset(
    {
        "lawfulInterceptionIdentifier",
        "operatorIdentifier",
        "networkElementIdentifier",
        "networkFunctionIdentifier",
        "extendedInterceptionPointID",
        "message",
    }
)


def fill(item: Item, node: Node, value: Any) -> None:
    """Set the item's value and how it is shown."""
    if isinstance(node, Enumerated):
        _enumerated(item, node, value)
    elif isinstance(value, bytes):
        item.value, item.shown = value.hex(), _octets(item.name, value)
    elif isinstance(node, ObjectIdentifier):
        item.value = ".".join(map(str, value))
    elif isinstance(node, BitString):
        number, bits = value
        item.value = {"value": number, "bits": bits}
        item.shown = f"0x{number:x} ({bits} bits)"
    else:
        item.value = value
        if value is None:
            item.shown = "NULL"
        elif isinstance(node, CharacterString) and node.tag == GENERALIZED_TIME:
            item.shown = _time(value)
        elif isinstance(value, bool):
            item.shown = "true" if value else "false"


def _enumerated(item: Item, node: Enumerated, value: str | int) -> None:
    item.value = value
    if isinstance(value, str):
        item.shown = f"{value} ({node.numbers[value]})"
    else:
        item.shown = f"{value} (a number the module used here does not name)"


def _octets(name: str, value: bytes) -> str:
    if name in _TEXT and (readable := text(value)) is not None:
        return f'"{readable}"'
    lower = name.lower()
    if ("ipv4" in lower or "ipv6" in lower or "ipaddress" in lower) and (ip := address(value)):
        return ip
    return octets_shown(value)


def _time(value: str) -> str:
    try:
        return moment(to_ns(value)).replace(".000000000Z", "Z")
    except DecodeError:
        return f"{value} (not a time in UTC or with its zone)"
