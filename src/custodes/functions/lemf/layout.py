"""Where evidence goes and what it looks like. Pure: names, lines and records, no files.

```
<evidence>/received.journal        everything that arrived, in its order; all below is made from it
<evidence>/receiver.json           what this receiver is, and its counters
<evidence>/manifest.json           SHA-256 and size of every other file
<evidence>/notifications.jsonl     HI4, one object a line
<evidence>/undecodable.jsonl       what was no PS-PDU, or held no payload of TS 33.128, as hex
<evidence>/transport.jsonl         what senders said about the delivery itself (tRIPayload)
<evidence>/<LIID>/iri.jsonl        one decoded IRI a line
<evidence>/<LIID>/content.pcap     inner IP packets, LINKTYPE_RAW, nanoseconds
<evidence>/<LIID>/content.jsonl    content that is no IP packet, as hex
<evidence>/unannounced/<LIID>/...  the same for a LIID that no notification has announced
```
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from struct import Struct
from typing import Any
from urllib.parse import quote

from custodes.base.ids import LIID

NOTIFICATIONS = "notifications.jsonl"
UNDECODABLE = "undecodable.jsonl"
TRANSPORT = "transport.jsonl"
JOURNAL = "received.journal"
MANIFEST = "manifest.json"
RECEIVER = "receiver.json"
UNANNOUNCED = "unannounced"
IRI = "iri.jsonl"
CONTENT = "content.pcap"
OTHER_CONTENT = "content.jsonl"

_AT_THE_TOP = frozenset({NOTIFICATIONS, UNDECODABLE, TRANSPORT})
_OF_AN_ORDER = frozenset({IRI, CONTENT, OTHER_CONTENT})
_RESERVED = _AT_THE_TOP | {JOURNAL, MANIFEST, RECEIVER, UNANNOUNCED}
_PCAP_HEADER = Struct("<IHHiIII")
_PCAP_RECORD = Struct("<IIII")
_NANOSECONDS = 0xA1B2_3C4D
_LINKTYPE_RAW = 101
_SNAPLEN = 262_144


def folder_name(liid: LIID) -> str:
    """The LIID where it is a safe file name; otherwise percent-encoded, never outside a folder."""
    name = quote(str(liid), safe="")
    if name.startswith(".") or name in _RESERVED:
        name = f"%{ord(name[0]):02X}{name[1:]}"
    return name


def is_made(name: str) -> bool:
    """Whether a file of this name is made from the journal: nothing else is ever taken away."""
    folder, _, base = name.rpartition("/")
    return base in (_OF_AN_ORDER if folder else _AT_THE_TOP)


def line(value: dict[str, Any]) -> bytes:
    """One JSON object and a line feed."""
    text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


def plain(value: Any) -> Any:
    """A value of the codecs as JSON: octets as hex, a CHOICE as an object with its alternative."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str):
        return {value[0]: plain(value[1])}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def timestamp(ns: int | None) -> str | None:
    """Nanoseconds since 1970 as ISO 8601, UTC, nine digits."""
    if ns is None:
        return None
    seconds, fraction = divmod(ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{fraction:09d}Z"


def pcap_header() -> bytes:
    return _PCAP_HEADER.pack(_NANOSECONDS, 2, 4, 0, 0, _SNAPLEN, _LINKTYPE_RAW)


def pcap_record(ns: int, packet: bytes) -> bytes:
    seconds, fraction = divmod(ns, 1_000_000_000)
    return _PCAP_RECORD.pack(seconds, fraction, len(packet), len(packet)) + packet
