"""Every reader against its corpus and some mutations of it: the same inputs in every run."""

from __future__ import annotations

from random import Random

import pytest
from fuzz_bounds import TooCostlyError, check_lines, check_memory
from fuzz_corpus import seeds
from fuzz_targets import TARGETS

ITERATIONS = 3000
HEAVY = 40
LIGHT = [name for name, target in TARGETS.items() if not target.heavy]


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_breaks_nothing(name: str) -> None:
    for octets in seeds(name):
        TARGETS[name].run(octets)


@pytest.mark.parametrize("name", TARGETS)
def test_mutations_break_nothing(name: str) -> None:
    target, random, corpus = TARGETS[name], Random(name), seeds(name)
    for _ in range(HEAVY if target.heavy else ITERATIONS):
        target.run(target.mutator(random.choice(corpus), corpus, random))


@pytest.mark.parametrize("name", LIGHT)
def test_work_and_memory_are_linear(name: str) -> None:
    """Each seed as it is, and grown: repeated as a whole, and its middle octets repeated."""
    run = TARGETS[name].run
    for octets in seeds(name)[-40:]:
        if len(octets) > 4000:
            continue
        middle = len(octets) // 2
        grown = octets[:middle] + octets[middle : middle + 5] * 400 + octets[middle + 5 :]
        for one in (octets, octets * (1 + 4000 // (len(octets) + 1)), grown):
            check_lines(run, one)
            check_memory(run, one)


def test_the_bounds_bound() -> None:
    def quadratic(octets: bytes) -> int:
        return sum(1 for _ in octets for _ in octets)

    def hoarder(octets: bytes) -> bytes:
        return octets * 20_000

    with pytest.raises(TooCostlyError):
        check_lines(quadratic, bytes(2000))
    with pytest.raises(TooCostlyError):
        check_memory(hoarder, bytes(1000))
