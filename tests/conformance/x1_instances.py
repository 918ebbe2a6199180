"""Instances of X1 made from the published schemas alone, by the library xmlschema.

Nothing of the codec is used: the generator walks xmlschema's model of the XSD. Where a simple type
is a pattern, hypothesis draws from that pattern.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xmlschema
from hypothesis import strategies as st
from x1_schema import schema_files
from xmlschema.validators import Xsd11AnyElement, XsdAnyElement

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_X1 = "http://uri.etsi.org/03221/X1/2017/10"
_XS = "{http://www.w3.org/2001/XMLSchema}"
_URIS = st.sampled_from(["sip:a@example.com", "urn:uuid:1", "https://example.com/a?b=c"])
_ZONES = st.sampled_from(["Z", "+01:00", "-11:30"])
_TIMES = st.datetimes().filter(lambda t: 1 < t.year < 9999)
_BASES = {
    "boolean": st.sampled_from(["true", "false", "1", "0"]),
    "hexBinary": st.binary(min_size=8, max_size=12).map(lambda b: b.hex()),
    "anyURI": _URIS,
    "token": st.from_regex(r"[a-z0-9]{1,8}( [a-z]{1,4})?", fullmatch=True),
}
# XML 1.0 Char without the white space that a parser would change.
_CHARACTERS = re.compile("[\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), max_size=12)


@cache
def published(shared: Path) -> xmlschema.XMLSchema10:
    """xmlschema's model of all files together, each namespace from its own file."""
    files = schema_files(shared)
    schema = xmlschema.XMLSchema10(
        str(files[_X1]),
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


def documents(schema: xmlschema.XMLSchema10, kind: str) -> st.SearchStrategy[str]:
    """A container with one message of the type ``kind``."""
    container = "X1Request" if kind.endswith("Request") else "X1Response"
    message = container.replace("X1", "x1") + "Message"
    head = f'<{container} xmlns="{_X1}" xmlns:x="{_X1}" xmlns:xsi="{_XSI}">'
    return _content(schema, schema.types[kind], 0).map(
        lambda inner: f'{head}<{message} xsi:type="x:{kind}">{inner}</{message}></{container}>'
    )


@cache
def _content(schema: Any, kind: Any, depth: int) -> st.SearchStrategy[str]:
    if kind.is_simple() or kind.has_simple_content():
        return _text(kind.content if kind.is_complex() else kind)
    return _group(schema, kind.content, depth)


def _group(schema: Any, group: Any, depth: int) -> st.SearchStrategy[str]:
    parts = [_particle(schema, part, depth) for part in group]
    if group.model == "choice":
        return st.one_of(parts)
    return st.tuples(*parts).map("".join)


def _particle(schema: Any, part: Any, depth: int) -> st.SearchStrategy[str]:
    least, most = part.min_occurs, part.max_occurs
    if depth > 3 and least == 0:
        return st.just("")
    if isinstance(part, XsdAnyElement | Xsd11AnyElement):
        one = st.deferred(lambda: _any(schema, depth))
    elif hasattr(part, "model"):
        one = _group(schema, part, depth)
    else:
        one = st.deferred(lambda: _element(schema, part, depth + 1))
    top = least + 1 if most is None else min(most, least + 1)
    return st.lists(one, min_size=least, max_size=top).map("".join)


@cache
def _any(schema: Any, depth: int) -> st.SearchStrategy[str]:
    """An element that is declared globally in another namespace than X1's."""
    known = [
        e
        for name, e in schema.maps.elements.items()
        if name.startswith(("{urn:3GPP", "{urn:custodes"))
    ]
    shallow = [e for e in known if e.local_name not in ("DelegatedTaskStatus", "grants")]
    return st.sampled_from(known if depth < 6 else shallow).flatmap(
        lambda e: _element(schema, e, depth + 1)
    )


@cache
def _element(schema: Any, part: Any, depth: int) -> st.SearchStrategy[str]:
    kind, name, namespace = part.type, part.local_name, part.target_namespace
    if kind.is_complex() and kind.abstract:
        derived = [
            t
            for t in schema.maps.types.values()
            if getattr(t, "base_type", None) is kind and not t.abstract
        ]
        return st.sampled_from(sorted(derived, key=lambda t: t.name)).flatmap(
            lambda t: _content(schema, t, depth).map(
                lambda inner: (
                    f'<{name} xmlns="{namespace}" xmlns:o="{t.target_namespace}" '
                    f'xsi:type="o:{t.local_name}">{inner}</{name}>'
                )
            )
        )
    if part.fixed is not None:
        return st.just(f'<{name} xmlns="{namespace}">{part.fixed}</{name}>')
    return st.tuples(_attributes(kind), _content(schema, kind, depth)).map(
        lambda found: f'<{name} xmlns="{namespace}"{found[0]}>{found[1]}</{name}>'
    )


@cache
def _attributes(kind: Any) -> st.SearchStrategy[str]:
    named = {n: a for n, a in getattr(kind, "attributes", {}).items() if n}
    if not named:
        return st.just("")
    return st.tuples(
        *(
            st.just("") | _text(a.type).map(lambda value, n=n: f' {n}="{value}"')
            for n, a in named.items()
        )
    ).map("".join)


@cache
def _text(kind: Any) -> st.SearchStrategy[str]:
    """Any text that the simple type allows, escaped; xmlschema itself filters what slips."""
    if kind.enumeration is not None:
        return st.sampled_from([escape(str(value)) for value in kind.enumeration])
    return _raw(kind).filter(_CHARACTERS.fullmatch).filter(kind.is_valid).map(escape)


def _raw(kind: Any) -> st.SearchStrategy[str]:
    root = kind.root_type.local_name
    if root == "dateTime":
        return st.builds(lambda t, z: t.isoformat(timespec="microseconds") + z, _TIMES, _ZONES)
    if kind.local_name == "Version":  # the codec bounds each number to 9 digits
        return st.from_regex(r"v1\.[0-9]{1,9}\.[0-9]{1,9}", fullmatch=True)
    patterns = _patterns(kind)
    if patterns and root != "anyURI":
        return st.from_regex(re.compile(patterns[0], re.ASCII), fullmatch=True).filter(
            lambda text: text == text.strip() and "\n" not in text
        )
    if patterns:
        return st.from_regex(r"[a-z0-9]{1,9}", fullmatch=True).map(
            lambda tail: patterns[0].split(":")[0].replace("?", "") + ":" + tail
        )
    if "integer" in kind.root_type.local_name or kind.is_decimal():
        least = kind.min_value if kind.min_value is not None else -(10**9)
        most = kind.max_value if kind.max_value is not None else 10**9
        return st.integers(int(least), int(most)).map(str)
    for ancestor in (kind, kind.base_type, kind.root_type):
        if ancestor is not None and ancestor.local_name in _BASES:
            return _BASES[ancestor.local_name]
    return _TEXTS


def _patterns(kind: Any) -> list[str]:
    while kind is not None and kind.local_name is not None:
        if getattr(kind, "patterns", None) is not None:
            return [str(p) for p in kind.patterns.regexps]
        kind = kind.base_type
    return []
