"""Elements of other namespaces: kept as exclusive canonical XML, so that they round-trip."""

from __future__ import annotations

from dataclasses import dataclass

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


def keep(node: etree._Element) -> ForeignElement:
    """Canonical octets of a subtree. Prefixes used in xsi:type values stay declared."""
    prefixes = {
        value.split(":", 1)[0]
        for child in node.iter()
        if (value := child.get(names.XSI_TYPE)) is not None and ":" in value
    }
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
