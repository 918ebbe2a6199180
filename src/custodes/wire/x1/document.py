"""Hardened reading of XML: no DTD, no entities, no network, bounded size and depth."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from custodes.wire.x1.errors import X1DecodeError

# The declaration is looked at before the parser bounds anything: it must be short, or the search
# in it takes time in the square of its length.
_LONGEST_DECLARATION = 256
_DECLARED = re.compile(r"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"'][^>]*\?>")
_ASCII = ("us-ascii", "ascii")
_ENCODINGS = ("utf-8", "utf8", *_ASCII)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may cost: ``octets`` in all, ``depth`` of nested elements, ``namespaces``
    declared at one place (whoever looks up a prefix there looks through them all), ``attributes``
    of one element (canonical XML sorts them in the square of their number)."""

    octets: int = 4 * 1024 * 1024
    depth: int = 48
    namespaces: int = 256
    attributes: int = 256


def parse(octets: bytes, limits: Limits) -> etree._Element:
    """The root element; raises X1DecodeError and nothing else."""
    if len(octets) > limits.octets:
        raise X1DecodeError(f"the document is longer than {limits.octets} octets")
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise X1DecodeError("the document is not UTF-8") from None
    # Only UTF-8: another encoding could hide from this test what the parser then sees.
    start = text[:_LONGEST_DECLARATION]
    if start.lstrip().startswith("<?xml") and "?>" not in start:
        raise X1DecodeError("the XML declaration does not end where it should")
    declared = _DECLARED.match(start)
    if declared and declared[1].lower() not in _ENCODINGS:
        raise X1DecodeError("the document declares another encoding than UTF-8")
    if declared and declared[1].lower() in _ASCII and not text.isascii():
        raise X1DecodeError("the document declares ASCII and holds other characters")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise X1DecodeError("the document has a document type definition")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(octets, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            raise X1DecodeError(
                "the document nests too deep for the parser, or is too large"
            ) from None
        where = getattr(error, "position", None)
        at = f" (line {where[0]}, column {where[1]})" if where else ""
        raise X1DecodeError(f"the document is not well-formed XML{at}") from None
    _check_nesting(root, limits)
    return root


def _check_nesting(root: etree._Element, limits: Limits) -> None:
    depth = namespaces = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "start-ns", "end-ns")):
        if event == "start":
            depth += 1
            if len(node.attrib) > limits.attributes:
                raise X1DecodeError(f"an element has more than {limits.attributes} attributes")
        elif event == "end":
            depth -= 1
        else:
            namespaces += 1 if event == "start-ns" else -1
        if depth > limits.depth:
            raise X1DecodeError(f"the document nests deeper than {limits.depth} elements")
        if namespaces > limits.namespaces:
            raise X1DecodeError(f"the document declares more than {limits.namespaces} namespaces")
