"""Instances of X1 made from the published schemas alone, by the library xmlschema.

Nothing of the codec is used: a seeded random.Random walks xmlschema's model of the XSD and makes
one document at a time. ``Hits`` knows what was not made yet, and each document is led to some of
it, so that a hundred documents hold everything that a message type can hold.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import xmlschema
from lxml import etree
from x1_schema import schema_files
from x1_texts import text
from xmlschema.validators import XsdAnyElement

XSI = "http://www.w3.org/2001/XMLSchema-instance"
X1 = "http://uri.etsi.org/03221/X1/2017/10"
TOP_LEVEL = "TopLevelErrorResponse"
# Elements of one document, and how deep it may go before only what is mandatory is made: the
# schema recurs through DelegatedTaskStatus, and the codec takes 48 levels.
_BUDGET = 150
_DEEPEST = 30


@cache
def published(shared: Path) -> xmlschema.XMLSchema10:
    """xmlschema's model of all files together, each namespace from its own file."""
    files = schema_files(shared)
    schema = xmlschema.XMLSchema10(
        str(files[X1]),
        locations=[(namespace, str(path)) for namespace, path in files.items()],
        build=False,
    )
    for namespace, path in files.items():
        if namespace not in schema.maps.namespaces:
            schema.import_schema(namespace, str(path), build=False)
    schema.build()
    return schema


def message_types(schema: xmlschema.XMLSchema10, base: str) -> list[str]:
    """Every complex type of the X1 schema that extends the message type ``base``."""
    found = []
    for name, kind in schema.types.items():
        parent = getattr(kind, "base_type", None)
        if parent is not None and parent.local_name == base:
            found.append(name)
    return sorted(found)


@dataclass(frozen=True)
class Way:
    """One thing that the schema leaves open, decided one way: ``name`` says it in words, ``then``
    is the element, type or text that follows from it, if any."""

    name: str
    then: Any = None


@cache
def extensions(schema: Any) -> tuple[Any, ...]:
    """The elements that xs:any of another namespace than X1's may hold."""
    known = [
        element
        for name, element in schema.maps.elements.items()
        if not name.startswith((f"{{{X1}}}", "{http://www.w3.org/"))
    ]
    return tuple(sorted(known, key=lambda element: str(element.name)))


@cache
def concrete(schema: Any, kind: Any) -> tuple[Any, ...]:
    """The types that an element of an abstract type may have; else the type alone."""
    if not (kind.is_complex() and kind.abstract):
        return (kind,)
    derived = [
        t
        for t in schema.maps.types.values()
        if getattr(t, "base_type", None) is kind and not t.abstract
    ]
    return tuple(sorted(derived, key=lambda t: str(t.name)))


def _name(kind: Any) -> str:
    return str(kind.local_name)


def _kind_name(abstract: Any, kind: Any) -> str:
    return f"{_name(abstract)} as {_name(kind)}"


def _elements(part: Any) -> tuple[Any, ...]:
    return extensions(part.schema) if isinstance(part, XsdAnyElement) else (part,)


@cache
def ways(schema: Any, kind: Any) -> frozenset[str]:
    """What a value of the type leaves open, all ways of it by name, its children's apart."""
    found: set[str] = set()
    if len(concrete(schema, kind)) > 1:
        return frozenset(_kind_name(kind, t) for t in concrete(schema, kind))
    if not kind.is_complex() or kind.has_simple_content():
        simple = kind.content if kind.is_complex() else kind
        found |= {f"{_name(kind)}={value}" for value in simple.enumeration or ()}
    else:
        for part, owner in _particles(kind.content):
            found |= _ways_of(part, owner, _name(kind))
    for name, attribute in getattr(kind, "attributes", {}).items():
        found |= {f"{_name(kind)}@{name} absent"}
        found |= {f"{_name(kind)}@{name}={v}" for v in attribute.type.enumeration or ("",)}
    return frozenset(found)


def _ways_of(part: Any, owner: Any, kind: str) -> set[str]:
    """``owner``: the group that the particle stands in."""
    found = {f"{kind}/{_label(e)}" for e in _elements(part)} if _open(part, owner) else set()
    if part.min_occurs == 0:
        found.add(f"{kind}/{_label(part)} absent")
    if part.max_occurs is None:
        found.add(f"{kind}/{_label(part)} several")
    return found


def _open(part: Any, owner: Any) -> bool:
    return part.min_occurs == 0 or owner.model == "choice" or isinstance(part, XsdAnyElement)


def _label(part: Any) -> str:
    return "any" if isinstance(part, XsdAnyElement) else str(part.local_name)


def _particles(group: Any) -> list[tuple[Any, Any]]:
    found = []
    for part in group:
        found += _particles(part) if hasattr(part, "model") else [(part, group)]
    return found


@cache
def routes(schema: Any, kind: Any) -> dict[str, tuple[str, ...]]:
    """All ways of the type and of everything that it may hold, each with the ways that lead to it
    from here: the fewest, itself last."""
    found: dict[str, tuple[str, ...]] = {}
    queue: list[tuple[Any, tuple[str, ...]]] = [(kind, ())]
    seen = {kind}
    for here, route in queue:  # it grows while it is walked: the nearest come first
        for way in sorted(ways(schema, here)):
            found.setdefault(way, (*route, way))
        for step, then in _steps(schema, here):
            if then not in seen:
                seen.add(then)
                queue.append((then, (*route, step)))
    return found


def _steps(schema: Any, kind: Any) -> list[tuple[str, Any]]:
    if len(concrete(schema, kind)) > 1:
        return [(_kind_name(kind, t), t) for t in concrete(schema, kind)]
    if not kind.is_complex() or kind.has_simple_content():
        return []
    return [
        (f"{_name(kind)}/{_label(element)}", element.type)
        for part, _ in _particles(kind.content)
        for element in _elements(part)
    ]


@dataclass
class Hits:
    """What is to be made and was not made yet: each way with its route."""

    missing: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def next(self, dice: random.Random) -> list[str]:
        return list(self.missing[dice.choice(sorted(self.missing))]) if self.missing else []


class Walker:
    """Makes documents. ``hits``: what they should hold; without it the walk is blind."""

    def __init__(
        self, schema: Any, dice: random.Random, hits: Hits | None = None, budget: int = _BUDGET
    ) -> None:
        self._schema = schema
        self._most = budget
        # Of the last document: its tree, and each element with its place and its type.
        self.root = etree.Element("none")
        self.places: list[tuple[etree._Element, str, Any]] = []
        self._dice = dice
        self._hits = hits or Hits()
        self._budget = 0
        self._made: set[str] = set()
        self._route: list[str] = []

    def document(self, kind: str) -> bytes:
        """A container with one or two messages of the type ``kind``."""
        self._budget, self._made, self._route = self._most, set(), self._hits.next(self._dice)
        self.places = []
        names = self._prefixes()
        if kind == TOP_LEVEL:
            root = etree.Element(f"{{{X1}}}X1{kind}", nsmap=names)
            self._content(root, self._schema.types[kind], 1)
        else:
            container = "X1Request" if kind.endswith("Request") else "X1Response"
            tag = container.replace("X1", "x1") + "Message"
            root = etree.Element(f"{{{X1}}}{container}", nsmap=names)
            for _ in range(self._dice.choice((1, 1, 1, 2))):
                message = etree.SubElement(root, f"{{{X1}}}{tag}")
                self._type(message, X1, kind)
                self._content(message, self._schema.types[kind], 2)
        for way in self._made:
            self._hits.missing.pop(way, None)
        self.root = root
        return self._serialised(root)

    def _prefixes(self) -> dict[str | None, str]:
        """Every namespace with a prefix of its own; at times one is the default as well."""
        uris = [u for u in schema_namespaces(self._schema) if u != X1]
        names: dict[str | None, str] = {f"p{n}": uri for n, uri in enumerate(uris)}
        names |= {"xsi": XSI, self._dice.choice((None, "ns1", "x1")): X1}
        return names

    def _serialised(self, root: etree._Element) -> bytes:
        if self._dice.random() < 0.2:
            etree.indent(root)
        if self._dice.random() < 0.2:
            root.insert(0, etree.Comment(" <not> & an element "))
            root[-1].append(etree.ProcessingInstruction("pi", "x"))
        if self._dice.random() < 0.1:
            root.set(f"{{{XSI}}}schemaLocation", f"{X1} TS_103_221_01.xsd")
        if self._dice.random() < 0.2:
            return etree.tostring(root, encoding="us-ascii", xml_declaration=True)
        octets = etree.tostring(root, encoding="utf-8", xml_declaration=self._dice.random() < 0.5)
        return (b"\xef\xbb\xbf" if self._dice.random() < 0.1 else b"") + octets

    def _type(self, node: etree._Element, namespace: str, name: str) -> None:
        prefix = next(p for p, uri in node.nsmap.items() if uri == namespace)
        node.set(f"{{{XSI}}}type", f"{prefix}:{name}" if prefix else name)

    def _content(self, node: etree._Element, kind: Any, depth: int) -> None:
        self._budget -= 1
        self._attributes(node, kind)
        if not kind.is_complex() or kind.has_simple_content():
            self._text(node, kind)
        else:
            self._group(node, kind.content, kind, depth)

    def _text(self, node: etree._Element, kind: Any) -> None:
        simple = kind.content if kind.is_complex() else kind
        if simple.enumeration is not None:
            found = self._choose([Way(f"{_name(kind)}={v}") for v in simple.enumeration])
            node.text = found.name.split("=", 1)[1]
        else:
            node.text = text(simple, self._dice)

    def _attributes(self, node: etree._Element, kind: Any) -> None:
        for name, attribute in getattr(kind, "attributes", {}).items():
            stated = [
                Way(f"{_name(kind)}@{name}={v}", v) for v in attribute.type.enumeration or ("",)
            ]
            found = self._choose([Way(f"{_name(kind)}@{name} absent"), *stated])
            if found.then is not None:
                node.set(name, found.then or text(attribute.type, self._dice))

    def _group(self, node: etree._Element, group: Any, kind: Any, depth: int) -> None:
        parts = list(group)
        if group.model == "choice":
            open_ways = [Way(f"{_name(kind)}/{_label(part)}", part) for part in parts]
            parts = [self._choose(open_ways).then]
        for part in parts:
            if hasattr(part, "model"):
                self._group(node, part, kind, depth)
            else:
                self._particle(node, part, kind, depth)

    def _particle(self, node: etree._Element, part: Any, kind: Any, depth: int) -> None:
        here = f"{_name(kind)}/{_label(part)}"
        choices = [Way(f"{_name(kind)}/{_label(e)}", e) for e in _elements(part)]
        count = self._count(part, here, choices, depth)
        if count == 0:
            self._made.add(f"{here} absent")
        elif count > 1:
            self._made.add(f"{here} several")
        for _ in range(count):
            way = self._choose(choices)
            self._element(node, way, depth + 1)

    def _count(self, part: Any, here: str, choices: list[Way], depth: int) -> int:
        """How often: as the route says, else by chance, and seldom where the budget is spent."""
        least, most = int(part.min_occurs), part.max_occurs
        if self._leads(f"{here} several"):
            return max(2, least)
        if self._leads(f"{here} absent"):
            return 0
        if any(way.name in self._route for way in choices):
            return max(1, least)
        if self._budget < 0 or depth > _DEEPEST or (least == 0 and self._dice.random() < 0.65):
            return least
        if most is None and self._dice.random() < 0.2:
            return max(2, least)
        return max(1, least)

    def _leads(self, way: str) -> bool:
        """Whether the route goes this way; each of its ways is gone once."""
        if way not in self._route:
            return False
        self._route.remove(way)
        return True

    def _choose(self, options: list[Way]) -> Way:
        """The one on the route; or one that was not made yet; or any."""
        found = next((way for way in options if self._leads(way.name)), None)
        if found is None:
            new = [w for w in options if w.name in self._hits.missing and w.name not in self._made]
            found = self._dice.choice(new or options)
        self._made.add(found.name)
        return found

    def _element(self, parent: etree._Element, way: Way, depth: int) -> None:
        element = way.then
        node = etree.SubElement(parent, f"{{{element.target_namespace}}}{element.local_name}")
        kind = element.type
        kinds = concrete(self._schema, kind)
        if len(kinds) > 1:
            kind = self._choose([Way(_kind_name(kind, t), t) for t in kinds]).then
            self._type(node, kind.target_namespace, kind.local_name)
        self.places.append((node, way.name, kind))
        if element.fixed is not None:
            node.text = element.fixed
            self._budget -= 1
        else:
            self._content(node, kind, depth)


@cache
def schema_namespaces(schema: Any) -> tuple[str, ...]:
    uris = {e.target_namespace for e in extensions(schema)}
    uris |= {str(t.target_namespace) for t in schema.maps.types.values() if t.target_namespace}
    return tuple(sorted(uris - {"http://www.w3.org/2001/XMLSchema", XSI}))
