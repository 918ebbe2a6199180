"""One agency's trouble is its own: the other gets everything in time, and nothing is unaccounted.

A mediation function and two receivers as processes; a bad wire stands before agency A.
"""

from __future__ import annotations

import json
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from custodes.app import demo_packets
from custodes.app.config import MdfConfig, dump, load
from custodes.app.lab import AGENCIES, Lab
from custodes.base.errors import CustodesError
from custodes.base.ids import XID
from custodes.model.grant import Grant
from custodes.wire.x1.task_messages import DeactivateTaskRequest
from faults.tcp import GOOD, Fault, Kind, Wire
from flow.between import reach_agency_at
from flow.scenes import settled
from flow.test_flow_mdf import (
    Poi,
    Process,
    Scene,
    activate,
    establishment,
    lines,
    packets,
    registration,
)

A, B = AGENCIES
COUNT = 1500
_BATCH = 50
_CORRELATION = 0x1_0000_0007
_MDF = "mdf"


def packet(number: int) -> bytes:
    body = number.to_bytes(4, "big") + bytes(300)
    udp = demo_packets.udp(4000, 4000, body)
    return demo_packets.ipv4("203.0.113.7", "203.0.113.9", 17, udp, number)


SENT = [packet(number) for number in range(COUNT)]


class Trouble:
    """One subject, an order of each agency on it with content, and a bad wire before agency A."""

    def __init__(self, scene: Scene, wire: Wire) -> None:
        self.scene = scene
        self.wire = wire
        self.xid = XID(uuid4())
        self.grants = {agency: scene.grant(agency, self.xid, content=True) for agency in (A, B)}
        both = tuple(self.grants.values())
        for ne in ("mdf2", "mdf3"):
            for grant in both:
                scene.must(scene.create(ne, grant))
            scene.must(scene.gate.ask(ne, activate(ne, *both)))
        self.pois: dict[str, Poi] = {name: scene.poi(name) for name in ("amf", "smf", "upf")}

    @property
    def mdf(self) -> Process:
        return self.scene.processes[_MDF]

    def records(self) -> None:
        self.pois["amf"].xiri(self.xid, registration())
        self.pois["smf"].xiri(self.xid, establishment(), _CORRELATION)
        for name in ("amf", "smf"):
            self.pois[name].drain()

    def content(self, sent: list[bytes]) -> None:
        """Every packet, each batch acknowledged by the mdf before the next."""
        for at in range(0, len(sent), _BATCH):
            for one in sent[at : at + _BATCH]:
                self.pois["upf"].xcc(self.xid, one, _CORRELATION)
            self.pois["upf"].drain()

    def end(self) -> None:
        for ne in ("mdf2", "mdf3"):
            self.scene.must(self.scene.gate.ask(ne, DeactivateTaskRequest(xId=self.xid)))

    def has(self, agency: str) -> list[bytes]:
        return packets(self.scene.evidence(agency, self.grants[agency]) / "content.pcap")

    def told(self, agency: str) -> list[tuple[str, str]]:
        found = lines(self.scene.lab.evidence(agency) / "notifications.jsonl")
        return [(n["header"]["networkElementIdentifier"], n["notificationType"]) for n in found]

    def wait_for_all(self, agency: str) -> None:
        """Content, records and both ends of the order have arrived, each once and in order."""
        grant = self.grants[agency]
        self.scene.wait(lambda: len(self.has(agency)) >= COUNT)
        self.scene.wait(lambda: len(self.told(agency)) >= 4)
        assert self.has(agency) == SENT
        assert events(self.scene, agency, grant) == ["pDUSessionEstablishment", "registration"]
        kinds = ("activation", "deactivation")
        assert sorted(self.told(agency)) == [(ne, k) for ne in ("mdf2", "mdf3") for k in kinds]

    def stop(self) -> dict[str, Any]:
        """End every process; what the mdf counted at last."""
        for poi in self.pois.values():
            poi.close()
        statuses = self.scene.stop()
        assert statuses == dict.fromkeys(statuses, 0)
        counted = self.mdf.last("mdf.counters")
        for side in ("mdf2", "mdf3"):
            for name in ("misrouted", "gaps", "queue"):
                assert counted[side][name] == 0
        return counted


def events(scene: Scene, agency: str, grant: Grant) -> list[str]:
    return sorted(line["event"] for line in lines(scene.evidence(agency, grant) / "iri.jsonl"))


@contextmanager
def trouble(folder: Path, **changed: object) -> Iterator[Trouble]:
    """``changed``: of the mdf's configuration."""
    lab = settled(Lab.create(folder / "lab", datetime.now(UTC)))
    config = load(lab.function(_MDF))
    assert isinstance(config, MdfConfig)
    dump(lab.function(_MDF), config.model_copy(update=changed))
    with Wire(lab.registry().agency(A).hi2) as wire:
        reach_agency_at(lab, A, wire.address)
        scene = Scene(lab)
        try:
            yield Trouble(scene, wire)
        finally:
            for process in scene.processes.values():
                if process.popen.poll() is None:
                    process.popen.kill()
                    process.popen.wait()


def test_away_for_the_whole_run_and_back(tmp_path: Path) -> None:
    """Even the mdf is another by the time that the agency is back, and the orders are over."""
    with trouble(tmp_path) as at:
        scene, name = at.scene, f"lemf-{A}"
        scene.wait(lambda: len(at.told(A)) == 2)
        scene.processes[name].stop()
        at.records()
        at.content(SENT)
        at.end()
        at.wait_for_all(B)
        assert at.has(A) == []
        at.mdf.popen.kill()
        at.mdf.popen.communicate()
        scene.processes[_MDF] = Process.start(scene.lab, _MDF)
        at.mdf.wait_for("mdf.ready")
        scene.processes[name] = Process.start(scene.lab, name)
        scene.processes[name].wait_for("lemf.ready")
        at.wait_for_all(A)
        at.wait_for_all(B)
        at.stop()


def test_one_that_accepts_and_never_reads(tmp_path: Path) -> None:
    with trouble(tmp_path) as at:
        at.scene.wait(lambda: len(at.told(A)) == 2)
        at.wire.fault_of = lambda _: Fault(Kind.STALL, after=20_000)
        at.wire.cut()
        at.records()
        at.content(SENT)
        at.end()
        at.wait_for_all(B)
        assert at.wire.happened > 0
        assert len(at.has(A)) < COUNT
        at.wire.mend()
        at.wait_for_all(A)
        at.stop()


@pytest.mark.parametrize("kind", [Kind.RST, Kind.SWAP])
def test_a_wire_that_breaks_in_the_middle_of_a_pdu(tmp_path: Path, kind: Kind) -> None:
    with trouble(tmp_path) as at:
        at.scene.wait(lambda: len(at.told(A)) == 2)
        breaks = at.wire.connections + 12
        at.wire.fault_of = lambda n: Fault(kind, 9_000 + 4_321 * (n % 12)) if n < breaks else GOOD
        at.wire.cut()
        at.records()
        at.content(SENT)
        at.end()
        at.wait_for_all(B)
        at.wait_for_all(A)
        assert at.wire.happened > 3
        at.stop()


def test_a_full_disk_of_the_mdf_is_waited_out(tmp_path: Path) -> None:
    """The disk is everybody's: nothing is acknowledged until there is room, and nothing lost."""
    with trouble(tmp_path) as at:
        state = at.scene.lab.function(_MDF)
        at.records()
        at.content(SENT[:100])
        largest = max(p.stat().st_size for p in state.glob("mdf.sqlite*"))
        limit_files(at.mdf, largest + 5_001)
        failed: list[BaseException] = []
        sending = threading.Thread(target=_keep, args=(at, SENT[100:], failed), daemon=True)
        sending.start()
        _alarm(at.mdf)
        sending.join(0.5)
        assert sending.is_alive()  # not acknowledged
        behind = len(at.has(B))
        assert behind < COUNT
        limit_files(at.mdf, resource.RLIM_INFINITY)
        sending.join(60.0)
        assert not failed
        assert not sending.is_alive()
        at.end()
        at.wait_for_all(A)
        at.wait_for_all(B)
        at.stop()


def test_beyond_its_quota_an_agency_loses_by_name_and_number(tmp_path: Path) -> None:
    """B is given its time, so that it is never owed a share; A is away and is owed it soon."""
    with trouble(tmp_path, owed_octets=1_000_000) as at:
        name = f"lemf-{A}"
        at.scene.wait(lambda: len(at.told(A)) == 2)
        at.scene.processes[name].stop()
        at.records()
        for sent in range(0, COUNT, 300):
            at.content(SENT[sent : sent + 300])
            at.scene.wait(lambda: len(at.has(B)) == sent + 300)  # noqa: B023 - called here
        at.end()
        at.wait_for_all(B)
        at.scene.processes[name] = Process.start(at.scene.lab, name)
        at.scene.processes[name].wait_for("lemf.ready")
        at.scene.wait(lambda: len(at.told(A)) == 4)
        has = at.has(A)
        assert 100 < len(has) < COUNT
        assert has == SENT[: len(has)]
        counted = at.stop()
        assert counted["mdf3"]["refused"] == {"over_quota": COUNT - len(has)}
        assert counted["mdf2"]["refused"] == {}
        alarms = [e for e in at.mdf.events if e["event"] == "mdf.alarm"]
        assert sum(e["count"] for e in alarms if e["kind"] == "over_quota") == COUNT - len(has)
        notices = json.loads((at.scene.lab.evidence(A) / "receiver.json").read_text())["counters"]
        assert notices["undecodable"] == 0


def limit_files(process: Process, octets: int) -> None:
    _, most = resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE, (octets, most))


def _keep(at: Trouble, sent: list[bytes], failed: list[BaseException]) -> None:
    try:
        at.content(sent)
    except (CustodesError, AssertionError) as error:
        failed.append(error)


def _alarm(process: Process) -> None:
    """The mdf says that product cannot be made durable."""
    while True:
        process.wait_for("mdf.alarm")
        if process.events[-1]["kind"] == "outbox":
            return
