"""An element's habits, as enrolled, for the sessions that read what it sends."""

from __future__ import annotations

from custodes.model.registry import Element
from custodes.wire.x1.header import CURRENT_VERSION
from custodes.wire.x1.leniency import STRICT, Leniency


def leniency_of(element: Element | None) -> Leniency:
    """Strict for whoever is not enrolled as an element."""
    if element is None:
        return STRICT
    return Leniency(**dict.fromkeys(map(str, element.leniencies), True))


def version_of(element: Element | None) -> str:
    return CURRENT_VERSION if element is None else element.x1Version
