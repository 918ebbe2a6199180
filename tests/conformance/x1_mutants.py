"""Small changes to a valid document, and what the schema says of the result.

Each mutation changes the tree in place, or says that it found nothing to change. The judge decides
whether the mutant is still valid: a mutation never says so itself.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

from lxml import etree

X1 = "http://uri.etsi.org/03221/X1/2017/10"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = f"{{{XSI}}}type"
_UNKNOWN = "urn:example:unknown"
_TEXTS = (
    *("", " ", "x", "0", "-1", "1 2", "TRUE", "true", "99999999999", "1.5", "0x1", "é", "٣"),
    *("2026-01-01T00:00:00Z", "2026-02-30T00:00:00.000000Z", "2026-01-01T00:00:00.000000"),
    *("2026-01-01T24:00:00.000001Z", "2026-01-01T00:00:60.000000Z", "V1.22.1", "v2.1.1", "v1.22"),
    *("00000000-0000-0000-0000-00000000000G", "A0000000-0000-0000-0000-000000000000"),
    *(
        "192.0.2.256",
        "2001:db8::1",
        "192.0.2.0/33",
        "a@b@c",
        "http://[",
        "http://a b",
        "%",
        "x2only",
    ),
)
_TYPES = (
    *("PingRequest", "PingResponse", "ErrorResponse", "X1RequestMessage", "TaskDetails", "Nothing"),
    *("DeactivateTaskRequest", "GetTaskDetailsResponse", "UUID", "HashContext", ""),
)
Mutation = Callable[[etree._Element, random.Random], bool]


def _nodes(root: etree._Element) -> list[etree._Element]:
    return [n for n in root.iter() if n is not root and isinstance(n.tag, str)]


def _node(root: etree._Element, dice: random.Random) -> etree._Element:
    return dice.choice(_nodes(root))


def _drop(root: etree._Element, dice: random.Random) -> bool:
    node = _node(root, dice)
    node.getparent().remove(node)
    return True


def _duplicate(root: etree._Element, dice: random.Random) -> bool:
    node = _node(root, dice)
    node.addnext(copy.deepcopy(node))
    return True


def _swap(root: etree._Element, dice: random.Random) -> bool:
    pairs = [(n, n.getnext()) for n in _nodes(root) if n.getnext() is not None]
    pairs = [(a, b) for a, b in pairs if isinstance(b.tag, str) and a.tag != b.tag]
    if not pairs:
        return False
    first, second = dice.choice(pairs)
    second.addnext(first)
    return True


def _rename(root: etree._Element, dice: random.Random) -> bool:
    node = dice.choice([root, *_nodes(root)])
    other = dice.choice(["nobody", etree.QName(_node(root, dice)).localname])
    if dice.random() < 0.2:
        other = etree.QName(node).localname.swapcase()
    node.tag = f"{{{etree.QName(node).namespace}}}{other}"
    return True


def _namespace(root: etree._Element, dice: random.Random) -> bool:
    """Another namespace, an unknown one, or none, for one element or for it and all below."""
    node = dice.choice([root, *_nodes(root)])
    known = sorted(u for u in root.nsmap.values() if u != XSI)
    namespace = dice.choice([_UNKNOWN, "", X1, *known])
    below = node.iter() if dice.random() < 0.3 else [node]
    for part in below:
        if isinstance(part.tag, str):
            name = etree.QName(part).localname
            part.tag = f"{{{namespace}}}{name}" if namespace else name
    return True


def _text(root: etree._Element, dice: random.Random) -> bool:
    leaves = [n for n in _nodes(root) if len(n) == 0]
    if not leaves:
        return False
    dice.choice(leaves).text = dice.choice(_TEXTS)
    return True


def _edit(root: etree._Element, dice: random.Random) -> bool:
    """One character of a text taken away, put in or changed."""
    leaves = [n for n in _nodes(root) if len(n) == 0 and n.text]
    if not leaves:
        return False
    node = dice.choice(leaves)
    at = dice.randrange(len(node.text) + 1)
    new = dice.choice(
        ["", "0", "9", "a", "f", "g", "Z", "-", ".", ":", "/", "[", "%", " ", "\n", "é"]
    )
    node.text = node.text[:at] + new + node.text[at + dice.choice((0, 1)) :]
    return True


def _attribute(root: etree._Element, dice: random.Random) -> bool:
    node = dice.choice([root, *_nodes(root)])
    names = ("id", "qos_class", f"{{{XSI}}}nil", f"{{{XSI}}}other", f"{{{_UNKNOWN}}}a")
    xml = "{http://www.w3.org/XML/1998/namespace}lang"
    node.set(dice.choice([*names, xml]), dice.choice(["1", "true", "ASSURED", ""]))
    return True


def _type(root: etree._Element, dice: random.Random) -> bool:
    """An xsi:type that names another type, or none at all, mostly where one belongs."""
    typed = [n for n in _nodes(root) if _TYPE in n.attrib]
    node = dice.choice(typed) if typed and dice.random() < 0.7 else _node(root, dice)
    if _TYPE in node.attrib and dice.random() < 0.2:
        del node.attrib[_TYPE]
        return True
    prefixes = sorted(f"{p}:" if p else "" for p in node.nsmap)
    node.set(_TYPE, dice.choice([*prefixes, "undeclared:"]) + dice.choice(_TYPES))
    return True


def _extra(root: etree._Element, dice: random.Random) -> bool:
    """An element more, known or unknown, anywhere."""
    node = dice.choice([root, *_nodes(root)])
    new = copy.deepcopy(_node(root, dice))
    if dice.random() < 0.5:
        namespace = dice.choice([_UNKNOWN, "", X1])
        new = etree.Element(f"{{{namespace}}}more" if namespace else "more")
    node.insert(dice.randrange(len(node) + 1), new)
    return True


def _stray(root: etree._Element, dice: random.Random) -> bool:
    """Text between elements."""
    node = _node(root, dice)
    node.tail = dice.choice(["x", "0", "\u00a0", "é"])
    return True


def _empty(root: etree._Element, dice: random.Random) -> bool:
    node = dice.choice([root, *_nodes(root)])
    kept = dict(node.attrib)
    node.clear()
    node.attrib.update(kept)
    return True


def _move(root: etree._Element, dice: random.Random) -> bool:
    node, other = _node(root, dice), _node(root, dice)
    if other is node or other in list(node.iterdescendants()):
        return False
    other.append(node)
    return True


MUTATIONS: dict[str, Mutation] = {
    "drop": _drop,
    "duplicate": _duplicate,
    "swap": _swap,
    "rename": _rename,
    "namespace": _namespace,
    "text": _text,
    "edit": _edit,
    "attribute": _attribute,
    "type": _type,
    "extra": _extra,
    "stray": _stray,
    "empty": _empty,
    "move": _move,
}


def mutate(octets: bytes, name: str, dice: random.Random) -> bytes | None:
    """The document with one change of that sort; None where it has no place for it."""
    root = etree.fromstring(octets, etree.XMLParser(remove_comments=True, remove_pis=True))
    return etree.tostring(root) if MUTATIONS[name](root, dice) else None


def without_unknown_extensions(root: etree._Element, known: frozenset[str]) -> etree._Element:
    """Less what stands in an extension and is of a schema that the judge does not have: xs:any is
    strict there, and we keep such an element as it is."""
    for owner in root.iter(f"{{{X1}}}Owner"):
        if owner.getparent() is None or owner.getparent().index(owner) != 0:
            continue
        for node in list(owner.itersiblings()):
            namespace = etree.QName(node).namespace
            if namespace is not None and namespace not in known:
                node.getparent().remove(node)
    return root


def only_libxml2_refuses_its_uri(judge: etree.XMLSchema, schema: Any, root: Any) -> bool:
    """Of x1_bounds, "URI of SIP": decided by the other library, and for those types only."""
    types = tuple(
        f"'{{http://uri.etsi.org/03280/common/2017/07}}{n}'." for n in ("SIPURI", "TELURI")
    )
    if not all(error.message.endswith(types) for error in judge.error_log):
        return False
    return bool(schema.is_valid(root))
