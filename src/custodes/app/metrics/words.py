"""The closed sets that labels take their values from: what is in none of them is told as "other".

A counter's name may once come from a peer (a record nobody knows, a code of its own). Here is where
it ends: a label says what this release or the enrolment knows, or "other".
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from custodes.model.registry import Registry

OTHER = "other"
NOBODY = ""

Words = Mapping[str, Container[str]]


def enrolled(registry: Registry) -> dict[str, Container[str]]:
    """Names of elements and agencies; "" where something is nobody's."""
    elements = frozenset({NOBODY, *(e.neIdentifier for e in registry.elements)})
    agencies = frozenset({NOBODY, *(a.name for a in registry.agencies)})
    return {"ne": elements, "element": elements, "mdf": elements, "agency": agencies}


def agency_of(registry: Registry) -> dict[str, str]:
    """The agency behind a receiver's party; none where a receiver serves several."""
    names: dict[str, set[str]] = {}
    for agency in registry.agencies:
        names.setdefault(agency.lemf.name, set()).add(agency.name)
    return {party: next(iter(found)) for party, found in names.items() if len(found) == 1}


def closed(words: Words, labels: Iterable[str], values: Iterable[str]) -> tuple[str, ...]:
    """The values as they may be told."""
    return tuple(
        value if value in words.get(label, ()) else OTHER
        for label, value in zip(labels, values, strict=True)
    )
