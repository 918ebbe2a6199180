"""The verdict: counts, losses, strays and altered content, from hand-made evidence."""

from __future__ import annotations

import ast
import json
import struct
from pathlib import Path

import pytest

from custodes.app import verdict
from custodes.app.verdict import Expected, Sent, Verdict, add_digest, judge

A_PACKETS = (b"first packet", b"second packet")
LIID_A, LIID_B, LIID_C = "LI-1", "LI-2", "LI-3"
SUBJECT = "001010000000001"


def sent(*packets: bytes, **events: int) -> Sent:
    digest = 0
    for packet in packets:
        digest = add_digest(digest, packet)
    return Sent(events, len(packets), digest)


TARGET = sent(*A_PACKETS, registration=1, pDUSessionEstablishment=1)
ORDERS = (
    Expected("order-1", "agency-a", LIID_A, SUBJECT, content=True, sent=TARGET),
    Expected("order-2", "agency-b", LIID_B, SUBJECT, content=False, sent=TARGET),
    Expected("order-3", "agency-b", LIID_C, "001010000000404", content=True, sent=sent()),
)


def write_order(
    folder: Path, events: tuple[str, ...] = (), packets: tuple[bytes, ...] = ()
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if events:
        record = {"sUPI": {"iMSI": SUBJECT}}
        lines = (json.dumps({"event": name, "record": record}) for name in events)
        (folder / "iri.jsonl").write_text("".join(f"{line}\n" for line in lines))
    if packets:
        header = struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 101)
        records = (struct.pack("<IIII", 0, 0, len(p), len(p)) + p for p in packets)
        (folder / "content.pcap").write_bytes(header + b"".join(records))


def write_notices(folder: Path, *liids: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    told = [(liid, kind) for liid in liids for kind in ("activation", "deactivation")]
    lines = "".join(json.dumps({"liid": i, "notificationType": k}) + "\n" for i, k in told)
    (folder / "notifications.jsonl").write_text(lines)


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Evidence of a run in which everything went right."""
    events = ("registration", "pDUSessionEstablishment")
    write_order(tmp_path / "agency-a" / LIID_A, events, A_PACKETS)
    write_order(tmp_path / "agency-b" / LIID_B, events)
    write_order(tmp_path / "agency-b" / LIID_C)
    write_notices(tmp_path / "agency-a", LIID_A)
    write_notices(tmp_path / "agency-b", LIID_B, LIID_C)
    return tmp_path


def outcome(made: Verdict) -> tuple[int, int, bool]:
    return made.lost, made.misdelivered, made.clean


def test_a_right_run_is_clean_and_counted(evidence: Path) -> None:
    made = judge(evidence, ORDERS)
    assert (made.hi2, made.hi3, made.hi4) == (4, 2, 6)
    assert outcome(made) == (0, 0, True)


def test_order_of_packets_does_not_matter(evidence: Path) -> None:
    write_order(evidence / "agency-a" / LIID_A, packets=tuple(reversed(A_PACKETS)))
    assert judge(evidence, ORDERS).clean


def test_a_missing_packet_is_lost(evidence: Path) -> None:
    write_order(evidence / "agency-a" / LIID_A, packets=A_PACKETS[:1])
    assert outcome(judge(evidence, ORDERS)) == (1, 0, False)


def test_a_missing_event_is_lost(evidence: Path) -> None:
    write_order(evidence / "agency-b" / LIID_B, ("registration",))
    assert outcome(judge(evidence, ORDERS)) == (1, 0, False)


def test_an_order_whose_folder_is_gone_lost_everything(evidence: Path) -> None:
    (evidence / "agency-b" / LIID_B / "iri.jsonl").unlink()
    (evidence / "agency-b" / LIID_B).rmdir()
    assert outcome(judge(evidence, ORDERS)) == (2, 0, False)


def test_content_for_an_order_of_events_only_is_misdelivered(evidence: Path) -> None:
    write_order(evidence / "agency-b" / LIID_B, packets=A_PACKETS)
    assert outcome(judge(evidence, ORDERS)) == (0, 2, False)


def test_product_for_the_absent_subscriber_is_misdelivered(evidence: Path) -> None:
    write_order(evidence / "agency-b" / LIID_C, ("registration",))
    assert outcome(judge(evidence, ORDERS)) == (0, 1, False)


def test_an_order_of_the_other_agency_is_misdelivered(evidence: Path) -> None:
    write_order(evidence / "agency-b" / LIID_A, packets=A_PACKETS)
    assert outcome(judge(evidence, ORDERS)) == (0, 2, False)


def test_unannounced_product_is_misdelivered(evidence: Path) -> None:
    write_order(evidence / "agency-b" / "unannounced" / LIID_B, ("registration",))
    assert outcome(judge(evidence, ORDERS)) == (0, 1, False)


def test_a_foreign_notification_is_misdelivered(evidence: Path) -> None:
    write_notices(evidence / "agency-a", LIID_A, LIID_B)
    assert outcome(judge(evidence, ORDERS)) == (0, 2, False)


def test_an_order_whose_beginning_and_end_nobody_told_is_not_clean(evidence: Path) -> None:
    write_notices(evidence / "agency-b", LIID_C)
    assert outcome(judge(evidence, ORDERS)) == (2, 0, False)


def test_a_record_that_names_somebody_else_is_misdelivered(evidence: Path) -> None:
    path = evidence / "agency-b" / LIID_B / "iri.jsonl"
    path.write_text(path.read_text().replace(SUBJECT, "001010000000002", 1))
    assert outcome(judge(evidence, ORDERS)) == (0, 1, False)


@pytest.mark.parametrize("name", [f"{LIID_B}/content.jsonl", "undecodable.jsonl"])
def test_what_the_probe_cannot_have_sent_is_misdelivered(evidence: Path, name: str) -> None:
    (evidence / "agency-b" / name).write_text("{}\n")
    assert outcome(judge(evidence, ORDERS)) == (0, 1, False)


def test_other_packets_in_the_same_number_are_misdelivered(evidence: Path) -> None:
    write_order(evidence / "agency-a" / LIID_A, packets=(A_PACKETS[0], b"somebody else's"))
    assert outcome(judge(evidence, ORDERS)) == (0, 1, False)


def test_it_shares_no_code_with_mediation() -> None:
    tree = ast.parse(Path(verdict.__file__).read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in node.names]
        )
    }
    assert "custodes" not in imported
