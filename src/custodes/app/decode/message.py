"""One decoded message, and its JSON line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.app.decode.item import Fault, Item, faults_of, is_undecodable, to_json
from custodes.app.decode.readable import moment

# Streams that are named and counted, not decoded.
ASIDE = frozenset({"tls", "http", "unrecognised", "gap"})


@dataclass(frozen=True, slots=True)
class Message:
    """``kind``: x1, x2x3, pspdu, xiri, iri, cc, notification, http, tls, gap, unrecognised.

    ``stream`` names a direction of a TCP connection (None in a file that is no capture);
    ``time_ns`` is the capture's time of the frame that completed the message.
    ``decoded`` is False for what is only named.
    """

    source: str
    stream: str | None
    kind: str
    item: Item
    time_ns: int | None = None
    repeatable: frozenset[str] = frozenset()

    @property
    def decoded(self) -> bool:
        return self.kind not in ASIDE

    @property
    def faults(self) -> list[Fault]:
        return faults_of(self.item)

    @property
    def undecodable(self) -> bool:
        return is_undecodable(self.item)


def to_object(message: Message, offsets: bool = False) -> dict[str, Any]:
    """The object of one line of ``--json``."""
    item, faults = message.item, message.faults
    line: dict[str, Any] = {
        "source": message.source,
        "stream": message.stream,
        "offset": item.offset,
        "length": item.length,
        "kind": message.kind,
    }
    if message.time_ns is not None:
        line["time"] = moment(message.time_ns)
    line["value"] = to_json(item, message.repeatable)
    bad = [
        {"offset": f.offset, "what": f.what, "expected": f.expected or None}
        for f in faults
        if f.undecodable
    ]
    if bad:
        line["errors"] = bad
    breaches = [f.what for f in faults if not f.undecodable]
    if breaches:
        line["violations"] = breaches
    if offsets:
        line["elements"] = [
            {"path": path, "offset": part.offset, "length": part.length}
            for path, part in _paths(item)
        ]
    return line


def _paths(item: Item) -> list[tuple[str, Item]]:
    found: list[tuple[str, Item]] = []
    stack = [(item.name, item)]
    while stack:
        path, part = stack.pop()
        found.append((path, part))
        stack.extend((f"{path}/{child.name}", child) for child in reversed(part.children))
    return found
