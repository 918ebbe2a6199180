"""The receiver's connection: written first, acknowledged then; stops when it cannot write."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from custodes.base.errors import CustodesError
from custodes.base.ids import LIID
from custodes.functions.lemf.evidence import Evidence
from custodes.functions.lemf.files import FolderFiles
from custodes.functions.lemf.service import Service
from custodes.model.party import Party, Role
from custodes.session.handover import keepalive
from custodes.wire.handover.pdu import HI4, PSPDU, decode, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.iri.payload import li_notification

MDF = Party("mdf2", Role.MDF, "c" * 64)


class Clock:
    def now(self) -> datetime:
        return datetime(2030, 1, 1, tzinfo=UTC)

    def now_ns(self) -> int:
        return 0

    def monotonic(self) -> float:
        return time.monotonic()


class Pipe:
    peer = MDF

    def __init__(self) -> None:
        self.inbox: queue.Queue[bytes] = queue.Queue()
        self.sent: queue.Queue[bytes] = queue.Queue()

    def send(self, octets: bytes) -> None:
        self.sent.put(octets)

    def receive(self, timeout: float | None) -> bytes | None:
        try:
            return self.inbox.get(timeout=timeout)
        except queue.Empty:
            return None

    def close(self) -> None:
        self.inbox.put(b"")


class FullDisk(FolderFiles):
    def append(self, name: str, octets: bytes, header: bytes = b"") -> None:
        raise CustodesError("evidence cannot be written: no space left")


def notice(number: int) -> bytes:
    header = PSHeader(liid=LIID("A-1"), operatorIdentifier=b"OP", sequenceNumber=number)
    return encode(PSPDU(header, HI4((li_notification("activation"),))))


def asked(number: int) -> bytes:
    template = PSHeader(liid=LIID("ka"), operatorIdentifier=b"OP", sequenceNumber=0)
    return keepalive.request(template, number)


def serve(files: FolderFiles, octets: bytes) -> tuple[Service, Pipe, list[tuple[str, Any]]]:
    said: list[tuple[str, Any]] = []

    def say(event: str, values: Mapping[str, Any]) -> None:
        said.append((event, dict(values)))

    service = Service(Evidence(files, {}), Clock(), say)
    pipe = Pipe()
    pipe.inbox.put(octets)
    pipe.inbox.put(b"")
    thread = threading.Thread(target=service.serve, args=(pipe,))
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    return service, pipe, said


def test_a_keep_alive_is_answered_after_what_came_before_is_written(
    tmp_path: Path,
) -> None:
    service = Service(Evidence(FolderFiles(tmp_path), {}), Clock(), lambda *_: None)
    pipe = Pipe()
    pipe.inbox.put(notice(0) + asked(4))
    thread = threading.Thread(target=service.serve, args=(pipe,))
    thread.start()
    answer = decode(pipe.sent.get(timeout=10))
    assert (tmp_path / "notifications.jsonl").exists()
    pipe.close()
    thread.join(10)
    assert keepalive.alternative(answer) == keepalive.RESPONSE
    assert answer.header.sequenceNumber == 4


def test_a_receiver_that_cannot_write_acknowledges_nothing_and_stops(tmp_path: Path) -> None:
    service, pipe, said = serve(FullDisk(tmp_path), notice(0) + asked(4))
    assert service.failed.is_set()
    assert pipe.sent.empty()
    assert "lemf.failed" in [event for event, _ in said]


def test_a_gap_is_told_with_the_liid_only(tmp_path: Path) -> None:
    _, _, said = serve(FolderFiles(tmp_path), notice(2))
    assert ("lemf.gap", {"liid": "A-1", "continuity": "gap", "missing": 2}) in said


def test_counters_and_manifest_stand_at_the_end(tmp_path: Path) -> None:
    service, _, said = serve(FolderFiles(tmp_path), notice(0))
    service.start()
    service.close()
    event, values = said[-1]
    assert event == "lemf.received"
    assert values["final"] is True
    assert values["hi4"] == 1
    assert (tmp_path / "manifest.json").exists()


def test_a_stranger_is_counted(tmp_path: Path) -> None:
    service, _, said = serve(FolderFiles(tmp_path), b"")
    service.refused("the peer's key is not enrolled")
    assert said[-1][0] == "lemf.refused"
