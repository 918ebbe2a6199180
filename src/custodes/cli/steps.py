"""Progress of long work: a spinner with what is going on, and above it what is done."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.markup import escape


class Steps:
    """Call it with each step's name as it begins; leaving the context ends the last one."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("")
        self._current = ""
        self._since = 0.0

    def __enter__(self) -> Steps:
        self._status.start()
        return self

    def __call__(self, text: str) -> None:
        self._finish("[green]done[/green]")
        self._current, self._since = text, time.monotonic()
        self._status.update(escape(text))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._finish("[green]done[/green]" if error is None else "[red]failed[/red]")
        self._status.stop()

    def _finish(self, how: str) -> None:
        if self._current:
            took = time.monotonic() - self._since
            self._console.print(f"  {how} {took:5.1f} s  {escape(self._current)}", soft_wrap=True)
        self._current = ""
