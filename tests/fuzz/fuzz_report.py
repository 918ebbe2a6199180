"""What a run of the fuzzers came to: one row per target, kept in a page of docs/."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

# libFuzzer's statistics, or the line that the mutation loop prints.
_INPUTS = re.compile(r"number_of_executed_units: *(\d+)|: (\d+) inputs in ")
_ROW = re.compile(r"^\| (\w+) \| (\w+) \| ([\d,]+) \| ([\d,]+) \| (\d+) \| (\S+) \|$", re.M)

_HEAD = """# Fuzzing

Every reader of hostile input has a fuzzer (`tests/fuzz/fuzz_targets.py`). Only the codec's own
error may leave a reader; what is read and can be written reads the same again; a stream reads the
same in pieces; time and memory have a bound linear in the input. `make test` runs each for a fixed
number of inputs, continuous integration for a minute each, and

    make fuzz SECONDS=600 JOBS=2

for ten minutes each and writes this table: the last run of each reader.

| reader | engine | seconds | inputs | faults | day |
|---|---|---:|---:|---:|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    engine: str
    seconds: int
    inputs: int
    faults: int
    day: str

    def line(self) -> str:
        said = "a fault" if self.faults else "no fault"
        return f"{self.name}: {self.inputs:,} inputs in {self.seconds} s with {self.engine}: {said}"

    def row(self) -> str:
        return (
            f"| {self.name} | {self.engine} | {self.seconds:,} | {self.inputs:,} "
            f"| {self.faults} | {self.day} |"
        )


def read(name: str, engine: str, seconds: int, output: str, status: int) -> Row:
    """The row of a run that printed ``output`` and ended with ``status``."""
    found = _INPUTS.search(output)
    inputs = int(found[1] or found[2]) if found else 0
    # A run that counted nothing has shown nothing.
    faults = int(status != 0 or inputs == 0)
    return Row(name, engine, seconds, inputs, faults, datetime.now(UTC).date().isoformat())


def write(page: Path, rows: list[Row]) -> None:
    """New rows replace those of the same reader; the others stay."""
    text = page.read_text("utf-8") if page.exists() else ""
    kept = {match[1]: match[0] for match in _ROW.finditer(text)}
    kept |= {row.name: row.row() for row in rows}
    page.write_text(_HEAD + "\n".join(kept[name] for name in sorted(kept)) + "\n", "utf-8")
