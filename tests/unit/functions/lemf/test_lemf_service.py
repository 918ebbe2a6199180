"""The receiver's connection: on the disk first, acknowledged then; waits when it cannot write."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lemf_disk import FaultyFile

from custodes.base.errors import CustodesError
from custodes.base.ids import LIID
from custodes.functions.lemf.evidence import Evidence
from custodes.functions.lemf.files import FolderFiles
from custodes.functions.lemf.journal import JournalDamagedError
from custodes.functions.lemf.service import Service
from custodes.model.party import Party, Role
from custodes.session.handover import keepalive
from custodes.wire.handover.operator_message import OperatorLeaMessage, OperatorLeaMessagePriority
from custodes.wire.handover.pdu import HI4, PSPDU, TRI, decode, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.iri.payload import li_notification

MDF = Party("mdf2", Role.MDF, "c" * 64)


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custodes.functions.lemf.service._TICK", 0.02)
    monkeypatch.setattr("custodes.functions.lemf.service._RETRY", 0.05)


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


class OneFile(FolderFiles):
    """Its journal is the one it is given."""

    def __init__(self, root: Path, file: FaultyFile) -> None:
        super().__init__(root)
        self._file = file

    def growing(self, name: str) -> FaultyFile:  # type: ignore[override]
        return self._file


def notice(number: int) -> bytes:
    header = PSHeader(liid=LIID("A-1"), operatorIdentifier=b"OP", sequenceNumber=number)
    return encode(PSPDU(header, HI4((li_notification("activation"),))))


def asked(number: int) -> bytes:
    template = PSHeader(liid=LIID("ka"), operatorIdentifier=b"OP", sequenceNumber=0)
    return keepalive.request(template, number)


def transport(name: str, number: int, value: object = None) -> bytes:
    header = PSHeader(liid=LIID("A-1"), operatorIdentifier=b"OP", sequenceNumber=number)
    return encode(PSPDU(header, TRI((name, value))))


class Bench:
    def __init__(self, files: FolderFiles) -> None:
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.evidence = Evidence(files, {}, bytes(16))
        self.service = Service(self.evidence, Clock(), self.say)

    def say(self, event: str, values: Mapping[str, Any]) -> None:
        self.said.append((event, dict(values)))

    def events(self) -> list[str]:
        return [event for event, _ in self.said]

    @contextmanager
    def serving(self, pipe: Pipe) -> Iterator[None]:
        thread = threading.Thread(target=self.service.serve, args=(pipe,))
        thread.start()
        try:
            yield
        finally:
            pipe.close()
            thread.join(10)
            assert not thread.is_alive()

    def serve(self, octets: bytes) -> Pipe:
        pipe = Pipe()
        pipe.inbox.put(octets)
        with self.serving(pipe):
            pass
        return pipe

    def until(self, event: str) -> None:
        deadline = time.monotonic() + 10
        while event not in self.events():
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(FolderFiles(tmp_path))
    made.service.start()
    yield made
    with suppress(CustodesError):
        made.service.close()


def test_a_keep_alive_is_answered_after_what_came_before_is_on_the_disk(tmp_path: Path) -> None:
    file = FaultyFile()
    bench = Bench(OneFile(tmp_path, file))
    bench.service.start()
    pipe = Pipe()
    with bench.serving(pipe):
        pipe.inbox.put(notice(0) + notice(1) + asked(4))
        answer = decode(pipe.sent.get(timeout=10))
        assert notice(1) in file.on_disk
        assert (tmp_path / "notifications.jsonl").exists()
    bench.service.close()
    assert keepalive.alternative(answer) == keepalive.RESPONSE
    assert answer.header.sequenceNumber == 4


def test_pdus_are_acknowledged_the_same_way(tmp_path: Path) -> None:
    file = FaultyFile()
    bench = Bench(OneFile(tmp_path, file))
    bench.service.start()
    pipe = Pipe()
    with bench.serving(pipe):
        pipe.inbox.put(notice(0) + transport("pDUAcknowledgementRequest", 9))
        answer = decode(pipe.sent.get(timeout=10))
        assert notice(0) in file.on_disk
    bench.service.close()
    assert answer.payload == TRI(("pDUAcknowledgementResponse", None))
    assert answer.header.sequenceNumber == 9


@pytest.mark.parametrize("asking", [asked(4), transport("pDUAcknowledgementRequest", 9)])
def test_what_cannot_be_synced_is_not_acknowledged(tmp_path: Path, asking: bytes) -> None:
    file = FaultyFile()
    bench = Bench(OneFile(tmp_path, file))
    bench.service.start()
    file.sync_fails = 1
    pipe = bench.serve(notice(0) + asking)
    assert pipe.sent.empty()
    bench.until("lemf.writable")
    assert notice(0) not in file.octets
    again = Pipe()
    with bench.serving(again):
        again.inbox.put(notice(0) + asking)
        again.sent.get(timeout=10)
    bench.service.close()
    assert bench.evidence.counters()["repeats"] == 0
    assert len((tmp_path / "notifications.jsonl").read_text().splitlines()) == 1


def test_a_full_disk_is_said_once_refuses_and_is_over_when_it_is_over(tmp_path: Path) -> None:
    file = FaultyFile()
    bench = Bench(OneFile(tmp_path, file))
    bench.service.start()
    file.room = len(file.octets) + len(notice(0)) + 60
    first = bench.serve(notice(0) + notice(1) + asked(4))
    assert first.sent.empty()
    assert bench.serve(notice(0) + asked(5)).sent.empty()
    assert bench.evidence.counters()["refused_unwritable"] == 1
    tries = bench.evidence.generation + 3
    deadline = time.monotonic() + 10
    while bench.evidence.generation < tries:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not bench.service.failed.is_set()
    file.room = None
    bench.until("lemf.writable")
    again = Pipe()
    with bench.serving(again):
        again.inbox.put(notice(0) + notice(1) + asked(6))
        assert decode(again.sent.get(timeout=10)).header.sequenceNumber == 6
    bench.service.close()
    told = [event for event in bench.events() if event in ("lemf.unwritable", "lemf.writable")]
    assert told == ["lemf.unwritable", "lemf.writable"]
    assert len((tmp_path / "notifications.jsonl").read_text().splitlines()) == 2
    assert bench.evidence.counters()["repeats"] == 1


def test_a_receiver_that_starts_on_a_full_disk_waits(tmp_path: Path) -> None:
    file = FaultyFile(room=10)
    bench = Bench(OneFile(tmp_path, file))
    bench.service.start()
    assert bench.events() == ["lemf.unwritable"]
    file.room = None
    bench.until("lemf.writable")
    bench.service.close()


def test_one_that_ends_on_a_full_disk_says_so(tmp_path: Path) -> None:
    file = FaultyFile()
    bench = Bench(OneFile(tmp_path, file))
    bench.service.start()
    file.room = 0
    bench.serve(notice(0))
    with pytest.raises(CustodesError, match="cannot be written"):
        bench.service.close()


def test_damage_is_said_at_the_start(tmp_path: Path) -> None:
    bench = Bench(OneFile(tmp_path, FaultyFile(b"no journal" * 10)))
    with pytest.raises(JournalDamagedError):
        bench.service.start()


def test_a_torn_end_is_said(tmp_path: Path) -> None:
    first = Bench(FolderFiles(tmp_path))
    first.service.start()
    first.service.close()
    with (tmp_path / "received.journal").open("ab") as file:
        file.write(b"torn")
    again = Bench(FolderFiles(tmp_path))
    again.service.start()
    again.service.close()
    assert ("lemf.journal_cut", {"octets": 4}) in again.said
    assert again.evidence.counters()["journal_cut"] == 4


def test_a_gap_is_told_with_the_liid_only(bench: Bench) -> None:
    bench.serve(notice(2))
    assert ("lemf.gap", {"liid": "A-1", "continuity": "gap", "missing": 2}) in bench.said


def test_transport_payloads_are_counted_each_in_its_way(bench: Bench) -> None:
    words = OperatorLeaMessage(
        messagePriority=OperatorLeaMessagePriority.ERROR, message=b"delivery is late"
    )
    bench.serve(
        transport("testPDU", 0)
        + transport("paddingPDU", 1, b"\0")
        + transport("operatorLeaMessage", 2, words)
        + transport("cINReset", 3)
        + transport("keep-aliveResponse", 4)
    )
    counters = bench.evidence.counters()
    assert (counters["ignored"], counters["transport"], counters["unexpected"]) == (2, 2, 2)
    assert ("lemf.operator_message", {"liid": "A-1"}) in bench.said
    assert ("lemf.unexpected", {"kind": "cINReset"}) in bench.said
    assert "late" not in str(bench.said)


def test_counters_and_manifest_stand_at_the_end(tmp_path: Path) -> None:
    bench = Bench(FolderFiles(tmp_path))
    bench.service.start()
    bench.serve(notice(0))
    bench.service.close()
    event, values = bench.said[-1]
    assert event == "lemf.received"
    assert values["final"] is True
    assert values["hi4"] == 1
    manifest = json.loads((tmp_path / "manifest.json").read_text())["files"]
    assert set(manifest) == {"received.journal", "receiver.json", "notifications.jsonl"}


def test_a_stranger_is_counted(bench: Bench) -> None:
    bench.service.refused("the peer's key is not enrolled")
    assert bench.said[-1][0] == "lemf.refused"
    assert bench.evidence.counters()["refused_connections"] == 1
