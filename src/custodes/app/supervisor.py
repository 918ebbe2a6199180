"""Runs the functions of a lab as processes of their own, each started with its own folder only.

What a function says on standard output (one JSON object a line) goes to ``log/<name>.jsonl`` and
to whoever waits for it here. A function that dies takes the supervisor's run with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

from custodes.app.lab import Lab
from custodes.base.errors import CustodesError

Event = dict[str, Any]
Matches = Callable[[Event], bool]

_STOP_SECONDS = 10.0


class FunctionDiedError(CustodesError):
    """A function's process ended though nobody asked it to."""


class FunctionProcess:
    """One function's process and what it has said so far."""

    def __init__(self, name: str, command: list[str], log: Path, *, feed: bool) -> None:
        self.name = name
        self.events: list[Event] = []
        self._said = threading.Condition()
        self._ended = False
        self._log = log
        self._errors = log.with_suffix(".err").open("ab")
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(),
        )
        self._reader = threading.Thread(target=self._read, name=f"log-{name}", daemon=True)
        self._reader.start()

    @property
    def stdin(self) -> IO[bytes]:
        if self._process.stdin is None:
            raise CustodesError(f"{self.name} is not fed")
        return self._process.stdin

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def wait_for(self, event: str, timeout: float, matches: Matches | None = None) -> Event:
        """The first event of that name (that matches), already said or within ``timeout`` s."""
        seen = 0
        deadline = time.monotonic() + timeout
        with self._said:
            while True:
                for said in self.events[seen:]:
                    if said.get("event") == event and (matches is None or matches(said)):
                        return said
                seen = len(self.events)
                if self._ended:
                    raise FunctionDiedError(
                        f"{self.name} ended before it said {event}",
                        remedy=f"see {self._log} and {self._log.with_suffix('.err')}",
                    )
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise CustodesError(
                        f"{self.name} did not say {event} within {timeout:g} s",
                        remedy=f"see {self._log}",
                    )
                self._said.wait(remaining)

    def last(self, event: str) -> Event | None:
        with self._said:
            return next((e for e in reversed(self.events) if e.get("event") == event), None)

    def stop(self) -> int:
        """Ask the process to end, then insist; returns its exit status."""
        if self.alive:
            self._process.terminate()
        try:
            status = self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        # Only now: closing flushes, and would wait for ever on one that lives and does not read.
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._reader.join(_STOP_SECONDS)
        self._errors.close()
        return status

    def _read(self) -> None:
        try:
            if self._process.stdout is not None:
                self._listen(self._process.stdout)
        finally:  # also where the log cannot be written: who waits is told
            with self._said:
                self._ended = True
                self._said.notify_all()

    def _listen(self, stream: IO[bytes]) -> None:
        with self._log.open("ab") as log:
            for line in stream:
                log.write(line)
                log.flush()
                try:
                    event = json.loads(line)
                except ValueError:
                    continue
                if isinstance(event, dict):
                    with self._said:
                        self.events.append(event)
                        self._said.notify_all()


class Supervisor:
    """The processes of one lab."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.processes: dict[str, FunctionProcess] = {}

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str, *, feed: bool = False) -> FunctionProcess:
        if name in self.processes and self.processes[name].alive:
            raise CustodesError(f"{name} runs already")
        command = [sys.executable, "-m", "custodes.cli.main", "run", name]
        command += ["--lab", str(self._lab.folder)]
        process = FunctionProcess(name, command, self._lab.log(name), feed=feed)
        self.processes[name] = process
        return process

    def start_all(self, timeout: float, *, fed: Iterable[str] = ()) -> None:
        """Start every function and return when each has said that it is ready."""
        fed = set(fed)
        for name in self._lab.functions:
            self.start(name, feed=name in fed)
        for name in self._lab.functions:
            function = "lemf" if name.startswith("lemf") else name
            self.processes[name].wait_for(f"{function}.ready", timeout)

    def stop(self) -> dict[str, int]:
        """Stop everything, senders before receivers; exit statuses by function."""
        order = [n for n in reversed(self._lab.functions) if n in self.processes]
        return {name: self.processes[name].stop() for name in order}


def _environment() -> dict[str, str]:
    """Only what a function needs: nothing of the caller's shell reaches it."""
    keep = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME")
    kept = {name: os.environ[name] for name in keep if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1"}
