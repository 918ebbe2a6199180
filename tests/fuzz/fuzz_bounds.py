"""What an input may cost: lines of Python, seconds of processor, octets of memory, all linear."""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any

# Far above what any reader needs, far below what a quadratic one takes at some tens of kilobytes.
LINES, LINES_PER_OCTET = 30_000, 300
SECONDS, SECONDS_PER_OCTET = 1.0, 0.000_1
OCTETS, OCTETS_PER_OCTET = 4_000_000, 600


class TooCostlyError(AssertionError):
    """A reader took more than its bound."""


def check_lines(run: Callable[[bytes], Any], octets: bytes) -> None:
    """The bound on work, counted and not timed: the same on every machine."""
    limit = LINES + LINES_PER_OCTET * len(octets)
    count = 0

    def trace(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        if count > limit:
            raise TooCostlyError(f"more than {limit} lines of Python for {len(octets)} octets")
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run(octets)
    finally:
        sys.settrace(before)


def check_memory(run: Callable[[bytes], Any], octets: bytes) -> None:
    limit = OCTETS + OCTETS_PER_OCTET * len(octets)
    tracemalloc.start()
    try:
        run(octets)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    if peak > limit:
        raise TooCostlyError(f"{peak} octets of memory for {len(octets)} octets")


def check_seconds(run: Callable[[bytes], Any], octets: bytes) -> None:
    """Processor time, for long runs; tests do not time."""
    began = time.process_time()
    run(octets)
    took = time.process_time() - began
    if took > SECONDS + SECONDS_PER_OCTET * len(octets):
        raise TooCostlyError(f"{took:.1f} s for {len(octets)} octets")
