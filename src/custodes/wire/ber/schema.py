"""Types made from tables (tools/make_asn1_tables.py) as they are asked for."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from custodes.wire.ber.constructed import ChoiceNode, ListNode, SequenceNode
from custodes.wire.ber.errors import BERDecodeError, BEREncodeError
from custodes.wire.ber.member import MANDATORY, Member
from custodes.wire.ber.node import Node
from custodes.wire.ber.primitive import Boolean, Enumerated, Integer, Null, ObjectIdentifier
from custodes.wire.ber.raw import Raw
from custodes.wire.ber.strings import BitString, OctetString, character_string


def load_table(package: str, name: str) -> dict[str, Any]:
    """One table of names, tags and types, from a package's ``tables`` folder."""
    text = (files(package) / "tables" / f"{name}.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


class Schema:
    """The types of some modules; a type of a module that is not here is kept as raw octets."""

    def __init__(self, *tables: dict[str, Any]) -> None:
        self._tables: dict[str, dict[str, Any]] = {t["module"]: t["types"] for t in tables}
        self._nodes: dict[tuple[str, str], Node] = {}

    def type(self, module: str, name: str) -> Node:
        """The type of that name; types refer to each other, so each is made once."""
        node = self._nodes.get((module, name))
        if node is None:
            spec = self._tables[module][name]
            node = self._make(module, name, spec)
            self._nodes[module, name] = node
        return node

    def names(self, module: str) -> tuple[str, ...]:
        return tuple(self._tables[module])

    def decode(self, module: str, name: str, octets: bytes) -> Any:
        """The value of one whole element; raises BERDecodeError."""
        return self.type(module, name).decode_element(octets, 0, len(octets), 0)

    def encode(self, module: str, name: str, value: Any) -> bytes:
        """One element; raises BEREncodeError."""
        try:
            return self.type(module, name).encode_element(value)
        except BEREncodeError as error:
            raise error.inside(name) from None
        except RecursionError:
            raise BEREncodeError("nested too deep") from None

    def _resolve(self, module: str, spec: Any, within: str) -> Node:
        if isinstance(spec, dict):
            return self._make(module, within, spec)
        table, _, name = spec.rpartition(".")
        table = table or module
        if name in self._tables.get(table, ()):
            return self.type(table, name)
        return Raw() if "." in spec else _builtin(spec, ())

    def _make(self, module: str, name: str, spec: Any) -> Node:
        if isinstance(spec, str):
            return self._resolve(module, spec, name)
        ((kind, inside),) = spec.items()
        if kind == "SEQUENCE":
            return SequenceNode(name, lambda: self._members(module, name, inside))
        if kind == "CHOICE":
            return ChoiceNode(name, lambda: self._members(module, name, inside))
        if kind == "ENUMERATED":
            return Enumerated(inside)
        if kind in ("SEQUENCE OF", "SET OF"):
            return ListNode(
                16 if kind == "SEQUENCE OF" else 17,
                lambda: Member("item", None, self._resolve(module, inside[0], name), MANDATORY),
                *inside[1:],
            )
        return _builtin(kind, inside)

    def _members(self, module: str, name: str, items: list[list[Any]]) -> tuple[Member, ...]:
        return tuple(
            Member(
                item[0],
                item[1],
                self._resolve(module, item[2], f"{name}.{item[0]}"),
                item[3] if len(item) > 3 else MANDATORY,
            )
            for item in items
        )


def _builtin(name: str, bounds: Any) -> Node:
    if name == "INTEGER":
        return Integer(*bounds)
    if name == "OCTET STRING":
        return OctetString(*bounds)
    if name == "BIT STRING":
        return BitString(*bounds)
    if name == "BOOLEAN":
        return Boolean()
    if name == "NULL":
        return Null()
    if name in ("OBJECT IDENTIFIER", "RELATIVE-OID"):
        return ObjectIdentifier(name == "RELATIVE-OID")
    return character_string(name, *bounds)


__all__ = ["BERDecodeError", "BEREncodeError", "Schema", "load_table"]
