"""From XML to values, by the tables of ``fields``. What the schema refuses is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from custodes.wire.x1 import names
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.common import ERROR_CODE, MICROSECOND_TIME
from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.fields import Abstract, Choice, Item, SimpleContent, items
from custodes.wire.x1.foreign import is_foreign, keep, keep_object, type_of
from custodes.wire.x1.leniency import STRICT, Leniency, Tolerated, Use
from custodes.wire.x1.simple import Refusal, Simple

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")
_HARMLESS = (
    f"{{{names.XSI}}}schemaLocation",
    f"{{{names.XSI}}}noNamespaceSchemaLocation",
)


_MILLISECONDS = re.compile(r"(.*\.[0-9]{3})((?:Z|[+-][0-9:]+)\s*)", re.DOTALL)
_CODES = frozenset(int(code) for code in ErrorCode)
# Schemas that we know whole: an element or type that they do not define is refused, not kept.
_CLOSED = frozenset((*names.PREFIXES, names.XSI, names.XML_SCHEMA))


@dataclass(frozen=True, slots=True)
class Context:
    """``foreign``: what an element of xs:any is read as, by its Clark name; the rest stays raw.
    ``uses``: filled with every leniency that was needed."""

    foreign: Mapping[str, type] = field(default_factory=dict)
    leniency: Leniency = STRICT
    uses: list[Use] = field(default_factory=list)


def read(of: Any, node: etree._Element, path: str, context: Context) -> Any:
    """The value of an element of type ``of``; ``path`` names the element in errors."""
    if isinstance(of, Abstract):
        return _abstract(of, node, path, context)
    if not isinstance(of, Simple) and issubclass(of, SimpleContent):
        return _content(of, node, path, context)
    check_attributes(node, path)
    if isinstance(of, Simple):
        return _simple(of, node, path, context)
    if issubclass(of, Choice):
        return _choice(of, children(node, path), path, context)
    if not items(of) and node.text:  # not even white space: the type is empty
        raise X1DecodeError(f"{path} has text where the schema allows none")
    found, rest = take(of, children(node, path), path, context)
    nothing_left(rest, path)
    return found


def take(
    kind: type, nodes: SequenceOf[etree._Element], path: str, context: Context
) -> tuple[Any, SequenceOf[etree._Element]]:
    """Read a sequence class from the front of ``nodes``; the value and what is left."""
    values: dict[str, Any] = {}
    namespace = kind.NAMESPACE  # type: ignore[attr-defined]
    for name, item in items(kind):
        values[name], nodes = _item(name, namespace, item, nodes, path, context)
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


def check_attributes(node: etree._Element, path: str, *allowed: str) -> None:
    for attribute in node.attrib:
        if attribute not in _HARMLESS and attribute not in allowed:
            raise X1DecodeError(f"{path} has an attribute that the schema does not allow")


def _simple(of: Simple, node: etree._Element, path: str, context: Context) -> Any:
    if len(node):
        raise X1DecodeError(f"{path} has elements where the schema allows text only")
    text = node.text or ""
    try:
        value = of.read(text)
    except Refusal as refusal:
        padded = _MILLISECONDS.fullmatch(text) if of is MICROSECOND_TIME else None
        if padded is None or not context.leniency.millisecondTimes:
            raise X1DecodeError(f"{path} {refusal}") from None
        try:
            value = of.read(f"{padded[1]}000{padded[2]}")
        except Refusal:
            raise X1DecodeError(f"{path} {refusal}") from None
        context.uses.append(Use(Tolerated.MILLISECOND_TIME, path))
    if of is ERROR_CODE and value not in _CODES:
        context.uses.append(Use(Tolerated.FOREIGN_ERROR_CODE, path))
    return value


def _content(
    kind: type[SimpleContent], node: etree._Element, path: str, context: Context
) -> SimpleContent:
    check_attributes(node, path, *kind.ATTRIBUTES)
    value = _simple(kind.OF, node, path, context)
    attributes = {}
    for name, of in kind.ATTRIBUTES.items():
        stated = node.get(name)
        try:
            attributes[name] = None if stated is None else of.read(stated)
        except Refusal as refusal:
            raise X1DecodeError(f"{path}/@{name} {refusal}") from None
    return kind(value, **attributes)


def _abstract(of: Abstract, node: etree._Element, path: str, context: Context) -> Any:
    name = type_of(node)
    if name is None:
        raise X1DecodeError(f"{path} has no xsi:type, which {of.name} needs")
    kind, nodes = of.known.get(name), children(node, path)
    if kind is None:
        if not is_foreign(name) or name[1:].split("}")[0] in _CLOSED:
            raise X1DecodeError(f"{path} has an xsi:type that is no {of.name}")
        head, _ = take(of.base, nodes, path, context)
        return keep_object(node, name, head.objectId)
    check_attributes(node, path, names.XSI_TYPE)
    found, rest = take(kind, nodes, path, context)
    nothing_left(rest, path)
    return found


def _choice(kind: type[Choice], nodes: list[etree._Element], path: str, context: Context) -> Choice:
    if len(nodes) != 1:
        raise X1DecodeError(f"{path} has {len(nodes)} elements where the schema asks for one")
    tag = etree.QName(nodes[0])
    item = kind.ARMS.get(tag.localname) if tag.namespace == kind.NAMESPACE else None
    if item is None:
        raise X1DecodeError(f"{path} has {_label(nodes[0])}, which the schema does not allow")
    value = _one(item, nodes[0], kind.NAMESPACE, f"{path}/{tag.localname}", context)
    return kind(tag.localname, value)


def _item(
    name: str,
    namespace: str,
    item: Item,
    nodes: SequenceOf[etree._Element],
    path: str,
    context: Context,
) -> tuple[Any, SequenceOf[etree._Element]]:
    if item.foreign:
        return _foreign(nodes, path, context)
    namespace = item.namespace or namespace
    tag = f"{{{namespace}}}{name}"
    count = 0
    while count < len(nodes) and nodes[count].tag == tag and count != item.maximum:
        count += 1
    if count < item.minimum:
        raise X1DecodeError(
            f"{path} lacks {name}" + (f" before {_label(nodes[count])}" if nodes[count:] else "")
        )
    values = tuple(_one(item, node, namespace, f"{path}/{name}", context) for node in nodes[:count])
    rest = nodes[count:]
    if item.maximum == 1:
        return (values[0] if values else None), rest
    return values, rest


def _one(item: Item, node: etree._Element, namespace: str, path: str, context: Context) -> Any:
    if item.within is None:
        return read(item.of, node, path, context)
    check_attributes(node, path)
    inner = Item(item.of, item.within_minimum, None)
    values, rest = _item(item.within, namespace, inner, children(node, path), path, context)
    nothing_left(rest, path)
    return values


def _foreign(
    nodes: SequenceOf[etree._Element], path: str, context: Context
) -> tuple[Any, SequenceOf[etree._Element]]:
    return tuple(foreign(node, path, context) for node in nodes), []


def foreign(node: etree._Element, path: str, context: Context) -> Any:
    """One element of xs:any: a value where its schema is known, else a ForeignElement."""
    tag = str(node.tag)
    if not is_foreign(tag):
        raise X1DecodeError(f"{path} has {_label(node)}, which is of no other namespace")
    kind = context.foreign.get(tag)
    if kind is not None:
        return read(kind, node, f"{path}/{etree.QName(node).localname}", context)
    if etree.QName(node).namespace in _CLOSED:
        raise X1DecodeError(f"{path} has {_label(node)}, which its own schema does not define")
    return keep(node)


def _label(node: etree._Element) -> str:
    """A peer's element name, fit for an error line."""
    name = etree.QName(node).localname
    return name if _NAME.fullmatch(name) else "an element"
