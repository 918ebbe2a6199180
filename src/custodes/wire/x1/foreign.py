"""Elements of other namespaces: kept as exclusive canonical XML, so that they round-trip."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from lxml import etree

from custodes.wire.x1 import names
from custodes.wire.x1.document import Limits, parse
from custodes.wire.x1.errors import X1DecodeError, X1EncodeError


@dataclass(frozen=True, slots=True)
class ForeignElement:
    """One element that is not ours to read. ``xml`` stands alone: it declares its namespaces."""

    xml: bytes

    @property
    def tag(self) -> str:
        """Its name in Clark notation, ``{namespace}name``."""
        return str(parse(self.xml, Limits()).tag)


# An NCName, but for which letters XML counts as such.
_LOCAL_NAME = re.compile(r"[^\W\d][\w.\u00b7-]*")
_OBJECT = f"{{{names.X1}}}object"


@dataclass(frozen=True, slots=True)
class ForeignObject:
    """A generic object of a type that is not ours to read. ``type``: its xsi:type in Clark
    notation; ``xml``: the whole element, canonical, whatever it was called, as x1:object."""

    type: str
    objectId: UUID
    xml: bytes


def keep_object(node: etree._Element, kind: str, objectId: UUID) -> ForeignObject:
    """``node`` is renamed: it must not be read again."""
    node.tag = _OBJECT
    return ForeignObject(kind, objectId, keep(node).xml)


def check_object(value: ForeignObject, name: str) -> str:
    """The object as the element ``name`` of X1; X1EncodeError unless it is what was kept."""
    try:
        node = parse(value.xml, Limits())
        canonical, kind = keep(node).xml, type_of(node)
    except X1DecodeError as error:
        raise X1EncodeError(f"an object cannot be sent: {error.what}") from None
    first = next(iter(node), None)
    written = None if first is None or first.tag != f"{{{names.X1}}}objectId" else first.text
    if node.tag != _OBJECT or canonical != value.xml:
        raise X1EncodeError("an object is not canonical XML of the element object")
    if kind != value.type or (written or "").strip() != str(value.objectId):
        raise X1EncodeError("an object's octets are of another type or identifier than it says")
    node.tag = f"{{{names.X1}}}{name}"
    return keep(node).xml.decode()


def type_of(node: etree._Element) -> str | None:
    """The element's xsi:type in Clark notation; None without one; X1DecodeError for no name, or a
    prefix that nobody declared."""
    stated = node.get(names.XSI_TYPE)
    if stated is None:
        return None
    prefix, colon, local = stated.strip(" \t\r\n").rpartition(":")
    namespace = node.nsmap.get(prefix if colon else None)
    if namespace is None and colon:
        raise X1DecodeError("an xsi:type has a prefix that is not declared")
    if not _LOCAL_NAME.fullmatch(local):
        raise X1DecodeError("an xsi:type is not a name")
    return f"{{{namespace or ''}}}{local}"


def keep(node: etree._Element) -> ForeignElement:
    """Canonical octets of a subtree. Prefixes used in xsi:type values stay declared."""
    prefixes = set()
    for child in node.iter():
        value = child.get(names.XSI_TYPE)
        if value is not None and ":" in value:
            prefixes.add(value.split(":", 1)[0].strip())
            if len(prefixes) > Limits().namespaces:  # each is looked for at every element
                raise X1DecodeError("a foreign element uses too many prefixes in xsi:type")
        elif value is not None and child.prefix is not None and child.nsmap.get(None):
            # Exclusive canonical XML would drop the default namespace that the value needs.
            raise X1DecodeError("a foreign element has an xsi:type without a prefix")
    try:
        octets = etree.tostring(
            node,
            method="c14n",
            exclusive=True,
            with_comments=False,
            inclusive_ns_prefixes=sorted(prefixes) or None,
            with_tail=False,
        )
    except etree.LxmlError:  # a relative namespace, which canonical XML does not have
        raise X1DecodeError("a foreign element has no canonical form") from None
    return ForeignElement(octets)


def check(element: ForeignElement) -> str:
    """The octets as text to write into a message; X1EncodeError unless they are one element of
    another namespace in the form that ``keep`` gives."""
    try:
        node = parse(element.xml, Limits())
        canonical = keep(node).xml
    except X1DecodeError as error:
        raise X1EncodeError(f"a foreign element cannot be sent: {error.what}") from None
    if not is_foreign(str(node.tag)):
        raise X1EncodeError("a foreign element is of X1's own namespace, or of none")
    if canonical != element.xml:
        raise X1EncodeError("a foreign element is not canonical XML")
    return element.xml.decode()


def is_foreign(tag: str) -> bool:
    """XSD's ##other: any namespace but X1's own, and not none."""
    return tag.startswith("{") and not tag.startswith((f"{{{names.X1}}}", "{}"))
