"""Every reader against its corpus and some mutations of it: the same inputs in every run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import fuzz_report
import fuzz_run
import pytest
from fuzz_bounds import TooCostlyError, check_lines, check_memory
from fuzz_corpus import seeds
from fuzz_targets import TARGETS

ITERATIONS = 3000
HEAVY = 40
MINUTE = 60
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


@pytest.mark.skipif(not os.environ.get("CI"), reason="a minute a reader: CI, or `make fuzz`")
@pytest.mark.parametrize("name", TARGETS)
def test_a_minute_led_by_coverage_breaks_nothing(name: str) -> None:
    command = [sys.executable, fuzz_run.__file__, "--engine=atheris", f"--seconds={MINUTE}", name]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=10 * MINUTE)
    found = fuzz_report.read(name, "atheris", MINUTE, ran.stdout + ran.stderr, ran.returncode)
    assert not found.faults, ran.stderr[-4000:]


def test_a_fault_is_found_kept_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fragile(octets: bytes) -> None:
        assert len(octets) < 3

    monkeypatch.setattr(fuzz_run, "CORPUS", tmp_path)
    with pytest.raises(AssertionError):
        fuzz_run._judge("fragile", fragile, b"abcd")
    [kept] = (tmp_path / "fragile").iterdir()
    assert bytes.fromhex(kept.read_text()) == b"abcd"


def test_the_page_keeps_the_last_run_of_each_reader(tmp_path: Path) -> None:
    page = tmp_path / "fuzzing.md"
    first = fuzz_report.read("one", "mutation", 5, "one: 12 inputs in 5 s, seed 3: no fault", 0)
    other = fuzz_report.read(
        "two", "atheris", 5, "INFO: Seed: 77\nstat::number_of_executed_units: 1234", 0
    )
    again = fuzz_report.read("one", "atheris", 7, "stat::number_of_executed_units: 99", 77)
    silent = fuzz_report.read("six", "atheris", 7, "", 0)
    assert (first.inputs, first.faults, other.inputs, again.faults) == (12, 0, 1234, 1)
    assert silent.faults == 1
    fuzz_report.write(page, [first, other])
    fuzz_report.write(page, [again])
    rows = [line for line in page.read_text().splitlines() if line.startswith(("| one", "| two"))]
    assert rows == [again.row(), other.row()]
