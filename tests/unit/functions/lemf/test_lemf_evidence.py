"""What arrives stands in the evidence, once, under its own order."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from custodes.base.errors import ConfigurationError, CustodesError
from custodes.base.ids import CIN, LIID
from custodes.functions.lemf.evidence import ABOUT, Evidence
from custodes.functions.lemf.files import FolderFiles
from custodes.session.handover.events import Continuity, PDUReceived
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.iri import IRIItem
from custodes.wire.handover.pdu import HI4, PSPDU, CCs, IRIs, Payload, Unknown, decode, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.iri.payload import encode_cc, encode_iri, li_notification, target_identifier
from custodes.wire.iri.rules import IRIType

NS = 1_893_456_000_123_456_000
INNER = bytes.fromhex("4500001400000000400100000a000001") + bytes([192, 0, 2, 1])
GTPU = b"\x34\xff" + (8 + len(INNER)).to_bytes(2, "big") + b"\0\0\0\7\0\0\0\x85\1\x10\x09\0" + INNER
GUTI = {
    "mCC": "001",
    "mNC": "01",
    "aMFRegionID": 1,
    "aMFSetID": 1,
    "aMFPointer": 0,
    "fiveGTMSI": 1,
}
REGISTRATION: tuple[str, Any] = (
    "registration",
    {
        "registrationType": "initial",
        "registrationResult": "threeGPPAccess",
        "sUPI": ("iMSI", "001010000000001"),
        "gUTI": GUTI,
    },
)


def received(payload: Payload, liid: str = "A-1", number: int = 0, **event: Any) -> PDUReceived:
    header = PSHeader(
        liid=LIID(liid),
        authorizationCountryCode="XX",
        operatorIdentifier=b"OP",
        networkElementIdentifier=b"mdf2",
        networkFunctionIdentifier=b"\x00\x01",
        cin=CIN(5),
        sequenceNumber=number,
        timestamp=NS,
    )
    octets = encode(PSPDU(header, payload))
    fields = {"continuity": Continuity.IN_ORDER, "missing": 0} | event
    return PDUReceived(decode(octets), octets, **fields)


def iri() -> IRIs:
    targets = [target_identifier(("iMSI", "001010000000001"), "matchedOn")]
    octets = encode_iri(REGISTRATION, targets)
    return IRIs((IRIItem(contents=("threeGPP33128DefinedIRI", octets), type=IRIType.REPORT),))


def cc(pdu: tuple[str, Any] = ("uPFCCPDU", GTPU)) -> CCs:
    return CCs((CCItem(contents=("threeGPP33128DefinedCC", encode_cc(pdu))),))


def hi4(kind: str = "activation") -> HI4:
    return HI4((li_notification(kind),))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for text in path.read_text().splitlines()]


def make(root: Path) -> Evidence:
    return Evidence(FolderFiles(root), {"agency": "agency-a"})


def test_an_announced_order_without_product_is_an_empty_folder(tmp_path: Path) -> None:
    evidence = make(tmp_path)
    evidence.receive(received(hi4()))
    assert list((tmp_path / "A-1").iterdir()) == []
    (notice,) = lines(tmp_path / "notifications.jsonl")
    assert notice["liid"] == "A-1"
    assert notice["notificationType"] == "activation"
    assert evidence.counters()["unannounced"] == 0


def test_an_iri_is_one_line_with_everything_in_it(tmp_path: Path) -> None:
    evidence = make(tmp_path)
    evidence.receive(received(hi4()))
    evidence.receive(received(iri(), number=7))
    (line,) = lines(tmp_path / "A-1" / "iri.jsonl")
    assert line["liid"] == "A-1"
    assert line["cin"] == 5
    assert line["sequenceNumber"] == 7
    assert line["timestamp"] == "2030-01-01T00:00:00.123456000Z"
    assert line["iRIType"] == "iRI-Report"
    assert line["event"] == "registration"
    assert line["record"]["sUPI"] == {"iMSI": "001010000000001"}
    assert line["targetIdentifiers"] == [
        {"identifier": {"iMSI": "001010000000001"}, "provenance": "matchedOn"}
    ]
    assert line["iRIPayloadOID"] == "4.19.19.3.3"
    assert line["header"]["networkElementIdentifier"] == "mdf2"
    assert line["header"]["networkFunctionIdentifier"] == "0001"


def test_content_is_the_inner_packet_with_its_time(tmp_path: Path) -> None:
    evidence = make(tmp_path)
    evidence.receive(received(hi4()))
    evidence.receive(received(cc()))
    evidence.receive(
        received(cc(("extendedUPFCCPDU", {"payload": ("uPFIPCC", INNER), "qFI": 1})), number=1)
    )
    content = (tmp_path / "A-1" / "content.pcap").read_bytes()
    seconds, rest = divmod(NS, 10**9)
    record = b"".join(n.to_bytes(4, "little") for n in (seconds, rest, len(INNER), len(INNER)))
    assert content[24:] == (record + INNER) * 2
    assert not (tmp_path / "A-1" / "iri.jsonl").exists()


def test_content_that_is_no_packet_is_kept_as_hex(tmp_path: Path) -> None:
    evidence = make(tmp_path)
    evidence.receive(received(hi4()))
    evidence.receive(received(cc(("uPFCCPDU", b"\x30\xff\0\1\0\0\0\7\x00"))))
    (line,) = lines(tmp_path / "A-1" / "content.jsonl")
    assert line["pDU"] == {"uPFCCPDU": "30ff00010000000700"}
    assert not (tmp_path / "A-1" / "content.pcap").exists()
    assert evidence.counters()["other_content"] == 1


def test_product_that_nobody_announced_is_evidence_of_a_fault(tmp_path: Path) -> None:
    evidence = make(tmp_path)
    evidence.receive(received(hi4()))
    evidence.receive(received(iri(), "B-1"))
    evidence.receive(received(cc(), "B-1"))
    evidence.receive(received(hi4("deactivation"), "B-1"))
    stray = tmp_path / "unannounced" / "B-1"
    assert sorted(p.name for p in stray.iterdir()) == ["content.pcap", "iri.jsonl"]
    assert not (tmp_path / "B-1").exists()
    assert evidence.counters()["unannounced"] == 3


def test_repeats_are_not_written_and_gaps_are_marked(tmp_path: Path) -> None:
    evidence = make(tmp_path)
    evidence.receive(received(hi4()))
    evidence.receive(received(iri()))
    evidence.receive(received(iri(), continuity=Continuity.REPEAT))
    evidence.receive(received(iri(), number=3, continuity=Continuity.GAP, missing=2))
    evidence.receive(received(iri(), number=2, continuity=Continuity.OUT_OF_ORDER))
    written = lines(tmp_path / "A-1" / "iri.jsonl")
    assert [line.get("continuity") for line in written] == [None, "gap", "out_of_order"]
    assert [line["sequenceNumber"] for line in written] == [0, 3, 2]
    counters = evidence.counters()
    assert (counters["repeats"], counters["gaps"], counters["missing"]) == (1, 1, 2)
    assert counters["out_of_order"] == 1


def test_what_cannot_be_read_is_kept_whole(tmp_path: Path) -> None:
    evidence = make(tmp_path)
    evidence.undecodable(b"\x30\x00", "no PS-PDU")
    bad = IRIs((IRIItem(contents=("threeGPP33128DefinedIRI", b"\x30\x00")),))
    other = received(Unknown(("threeGPP-HI1-Operation", b"\xa5\x02\x05\x00")))
    event = received(bad)
    evidence.receive(event)
    evidence.receive(other)
    kept = lines(tmp_path / "undecodable.jsonl")
    assert [line["octets"] for line in kept] == ["3000", event.octets.hex(), other.octets.hex()]
    assert [line["liid"] for line in kept] == [None, "A-1", "A-1"]
    assert evidence.counters()["undecodable"] == 3


def test_the_manifest_covers_every_file(tmp_path: Path) -> None:
    evidence = make(tmp_path)
    evidence.receive(received(hi4()))
    evidence.receive(received(cc()))
    evidence.settle()
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    files = {p.relative_to(tmp_path).as_posix(): p for p in tmp_path.rglob("*") if p.is_file()}
    del files["manifest.json"]
    assert set(manifest["files"]) == set(files)
    for name, path in files.items():
        content = path.read_bytes()
        assert manifest["files"][name] == {
            "sha256": sha256(content).hexdigest(),
            "size": len(content),
        }
    about = json.loads((tmp_path / "receiver.json").read_text())
    assert about["receiver"] == ABOUT
    assert about["agency"] == "agency-a"
    assert about["counters"]["pdus"] == 2


def test_a_quiet_receiver_does_not_write_again(tmp_path: Path) -> None:
    evidence = make(tmp_path)
    evidence.settle()
    (tmp_path / "manifest.json").unlink()
    evidence.settle()
    assert not (tmp_path / "manifest.json").exists()


def test_a_receiver_that_is_started_again_knows_its_orders(tmp_path: Path) -> None:
    make(tmp_path).receive(received(hi4()))
    again = make(tmp_path)
    again.receive(received(iri()))
    assert (tmp_path / "A-1" / "iri.jsonl").exists()
    assert again.counters()["unannounced"] == 0


def test_a_liid_never_leaves_the_folder(tmp_path: Path) -> None:
    root = tmp_path / "evidence"
    evidence = make(root)
    evidence.receive(received(hi4(), "../../x"))
    evidence.receive(received(iri(), "../../x"))
    assert [p.name for p in tmp_path.iterdir()] == ["evidence"]
    assert (root / "%2E.%2F..%2Fx" / "iri.jsonl").exists()


def test_a_folder_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError):
        FolderFiles(tmp_path / "file")
    files = FolderFiles(tmp_path / "evidence")
    (tmp_path / "evidence" / "A-1").write_text("")
    with pytest.raises(CustodesError):
        files.append("A-1/iri.jsonl", b"x")
    with pytest.raises(CustodesError):
        files.folder("A-1")
