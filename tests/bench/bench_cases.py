"""What is measured, group by group; the first candidate of a group is ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench_foreign import asn1tools_decoder, pycrate_decoder
from bench_measure import Run
from bench_scene import ContentBench, x3_octets

from custodes.wire.handover import pdu as ps_pdu
from custodes.wire.iri.payload import decode_xiri
from custodes.wire.x1.message import decode_request, encode_request
from custodes.wire.x2x3 import pdu as x2x3
from custodes.wire.x2x3.reader import Reader

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
STREAM = 100


@dataclass(frozen=True, slots=True)
class Group:
    """``each``: how many things one call of a run works on."""

    title: str
    what: str
    runs: dict[str, Run]
    each: int = 1
    target: str = ""
    note: str = ""


def vector(file: str, name: str) -> bytes:
    vectors = json.loads((VECTORS / f"{file}.json").read_text(encoding="utf-8"))
    (found,) = [v["hex"] for v in vectors if v["name"] == name]
    return bytes.fromhex(found)


def groups() -> Iterator[Group]:
    yield registration()
    yield content()
    yield from x2x3_codec()
    yield from handover()
    yield from x1()


def registration() -> Group:
    octets = vector("iri_valid", "xiri-registration")
    foreign = (
        asn1tools_decoder(octets),
        pycrate_decoder("TS33128Payloads", "XIRIPayload", octets),
    )
    runs: dict[str, Run] = {"custodes": lambda: decode_xiri(octets)}
    runs |= dict(found for found in foreign if found is not None)
    return Group(
        "Decoding a registration record",
        f"XIRIPayload with AMFRegistration, {len(octets)} octets, records/s",
        runs,
        target="not slower than asn1tools",
        note="asn1tools does not know RELATIVE-OID: it is given the module with OCTET STRING in "
        "its place, and so leaves the arcs unread. It is the generic codec that is measured here; "
        "no second one compiled from the tables was needed.",
    )


def content() -> Group:
    octets = x3_octets(512)
    bench = ContentBench(octets)
    return Group(
        "X3 PDU to PS-PDU",
        "GTP-U packet of 512 octets; from the octets of an X3 PDU to those of a PS-PDU, PDUs/s",
        {
            "template encoder": bench.fast,
            "generic encoder": bench.generic,
            "template encoder inside the Mediator (one order)": bench.mediated,
        },
        target="150,000/s by the template encoder",
        note="The first two lines decode the X3 PDU, check the GTP-U packet and write the PS-PDU. "
        "The third also looks the task up, asks the clock whether its order runs, and takes CIN "
        "and sequence number from counters in memory; queues, counters and connections are not in "
        "any of them.",
    )


def x2x3_codec() -> Iterator[Group]:
    x3, x2 = x3_octets(512), vector("x2x3_valid", "x2-format-2")
    pdu, stream = x2x3.decode(x3), x3 * STREAM

    def read_all() -> int:
        reader, count = Reader(), 0
        reader.receive_data(stream)
        while reader.next_pdu() is not None:
            count += 1
        return count

    yield Group(
        "X3 PDU",
        f"{len(x3)} octets, PDUs/s",
        {"decode": lambda: x2x3.decode(x3), "encode": lambda: x2x3.encode(pdu)},
    )
    yield Group("X2 PDU", f"{len(x2)} octets, PDUs/s", {"decode": lambda: x2x3.decode(x2)})
    yield Group("X3 stream", f"{STREAM} PDUs at once, PDUs/s", {"Reader": read_all}, each=STREAM)


def handover() -> Iterator[Group]:
    hi3 = ContentBench(x3_octets(512)).fast()
    hi2 = vector("handover_valid", "ps-pdu-iri")
    for title, octets in (("PS-PDU with content", hi3), ("PS-PDU with two records", hi2)):
        runs: dict[str, Run] = {"custodes": lambda o=octets: ps_pdu.decode(o)}
        foreign = pycrate_decoder("LI-PS-PDU", "PS-PDU", octets)
        if foreign is not None:
            runs[foreign[0]] = foreign[1]
        yield Group(title, f"decoding {len(octets)} octets, PDUs/s", runs)


def x1() -> Iterator[Group]:
    octets = vector("x1_valid", "activate-plain")
    messages = decode_request(octets)
    yield Group(
        "X1 ActivateTask",
        f"a request of {len(octets)} octets, requests/s",
        {"decode": lambda: decode_request(octets), "encode": lambda: encode_request(messages)},
    )
