"""Every function killed at random under load: with our own probe nothing is lost, none is twice.

``CUSTODES_KILLS`` says how often each function is killed; ``run`` is the same for a soak.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from custodes.app.lab import AGENCIES, Lab
from custodes.app.supervisor import FunctionProcess, Supervisor
from custodes.base.ids import XID
from custodes.model.grant import Grant
from custodes.wire.x1.task_messages import DeactivateTaskRequest
from faults.chain import LONG, RESTARTABLE, Chain, Killer, reached, tags
from faults.foreign import ForeignUPF, number_of
from faults.traffic import SUBJECTS, Traffic
from flow.test_flow_mdf import Scene, activate, packets

KILLS = int(os.environ.get("CUSTODES_KILLS", "2"))


def run(kills: int, seed: int | None = None, folder: Path | None = None) -> str:
    """Kill x1gate, admf, mdf and both receivers ``kills`` times each, in an order of chance.

    Returns one sentence of figures; AssertionError where anything is lost, twice, misdelivered or
    out of order.
    """
    if folder is None:
        with tempfile.TemporaryDirectory() as made:
            return run(kills, seed, Path(made))
    chosen = seed if seed is not None else random.SystemRandom().randrange(1 << 32)
    with Chain(folder, Traffic()) as chain:
        chain.flowing()
        killer = Killer(chain, chosen)
        killer.run(kills)
        settled = chain.flowing()
        chain.finish()
        found = chain.check()
    links = chain.capture_end["links"]
    resent = sum(link["resent"] for link in links.values())
    said = (
        f"seed {chosen}: {killer.killed.total()} kills, {kills} each of {len(RESTARTABLE)};"
        f" {chain.traffic.packets} packets, {found.verdict.hi2} HI2, {found.verdict.hi3} HI3,"
        f" {found.verdict.hi4} HI4; {resent} sent again by the probe;"
        f" {settled:.1f} s after the last one all flows; lost {found.verdict.lost},"
        f" twice {found.twice}, misdelivered {found.verdict.misdelivered},"
        f" out of order {found.disordered}"
    )
    assert found.clean(), said
    return said


def measure_restarts(times: int, folder: Path) -> list[tuple[float, float]]:
    """Of an mdf, each killed and started at once: seconds from the kill until it says that it is
    ready, and until a packet that passed after the kill stands in an agency's evidence."""
    found = []
    with Chain(folder, Traffic()) as chain:
        chain.flowing()
        for _ in range(times):
            began = time.monotonic()
            chain.kill("mdf")
            chain.start("mdf")
            chain.wait_ready("mdf")
            ready = time.monotonic() - began
            chain.flowing()
            found.append((ready, time.monotonic() - began))
        chain.finish()
        assert chain.check().clean()
    return found


def test_killed_under_load_the_chain_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    print(run(KILLS, folder=tmp_path))


class ForeignScene:
    """An mdf that a test kills and tasks again, two receivers, and a UPF that is not ours."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.grant: Grant = scene.grant(AGENCIES[0], XID(uuid4()), content=True)
        self.gaps = 0
        self.alarmed = 0
        scene.processes.pop("mdf").stop()
        self.supervisor = Supervisor(scene.lab)
        self._task(self.supervisor.start("mdf"))

    @property
    def mdf(self) -> FunctionProcess:
        return self.supervisor.processes["mdf"]

    def kill(self) -> None:
        """And start again, task again; returns once product flows and this life's gap is told."""
        self.mdf.kill()
        self.mdf.stop()
        self._task(self.supervisor.start("mdf"))
        self._flows()
        self.gaps += self._counted("gaps")
        told = [e for e in self.mdf.events if e["event"] == "mdf.alarm" and e["kind"] == "gap"]
        self.alarmed += sum(int(e["what"].split()[0]) for e in told)

    def numbers(self) -> list[int]:
        content = self.scene.evidence(AGENCIES[0], self.grant) / "content.pcap"
        return [number_of(inner) for inner in packets(content)]

    def finish(self) -> None:
        xid = self.grant.intent.xid
        self.scene.must(self.scene.gate.ask("mdf3", DeactivateTaskRequest(xId=xid)))
        reached(lambda: self._counted("queue") == 0)
        assert self.mdf.stop() == 0
        assert [p.stop() for p in self.scene.processes.values()] == [0, 0]

    def _flows(self) -> None:
        reached(lambda: self._counted("xcc") > 0)

    def _counted(self, name: str) -> int:
        told = self.mdf.last("mdf.counters")
        return 0 if told is None else int(told["mdf3"][name])

    def _task(self, mdf: FunctionProcess) -> None:
        mdf.wait_for("mdf.ready", LONG)
        self.scene.must(self.scene.create("mdf3", self.grant))
        self.scene.must(self.scene.gate.ask("mdf3", activate("mdf3", self.grant)))


@contextmanager
def foreign_scene(folder: Path) -> Iterator[ForeignScene]:
    lab = Lab.create(folder / "lab", datetime.now(UTC))
    registry = lab.registry()
    strange = (replace(e, ours=e.neIdentifier != "upf") for e in registry.elements)
    lab.reenrol(replace(registry, elements=tuple(strange)))
    scene = Scene(lab)
    at: ForeignScene | None = None
    try:
        at = ForeignScene(scene)
        yield at
    finally:
        if at is not None:
            at.supervisor.stop()
        for process in scene.processes.values():
            if process.popen.poll() is None:
                process.popen.kill()
                process.popen.wait()


def run_foreign(kills: int, folder: Path, seed: int) -> str:
    """Kill an mdf that a foreign POI streams to: what is missing is what TCP lost, to the packet.

    Returns one sentence of figures; AssertionError where what was acknowledged is not in the
    evidence, or evidence and counted gaps are not what was sent.
    """
    moments = random.Random(seed)
    with foreign_scene(folder) as at:
        upf = ForeignUPF(at.scene.lab, at.grant.intent.xid.value)
        reached(lambda: bool(upf.vouched))  # of a context that was never known no gap shows
        for _ in range(kills):
            time.sleep(moments.uniform(0.0, 0.5))
            at.kill()
        upf.finish()
        at.finish()
        got = at.numbers()
    assert got == sorted(set(got)), "out of order, or twice"
    evidence = set(got)
    vouched = {number for several in upf.vouched for number in several}
    assert vouched <= evidence, f"{len(vouched - evidence)} acknowledged packets are missing"
    said = (
        f"seed {seed}: {kills} kills, {upf.sent} packets of a foreign POI over {upf.connections}"
        f" connections: {len(evidence)} in the evidence, {at.gaps} counted as missing"
    )
    assert len(evidence) + at.gaps == upf.sent, said
    assert at.alarmed == at.gaps
    return said


def test_of_a_foreign_sender_exactly_what_tcp_lost_is_missing_and_counted(tmp_path: Path) -> None:
    print(run_foreign(KILLS, tmp_path, random.SystemRandom().randrange(1 << 32)))


PROBE = ("amf", "smf", "upf")
STARTED = "started; nothing is kept from before"


def test_a_killed_probe_leaves_a_hole_that_is_told_with_its_time(tmp_path: Path) -> None:
    """What it had not handed over is gone, and what passed meanwhile; nothing else is."""
    with Chain(tmp_path, Traffic()) as chain:
        chain.flowing()
        died = datetime.now(UTC)
        earlier = chain.kill_probe()
        chain.start_probe(Traffic(first_session=1000))
        chain.flowing("order-3")
        reached(lambda: all(died < max(starts(chain, ne), default=died) for ne in PROBE))
        chain.finish()
        for reference in ("order-1", "order-3"):
            phone = SUBJECTS.index(chain.orders[reference].subject)
            found = list(tags(chain.folder(reference) / "content.pcap"))
            first = [(t.session, t.number) for t in found if t.session < 1000]
            second = [(t.session, t.number) for t in found if t.session >= 1000]
            seen = in_order(earlier, phone)
            assert first == seen[: len(first)]
            assert first
            assert second == in_order(chain.traffic, phone)


def starts(chain: Chain, ne: str) -> list[datetime]:
    """When the administration was told that the element had started."""
    (line,) = [e for e in chain.elements() if e.neIdentifier == ne]
    return [r.at for r in line.reports if r.detail.startswith(STARTED)]


def in_order(traffic: Traffic, phone: int) -> list[tuple[int, int]]:
    sent = sorted((s, count) for (p, s), count in traffic.sent.items() if p == phone)
    return [(session, number) for session, count in sent for number in range(count)]
