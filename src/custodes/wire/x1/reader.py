"""From XML to values, by the tables of ``fields``. What the schema refuses is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence as SequenceOf
from typing import Any

from lxml import etree

from custodes.wire.x1 import names
from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.fields import Choice, Item, items
from custodes.wire.x1.foreign import is_foreign, keep
from custodes.wire.x1.simple import Refusal, Simple

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")
_HARMLESS = (
    f"{{{names.XSI}}}schemaLocation",
    f"{{{names.XSI}}}noNamespaceSchemaLocation",
)


def read(of: Any, node: etree._Element, path: str) -> Any:
    """The value of an element of type ``of``; ``path`` names the element in errors."""
    check_attributes(node, path)
    if isinstance(of, Simple):
        return _simple(of, node, path)
    if issubclass(of, Choice):
        return _choice(of, children(node, path), path)
    found, rest = take(of, children(node, path), path)
    nothing_left(rest, path)
    return found


def take(
    kind: type, nodes: SequenceOf[etree._Element], path: str
) -> tuple[Any, SequenceOf[etree._Element]]:
    """Read a sequence class from the front of ``nodes``; the value and what is left."""
    values: dict[str, Any] = {}
    namespace = kind.NAMESPACE  # type: ignore[attr-defined]
    for name, item in items(kind):
        values[name], nodes = _item(name, namespace, item, nodes, path)
    return kind(**values), nodes


def nothing_left(nodes: SequenceOf[etree._Element], path: str) -> None:
    if nodes:
        raise X1DecodeError(f"{path} has {_label(nodes[0])} where the schema allows none")


def children(node: etree._Element, path: str) -> list[etree._Element]:
    """Child elements of an element that has no text of its own."""
    found = list(node)
    texts = [node.text, *(child.tail for child in found)]
    if any(text and text.strip(" \t\r\n") for text in texts):
        raise X1DecodeError(f"{path} has text where the schema allows elements only")
    if any(not isinstance(child.tag, str) for child in found):
        raise X1DecodeError(f"{path} has an entity reference")
    return found


def check_attributes(node: etree._Element, path: str, allowed: str = "") -> None:
    for attribute in node.attrib:
        if attribute not in _HARMLESS and attribute != allowed:
            raise X1DecodeError(f"{path} has an attribute that the schema does not allow")


def _simple(of: Simple, node: etree._Element, path: str) -> Any:
    if len(node):
        raise X1DecodeError(f"{path} has elements where the schema allows text only")
    try:
        return of.read(node.text or "")
    except Refusal as refusal:
        raise X1DecodeError(f"{path} {refusal}") from None


def _choice(kind: type[Choice], nodes: list[etree._Element], path: str) -> Choice:
    if len(nodes) != 1:
        raise X1DecodeError(f"{path} has {len(nodes)} elements where the schema asks for one")
    tag = etree.QName(nodes[0])
    item = kind.ARMS.get(tag.localname) if tag.namespace == kind.NAMESPACE else None
    if item is None:
        raise X1DecodeError(f"{path} has {_label(nodes[0])}, which the schema does not allow")
    value = _one(item, nodes[0], kind.NAMESPACE, f"{path}/{tag.localname}")
    return kind(tag.localname, value)


def _item(
    name: str, namespace: str, item: Item, nodes: SequenceOf[etree._Element], path: str
) -> tuple[Any, SequenceOf[etree._Element]]:
    if item.known is not None:
        return _foreign(item, nodes, path)
    tag = f"{{{namespace}}}{name}"
    count = 0
    while count < len(nodes) and nodes[count].tag == tag and count != item.maximum:
        count += 1
    if count < item.minimum:
        raise X1DecodeError(
            f"{path} lacks {name}" + (f" before {_label(nodes[count])}" if nodes[count:] else "")
        )
    values = tuple(_one(item, node, namespace, f"{path}/{name}") for node in nodes[:count])
    rest = nodes[count:]
    if item.maximum == 1:
        return (values[0] if values else None), rest
    return values, rest


def _one(item: Item, node: etree._Element, namespace: str, path: str) -> Any:
    if item.within is None:
        return read(item.of, node, path)
    check_attributes(node, path)
    inner = Item(item.of, item.within_minimum, None)
    values, rest = _item(item.within, namespace, inner, children(node, path), path)
    nothing_left(rest, path)
    return values


def _foreign(
    item: Item, nodes: SequenceOf[etree._Element], path: str
) -> tuple[Any, SequenceOf[etree._Element]]:
    values = []
    for node in nodes:
        tag = str(node.tag)
        if not is_foreign(tag):
            raise X1DecodeError(f"{path} has {_label(node)}, which is of no other namespace")
        kind = item.known(node) if item.known else None
        label = etree.QName(node).localname
        values.append(keep(node) if kind is None else read(kind, node, f"{path}/{label}"))
    return tuple(values), []


def _label(node: etree._Element) -> str:
    """A peer's element name, fit for an error line."""
    name = etree.QName(node).localname
    return name if _NAME.fullmatch(name) else "an element"
