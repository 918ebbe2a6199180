"""Rates on one core: several rounds, every candidate in each, so that ratios share the weather."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Run = Callable[[], object]
ROUNDS = 7
SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Rate:
    """``per_second``: the median round; ``low`` and ``high``: the slowest and the fastest one;
    ``ratio``: the median of the rounds' ratios to the first candidate."""

    per_second: float
    low: float
    high: float
    ratio: float


def compare(
    runs: dict[str, Run], rounds: int = ROUNDS, seconds: float = SECONDS
) -> dict[str, Rate]:
    """Measure the candidates side by side; the first is what the others are compared with."""
    calls = {name: _calls(run, seconds) for name, run in runs.items()}
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            rates[name].append(_once(run, calls[name]))
    first = rates[next(iter(runs))]
    return {name: _rate(found, first) for name, found in rates.items()}


def _rate(found: list[float], first: list[float]) -> Rate:
    ratios = [mine / other for mine, other in zip(found, first, strict=True)]
    return Rate(median(found), min(found), max(found), median(ratios))


def _calls(run: Run, seconds: float) -> int:
    """How many calls take about ``seconds``; this warms everything up as well."""
    calls = 1
    while (rate := _once(run, calls)) * seconds > calls * 2:
        calls = min(calls * 8, max(calls + 1, int(rate * seconds)))
    return calls


def _once(run: Run, calls: int) -> float:
    gc.collect()  # what an earlier candidate left is not this one's
    began = time.process_time()
    for _ in range(calls):
        run()
    return calls / max(time.process_time() - began, 1e-9)
