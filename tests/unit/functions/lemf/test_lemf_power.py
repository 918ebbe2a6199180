"""The power is cut at any moment: evidence that was acknowledged is there, whole, and once.

The real files on a disk that keeps no more than it must (faults/disk). ``CUSTODES_POWER_CUTS`` says
how many moments are tried; each with two of the states that a disk may be left in.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lemf_power_child import EVIDENCE, opened, read_pdus, receive

from custodes.base.errors import ConfigurationError, CustodesError
from custodes.base.ids import CIN, LIID
from custodes.functions.lemf import files
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.iri import IRIItem
from custodes.wire.handover.pdu import HI4, PSPDU, CCs, IRIs, Payload, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.iri.payload import encode_cc, encode_iri, li_notification
from custodes.wire.iri.rules import IRIType
from faults.disk.disk_log import said
from faults.disk.disk_power import cuts, moments, rebuild
from faults.disk.disk_recorder import build_recorder, in_memory, record
from flow.lemf_load import LIIDS, NS, packet, registration

CUTS = int(os.environ.get("CUSTODES_POWER_CUTS", "160"))
SEED = int(os.environ.get("CUSTODES_POWER_SEED", "5"))
LIVES = 4
_STATES = 2
_EACH = 80  # PDUs sent in a life
_CHILD = Path(__file__).with_name("lemf_power_child.py")
_PCAP_HEADER = 24


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_recorder(tmp_path_factory.mktemp("recorder"))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with in_memory(tmp_path) as found:
        yield found


def pdu(number: int) -> bytes:
    """The first of each order announces it; then records and packets take turns."""
    liid, own = LIIDS[number % len(LIIDS)], number // len(LIIDS)
    payload: Payload
    if not own:
        payload = HI4((li_notification("activation"),))
    elif own % 2:
        payload = IRIs(
            (
                IRIItem(
                    contents=("threeGPP33128DefinedIRI", encode_iri(registration(number))),
                    type=IRIType.REPORT,
                ),
            )
        )
    else:
        inner = packet(number)
        gtpu = b"\x30\xff" + len(inner).to_bytes(2, "big") + b"\0\0\0\7" + inner
        payload = CCs((CCItem(contents=("threeGPP33128DefinedCC", encode_cc(("uPFCCPDU", gtpu)))),))
    header = PSHeader(
        liid=LIID(liid),
        operatorIdentifier=b"OP",
        networkElementIdentifier=b"mdf",
        cin=CIN(1) if own else None,
        sequenceNumber=max(0, own - 1) // 2 if own else 0,
        timestamp=NS,
    )
    return encode(PSPDU(header, payload))


def expected(count: int) -> dict[str, Any]:
    """What stands in the readable files after so many PDUs."""
    told: dict[str, Any] = {"notifications": [LIIDS[n] for n in range(min(count, len(LIIDS)))]}
    for number in range(count):
        liid, own = LIIDS[number % len(LIIDS)], number // len(LIIDS)
        order = told.setdefault(liid, {"iri": [], "content": []})
        if own:
            order["iri" if own % 2 else "content"].append(number)
    return told


def held(evidence: Path) -> dict[str, Any]:
    found: dict[str, Any] = {
        "notifications": [one["liid"] for one in _lines(evidence / "notifications.jsonl")]
    }
    for folder in sorted(path for path in evidence.iterdir() if path.is_dir()):
        iri = [one["record"]["gUTI"]["fiveGTMSI"] for one in _lines(folder / "iri.jsonl")]
        found[folder.name] = {"iri": iri, "content": _packets(folder / "content.pcap")}
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    """Whole lines only."""
    text = path.read_text() if path.exists() else ""
    assert text.endswith("\n") or not text
    return [json.loads(line) for line in text.splitlines()]


def _packets(path: Path) -> list[int]:
    """The numbers that packets carry; every one as it was sent, to the last octet of the file."""
    octets, found, at = path.read_bytes() if path.exists() else b"", [], _PCAP_HEADER
    while at < len(octets):
        size = int.from_bytes(octets[at + 8 : at + 12], "little")
        inner = octets[at + 16 : at + 16 + size]
        number = int.from_bytes(inner[20:24], "big")
        assert inner == packet(number)
        found.append(number)
        at += 16 + size
    assert at == len(octets) or not octets
    return found


def verify_manifest(evidence: Path) -> None:
    listed = json.loads((evidence / "manifest.json").read_text())["files"]
    files = {p.relative_to(evidence).as_posix(): p for p in evidence.rglob("*") if p.is_file()}
    for name in [name for name in files if name.endswith(".new")] + ["manifest.json"]:
        files.pop(name, None)
    sums = {name: sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    assert {name: one["sha256"] for name, one in listed.items()} == sums


@dataclass
class Tried:
    """``more``: states that held more than was acknowledged, which they may."""

    whole: int = 0
    more: int = 0
    cut: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)


def _judge(folder: Path, acknowledged: int, pdus: list[bytes], tried: Tried) -> int | None:
    """How many PDUs the folder holds: at least what was acknowledged, and those before it."""
    evidence = opened(folder)
    try:
        recovery = evidence.recover()
        count = recovery.frames
        if count < acknowledged:
            tried.lost += 1
            return None
        assert held(folder / EVIDENCE) == expected(count)
        # The sender sends all again that was not confirmed: nothing is there twice, no gap.
        for number in range(acknowledged, len(pdus)):
            receive(evidence, pdus[number], number)
        evidence.settle()
        assert held(folder / EVIDENCE) == expected(len(pdus))
        counters = evidence.counters()
        assert counters["repeats"] == count - acknowledged
        assert (counters["gaps"], counters["out_of_order"], counters["undecodable"]) == (0, 0, 0)
        verify_manifest(folder / EVIDENCE)
    except (CustodesError, AssertionError) as error:
        tried.wrong.append(str(error)[:60])
        return None
    finally:
        evidence.close()
    tried.whole, tried.more = (
        tried.whole + (count == acknowledged),
        tried.more + (count > acknowledged),
    )
    tried.cut += recovery.cut > 0
    return count


def _lives(library: Path, folder: Path, lives: int, points: int, **how: Any) -> Tried:
    chance, tried = random.Random(SEED), Tried()
    at, begin = folder / "state", 0
    at.mkdir()
    for life in range(lives):
        pdus, file = [pdu(n) for n in range(begin + _EACH)], folder / "pdus"
        file.write_bytes(b"".join(len(one).to_bytes(4, "big") + one for one in pdus))
        assert read_pdus(file) == pdus
        arguments = [str(file), str(begin), str(chance.randrange(1 << 30)), *how.get("more", ())]
        recording = record(library, at, _CHILD, arguments)
        at, next_begin, kept = folder / f"state-{life}", begin, None
        chosen = moments(recording.operations, points, chance)
        obeys = how.get("obeys", True)
        for moment, disk in cuts(recording.start, recording.operations, chosen, obeys=obeys):
            spoken = [line.split() for line in said(recording.operations[:moment])]
            synced = [int(rest[0]) for what, *rest in spoken if what == "synced"]
            acknowledged = synced[-1] if synced else begin
            for _ in range(_STATES):
                left, after = disk.after(chance), folder / "after"
                rebuild(after, left)
                count = _judge(after, acknowledged, pdus, tried)
                shutil.rmtree(after)
                if count is not None and (kept is None or chance.random() < 0.2):
                    kept, next_begin = left, acknowledged
        rebuild(at, kept or {})
        begin = next_begin
    shown = replace(tried, wrong=sorted(set(tried.wrong)))
    print(f"{lives} lives, {lives * points} cuts, {_STATES} states each (seed {SEED}): {shown}")
    return tried


def test_what_was_acknowledged_survives_once_and_whole(library: Path, folder: Path) -> None:
    tried = _lives(library, folder, LIVES, CUTS // LIVES)
    assert (tried.lost, tried.wrong) == (0, [])
    assert tried.whole + tried.more == CUTS // LIVES * LIVES * _STATES
    assert tried.more, "no state held what was not synced"
    assert tried.cut, "no state had a torn end"


def test_control_a_journal_that_syncs_nothing_loses(library: Path, folder: Path) -> None:
    tried = _lives(library, folder, 1, 30, more=["deaf"])
    assert tried.lost


def test_control_a_disk_that_lies_about_syncs_is_seen(library: Path, folder: Path) -> None:
    tried = _lives(library, folder, 1, 30, obeys=False)
    assert tried.lost


def test_a_folder_above_that_others_own_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the evidence folder stood; a new one whose name cannot be synced is refused."""

    def denied(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "stood").mkdir()
    monkeypatch.setattr(files, "_sync_folder", denied)
    files.FolderFiles(tmp_path / "stood")
    with pytest.raises(ConfigurationError, match="cannot be made"):
        files.FolderFiles(tmp_path / "new")
