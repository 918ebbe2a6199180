"""A real receiver killed again and again under load: its evidence is what was sent, exactly.

``CUSTODES_LEMF_KILLS`` says how often; ``run`` is the same for a soak.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from custodes.app.lab import AGENCIES, Lab, lemf_name
from flow.lemf_load import EMPTY, LIIDS, Load, packet

KILLS = int(os.environ.get("CUSTODES_LEMF_KILLS", "15"))
AGENCY = AGENCIES[0]
_RUN = "import sys; from pathlib import Path; from custodes.app.run import run_function; "
_RUN += "sys.exit(run_function(Path(sys.argv[1])))"
_PCAP_HEADER = 24
_LONG = 60.0


class Receiver:
    """The receiver's process; its log goes on over all its lives."""

    def __init__(self, lab: Lab) -> None:
        self._folder = lab.function(lemf_name(AGENCY))
        self._log = lab.folder / "receiver.log"
        self._ready_before = 0
        self.popen = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-c", _RUN, str(self._folder)], stdout=out, stderr=out
            )

    def lines(self) -> list[dict[str, Any]]:
        text = self._log.read_bytes().decode()
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def count(self, event: str) -> int:
        return sum(1 for line in self.lines() if line["event"] == event)

    def wait_for(self, event: str, times: int = 1) -> None:
        deadline = time.monotonic() + _LONG
        while self.count(event) < times:
            assert self.popen.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, f"no {event}"
            time.sleep(0.02)

    def wait_until_ready(self) -> None:
        self.wait_for("lemf.ready", self._ready_before + 1)

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()

    def start(self) -> None:
        self._ready_before = self.count("lemf.ready")
        self.popen = self._start()

    def limit_files(self, octets: int) -> None:
        _, most = resource.prlimit(self.popen.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.popen.pid, resource.RLIMIT_FSIZE, (octets, most))

    def stop(self) -> int:
        self.popen.terminate()
        return self.popen.wait(_LONG)


@dataclass(frozen=True)
class Scene:
    lab: Lab
    receiver: Receiver
    loads: tuple[Load, Load]

    @property
    def evidence(self) -> Path:
        return self.lab.evidence(AGENCY)


@contextmanager
def scene(folder: Path, per_second: float) -> Iterator[Scene]:
    lab = Lab.create(folder / "lab", datetime.now(UTC))
    receiver = Receiver(lab)
    loads = (Load.of(lab, "mdf2", AGENCY, per_second), Load.of(lab, "mdf3", AGENCY, per_second))
    try:
        yield Scene(lab, receiver, loads)
    finally:
        if receiver.popen.poll() is None:
            receiver.kill()


def run(kills: int, folder: Path | None = None, seed: int | None = None) -> str:
    """Kill a receiver under load ``kills`` times and hold its evidence against what was sent.

    Returns one sentence of figures; AssertionError where anything is lost, twice or out of order.
    """
    if folder is None:
        with tempfile.TemporaryDirectory() as made:
            return run(kills, Path(made), seed)
    chosen = seed if seed is not None else random.SystemRandom().randrange(1 << 32)
    moments = random.Random(chosen)
    # Reading a journal back takes time with its length: a long run sends less in a second.
    per_second = min(400.0, 9000.0 / max(1, kills))
    with scene(folder, per_second) as at:
        at.receiver.wait_until_ready()
        for load in at.loads:
            load.start()
        for _ in range(kills):
            if moments.random() < 0.7:  # the others fall into its start and its mending
                at.receiver.wait_until_ready()
            time.sleep(moments.uniform(0.0, 0.4))
            at.receiver.kill()
            at.receiver.start()
        for load in at.loads:
            load.finish(_LONG)
        assert at.receiver.stop() == 0
        said = check(at)
    return f"{kills} kills (seed {chosen}): {said}"


def check(at: Scene) -> str:
    """The evidence is what was sent: each once, in order, whole; the manifest is true."""
    iri, content = at.loads
    for liid in LIIDS:
        found = lines(at.evidence / liid / "iri.jsonl")
        assert not [line for line in found if "continuity" in line]
        for (sent_liid, cin), numbers in iri.sent.items():
            if sent_liid == liid:
                got = [line["record"]["gUTI"]["fiveGTMSI"] for line in found if line["cin"] == cin]
                assert got == numbers
        assert len(found) == sum(len(n) for (one, _), n in iri.sent.items() if one == liid)
        packets = read_pcap(at.evidence / liid / "content.pcap")
        sent_packets = (n for (one, _), ns in content.sent.items() if one == liid for n in ns)
        assert packets == [packet(number) for number in sorted(sent_packets)]
    assert list((at.evidence / EMPTY).iterdir()) == []
    notices = [line["liid"] for line in lines(at.evidence / "notifications.jsonl")]
    assert sorted(notices) == sorted([EMPTY, *LIIDS] * 2)
    folders = sorted(p.name for p in at.evidence.iterdir() if p.is_dir())
    assert folders == sorted([EMPTY, *LIIDS])
    assert not (at.evidence / "undecodable.jsonl").exists()
    verify_manifest(at.evidence)
    sent = sum(len(n) for load in at.loads for n in load.sent.values())
    counters = json.loads((at.evidence / "receiver.json").read_text())["counters"]
    assert counters["pdus"] == sent + len(notices)
    assert (counters["gaps"], counters["out_of_order"], counters["unannounced"]) == (0, 0, 0)
    return f"{sent} PDUs over {sum(load.connections for load in at.loads)} connections"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def read_pcap(path: Path) -> list[bytes]:
    """Packets of a pcap that must be whole to its last octet."""
    octets, found, at = path.read_bytes(), [], _PCAP_HEADER
    while at < len(octets):
        size = int.from_bytes(octets[at + 8 : at + 12], "little")
        found.append(octets[at + 16 : at + 16 + size])
        at += 16 + size
    assert at == len(octets)
    return found


def verify_manifest(evidence: Path) -> None:
    manifest = json.loads((evidence / "manifest.json").read_text())["files"]
    files = {p.relative_to(evidence).as_posix(): p for p in evidence.rglob("*") if p.is_file()}
    del files["manifest.json"]
    assert set(manifest) == set(files)
    for name, path in files.items():
        octets = path.read_bytes()
        assert manifest[name] == {"sha256": sha256(octets).hexdigest(), "size": len(octets)}


def test_killed_under_load_it_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    print(run(KILLS, tmp_path))


def test_a_full_disk_is_waited_out(tmp_path: Path) -> None:
    """A limit on the size of files fails writes as a full disk does, in the middle of a record."""
    with scene(tmp_path, 400.0) as at:
        journal = at.evidence / "received.journal"
        at.receiver.wait_until_ready()
        for load in at.loads:
            load.start()
        reached(lambda: journal.stat().st_size > 100_000)
        at.receiver.limit_files(journal.stat().st_size + 5_001)
        at.receiver.wait_for("lemf.unwritable")
        before = [load.confirmed for load in at.loads]
        connections = at.loads[0].connections
        reached(lambda: at.loads[0].connections > connections + 5)  # refused, every time
        assert [load.confirmed for load in at.loads] == before
        at.receiver.limit_files(resource.RLIM_INFINITY)
        at.receiver.wait_for("lemf.writable")
        for load in at.loads:
            load.finish(_LONG)
        assert at.receiver.stop() == 0
        check(at)
        assert (at.receiver.count("lemf.unwritable"), at.receiver.count("lemf.writable")) == (1, 1)


def test_a_torn_end_is_cut_and_damage_is_refused(tmp_path: Path) -> None:
    with scene(tmp_path, 400.0) as at:
        journal = at.evidence / "received.journal"
        at.receiver.wait_until_ready()
        for load in at.loads:
            load.start()
        reached(lambda: min(load.confirmed for load in at.loads) > 50)
        at.receiver.kill()
        whole = journal.read_bytes()
        journal.write_bytes(whole + whole[40:90])
        (at.evidence / LIIDS[0] / "iri.jsonl").write_bytes(b"{torn")
        (at.evidence / LIIDS[1] / "content.pcap").unlink()
        at.receiver.start()
        at.receiver.wait_until_ready()
        [cut] = [line for line in at.receiver.lines() if line["event"] == "lemf.journal_cut"]
        assert cut["octets"] == 50
        for load in at.loads:
            load.finish(_LONG)
        assert at.receiver.stop() == 0
        check(at)
        whole = journal.read_bytes()
        journal.write_bytes(whole[:5_000] + bytes([whole[5_000] ^ 1]) + whole[5_001:])
        damaged = sha256(journal.read_bytes()).digest()
        at.receiver.start()
        assert at.receiver.popen.wait(_LONG) == 1
        assert "is damaged at octet" in at.receiver.lines()[-1]["why"]
        assert sha256(journal.read_bytes()).digest() == damaged


def reached(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _LONG
    while not what():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
