"""The administration's database: opened, brought up to date, and handed out as repositories."""

from __future__ import annotations

from pathlib import Path

from custodes.store.elements import Elements
from custodes.store.engine import open_engine
from custodes.store.migrate import upgrade
from custodes.store.orders import Orders


class AdmfStore:
    """Both repositories over the SQLite file ``path``; ``close`` before the process ends."""

    def __init__(self, path: Path) -> None:
        self._engine = open_engine(path)
        upgrade(self._engine)
        self.orders = Orders(self._engine)
        self.elements = Elements(self._engine)

    def close(self) -> None:
        self._engine.dispose()
