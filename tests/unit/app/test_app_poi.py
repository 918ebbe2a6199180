"""The probe as a process: what it does with a capture that is none, or that ends too early."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from custodes.app.lab import Lab
from custodes.app.poi import _plain, _Poi
from custodes.app.supervisor import Supervisor
from custodes.functions.poi.counters import Counters

LONG = 60.0
PCAP = b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + bytes(8) + b"\xff\xff\x00\x00\x65\x00\x00\x00"
FRAME = bytes(8) + b"\x04\x00\x00\x00" * 2 + b"\x45\x00\x00\x04"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab.create(tmp_path_factory.mktemp("lab"), datetime.now(UTC))


@pytest.fixture
def supervisor(lab: Lab) -> Iterator[Supervisor]:
    with Supervisor(lab) as made:
        yield made


def test_a_capture_that_is_none_is_told_and_who_feeds_it_is_let_go(
    lab: Lab, supervisor: Supervisor
) -> None:
    poi = supervisor.start("poi", feed=True)
    poi.wait_for("poi.ready", LONG)
    with pytest.raises(BrokenPipeError):
        poi.stdin.write(b"not a capture at all " * 100_000)  # more than a pipe holds
    end = poi.wait_for("poi.capture_end", LONG)
    assert "neither pcap nor pcapng" in end["error"]
    assert (end["frames"], end["links"], end["product"]) == (0, {}, [])
    assert poi.alive  # its X1 sides go on
    assert poi.stop() == 0
    assert poi.last("poi.stopped") is not None
    for line in lab.log("poi").read_text().splitlines():
        assert isinstance(json.loads(line), dict)


def test_a_capture_that_ends_within_a_frame_says_how_much_is_left(supervisor: Supervisor) -> None:
    poi = supervisor.start("poi", feed=True)
    poi.stdin.write(PCAP + FRAME + FRAME[:-1])
    poi.stdin.close()
    end = poi.wait_for("poi.capture_end", LONG)
    assert (end["frames"], end["cut"], end["error"]) == (1, len(FRAME) - 1, "")
    assert end["acknowledged"] is True


def test_counters_are_plain_json() -> None:
    counters = Counters(frames=2, unreadable=Counter({"IP": 1}))
    plain = json.loads(json.dumps(_plain(counters)))
    assert (plain["frames"], plain["unreadable"], plain["blind"]) == (2, {"IP": 1}, {})


def test_a_bug_in_the_captures_thread_ends_the_probe() -> None:
    """A probe that sees nothing must not go on looking well."""
    poi = _Poi.__new__(_Poi)
    poi._failed = False
    stopped: list[bool] = []
    poi._read_capture = lambda: 1 // 0  # type: ignore[assignment, method-assign]
    with pytest.raises(ZeroDivisionError):
        poi._capture(lambda: stopped.append(True))
    assert poi._failed
    assert stopped == [True]
