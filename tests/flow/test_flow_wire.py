"""Everything that crosses an interface in the chain, judged by others: schemas, ASN.1, tshark."""

from __future__ import annotations

import json
import struct
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import judges
from conformance.asn1_oracle import Oracle
from conformance.x1_schema import x1_schema
from custodes.app.config import AdmfConfig, MdfConfig, PoiConfig, X1GateConfig, dump, load
from custodes.app.lab import AGENCIES, Lab, lemf_name
from custodes.wire.handover.reader import Reader as HandoverReader
from custodes.wire.x2x3.pdu import PDU, PDUType, encode
from custodes.wire.x2x3.reader import Reader as X2X3Reader
from flow.between import (
    Between,
    Conversation,
    reach_agency_at,
    reach_intake_at,
    reach_x1_at,
)
from flow.scenes import CAPTURE, TARGET, Run, run_scene

PORT = 29005
# tshark 4.0.17 knows the table of release 17 version 0. The only complaint allowed is this one, on
# the fields that are newer; by the tag octet of each.
UNKNOWN = "This field lies beyond the end of the known sequence definition"
NEWER_THAN_TSHARK = {
    "registration": (
        "88",  # sUCI: sUPIType [8]
        "92",  # rATType [18]
        "b3",  # rRCEstablishmentCause [19]
        "b5",  # nASTransportInitialInformation [21]
        "98",  # fiveGMMCapability [24]
    ),
    "pDUSessionEstablishment": (
        "b6",  # servingNetwork [22]
        "b9",  # gTPTunnelInfo [25]
    ),
}
WARNING = 0x600000
RECORDS = {
    "registration": "AMFRegistration",
    "pDUSessionEstablishment": "SMFPDUSessionEstablishment",
}


@dataclass(frozen=True)
class Tapped:
    run: Run
    x1: list[Conversation]
    x2x3: list[Conversation]
    hi: list[Conversation]


@pytest.fixture(scope="module")
def tapped(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Tapped:
    """The demo with a tap in every interface, each before TLS."""
    x1: list[Between] = []
    x2x3: list[Between] = []
    hi: list[Between] = []

    def prepare(lab: Lab, stack: ExitStack) -> None:
        registry = lab.registry()
        for element in registry.elements:
            tap = stack.enter_context(Between(lab, element.neIdentifier, element.x1))
            reach_x1_at(lab, element.neIdentifier, tap.address)
            x1.append(tap)
            if element.intake is not None:
                tap = stack.enter_context(Between(lab, element.neIdentifier, element.intake))
                reach_intake_at(lab, element.neIdentifier, tap.address)
                x2x3.append(tap)
        for agency in registry.agencies:
            tap = stack.enter_context(Between(lab, lemf_name(agency.name), agency.hi2))
            reach_agency_at(lab, agency.name, tap.address)
            hi.append(tap)
        x1.extend(tap_gate(lab, stack))

    capture = (shared / CAPTURE).read_bytes()
    run = run_scene(tmp_path_factory.mktemp("tapped"), capture, TARGET, prepare)
    return Tapped(run, *([c for tap in taps for c in tap.conversations] for taps in (x1, x2x3, hi)))


def tap_gate(lab: Lab, stack: ExitStack) -> list[Between]:
    """Between the gate and those who configure its address, and between it and the admf."""
    gate = load(lab.function("x1gate"))
    admf = load(lab.function("admf"))
    assert isinstance(gate, X1GateConfig)
    assert isinstance(admf, AdmfConfig)
    assert gate.identity.listen is not None
    assert admf.identity.listen is not None
    to_gate = stack.enter_context(Between(lab, "x1gate", gate.identity.listen))
    to_admf = stack.enter_context(Between(lab, "admf", admf.identity.listen))
    for name in ("admf", "poi", "mdf"):
        config = load(lab.function(name))
        assert isinstance(config, AdmfConfig | PoiConfig | MdfConfig)
        dump(lab.function(name), config.model_copy(update={"gate": to_gate.address}))
    dump(lab.function("x1gate"), gate.model_copy(update={"admf": to_admf.address}))
    return [to_gate, to_admf]


def http_bodies(octets: bytes) -> Iterator[bytes]:
    """The bodies of HTTP/1.1 messages, one after the other, by Content-Length.

    Not of a 502: while one function still starts, another says in words that it has no answer.
    """
    while octets:
        head, _, rest = octets.partition(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        lengths = {k.lower(): v for k, v in fields.items()}
        length = int(lengths.get(b"content-length", b"0"))
        if length and not head.startswith(b"HTTP/1.1 502"):
            yield rest[:length]
        octets = rest[length:]


def x2x3_pdus(conversation: Conversation) -> list[PDU]:
    reader = X2X3Reader()
    reader.receive_data(bytes(conversation.from_client))
    found = []
    while (pdu := reader.next_pdu()) is not None:
        found.append(pdu)
    return found


def ps_pdus(octets: bytes) -> list[bytes]:
    reader = HandoverReader()
    reader.receive_data(octets)
    found = []
    while (pdu := reader.next_pdu()) is not None:
        found.append(pdu)
    return found


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Oracle:
    return Oracle(shared / "standards" / "etsi" / "asn1")


def test_with_taps_the_chain_is_the_same(tapped: Tapped) -> None:
    assert tapped.run.verdict.clean
    assert tapped.run.result.xcc == 2


def test_every_x1_message_validates(tapped: Tapped, shared: Path) -> None:
    schema = x1_schema(shared)
    seen: Counter[str] = Counter()
    for conversation in tapped.x1:
        for octets in (conversation.from_client, conversation.from_server):
            for body in http_bodies(bytes(octets)):
                root = etree.fromstring(body)
                schema.assertValid(root)
                types = root.xpath(
                    "//@xsi:type", namespaces={"xsi": "http://www.w3.org/2001/XMLSchema-instance"}
                )
                seen.update(str(t).rpartition(":")[2] for t in types)
    for wanted in (
        "CreateDestinationRequest",
        "ActivateTaskRequest",
        "ModifyTaskRequest",
        "DeactivateTaskRequest",
        "GetAllDetailsResponse",
    ):
        assert seen[wanted], f"no {wanted} crossed an interface"
    assert not seen["ErrorResponse"]


def test_only_our_own_functions_see_the_grant(tapped: Tapped) -> None:
    """In the lab every element is ours: each activation carries its grant."""
    activations = [
        body
        for conversation in tapped.x1
        if conversation.client == "x1gate"
        for body in http_bodies(bytes(conversation.from_client))
        if b"ActivateTaskRequest" in body
    ]
    assert activations
    assert all(b"urn:custodes:x1:grant:1" in body for body in activations)


def product(tapped: Tapped, kind: PDUType) -> list[PDU]:
    return [p for c in tapped.x2x3 for p in x2x3_pdus(c) if p.type is kind]


def test_every_xiri_decodes_and_is_complete(tapped: Tapped, oracle: Oracle, shared: Path) -> None:
    records = [
        oracle.decode("TS33128Payloads", "XIRIPayload", pdu.payload)["event"]
        for pdu in product(tapped, PDUType.X2)
    ]
    # AMF and SMF are elements of their own, each with its own connection: no order between them.
    assert sorted(name for name, _ in records) == ["pDUSessionEstablishment", "registration"]
    for event in records:
        assert_mandatory(shared, event)


def test_every_ps_pdu_decodes_and_its_iri_is_complete(
    tapped: Tapped, oracle: Oracle, shared: Path
) -> None:
    kinds: Counter[str] = Counter()
    for conversation in tapped.hi:
        for octets in (conversation.from_client, conversation.from_server):
            for octets_of_pdu in ps_pdus(bytes(octets)):
                payload, content = oracle.decode("LI-PS-PDU", "PS-PDU", octets_of_pdu)["payload"]
                kinds[payload] += 1
                if payload == "iRIPayloadSequence":
                    for item in content:
                        name, iri = item["iRIContents"]
                        assert name == "threeGPP33128DefinedIRI"
                        decoded = contained(oracle, "IRIPayload", iri)
                        assert_mandatory(shared, decoded["event"])
                        assert decoded["targetIdentifiers"]
                if payload == "cCPayloadSequence":
                    for item in content:
                        name, cc = item["cCContents"]
                        assert name == "threeGPP33128DefinedCC"
                        decoded = contained(oracle, "CCPayload", cc)
                        assert decoded["pDU"][0] == "uPFCCPDU"
    assert kinds["iRIPayloadSequence"] == tapped.run.result.hi2
    assert kinds["cCPayloadSequence"] == tapped.run.result.hi3
    assert kinds["hI4Payload"] == tapped.run.result.hi4


# Names of TS 33.128 under which a place, or the base station that serves it, could stand.
PLACES = {
    *("location", "locationInfo", "userLocation", "nRLocation", "eUTRALocation", "n3GALocation"),
    *("tAI", "tAIList", "fiveGSTAIList", "nCGI", "eCGI", "tAC", "nRCellID", "eUTRACellID"),
    *("globalGNbID", "globalRANNodeID", "dLRANTunnelInformation"),
}


def names(value: Any) -> set[str]:
    """The name of every field and alternative, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    if isinstance(value, list | tuple):
        first = {value[0]} if isinstance(value, tuple) and isinstance(value[0], str) else set()
        return first.union(*map(names, value))
    return set()


def test_only_the_agency_that_ordered_location_has_any(tapped: Tapped, oracle: Oracle) -> None:
    """Order-1 is with location, order-2 on the same subscriber without; as others decode them."""
    found: dict[str, list[set[str]]] = {}
    for conversation in tapped.hi:
        for octets in ps_pdus(bytes(conversation.from_client)):
            pdu = oracle.decode("LI-PS-PDU", "PS-PDU", octets)
            payload, content = pdu["payload"]
            if payload == "iRIPayloadSequence":
                liid = pdu["pSHeader"]["lawfulInterceptionIdentifier"].decode()
                for item in content:
                    iri = contained(oracle, "IRIPayload", item["iRIContents"][1])
                    found.setdefault(liid, []).append(names(iri) | names(pdu["pSHeader"]))
    liids = tapped.run.liids
    assert set(found) == {liids["order-1"], liids["order-2"]}
    assert all({"location", "nRLocation", "tAI"} <= one for one in found[liids["order-1"]])
    assert len(found[liids["order-2"]]) == 2
    assert [one & PLACES for one in found[liids["order-2"]]] == [set(), set()]


def test_the_evidence_has_location_only_where_it_was_ordered(tapped: Tapped) -> None:
    """In everything an agency's folder holds, notifications and unannounced product included."""
    with_it, without = (tapped.run.lab.evidence(agency) for agency in AGENCIES)
    lines = [json.loads(x) for x in (with_it / tapped.run.liids["order-1"] / "iri.jsonl").open()]
    assert len(lines) == 2
    assert all({"location", "nRLocation", "tAI"} <= names(line["record"]) for line in lines)
    files = list(without.rglob("*.jsonl"))
    assert any(file.name == "iri.jsonl" for file in files)
    held = set().union(*(names(json.loads(line)) for file in files for line in file.open()))
    assert "sUPI" in held
    assert held & PLACES == set()


def test_the_mdf2_alone_is_told_to_leave_location_out(tapped: Tapped) -> None:
    """TS 33.128 4.4.4: as the gate wrote it to the elements."""
    told: Counter[tuple[str, str]] = Counter()
    for conversation in tapped.x1:
        for body in http_bodies(bytes(conversation.from_client)):
            for entry in etree.fromstring(body).iter("{*}mediationDetails"):
                kind = entry.findtext("{*}deliveryType")
                scoping = "with" if entry.find(".//{*}doNotReport") is None else "without"
                told[f"{kind} {entry.findtext('{*}LIID')}", scoping] += 1
    liids = tapped.run.liids
    expected = {
        (f"HI2Only {liids['order-1']}", "with"),
        (f"HI2Only {liids['order-2']}", "without"),
        (f"HI2Only {liids['order-3']}", "with"),
        (f"HI3Only {liids['order-1']}", "with"),
        (f"HI3Only {liids['order-3']}", "with"),
    }
    assert set(told) == expected


def contained(oracle: Oracle, kind: str, value: Any) -> Any:
    """pycrate decodes what an OCTET STRING is said to contain, where it can."""
    if isinstance(value, tuple):
        assert value[0] == kind
        return value[1]
    return oracle.decode("TS33128Payloads", kind, value)


def assert_mandatory(shared: Path, event: tuple[str, dict[str, Any]]) -> None:
    """The M columns of TS 33.128, read from the published facts and not from our tables."""
    record = {
        "registration": "AMFRegistration",
        "pDUSessionEstablishment": "SMFPDUSessionEstablishment",
    }
    name, value = event
    wanted = mandatory(shared, record[name])
    assert wanted
    assert wanted <= set(value), f"{name} lacks {wanted - set(value)}"


def mandatory(shared: Path, record: str) -> set[str]:
    lines = (shared / "standards/3gpp/ts33128_presence.tsv").read_text().splitlines()
    columns = lines[0].split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=False)) for line in lines[1:]]
    return {
        r["asn1_name"]
        for r in rows
        if r["record"] == record and r["presence"] == "M" and r["asn1_name"]
    }


def test_tshark_dissects_the_x2_x3_streams(tapped: Tapped, tmp_path: Path) -> None:
    pdus = [p for c in tapped.x2x3 for p in x2x3_pdus(c)]
    assert Counter(p.type for p in pdus)[PDUType.X3] == 2
    capture = tmp_path / "x2x3.pcap"
    write_pcap(capture, [encode(p) for p in pdus])
    command = [
        judges.tshark(),
        "-n",
        "-r",
        str(capture),
        "-d",
        f"tcp.port=={PORT},5gli",
        "-T",
        "pdml",
    ]
    read = subprocess.run(command, capture_output=True, check=True, timeout=60)
    packets = etree.fromstring(read.stdout, etree.XMLParser(huge_tree=True)).findall("packet")
    assert len(packets) == len(pdus)
    for packet, pdu in zip(packets, pdus, strict=True):
        assert shown(packet, "li5g.xid") == [str(pdu.xid)]
        assert shown(packet, "li5g.type") == [str(int(pdu.type))]
        newer: tuple[str, ...] = ()
        if pdu.type is PDUType.X2:
            event = next(e for e in RECORDS if shown(packet, f"lix2.{e}_element"))
            newer = NEWER_THAN_TSHARK[event]
        if pdu.type is PDUType.X3:
            protocols = {str(proto.get("name")) for proto in packet.iter("proto")}
            assert {"gtp", "icmp"} <= protocols
        assert findings(packet) == sorted(newer)


def shown(packet: etree._Element, name: str) -> list[str]:
    return [str(f.get("show")) for f in packet.iter("field") if f.get("name") == name]


def findings(packet: etree._Element) -> list[str]:
    """The tag octet of every field that tshark does not know, and every other complaint whole."""
    found = []
    for field in packet.iter("field"):
        if field.get("name") != "_ws.expert":
            continue
        severity = int(shown(field, "_ws.expert.severity")[0])
        message = str(field.get("showname"))
        if severity < WARNING:
            continue
        parent = field.getparent()
        known = UNKNOWN in message and parent is not None
        found.append(str(parent.get("value"))[:2] if known else message)
    return sorted(found)


def write_pcap(path: Path, pdus: list[bytes]) -> None:
    """Raw IPv4, one TCP segment on a connection of its own for each PDU."""
    address = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for number, octets in enumerate(pdus):
            ports = 10_000 + number, PORT
            tcp = struct.pack("!HHIIBBHHH", *ports, 1, 1, 0x50, 0x18, 65535, 0, 0)
            length = 20 + len(tcp) + len(octets)
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, length, 1, 0, 64, 6, 0, *address)
            file.write(struct.pack("<IIII", 0, 0, length, length) + ip + tcp + octets)


def test_the_evidence_holds_the_packets_of_the_capture(tapped: Tapped, shared: Path) -> None:
    """Found in the capture by their octets: the two inner packets of frames 249 and 250."""
    capture = (shared / CAPTURE).read_bytes()
    folder = tapped.run.order_folder(AGENCIES[0], "order-1")
    packets = pcap_packets((folder / "content.pcap").read_bytes())
    assert [len(p) for p in packets] == [48, 48]
    assert all(p[9] == 1 for p in packets), "ICMP"
    assert all(capture.count(p) == 1 for p in packets)
    assert capture.index(packets[0]) < capture.index(packets[1])


def pcap_packets(octets: bytes) -> list[bytes]:
    position, packets = 24, []
    while position < len(octets):
        length = struct.unpack_from("<I", octets, position + 8)[0]
        packets.append(octets[position + 16 : position + 16 + length])
        position += 16 + length
    return packets


def test_each_agency_has_what_it_ordered_and_no_more(tapped: Tapped) -> None:
    run = tapped.run
    first = run.order_folder(AGENCIES[0], "order-1")
    second = run.order_folder(AGENCIES[1], "order-2")
    absent = run.order_folder(AGENCIES[1], "order-3")
    assert sorted(p.name for p in first.iterdir()) == ["content.pcap", "iri.jsonl"]
    assert sorted(p.name for p in second.iterdir()) == ["iri.jsonl"]
    assert list(absent.iterdir()) == []
    for folder in (first, second):
        lines = [json.loads(line) for line in (folder / "iri.jsonl").open()]
        events = sorted(line["event"] for line in lines)
        assert events == ["pDUSessionEstablishment", "registration"]


def test_product_carries_the_time_of_the_capture(tapped: Tapped) -> None:
    folder = tapped.run.order_folder(AGENCIES[0], "order-1")
    seconds = struct.unpack_from("<I", (folder / "content.pcap").read_bytes(), 24)[0]
    assert seconds == 1_579_600_000 or 1_500_000_000 < seconds < 1_700_000_000


def test_the_registration_of_the_capture_stands_decoded(tapped: Tapped) -> None:
    folder = tapped.run.order_folder(AGENCIES[0], "order-1")
    lines = [json.loads(line) for line in (folder / "iri.jsonl").read_text().splitlines()]
    [registration] = [line for line in lines if line["event"] == "registration"]
    assert TARGET.removeprefix("imsi-") in json.dumps(registration)
