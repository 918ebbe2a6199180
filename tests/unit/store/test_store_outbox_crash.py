"""kill -9 at random moments: what was promised is there, in order, once, with its numbers."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

from outbox_scene import NORTH, SOUTH, Opened

ROUNDS = 20
_CHILD = Path(__file__).with_name("outbox_child.py")


def _run(folder: Path, lines: int, delay: float) -> list[list[str]]:
    """What a child said until it was killed, ``delay`` s after its ``lines``-th line."""
    child = subprocess.Popen(
        [sys.executable, str(_CHILD), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    said: list[str] = []
    killer = threading.Timer(delay, child.kill)
    with child:
        for line in child.stdout:
            said.append(line)
            if len(said) == lines:
                killer.start()
        killer.join()
    assert child.returncode == -9
    return [line.split() for line in said if line.endswith("\n")]


def test_what_was_promised_survives(tmp_path: Path) -> None:
    chance = random.Random(4)
    given: dict[int, int] = {}  # id -> which PDU
    confirmed, promised = 0, 0
    for _ in range(ROUNDS):
        for what, *rest in _run(tmp_path, chance.randrange(1, 12), chance.random() / 50):
            values = [int(text) for text in rest]
            if what == "confirmed":
                confirmed = values[0]
                continue
            promised, ids = values[0], values[1:]
            assert ids[0] > max(given, default=0), "an id was given out twice"
            assert ids == sorted(set(ids))
            given |= {one: promised - len(ids) + place for place, one in enumerate(ids)}
        opened = Opened(tmp_path)
        outbox = opened.side()
        numbers, marks = outbox.numbers(), outbox.marks()
        assert numbers["s"] == marks[b"c"] >= promised
        mark = outbox.confirmed(SOUTH)
        assert mark >= confirmed
        found: dict[int, int] = {}
        for did in (NORTH, SOUTH):
            stored = outbox.read(did, outbox.confirmed(did), 1 << 30, 1 << 40)
            order = []
            for one in stored:
                assert one.outgoing is not None
                order.append(int(one.outgoing.octets.split()[0]))
                assert len(one.outgoing.octets.split(b" ", 1)[1]) == order[-1] % 900
                found[one.id] = order[-1]
            assert order == sorted(set(order))
            assert sum(len(one.outgoing.octets) for one in stored if one.outgoing) == (
                outbox.backlog()[did].octets if stored else 0
            )
        for one, number in given.items():
            if number % 3 == 0 and one <= mark:  # SOUTH has confirmed it
                continue
            assert found[one] == number
        # A batch that was committed while its promise was on its way: all of it is there.
        late = sorted(number for one, number in found.items() if one > max(given))
        late = [number for number in late if number >= promised]
        assert late == list(range(promised, numbers["s"]))
        given |= {one: number for one, number in found.items() if one > max(given)}
        promised = numbers["s"]
        opened.close()
    assert len(given) > ROUNDS


def test_a_crash_before_the_first_commit_leaves_a_state_that_opens(tmp_path: Path) -> None:
    for delay in (0.2, 0.3, 0.4, 0.5):
        child = subprocess.Popen(
            [sys.executable, str(_CHILD), str(tmp_path)], stdout=subprocess.DEVNULL
        )
        killer = threading.Timer(delay, child.kill)
        killer.start()
        with child:
            killer.join()
        opened = Opened(tmp_path)
        outbox = opened.side()
        assert outbox.numbers().get("s", 0) == outbox.marks().get(b"c", 0)
        opened.close()
