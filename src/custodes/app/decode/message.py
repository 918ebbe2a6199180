"""One decoded message, and its JSON line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.app.decode import window
from custodes.app.decode.item import (
    Fault,
    Item,
    Severity,
    faults_of,
    is_undecodable,
    located,
    to_json,
)
from custodes.app.decode.readable import moment

# Streams that are named and counted, not decoded.
ASIDE = frozenset({"tls", "http", "unrecognised", "gap"})


@dataclass(frozen=True, slots=True)
class Message:
    """``kind``: x1, x2x3, pspdu, xiri, iri, cc, notification, http, tls, gap, unrecognised.

    ``stream`` names a direction of a TCP connection (None in a file that is no capture);
    ``time_ns`` is the capture's time of the frame that completed the message.
    ``decoded`` is False for what is only named. ``octets`` begin at the item's offset (what was
    in chunks is put together); they may be fewer than the item is long.
    """

    source: str
    stream: str | None
    kind: str
    item: Item
    time_ns: int | None = None
    repeatable: frozenset[str] = frozenset()
    octets: bytes = b""

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
    if faults:
        line |= _wrong(message)
    if offsets:
        line["elements"] = [
            {"path": path, "offset": part.offset, "length": part.length}
            for path, part in located(item)
        ]
    return line


_KEYS = {
    Severity.UNDECODABLE: "errors",
    Severity.BREACH: "violations",
    Severity.TOLERATED: "tolerated",
}


def _wrong(message: Message) -> dict[str, list[dict[str, Any]]]:
    """errors, violations, tolerated: those that there are, each by offset."""
    found: list[tuple[str, Fault]] = []
    for path, part in located(message.item):
        found += ((path, fault) for fault in part.faults)
    found.sort(key=lambda entry: entry[1].offset)
    lists: dict[str, list[dict[str, Any]]] = {}
    for path, fault in found:
        entry: dict[str, Any] = {"offset": fault.offset, "path": path, "what": fault.what}
        if fault.undecodable:
            entry |= {"expected": fault.expected or None, "fault": fault.blame.value}
            first, octets = window.around(message.octets, message.item.offset, fault.offset)
            if octets:
                entry["octets"] = {"offset": first, "hex": octets.hex()}
        if fault.option:
            entry["lenient"] = fault.option
        lists.setdefault(_KEYS[fault.severity], []).append(entry)
    return {key: lists[key] for key in _KEYS.values() if key in lists}
