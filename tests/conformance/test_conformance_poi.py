"""The probe on foreign captures, judged by tshark where it says the same thing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from asn1_oracle import Oracle

import judges
from capture_rewriter import (
    GNB_N3,
    MSIN,
    PLMN,
    SCTP,
    UDP,
    UE,
    UPF_N3,
    UPF_N4,
    packets,
    plan,
    rewrite,
    without_last_frame,
)
from custodes.app.demo_capture import make_demo_capture
from custodes.functions.poi.events import Direction
from custodes.wire.iri.payload import decode_xiri, encode_xiri
from poi_run import run

IMSI = "2089300007487"
BOTH = ["registration", "pDUSessionEstablishment"]


@pytest.fixture(scope="session")
def free5gc(shared: Path) -> bytes:
    return (shared / "samples/5gc/free5gc.pcap").read_bytes()


def tshark(capture: Path, *arguments: str) -> list[str]:
    command = [judges.tshark(), "-r", str(capture), "-o", "nas-5gs.null_decipher:TRUE", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_free5gc_gives_one_registration_one_session_two_packets(free5gc: bytes) -> None:
    seen = run(free5gc)
    assert seen.of(IMSI) == (BOTH, 2)
    assert seen.order == ["XIRIEvent", "XIRIEvent", "Content", "Content"]
    assert seen.of("2089300007488") == ([], 0)
    assert seen.counters.frames == 250
    assert not seen.counters.unreadable


def test_free5gc_registration_has_what_the_interfaces_show(free5gc: bytes) -> None:
    event = run(free5gc).records[0]
    name, record = event.event
    assert name == "registration"
    assert record["sUPI"] == ("iMSI", IMSI)
    assert record["pEI"] == ("iMEISV", "1110000000000000")
    assert record["registrationType"] == "initial"
    assert record["registrationResult"] == "threeGPPAccess"
    assert record["gUTI"] == {
        "mCC": "208",
        "mNC": "93",
        "aMFRegionID": 202,
        "aMFSetID": 1016,
        "aMFPointer": 0,
        "fiveGTMSI": 1,
    }
    place = record["location"]["locationInfo"]["userLocation"]["nRLocation"]
    assert place["nCGI"] == {"pLMNID": {"mCC": "208", "mNC": "93"}, "nRCellID": (1, 36)}
    assert place["tAI"]["tAC"] == b"\0\0\1"
    assert record["rRCEstablishmentCause"] == ("fiveGCEstablishmentCause", "mtAccess")
    assert record["sUCI"]["schemeOutput"] == bytes.fromhex("00004778")
    assert event.direction is Direction.FROM_TARGET
    assert event.correlation_id == 0


def test_free5gc_session_has_what_the_interfaces_show(free5gc: bytes) -> None:
    event = run(free5gc).records[1]
    name, record = event.event
    assert name == "pDUSessionEstablishment"
    uplink = {"tEID": 1, "iPv4Address": bytes([10, 200, 200, 102])}
    assert record["gTPTunnelID"] == uplink
    tunnels = record["gTPTunnelInfo"]["fiveGSGTPTunnels"]
    assert tunnels["uLNGUUPTunnelInformation"] == uplink
    downlink = tunnels["dLRANTunnelInformation"]["dLQOSFlowTunnelInformation"]
    assert downlink["uPTunnelInformation"] == {"tEID": 1, "iPv4Address": bytes([10, 200, 200, 1])}
    assert record["pDUSessionID"] == 10
    assert record["dNN"] == "internet"
    assert record["pDUSessionType"] == "iPv4"
    assert record["requestType"] == "initialRequest"
    assert record["uEEndpoint"] == [("iPv4Address", bytes([60, 60, 0, 1]))]
    assert record["sNSSAI"] == {"sliceServiceType": 1, "sliceDifferentiator": b"\1\2\3"}


def test_free5gc_packets_are_tsharks_packets(free5gc: bytes, shared: Path) -> None:
    seen = run(free5gc)
    first, second = seen.contents
    assert (first.direction, second.direction) == (Direction.FROM_TARGET, Direction.TO_TARGET)
    session = seen.records[1].correlation_id
    assert session
    assert {first.correlation_id, second.correlation_id} == {session}
    rows = tshark(
        shared / "samples/5gc/free5gc.pcap",
        "-Y",
        "gtp.message==0xff",
        "-T",
        "fields",
        "-e",
        "frame.time_epoch",
        "-e",
        "gtp.length",
        "-e",
        "icmp.type",
        "-e",
        "ip.len",
    )
    assert len(rows) == 2
    for row, content in zip(rows, seen.contents, strict=True):
        when, length, icmp, lengths = row.split("\t")
        assert when.replace(".", "") == str(content.timestamp_ns)
        assert len(content.gtpu_packet) == 8 + int(length)
        assert len(content.inner) == int(lengths.split(",")[1]) == 48
        assert content.inner[20] == int(icmp)


def test_every_record_survives_the_wire(free5gc: bytes) -> None:
    for record in run(free5gc).records:
        assert decode_xiri(encode_xiri(record.event)).event == record.event


def test_pycrate_reads_every_record_by_the_published_asn1(free5gc: bytes, shared: Path) -> None:
    oracle = Oracle(shared / "standards/etsi/asn1")
    records = run(free5gc).records + run(make_demo_capture().capture).records
    assert len(records) == 6
    for record in records:
        read = oracle.decode("TS33128Payloads", "XIRIPayload", encode_xiri(record.event))
        assert read["event"] == record.event


def test_without_the_last_frame_one_packet(free5gc: bytes) -> None:
    assert run(without_last_frame(free5gc)).of(IMSI) == (BOTH, 1)


def test_piece_by_piece_is_the_same(free5gc: bytes) -> None:
    assert run(free5gc, step=7).of(IMSI) == (BOTH, 2)


@pytest.mark.parametrize("seed", range(20))
def test_rewritten_capture_gives_the_same_counts(free5gc: bytes, seed: int) -> None:
    made, chosen = rewrite(free5gc, seed)
    assert chosen.imsi != IMSI
    seen = run(made)
    assert seen.of(chosen.imsi) == (BOTH, 2)
    assert seen.of(IMSI) == ([], 0)
    assert seen.order == ["XIRIEvent", "XIRIEvent", "Content", "Content"]
    record = seen.records[1].event[1]
    assert record["uEEndpoint"] == [("iPv4Address", chosen.ue)]
    assert record["gTPTunnelID"]["tEID"] == int.from_bytes(chosen.uplink_teid)
    assert {content.inner[12:16] for content in seen.contents} >= {chosen.ue}


def test_rewriting_replaces_every_address(free5gc: bytes) -> None:
    assert plan(1).imsi != plan(2).imsi
    made, _ = rewrite(free5gc, 1)
    interfaces = (SCTP, UDP)  # what the core's functions say to each other by HTTP stays
    before, after = (
        b"".join(
            frame
            for p in packets(capture)
            if (frame := capture[p.frame : p.frame + p.frame_length])[25] in interfaces
        )
        for capture in (free5gc, made)
    )
    for old in (UPF_N3, GNB_N3, UPF_N4, UE, b"\xf0\xff\0\0" + MSIN, PLMN):
        assert old in before
        assert old not in after


def test_no_sample_capture_makes_it_fail(shared: Path) -> None:
    for folder in ("5gc", "gtp", "pfcp"):
        for capture in sorted((shared / "samples" / folder).glob("*.pcap*")):
            seen = run(capture.read_bytes())
            assert seen.counters.frames > 0
            if capture.name != "free5gc.pcap":
                assert not seen.records, capture.name
                assert not seen.contents, capture.name


def test_gpdus_counted_as_tshark_counts_them(shared: Path) -> None:
    for name in ("gtp1_gn_normal_incl_fragmentation", "gtp6_gtp_0x32"):
        capture = shared / f"samples/gtp/tunnels_gtp_{name}.pcap"
        rows = tshark(
            capture,
            "-Y",
            "gtp.message==0xff && gtp.flags.version==1",
            "-T",
            "fields",
            "-e",
            "frame.number",
        )
        assert run(capture.read_bytes()).counters.gtpu == len(rows), name


def test_every_pfcp_message_of_the_sample_is_recognised(shared: Path) -> None:
    seen = run((shared / "samples/pfcp/pfcp.pcap").read_bytes())
    assert seen.counters.pfcp == seen.counters.frames == 200


def test_demo_capture_is_what_it_says(tmp_path: Path) -> None:
    scene = make_demo_capture()
    seen = run(scene.capture)
    for subscriber, expected in scene.expected.items():
        imsi = subscriber.removeprefix("imsi-")
        names, count = seen.of(imsi)
        assert names.count("registration") == expected.registrations
        assert names.count("pDUSessionEstablishment") == expected.sessions
        assert count == expected.uplink + expected.downlink
        mine = [c for c in seen.contents if c.subject.imsi == imsi]
        assert sum(c.direction is Direction.FROM_TARGET for c in mine) == expected.uplink
        assert all(c.qfi == 9 for c in mine)
        assert len({c.correlation_id for c in mine}) == expected.sessions
    assert not seen.blind
    for record in seen.records:
        assert decode_xiri(encode_xiri(record.event)).event == record.event
    assert make_demo_capture().capture == scene.capture


def test_tshark_agrees_on_the_demo_capture(tmp_path: Path) -> None:
    capture = tmp_path / "demo.pcap"
    scene = make_demo_capture()
    capture.write_bytes(scene.capture)
    said = tshark(capture, "-o", "sctp.checksum:CRC-32c", "-V")
    assert not [line for line in said if "Malformed" in line or "Expert Info (Error" in line]
    assert not [line for line in said if "[incorrect" in line or "Bad checksum" in line.lower()]
    registrations = tshark(
        capture,
        "-Y",
        "ngap.procedureCode==15 && nas_5gs.mm.message_type==0x41",
        "-T",
        "fields",
        "-e",
        "e212.imsi",
        "-e",
        "nas_5gs.mm.suci.msin",
    )
    assert [row.split("\t")[1] for row in registrations] == ["0000000001", "0000000002"]
    accepts = tshark(
        capture,
        "-Y",
        "nas_5gs.sm.message_type==0xc2",
        "-T",
        "fields",
        "-e",
        "nas_5gs.sm.pdu_addr_inf_ipv4",
    )
    assert accepts == ["203.0.113.11", "203.0.113.12"]
    for phone, subscriber in (("203.0.113.11", scene.target), ("203.0.113.12", scene.other)):
        expected = scene.expected[subscriber]
        found = tshark(
            capture, "-Y", f"gtp && ip.addr=={phone}", "-T", "fields", "-e", "frame.number"
        )
        assert len(found) == expected.uplink + expected.downlink
