"""The journal: everything that arrived and is no repeat, in its order, before anything else.

``append`` returns when the operating system has the frame (a killed process loses nothing of it),
``sync`` when the disk has it (nor does a loss of power). Only what is synced is acknowledged.

Reading it back, a bad frame is one of two things. Where nothing says that it was ever synced, it is
the torn end of an unfinished write: it is cut, and how much was cut is said. Where a later frame or
the manifest says that it was on the disk, something has damaged what was acknowledged: nothing is
cut, nothing is skipped, ``JournalDamagedError``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from custodes.base.errors import CustodesError, Fault
from custodes.functions.lemf import frames
from custodes.functions.lemf.frames import Frame
from custodes.functions.lemf.ports import GrowingFile

_CHUNK = 1 << 20
# Room for what is likely to come next: with less, writing would fail again at once.
_ROOM = 1 << 16


class JournalDamagedError(CustodesError):
    """What was on the disk is not there any more; ``offset`` is where it begins."""

    fault = Fault.OPERATOR

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(
            f"received.journal is damaged at octet {offset}: {why}; nothing was changed",
            remedy="put back a copy of the evidence folder, or move it away to start a new one",
        )
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Recovered:
    """``cut`` octets at the end were the remains of a write that never came to its end."""

    frames: int
    cut: int


class Journal:
    """``recover`` first. ``append`` from one thread at a time, ``sync`` from any."""

    def __init__(self, file: GrowingFile, salt: bytes) -> None:
        self._file = file
        self._salt = salt  # of a new file; an old one brings its own
        self._length = 0
        self._synced = 0
        self._syncing = threading.Lock()
        self._usable = False
        # After a failure: so much of the file may be trusted.
        self._trusted: int | None = None

    @property
    def length(self) -> int:
        return self._length

    @property
    def synced(self) -> int:
        """How much of it is on the disk."""
        return self._synced

    def append(self, octets: bytes, arrival: int, peer: str) -> None:
        """Raises CustodesError where it cannot be written; then nothing more is, until
        ``recover``."""
        self._refuse_after_failure()
        frame = frames.write(Frame(arrival, peer, octets, self._synced), self._salt)
        try:
            self._file.append(frame)
        except CustodesError:
            self._fail(self._length)
            raise
        self._length += len(frame)

    def sync(self) -> None:
        """Returns when all that was appended before is on the disk.

        A failure leaves it unknown what the disk has of the rest, and asking again would not tell:
        the rest is given up, to be sent and written again.
        """
        with self._syncing:
            self._refuse_after_failure()
            length = self._length
            if self._synced >= length:
                return
            try:
                self._file.sync()
            except CustodesError:
                self._fail(self._synced)
                raise
            self._synced = length

    def recover(self, floor: int, take: Callable[[Frame], None]) -> Recovered:
        """Hand every frame to ``take``, cut a torn end, and make sure that there is room.

        ``floor``: so much of it was on the disk once, as the manifest says. Nobody may append or
        sync meanwhile.
        """
        with self._syncing:
            if self._trusted is not None:
                self._file.cut(self._trusted)
            start = self._begin(self._file.size(), floor)
            size = self._file.size()
            count, end = 0, start
            for frame, after in self._frames(start, size):
                take(frame)
                count, end = count + 1, after
            self._examine(end, size, floor)
            self._file.cut(end)
            self._make_room()
            self._file.cut(end)
            self._file.sync()
            self._length = self._synced = end
            self._trusted, self._usable = None, True
            return Recovered(count, size - end)

    def close(self) -> None:
        with self._syncing:
            self._usable = False
            self._file.close()

    def _begin(self, size: int, floor: int) -> int:
        """Write the header where there is none; returns where the frames begin."""
        if size < frames.HEADER_OCTETS:  # nothing can have been acknowledged before it was whole
            if floor:
                raise JournalDamagedError(0, "the manifest knows more of it")
            self._file.cut(0)
            self._file.append(frames.file_header(self._salt))
            self._file.sync()
            return frames.HEADER_OCTETS
        salt = frames.read_file_header(self._file.read(0, frames.HEADER_OCTETS))
        if salt is None:
            raise JournalDamagedError(0, "it does not begin as a journal of this version")
        self._salt = salt
        return frames.HEADER_OCTETS

    def _frames(self, at: int, size: int) -> Iterator[tuple[Frame, int]]:
        """Frames and where each ends, up to the first that is bad."""
        while at < size and (found := self._frame(at)) is not None:
            at = found[1]
            yield found

    def _frame(self, at: int) -> tuple[Frame, int] | None:
        start = frames.read_start(self._file.read(at, frames.FRAME_OCTETS))
        if start is None:
            return None
        rest = self._file.read(at + frames.FRAME_OCTETS, start.rest)
        frame = frames.read_rest(start, rest, self._salt)
        return None if frame is None else (frame, at + frames.FRAME_OCTETS + start.rest)

    def _examine(self, end: int, size: int, floor: int) -> None:
        """Whether what stands after ``end`` may be cut."""
        if end < floor:
            raise JournalDamagedError(end, "the manifest knows more of it")
        for at in self._markers(end + 1, size):
            found = self._frame(at)
            if found is not None and found[0].synced > end:
                raise JournalDamagedError(end, f"a whole frame follows at octet {at}")

    def _markers(self, at: int, size: int) -> Iterator[int]:
        overlap = len(frames.MARKER) - 1
        while at < size:
            chunk = self._file.read(at, _CHUNK + overlap)
            found = chunk.find(frames.MARKER)
            while found >= 0:
                yield at + found
                found = chunk.find(frames.MARKER, found + 1)
            at += _CHUNK

    def _make_room(self) -> None:
        self._file.append(bytes(_ROOM))
        self._file.sync()

    def _fail(self, trusted: int) -> None:
        self._usable = False
        self._trusted = trusted if self._trusted is None else min(trusted, self._trusted)

    def _refuse_after_failure(self) -> None:
        if not self._usable:
            raise CustodesError("the journal cannot be written")
