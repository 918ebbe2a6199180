"""Takes in what arrives: first the journal, then the number, then the readable files.

One lock holds these three together, so that the order of the journal is the order of the files and
two connections cannot take the same PDU in twice. What is journaled is taken in: where a readable
file cannot be written after that, it is made again from the journal (``recover``).
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from custodes.base.errors import ConfigurationError, CustodesError, DecodeError
from custodes.functions.lemf import layout
from custodes.functions.lemf.frames import Frame
from custodes.functions.lemf.journal import Journal
from custodes.functions.lemf.mending import Mended, Mending
from custodes.functions.lemf.placement import Folder, Placement, Step
from custodes.functions.lemf.ports import Files
from custodes.session.handover.continuity import ContinuityLog, stream_key
from custodes.session.handover.events import Continuity, PDUReceived
from custodes.wire.handover.pdu import decode

ABOUT = "lab receiver, not a LEMF for production"
# Told always, also where they are 0; others from their first use on.
COUNTED = (
    "pdus",
    "iri",
    "cc",
    "hi4",
    "transport",
    "gaps",
    "missing",
    "out_of_order",
    "repeats",
    "undecodable",
    "unannounced",
    "other_content",
    "unexpected",
)


@dataclass(frozen=True, slots=True)
class Recovery:
    """``frames`` in the journal, of whose end ``cut`` octets were the remains of a broken write;
    ``mended``: what had to be done to the readable files."""

    frames: int
    cut: int
    mended: Mended


class Evidence:
    """Thread-safe. ``recover`` first, and after every CustodesError of another method: until then
    nothing more is taken in."""

    def __init__(self, files: Files, who: Mapping[str, str], salt: bytes) -> None:
        self._files = files
        self._who = dict(who)
        self._salt = salt
        self._lock = threading.Lock()
        self._journal: Journal | None = None
        self._placement = Placement()
        self._numbers = ContinuityLog()
        self._here: Counter[str] = Counter()
        self._generation = 0
        self._usable = False
        self._dirty = True

    @property
    def usable(self) -> bool:
        return self._usable

    @property
    def generation(self) -> int:
        """Grows with every ``recover``."""
        return self._generation

    def recover(self) -> Recovery:
        """Read the journal back: the numbers seen, the counters and the readable files are what it
        says. Raises JournalDamagedError or ConfigurationError where a person has to look, any other
        CustodesError where the disk does not take what has to be written."""
        with self._lock:
            self._usable = False
            self._generation += 1
            journal = self._journal = self._journal or self._open()
            self._placement, self._numbers = Placement(), ContinuityLog()
            mending = Mending(self._files)
            recovered = journal.recover(
                self._floor(), lambda frame: mending.take(self._replayed(frame))
            )
            mended = mending.finish()
            self._here["journal_cut"] += recovered.cut
            self._usable = self._dirty = True
            return Recovery(recovered.frames, recovered.cut, mended)

    def receive(self, event: PDUReceived, arrival: int, peer: str) -> PDUReceived:
        """Take one PS-PDU in, unless it is a repeat; returns it judged.

        ``arrival``: ns since 1970. The operating system has it; ``sync`` says that the disk has."""
        with self._lock:
            journal = self._writable()
            self._dirty = True
            judged = self._judge(event)
            if judged.continuity is Continuity.REPEAT:
                self._here["repeats"] += 1
                return judged
            try:
                journal.append(judged.octets, arrival, peer)
                self._take(judged)
                self._perform(self._placement.pdu(judged))
            except CustodesError:
                self._usable = False
                raise
            return judged

    def undecodable(self, octets: bytes, what: str, arrival: int, peer: str) -> None:
        """Keep one BER value that is no PS-PDU. It has no number, so every one is kept."""
        with self._lock:
            journal = self._writable()
            self._dirty = True
            try:
                journal.append(octets, arrival, peer)
                self._perform(self._placement.undecodable(octets, what))
            except CustodesError:
                self._usable = False
                raise

    def sync(self, generation: int) -> None:
        """Returns when everything taken in since ``generation`` began is on the disk: it may be
        acknowledged. CustodesError where another generation has begun: what was not on the disk
        may have been given up."""
        journal = self._writable()
        try:
            journal.sync()
        except CustodesError:
            self._usable = False
            raise
        if self._generation != generation:  # last: a recovery may have begun while this waited
            raise CustodesError("evidence could not be written for a while")

    def close(self) -> None:
        """Let another receiver have the folder."""
        with self._lock:
            self._usable = False
            if self._journal is not None:
                self._journal.close()
                self._journal = None

    def count(self, name: str) -> None:
        with self._lock:
            self._here[name] += 1
            self._dirty = True

    def counters(self) -> dict[str, int]:
        with self._lock:
            return self._snapshot()

    def settle(self) -> None:
        """Write receiver.json, then the manifest that covers it, where anything has changed."""
        with self._lock:
            if not self._dirty:
                return
            try:
                self._settle(self._writable())
            except CustodesError:
                self._usable = False
                raise
            self._dirty = False

    def _settle(self, journal: Journal) -> None:
        # The manifest tells the next start how much of the journal was on the disk for certain.
        journal.sync()
        about = {"receiver": ABOUT, **self._who, "counters": self._snapshot()}
        self._files.replace(layout.RECEIVER, _document(about))
        listed = self._files.manifest(layout.MANIFEST)
        self._files.replace(layout.MANIFEST, _document({"algorithm": "SHA-256", "files": listed}))

    def _open(self) -> Journal:
        sizes, _ = self._files.listed()
        if layout.JOURNAL not in sizes and any(
            layout.is_made(name) or name == layout.MANIFEST for name in sizes
        ):
            raise ConfigurationError(
                "the evidence folder holds evidence but no received.journal",
                remedy="put the journal back, or move the folder away to start a new one",
            )
        return Journal(self._files.growing(layout.JOURNAL), self._salt)

    def _floor(self) -> int:
        """How much of the journal the last manifest knew; 0 without a readable one."""
        try:
            manifest = json.loads(self._files.read(layout.MANIFEST, 0, 1 << 30))
            size = manifest["files"][layout.JOURNAL]["size"]
        except (ValueError, KeyError, TypeError):
            return 0
        return size if isinstance(size, int) else 0

    def _replayed(self, frame: Frame) -> list[Step]:
        try:
            pdu = decode(frame.octets)
        except DecodeError as error:
            return self._placement.undecodable(frame.octets, error.what)
        judged = self._judge(PDUReceived(pdu, frame.octets))
        self._take(judged)
        return self._placement.pdu(judged)

    def _judge(self, event: PDUReceived) -> PDUReceived:
        number = event.pdu.header.sequenceNumber
        continuity, missing = self._numbers.judge(stream_key(event.pdu), number, event.octets)
        return replace(event, continuity=continuity, missing=missing)

    def _take(self, event: PDUReceived) -> None:
        number = event.pdu.header.sequenceNumber
        self._numbers.take(stream_key(event.pdu), number, event.octets)

    def _perform(self, steps: list[Step]) -> None:
        for step in steps:
            if isinstance(step, Folder):
                self._files.folder(step.name)
            else:
                self._files.append(step.name, step.octets, step.header)

    def _writable(self) -> Journal:
        if self._journal is None or not self._usable:
            raise CustodesError("evidence cannot be written")
        return self._journal

    def _snapshot(self) -> dict[str, int]:
        counters = self._placement.counters + self._here
        names = [*COUNTED, *sorted(set(counters) - set(COUNTED))]
        return {name: counters[name] for name in names}


def _document(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"
