"""A real outbox on a disk, for one side, in a folder that goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from mdf_scene import START

from custodes.base.errors import CustodesError
from custodes.model.outbox import Batch
from custodes.store.cin import CinStore
from custodes.store.mdf import MdfDatabase
from custodes.store.outbox import Outbox


class _OnDisk(Outbox):
    """The real outbox, on a disk that a test can fill (what a really full one does to the file is
    shown in the tests of ``store``)."""

    def __init__(self, disk: Disk, side: str) -> None:
        super().__init__(MdfDatabase(disk.database), side, disk.path / "outbox.key", START)
        self._disk = disk

    def commit(self, batch: Batch) -> tuple[int, ...]:
        if self._disk.is_full:
            raise CustodesError("the mediation function's state cannot be written")
        return super().commit(batch)


class Disk:
    """What survives a restart; ``outbox`` and ``cins`` are opened anew by each run."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory()
        self.path = Path(self._folder.name)
        self.database = self.path / "mdf.sqlite"
        self.is_full = False

    def outbox(self, side: str = "mdf2") -> Outbox:
        return _OnDisk(self, side)

    def cins(self) -> CinStore:
        return CinStore(self.database)

    @contextmanager
    def full(self) -> Iterator[None]:
        self.is_full = True
        try:
            yield
        finally:
            self.is_full = False
