"""What arrives stands in the evidence, once, under its own order."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lemf_disk import FaultyFile

from custodes.base.errors import ConfigurationError, CustodesError, DecodeError
from custodes.base.ids import CIN, LIID
from custodes.functions.lemf.evidence import ABOUT, Evidence
from custodes.functions.lemf.files import FolderFiles
from custodes.functions.lemf.journal import JournalDamagedError
from custodes.session.handover.events import Continuity, PDUReceived
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.iri import IRIItem
from custodes.wire.handover.operator_message import OperatorLeaMessage, OperatorLeaMessagePriority
from custodes.wire.handover.pdu import (
    HI4,
    PSPDU,
    TRI,
    CCs,
    IRIs,
    Payload,
    Unknown,
    decode,
    encode,
)
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
HEADER = PSHeader(
    liid=LIID("A-1"),
    authorizationCountryCode="XX",
    operatorIdentifier=b"OP",
    networkElementIdentifier=b"mdf2",
    networkFunctionIdentifier=b"\x00\x01",
    cin=CIN(5),
    sequenceNumber=0,
    timestamp=NS,
)


def received(payload: Payload, liid: str = "A-1", number: int = 0) -> PDUReceived:
    header = replace(HEADER, liid=LIID(liid), sequenceNumber=number)
    octets = encode(PSPDU(header, payload))
    return PDUReceived(decode(octets), octets)


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


class Bench:
    """Evidence with the arguments that do not matter here given."""

    def __init__(self, root: Path, files: FolderFiles | None = None) -> None:
        self.evidence = Evidence(files or FolderFiles(root), {"agency": "agency-a"}, bytes(16))
        self.recovery = self.evidence.recover()
        self.counters = self.evidence.counters
        self.settle = self.evidence.settle
        self.close = self.evidence.close

    def receive(self, event: PDUReceived) -> PDUReceived:
        return self.evidence.receive(event, NS, "mdf2")

    def undecodable(self, octets: bytes, what: str) -> None:
        self.evidence.undecodable(octets, what, NS, "mdf2")

    def sync(self) -> None:
        self.evidence.sync(self.evidence.generation)


def make(root: Path) -> Bench:
    return Bench(root)


def state(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


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
    assert evidence.receive(received(iri())).continuity is Continuity.REPEAT
    evidence.receive(received(iri(), number=3))
    evidence.receive(received(iri(), number=2))
    written = lines(tmp_path / "A-1" / "iri.jsonl")
    assert [line.get("continuity") for line in written] == [None, "gap", "out_of_order"]
    assert [line.get("missing") for line in written] == [None, 2, 0]
    assert [line["sequenceNumber"] for line in written] == [0, 3, 2]
    counters = evidence.counters()
    assert (counters["repeats"], counters["gaps"], counters["missing"]) == (1, 1, 2)
    assert (counters["out_of_order"], counters["pdus"]) == (1, 4)


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


def test_a_receiver_that_is_started_again_goes_on(tmp_path: Path) -> None:
    first = make(tmp_path)
    first.receive(received(hi4()))
    first.receive(received(hi4(), "EMPTY"))
    first.receive(received(iri()))
    with pytest.raises(DecodeError) as why:
        decode(b"\x30\x00")
    first.undecodable(b"\x30\x00", why.value.what)
    before, counted = state(tmp_path), first.counters()
    first.close()
    again = make(tmp_path)
    assert state(tmp_path) == before
    assert again.recovery.frames == 4
    assert not again.recovery.mended.anything
    assert again.counters() == counted
    assert (tmp_path / "EMPTY").is_dir()
    assert again.receive(received(iri())).continuity is Continuity.REPEAT
    assert again.receive(received(iri(), number=1)).continuity is Continuity.IN_ORDER
    assert len(lines(tmp_path / "A-1" / "iri.jsonl")) == 2
    assert again.counters()["unannounced"] == 0


def test_the_readable_files_are_made_from_the_journal_alone(tmp_path: Path) -> None:
    first = make(tmp_path)
    first.receive(received(hi4()))
    first.receive(received(hi4(), "EMPTY"))
    for number in range(5):
        first.receive(received(cc(), number=number))
    before = state(tmp_path)
    first.close()
    (tmp_path / "A-1" / "content.pcap").write_bytes(b"torn")
    (tmp_path / "notifications.jsonl").unlink()
    (tmp_path / "EMPTY").rmdir()
    (tmp_path / "undecodable.jsonl").write_bytes(b"of a journal's end that was cut\n")
    again = make(tmp_path)
    assert again.recovery.mended.anything
    assert state(tmp_path) == before
    assert (tmp_path / "EMPTY").is_dir()


def test_evidence_without_its_journal_is_not_started_on(tmp_path: Path) -> None:
    first = make(tmp_path)
    first.receive(received(hi4()))
    first.close()
    (tmp_path / "received.journal").unlink()
    with pytest.raises(ConfigurationError, match="no received"):
        make(tmp_path)


def test_a_journal_shorter_than_the_manifest_knew_is_damage(tmp_path: Path) -> None:
    first = make(tmp_path)
    first.receive(received(hi4()))
    first.settle()
    first.close()
    journal = tmp_path / "received.journal"
    journal.write_bytes(journal.read_bytes()[:-1])
    with pytest.raises(JournalDamagedError):
        make(tmp_path)


def test_two_receivers_cannot_have_one_folder(tmp_path: Path) -> None:
    first = make(tmp_path)
    with pytest.raises(ConfigurationError, match="another receiver"):
        make(tmp_path)
    first.close()
    make(tmp_path)


class Failing(FolderFiles):
    """Takes half of an addition to a readable file when told to."""

    fail = False

    def append(self, name: str, octets: bytes, header: bytes = b"") -> None:
        if self.fail:
            super().append(name, octets[: len(octets) // 2], header)
            raise CustodesError("evidence cannot be written: no space left")
        super().append(name, octets, header)


def test_a_readable_file_that_could_not_be_written_is_mended(tmp_path: Path) -> None:
    files = Failing(tmp_path)
    bench = Bench(tmp_path, files)
    bench.receive(received(hi4()))
    bench.receive(received(iri()))
    files.fail = True
    with pytest.raises(CustodesError):
        bench.receive(received(iri(), number=1))
    files.fail = False
    generation = bench.evidence.generation
    for refused in (
        lambda: bench.receive(received(iri(), number=2)),
        lambda: bench.undecodable(b"\x30\x00", ""),
        bench.sync,
        bench.settle,
    ):
        with pytest.raises(CustodesError):
            refused()
    assert not bench.evidence.usable
    assert bench.evidence.recover().mended.anything
    # The journal had it before the file failed: sent again it is a repeat.
    assert bench.receive(received(iri(), number=1)).continuity is Continuity.REPEAT
    bench.receive(received(iri(), number=2))
    numbers = [line["sequenceNumber"] for line in lines(tmp_path / "A-1" / "iri.jsonl")]
    assert numbers == [0, 1, 2]
    bench.sync()
    with pytest.raises(CustodesError):  # a connection of before must not acknowledge
        bench.evidence.sync(generation)


class FullJournal(FolderFiles):
    """Its journal is the one it is given."""

    def __init__(self, root: Path, file: FaultyFile) -> None:
        super().__init__(root)
        self._file = file

    def growing(self, name: str) -> FaultyFile:  # type: ignore[override]
        return self._file


def test_a_number_is_taken_only_once_the_journal_has_it(tmp_path: Path) -> None:
    file = FaultyFile()
    bench = Bench(tmp_path, FullJournal(tmp_path, file))
    bench.receive(received(hi4()))
    file.room = len(file.octets) + 10
    with pytest.raises(CustodesError):
        bench.receive(received(iri()))
    file.room = None
    bench.evidence.recover()
    assert bench.receive(received(iri())).continuity is Continuity.IN_ORDER
    assert len(lines(tmp_path / "A-1" / "iri.jsonl")) == 1


def test_what_a_failed_sync_gave_up_is_given_up_everywhere(tmp_path: Path) -> None:
    file = FaultyFile()
    bench = Bench(tmp_path, FullJournal(tmp_path, file))
    bench.receive(received(hi4()))
    bench.receive(received(iri()))
    bench.sync()
    bench.receive(received(iri(), number=1))
    file.sync_fails = 1
    with pytest.raises(CustodesError):
        bench.sync()
    bench.evidence.recover()
    assert len(lines(tmp_path / "A-1" / "iri.jsonl")) == 1
    assert bench.receive(received(iri(), number=1)).continuity is Continuity.IN_ORDER
    assert len(lines(tmp_path / "A-1" / "iri.jsonl")) == 2


def test_what_the_manifest_says_of_the_journal_is_on_the_disk(tmp_path: Path) -> None:
    file = FaultyFile()
    bench = Bench(tmp_path, FullJournal(tmp_path, file))
    bench.receive(received(hi4()))
    assert file.on_disk != bytes(file.octets)
    bench.settle()
    assert file.on_disk == bytes(file.octets)


def test_what_senders_say_of_the_delivery_is_kept(tmp_path: Path) -> None:
    bench = make(tmp_path)
    words = OperatorLeaMessage(
        messagePriority=OperatorLeaMessagePriority.ERROR, message=b"delivery is late"
    )
    bench.receive(received(TRI(("operatorLeaMessage", words)), number=5))
    bench.receive(received(TRI(("cINReset", None)), number=2))
    bench.receive(received(TRI(("cINReset", None)), number=2))
    written = lines(tmp_path / "transport.jsonl")
    assert [line["payload"] for line in written] == ["operatorLeaMessage", "cINReset"]
    assert written[0]["value"] == {"messagePriority": "error", "message": b"delivery is late".hex()}
    assert not any("continuity" in line for line in written)
    assert bench.counters()["transport"] == 2


def test_what_this_receiver_trips_over_is_kept_and_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trip(ns: int, packet: bytes) -> bytes:
        raise struct.error(f"{ns} {len(packet)}")

    bench = make(tmp_path)
    bench.receive(received(hi4()))
    event = received(cc())
    with monkeypatch.context() as patched:
        patched.setattr("custodes.functions.lemf.layout.pcap_record", trip)
        bench.receive(event)
    bench.receive(received(cc(), number=1))
    [kept] = lines(tmp_path / "undecodable.jsonl")
    assert kept["octets"] == event.octets.hex()
    assert kept["what"].startswith("a fault of this receiver: ")
    assert len((tmp_path / "A-1" / "content.pcap").read_bytes()) == 24 + 16 + len(INNER)
    assert bench.counters()["internal_errors"] == 1


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
