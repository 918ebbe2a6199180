"""Makes vectors/x2x3_valid.json and vectors/x2x3_invalid.json from the tables of the clauses.

    python tools/make_x2x3_vectors.py [destination, default vectors]

Uses none of the codec: every octet is put together here, as ETSI TS 103 221-2 V1.10.1 clause 5
lays it out, so that the codec is judged by something else than itself.
"""

from __future__ import annotations

import json
import struct
import sys
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any
from uuid import UUID

SPEC = "ETSI TS 103 221-2 V1.10.1"
MADE_BY = "assembled from the tables of the clause, without the codec"
VERIFIED_BY = "tshark 4.0.17: header, payload, attributes 5 to 18; it steps over all others"
XID = UUID("7b0c3c1e-5d0a-4b6e-9c52-0a1b2c3d4e5f")
NO_XID = UUID(int=0)
X2, X3, KEEPALIVE, ACKNOWLEDGEMENT = 1, 2, 3, 4
PROPRIETARY = 4  # the payload format that says nothing of the payload
NOT_APPLICABLE = 5

Attributes = list[tuple[int, bytes]]

_UDP = bytes.fromhex("0035003500080000")
IPV4 = (
    bytes.fromhex("4500001c0001000040110000")
    + IPv4Address("192.0.2.1").packed
    + IPv4Address("198.51.100.2").packed
    + _UDP
)
IPV6 = (
    bytes.fromhex("6000000000081140")
    + IPv6Address("2001:db8::1").packed
    + IPv6Address("2001:db8::2").packed
    + _UDP
)
# Format: may stand in X2, may stand in X3 (table 5.4.1-1), a payload that looks like it.
FORMATS: dict[int, tuple[bool, bool, bytes]] = {
    1: (True, True, b"\x30\x03\x02\x01\x00"),
    2: (True, True, bytes.fromhex("300781050102030401")),
    3: (True, True, b"\xa0\x00"),
    4: (True, True, b"private"),
    5: (True, True, IPV4),
    6: (True, True, IPV6),
    7: (False, True, bytes.fromhex("0200000000010200000000020800") + IPV4),
    8: (False, True, bytes.fromhex("800000010000000a12345678") + b"\xd5" * 20),
    9: (
        True,
        False,
        b"OPTIONS sip:a@example.com SIP/2.0\r\n"
        b"Via: SIP/2.0/UDP 192.0.2.1\r\nContent-Length: 0\r\n\r\n",
    ),
    10: (
        True,
        False,
        bytes.fromhex("0101060012345678") + bytes(228) + bytes.fromhex("63825363350101ff"),
    ),
    11: (True, False, bytes.fromhex("01010014") + bytes(16)),
    12: (False, True, bytes.fromhex("30ff001c00000001") + IPV4),
    13: (False, True, b"MSRP a786hjs2 SEND\r\n-------a786hjs2$\r\n"),
    14: (True, False, b"\xa1\x00"),
    15: (True, True, b"text"),
    16: (False, True, b"unstructured"),
    17: (True, True, b"\x30\x00"),
}


def _text(octets: bytes) -> str | None:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return None


SEQUENCE_NUMBER = (8, struct.pack("!I", 1))
TIMESTAMP = (9, struct.pack("!II", 1_700_000_000, 123_456_789))
USUAL: Attributes = [(6, b"upf-1.example.org"), (7, b"poi-1"), SEQUENCE_NUMBER, TIMESTAMP]
# Type (table 5.3.1-2): its octets, and its value as JSON.
ATTRIBUTES: dict[int, tuple[bytes, Any]] = {
    1: (b"\x01\x02", "0102"),
    2: (b"\x03", "03"),
    3: (b"\x04", "04"),
    4: (b"\x05", "05"),
    5: (b"domain", b"domain".hex()),
    6: (b"upf-1", b"upf-1".hex()),
    7: (b"poi-1", b"poi-1".hex()),
    8: (b"\xff\xff\xff\xff", 4_294_967_295),
    9: (TIMESTAMP[1], 1_700_000_000_123_456_789),
    10: (IPv4Address("192.0.2.1").packed, "192.0.2.1"),
    11: (IPv4Address("198.51.100.2").packed, "198.51.100.2"),
    12: (IPv6Address("2001:db8::1").packed, "2001:db8::1"),
    13: (IPv6Address("2001:db8::2").packed, "2001:db8::2"),
    14: (b"\x00\x35", 53),
    15: (b"\xc3\x50", 50_000),
    16: (b"\x11", 17),
    17: (b"<imsi>001010000000001</imsi>", "<imsi>001010000000001</imsi>"),
    18: ("<x>\u00fc</x>".encode(), "<x>\u00fc</x>"),
    19: (b"text/plain", "text/plain"),
    20: (b"binary", "binary"),
    21: (XID.bytes + struct.pack("!QI", 7, 9), [str(XID), 7, 9]),
    22: (b"v=0\r\n", "v=0\r\n"),
}
# Lengths that an attribute of a fixed one cannot have.
WRONG_LENGTHS = (
    *((8, n) for n in (3, 5, 0)),
    *((9, n) for n in (7, 9)),
    *((10, 3), (11, 5), (12, 15), (13, 17), (14, 1), (15, 3)),
    *((16, n) for n in (0, 2)),
    *((21, n) for n in (23, 25, 27, 29)),
)
# Those whose value is the text that their octets are.
TEXTS = tuple(n for n, (octets, value) in ATTRIBUTES.items() if _text(octets) == value)


def pdu(
    kind: int,
    payload_format: int = PROPRIETARY,
    direction: int = NOT_APPLICABLE,
    attributes: Attributes | None = None,
    payload: bytes = b"",
    *,
    xid: UUID = XID,
    correlation_id: int = 0,
    version: tuple[int, int] = (0, 6),
) -> bytes:
    """Table 5.1-1: 40 octets, the attributes, the payload."""
    conditional = b"".join(struct.pack("!HH", t, len(v)) + v for t, v in attributes or [])
    sizes = (40 + len(conditional), len(payload))
    header = struct.pack("!BBHIIHH", *version, kind, *sizes, payload_format, direction)
    return header + xid.bytes + struct.pack("!Q", correlation_id) + conditional + payload


class Valid:
    """Collects what must be accepted."""

    def __init__(self) -> None:
        self.vectors: list[dict[str, Any]] = []

    def add(
        self,
        name: str,
        clause: str,
        kind: int,
        payload_format: int,
        direction: int,
        attributes: Attributes,
        payload: bytes = b"p",
        *,
        xid: UUID = XID,
        correlation_id: int = 0,
        version: tuple[int, int] = (0, 6),
        values: dict[int, Any] | None = None,
    ) -> None:
        """``values``: of some attribute types, what their octets mean."""
        octets = pdu(
            kind,
            payload_format,
            direction,
            attributes,
            payload,
            xid=xid,
            correlation_id=correlation_id,
            version=version,
        )
        meant = values or {}
        self.vectors.append(
            {
                "name": name,
                "spec": SPEC,
                "clause": clause,
                "hex": octets.hex(),
                "valid": True,
                "made_by": MADE_BY,
                "verified_by": VERIFIED_BY,
                "value": {
                    "version": list(version),
                    "type": kind,
                    "payload_format": payload_format,
                    "payload_direction": direction,
                    "xid": str(xid),
                    "correlation_id": correlation_id,
                    "attributes": [
                        {"type": t, "hex": v.hex()} | ({"value": meant[t]} if t in meant else {})
                        for t, v in attributes
                    ],
                    "payload": payload.hex(),
                },
            }
        )

    def proprietary(self, name: str, clause: str, attributes: Attributes, **more: Any) -> None:
        """An X2 PDU of which only something else than its payload matters."""
        self.add(name, clause, X2, PROPRIETARY, NOT_APPLICABLE, attributes, **more)


def valid() -> list[dict[str, Any]]:
    made = Valid()
    _formats(made)
    for direction in (1, 2, 3, 4, 5):
        made.add(f"direction-{direction}", "5.2.6", X2, PROPRIETARY, direction, [SEQUENCE_NUMBER])
    _attributes(made)
    _edges(made)
    return made.vectors


def _formats(made: Valid) -> None:
    for payload_format, (in_x2, in_x3, payload) in FORMATS.items():
        for kind, direction, permitted in ((X2, 5, in_x2), (X3, 3, in_x3)):
            if permitted:
                made.add(
                    f"x{kind + 1}-format-{payload_format}",
                    "5.4.1",
                    kind,
                    payload_format,
                    direction,
                    USUAL,
                    payload,
                    correlation_id=0x0102030405060708,
                )


def _attributes(made: Valid) -> None:
    for kind, (octets, value) in ATTRIBUTES.items():
        attributes = [(kind, octets)] if kind == 8 else [SEQUENCE_NUMBER, (kind, octets)]
        made.proprietary(f"attribute-{kind}", f"5.3.{kind + 1}", attributes, values={kind: value})
    short = ATTRIBUTES[21][0][:24]
    made.proprietary(
        "axri-without-number",
        "5.3.22",
        [SEQUENCE_NUMBER, (21, short)],
        values={21: [str(XID), 7, None]},
    )
    second = (8, struct.pack("!I", 2))
    repeated = [(17, b"<a/>"), SEQUENCE_NUMBER, (17, b"<b/>"), (18, b"<c/>"), second]
    made.proprietary("attributes-repeated", "5.3.1", repeated)
    unknown = [(23, b"new"), SEQUENCE_NUMBER, (65535, b"")]
    made.proprietary("attribute-unknown", "5.3.1", unknown)
    everything = [(kind, octets) for kind, (octets, _) in ATTRIBUTES.items()]
    made.add("attributes-all", "5.3", X3, PROPRIETARY, 4, everything, correlation_id=(1 << 64) - 1)


def _edges(made: Valid) -> None:
    made.add("no-attributes", "5.1", X3, PROPRIETARY, 1, [])
    made.proprietary("no-payload", "5.2.4", [SEQUENCE_NUMBER], payload=b"")
    made.proprietary("sequence-number-0", "5.3.9", [(8, bytes(4))])
    last = (1 << 32) - 1
    made.proprietary(
        "timestamp-1ns-before-a-second",
        "5.3.10",
        [SEQUENCE_NUMBER, (9, struct.pack("!II", last, 999_999_999))],
        values={9: last * 1_000_000_000 + 999_999_999},
    )
    for minor in (5, 255):
        made.proprietary(f"version-0.{minor}", "5.2.1", [SEQUENCE_NUMBER], version=(0, minor))
    highest = [(8, struct.pack("!I", last))]
    for kind, name in ((KEEPALIVE, "keepalive"), (ACKNOWLEDGEMENT, "keepalive-acknowledgement")):
        made.add(name, "6.2.4", kind, 0, 0, highest, b"", xid=NO_XID)
    # Kept although unknown: it is for the function to judge.
    made.add("format-unknown-18", "5.4.1", X2, 18, NOT_APPLICABLE, [SEQUENCE_NUMBER])
    made.add("direction-unknown-6", "5.2.6", X2, PROPRIETARY, 6, [SEQUENCE_NUMBER])


class Invalid:
    """Collects what must be refused."""

    def __init__(self) -> None:
        self.vectors: list[dict[str, Any]] = []

    def add(self, name: str, clause: str, octets: bytes, why: str) -> None:
        self.vectors.append(
            {
                "name": name,
                "spec": SPEC,
                "clause": clause,
                "hex": octets.hex(),
                "valid": False,
                "why": why,
                "made_by": MADE_BY,
                "verified_by": None,
            }
        )


def invalid() -> list[dict[str, Any]]:
    made = Invalid()
    _wrong_headers(made)
    _wrong_attributes(made)
    made.add("empty", "5.1", b"", "no octets")
    return made.vectors


def _wrong_headers(made: Invalid) -> None:
    good = pdu(X2, attributes=[SEQUENCE_NUMBER], payload=b"p")

    def patched(at: int, octets: bytes) -> bytes:
        return good[:at] + octets + good[at + len(octets) :]

    def header_of(length: int, attributes: bytes) -> bytes:
        bare = pdu(X2)
        return bare[:4] + struct.pack("!II", length, 0) + bare[12:] + attributes

    swapped = (
        "one implementation's order of the version octets; accepted only where it is configured"
    )
    too_many = "more octets announced than any PDU has"
    made.add("major-1", "5.2.1", patched(0, b"\1"), "another major version")
    made.add("version-swapped", "5.2.1", patched(0, b"\5\0"), swapped)
    for kind in (0, 5):
        made.add(f"type-{kind}", "5.2.2", patched(2, struct.pack("!H", kind)), "unknown PDU type")
    for length in (39, 0):
        octets = patched(4, struct.pack("!I", length))
        made.add(f"header-{length}", "5.2.3", octets, "header length below 40")
    made.add("header-41", "5.2.3", header_of(41, b"\0"), "one octet is no attribute")
    made.add("header-43", "5.2.3", header_of(43, b"\0\x08\0"), "three octets are no attribute")
    made.add("header-huge", "5.2.3", patched(4, b"\xff" * 4), too_many)
    made.add("payload-huge", "5.2.4", patched(8, b"\xff" * 4), too_many)


def _wrong_attributes(made: Invalid) -> None:
    into_payload = pdu(X2, attributes=[(6, b"abc")], payload=b"pppp")
    made.add(
        "attribute-past-header",
        "5.3.1",
        into_payload.replace(b"\0\6\0\3abc", b"\0\6\0\4abc"),
        "an attribute reaches into the payload",
    )
    past_end = pdu(X2, attributes=[(99, b"abc")], payload=b"pppp")
    made.add(
        "attribute-unknown-past-header",
        "5.3.1",
        past_end.replace(b"\0\x63\0\3abc", b"\0\x63\xff\xffabc"),
        "an unknown attribute reaches past the end",
    )
    for kind, length in WRONG_LENGTHS:
        made.add(
            f"attribute-{kind}-length-{length}",
            f"5.3.{kind + 1}",
            pdu(X2, attributes=[(kind, bytes(length))], payload=b"p"),
            "a length the attribute cannot have",
        )
    made.add(
        "timestamp-a-second-in-nanoseconds",
        "5.3.10",
        pdu(X2, attributes=[(9, struct.pack("!II", 1, 1_000_000_000))], payload=b"p"),
        "nanoseconds make a second",
    )
    for kind in TEXTS:
        octets = pdu(X2, attributes=[(kind, b"\xff\xfe")], payload=b"p")
        made.add(f"attribute-{kind}-not-utf8", f"5.3.{kind + 1}", octets, "not UTF-8")


def main(arguments: list[str]) -> None:
    default = Path(__file__).resolve().parents[1] / "vectors"
    destination = Path(arguments[0]) if arguments else default
    for name, vectors in (("x2x3_valid", valid()), ("x2x3_invalid", invalid())):
        text = json.dumps(vectors, indent=1, ensure_ascii=False) + "\n"
        (destination / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
