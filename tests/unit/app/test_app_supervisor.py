"""Functions as processes: heard line by line, missed when they die, stopped without exception."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from custodes.app import supervisor as module
from custodes.app.lab import Lab
from custodes.app.supervisor import FunctionDiedError, FunctionProcess, Supervisor
from custodes.base.errors import CustodesError

LONG = 20.0
PRELUDE = """
import json, os, signal, sys, time
def say(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)
"""
WAIT = "signal.pause()"


class Nursery:
    """Starts tiny children in the place of functions."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "child.jsonl"
        self.children: list[FunctionProcess] = []

    def start(self, code: str, *, feed: bool = False) -> FunctionProcess:
        command = [sys.executable, "-c", PRELUDE + code]
        self.children.append(FunctionProcess("child", command, self.log, feed=feed))
        return self.children[-1]


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    made = Nursery(tmp_path)
    yield made
    for child in made.children:
        child.kill()
        child.stop()


def test_what_a_function_says_is_heard_and_kept(nursery: Nursery) -> None:
    child = nursery.start(
        "say('ready'); say('count', n=1); print('no json'); print('[1]'); say('count', n=2)\n"
        + WAIT
    )
    assert child.wait_for("count", LONG, lambda e: e["n"] == 2) == {"event": "count", "n": 2}
    assert child.wait_for("count", LONG)["n"] == 1  # what was said already counts
    assert child.last("count") == {"event": "count", "n": 2}
    assert child.last("never") is None
    assert [e["event"] for e in child.events] == ["ready", "count", "count"]
    assert nursery.log.read_text().splitlines()[2:4] == ["no json", "[1]"]


def test_waiting_ends_when_it_is_said_not_when_time_is_up(nursery: Nursery) -> None:
    child = nursery.start("sys.stdin.readline(); say('told')\n" + WAIT, feed=True)
    heard: list[Any] = []
    waiting = threading.Thread(target=lambda: heard.append(child.wait_for("told", LONG)))
    waiting.start()
    child.stdin.write(b"now\n")
    child.stdin.flush()
    waiting.join(LONG)
    assert heard == [{"event": "told"}]


def test_waiting_has_an_end(nursery: Nursery) -> None:
    child = nursery.start(WAIT)
    with pytest.raises(CustodesError, match="did not say never") as caught:
        child.wait_for("never", 0.01)
    assert not isinstance(caught.value, FunctionDiedError)


def test_a_function_that_dies_is_missed_at_once(nursery: Nursery) -> None:
    child = nursery.start("say('ready'); sys.stderr.write('why'); sys.exit(3)")
    with pytest.raises(FunctionDiedError, match="ended before it said never"):
        child.wait_for("never", LONG)
    assert child.wait_for("ready", LONG) == {"event": "ready"}
    assert child.stop() == 3
    assert not child.alive
    assert nursery.log.with_suffix(".err").read_text() == "why"


def test_a_function_whose_log_cannot_be_written_is_missed_too(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    nursery.log.mkdir()
    child = nursery.start("say('ready')\n" + WAIT)
    with pytest.raises(FunctionDiedError):
        child.wait_for("ready", LONG)


def test_what_an_earlier_run_said_stays(nursery: Nursery) -> None:
    for run in ("one", "two"):
        child = nursery.start(f"sys.stderr.write({run!r}); sys.stderr.flush(); say({run!r})")
        child.wait_for(run, LONG)
        child.stop()
    assert [json.loads(x)["event"] for x in nursery.log.read_text().splitlines()] == ["one", "two"]
    assert nursery.log.with_suffix(".err").read_text() == "onetwo"


def test_a_stopped_function_may_finish_its_work(nursery: Nursery) -> None:
    child = nursery.start(
        "def end(*_):\n    say('stopped'); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end); say('ready')\nwhile True: " + WAIT
    )
    child.wait_for("ready", LONG)
    assert child.stop() == 0
    assert child.last("stopped") is not None
    assert child.stop() == 0  # again, harmless


def test_one_that_does_not_listen_is_killed(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STOP_SECONDS", 0.05)
    child = nursery.start(
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); say('ready')\nwhile True: " + WAIT
    )
    child.wait_for("ready", LONG)
    assert child.stop() == -9


def test_one_that_reads_no_more_cannot_hold_up_its_stop(nursery: Nursery) -> None:
    child = nursery.start("say('ready')\n" + WAIT, feed=True)
    child.wait_for("ready", LONG)

    def feed() -> None:
        with contextlib.suppress(OSError):  # a broken pipe
            child.stdin.write(b"x" * 1_000_000)

    feeding = threading.Thread(target=feed)
    feeding.start()
    feeding.join(0.05)
    stopping = threading.Thread(target=child.stop, daemon=True)
    stopping.start()
    stopping.join(LONG)
    assert not stopping.is_alive()
    feeding.join(LONG)
    assert not feeding.is_alive()


def test_only_a_fed_function_has_a_standard_input(nursery: Nursery) -> None:
    child = nursery.start("say('read', octets=len(sys.stdin.buffer.read()))")
    assert child.wait_for("read", LONG)["octets"] == 0
    with pytest.raises(CustodesError, match="not fed"):
        _ = child.stdin


def test_the_callers_environment_is_not_inherited(
    nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CUSTODES_SECRET", "PYTHONPATH", "LD_PRELOAD", "HTTPS_PROXY", "SSLKEYLOGFILE"):
        monkeypatch.setenv(name, "leaked")
    monkeypatch.setenv("TZ", "UTC")
    child = nursery.start("say('environment', names=sorted(os.environ))")
    names = set(child.wait_for("environment", LONG)["names"])
    allowed = {"PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "HOME", "PYTHONUNBUFFERED", "LC_CTYPE"}
    assert names <= allowed
    assert "TZ" in names


def test_no_descriptor_but_the_standard_ones_is_inherited(nursery: Nursery, tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as secret:
        child = nursery.start(
            f"try: os.fstat({secret.fileno()}); say('seen', it=True)\n"
            "except OSError: say('seen', it=False)"
        )
        assert child.wait_for("seen", LONG)["it"] is False


# The supervisor, with children in the place of the functions.


class Order:
    """Writes down in which order processes are stopped."""

    def __init__(self, name: str, stopped: list[str]) -> None:
        self._name, self._stopped = name, stopped
        self.alive = True

    def stop(self) -> int:
        self._stopped.append(self._name)
        self.alive = False
        return 0


def test_senders_are_stopped_before_receivers(tmp_path: Path) -> None:
    supervisor, stopped = Supervisor(Lab(tmp_path)), []
    names = ("mdf", "admf", "poi", "lemf-agency-a")
    for name in names:
        supervisor.processes[name] = Order(name, stopped)  # type: ignore[assignment]
    with supervisor:
        pass
    assert stopped == ["admf", "poi", "mdf", "lemf-agency-a"]


def test_a_function_is_not_started_twice(tmp_path: Path) -> None:
    supervisor = Supervisor(Lab(tmp_path))
    supervisor.processes["poi"] = Order("poi", [])  # type: ignore[assignment]
    with pytest.raises(CustodesError, match="runs already"):
        supervisor.start("poi")


def test_a_function_is_handed_its_name_and_its_lab(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[str, list[str], bool]] = []

    def start(name: str, command: list[str], log: Path, *, feed: bool) -> Order:
        started.append((name, command[1:], feed))
        return Order(name, [])

    monkeypatch.setattr(module, "FunctionProcess", start)
    Supervisor(Lab(tmp_path)).start("poi", feed=True)
    command = ["-m", "custodes.cli.main", "run", "poi", "--lab", str(tmp_path)]
    assert started == [("poi", command, True)]
