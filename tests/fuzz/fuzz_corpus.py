"""What the fuzzers start from: the vectors, the demo's capture taken apart, and inputs that once
broke something or are known to be nasty (``corpus/<target>/``: hex, or XML as it is)."""

from __future__ import annotations

import gzip
import json
import struct
from functools import cache
from pathlib import Path

from custodes.app.demo_capture import make_demo_capture
from custodes.functions.lemf import frames
from custodes.functions.poi.capture.open import CaptureReader
from custodes.functions.poi.packet import ip, link, sctp, udp

HERE = Path(__file__).resolve().parent
VECTORS = HERE.parents[1] / "vectors"
SIDE = 8  # seeds taken from one source: enough shapes, still fast


def seeds(target: str) -> list[bytes]:
    """Every input that a target starts from, the same order always."""
    return [*_made(target), *_kept(target)]


def _kept(target: str) -> list[bytes]:
    found = []
    for file in sorted((HERE / "corpus" / target).glob("*")):
        octets = file.read_bytes()
        found.append(bytes.fromhex(octets.decode()) if file.suffix == ".hex" else octets)
    return found


def _made(target: str) -> list[bytes]:
    if target.startswith("x1_"):
        kind = target.removeprefix("x1_")
        mine = [v for v in _vectors("x1") if v.get("kind", kind) == kind]
        return [bytes.fromhex(v["hex"]) for v in mine] + hostile_xml(kind.capitalize())
    if target in ("x2x3_stream", "x2x3_quirks"):
        return [bytes.fromhex(v["hex"]) for v in _vectors("x2x3")]
    if target == "decode_command":
        return _one_of_each()
    if target == "lemf_journal":
        return _journals()
    of_type = {
        "xiri_payload": "XIRIPayload",
        "iri_payload": "IRIPayload",
        "cc_payload": "CCPayload",
        "li_notification_payload": "LINotificationPayload",
        "ps_pdu_value": "PS-PDU",
        "ps_pdu_stream": "PS-PDU",
    }
    both = _vectors("iri") + _vectors("handover")
    if target == "ber_tlv":
        return [bytes.fromhex(v["hex"]) for v in both] + hostile_ber()
    if target in of_type:
        mine = [v for v in both if v.get("type") == of_type[target]]
        return [bytes.fromhex(v["hex"]) for v in mine] + hostile_ber()
    return {**_taken_apart(), **BY_HAND}.get(target, [b""])


@cache
def _vectors(name: str) -> list[dict[str, str]]:
    files = sorted(VECTORS.glob(f"{name}_*.json"))
    return [vector for file in files for vector in json.loads(file.read_text("utf-8"))]


def _one_of_each() -> list[bytes]:
    """What the command may be given: each interface raw, as text, packed, and in a capture."""
    raw = [
        bytes.fromhex(v["hex"])
        for family in ("x1", "x2x3", "iri", "handover")
        for v in _vectors(family)[:SIDE]
    ]
    return [*raw, raw[0].hex().encode(), gzip.compress(raw[-1]), *_taken_apart()["capture"]]


def _journals() -> list[bytes]:
    """Whole, torn in the last frame, and damaged before a frame that was written after a sync."""
    salt, values = bytes(range(16)), [b"0\x03\x02\x01\x05", b"0\x00", bytes(300)]
    octets = ends = frames.file_header(salt)
    for value in values:
        octets += frames.write(frames.Frame(1, "mdf2", value, len(ends)), salt)
        ends = octets
    damaged = bytearray(octets)
    damaged[frames.HEADER_OCTETS + 40] ^= 1
    return [octets, octets[:-9], bytes(damaged), b"", octets[: frames.HEADER_OCTETS]]


NAS = [
    bytes.fromhex(text)
    for text in (
        "0100f1100000000000000000f1",  # SUCI, null scheme
        "f200f110ca03f8c0000001",  # 5G-GUTI
        "4500101110000000f1",  # IMEISV
        "0401010203" * 2,  # NSSAI
        "4100f110000001",  # TAI list
        "08696e7465726e6574",  # DNN
        "7e0042010100",  # a plain 5GMM message
        "7e02000000000000",
    )
]

BY_HAND = {
    "nas_elements": NAS,
    # A whole message, one in three pieces, one the wrong way round, a run without ends.
    "sctp_messages": [
        bytes.fromhex(t) for t in ("050b", "05090508050a", "070a03080309", "0508" * 9)
    ],
    # One in two pieces, one that overlaps, one whose end comes first.
    "ip_fragments": [bytes.fromhex(t) for t in ("010011010210", "010011010111", "020210020011")],
}


@cache
def _taken_apart() -> dict[str, list[bytes]]:
    octets = make_demo_capture().capture
    reader = CaptureReader()
    reader.receive_data(octets)
    found: dict[str, list[bytes]] = {
        "capture": [octets[:2000], small_pcapng()],
        "packet": [],
        "gtpu_packet": [],
        "pfcp_datagram": [],
        "n2_message": [],
        "probe_capture": [octets[:6000]],
    }
    while (frame := reader.next_frame()) is not None:
        found["packet"].append(b"\4" + (link.ip_packet(frame.linktype, frame.octets) or b""))
        packet = ip.parse(link.ip_packet(frame.linktype, frame.octets) or b"")
        if packet.protocol == ip.SCTP:
            found["n2_message"] += [c.payload for c in sctp.parse(packet.payload).data]
        elif packet.protocol == ip.UDP:
            payload = udp.parse(packet.payload).payload
            kind = "gtpu_packet" if payload[0] >> 4 == 3 else "pfcp_datagram"
            found[kind].append(payload)
    return {
        name: [one for _, one in sorted({len(o): o for o in octets}.items())][:SIDE]
        for name, octets in found.items()
    }


def small_pcapng() -> bytes:
    """A section, an interface with a time resolution, and one packet of each kind of block."""

    def block(kind: int, body: bytes) -> bytes:
        size = 12 + len(body)
        return struct.pack("<II", kind, size) + body + struct.pack("<I", size)

    options = struct.pack("<HHB3xHHqHH", 9, 1, 9, 14, 8, 1, 0, 0)
    head = struct.pack("<IIIII", 0, 0, 1, 4, 4)
    return (
        block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
        + block(1, struct.pack("<HHI", 101, 0, 65535) + options)
        + block(6, head + b"\x45\0\0\0")
        + block(2, struct.pack("<HH", 0, 0) + head[4:] + b"\x45\0\0\0")
        + block(3, struct.pack("<I", 4) + b"\x45\0\0\0")
    )


def hostile_xml(kind: str) -> list[bytes]:
    """Documents made to cost more than they weigh."""
    ns = "http://uri.etsi.org/03221/X1/2017/10"
    head, tail = f'<x1:X1{kind} xmlns:x1="{ns}"'.encode(), f"</x1:X1{kind}>".encode()
    laughs = b"".join(b'<!ENTITY a%d "&a%d;&a%d;">' % (n + 1, n, n) for n in range(30))
    message = f"<x1:x1{kind}Message>".encode()
    return [
        b'<!DOCTYPE r [<!ENTITY a0 "ha">' + laughs + b"]>" + head + b">&a30;" + tail,
        b'<!DOCTYPE r SYSTEM "file:///nowhere">' + head + b"/>",
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///nowhere">]>' + head + b">&x;" + tail,
        head + b">" + message * 300 + tail,
        head + b">" + (b"<x1:a>" * 40 + b"</x1:a>" * 40) * 5 + tail,
        head + b' a="' + b"A" * 20_000 + b'"/>',
        head + b"".join(b' a%d=""' % n for n in range(500)) + b"/>",
        head + b"".join(b' xmlns:n%d="u:%d"' % (n, n) for n in range(500)) + b"/>",
        b'<?xml version="1.0" ' + b'encoding="" ' * 200 + head + b"/>",
        b'<?xml version="1.0" encoding="UTF-16"?>' + head + b"/>",
        (b"<?xml version='1.0' encoding='UTF-16'?>" + head + b"/>").decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-x/+AD4-',
        b"\xff\xfe" + head + b"/>",
        b"\xef\xbb\xbf" + head + b"/>",
        head + b">" + b"&#x26;#0;&#xFFFE;&#55296;" + tail,
        head + b"><![CDATA[" + b"]]" * 50 + b"]]>" + tail,
        head + b">" + b"<?pi x?><!-- c -->" * 50 + tail,
        b"",
        b"<",
        b"\0" * 40,
    ]


def hostile_ber() -> list[bytes]:
    """Elements that nest, never end, or announce more than there is."""
    indefinite = b"\x30\x80"
    return [
        indefinite * 200,
        indefinite * 60 + b"\0\0" * 60,
        indefinite + b"\x24\x80\x04\x01a" * 30,
        b"\xbf" + b"\xff" * 20,
        b"\x30\x88" + b"\xff" * 8,
        b"\x30\x89\x01" + b"\0" * 8,
        b"\x30\xff",
        b"\x30\x82\x00\x9d",
        b"\x30\x80\x00\x00\x00\x00",
        (b"\x30\x84" + (1000).to_bytes(4, "big")) * 80,
        b"",
    ]
