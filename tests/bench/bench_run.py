"""``make bench``: measures, prints, and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap

from bench_cases import Group, groups
from bench_measure import ROUNDS, SECONDS, Rate, compare

HEAD = """# Benchmarks

Made by `make bench`; do not edit. Rates of plain CPython on one core. Each figure is the median of
{rounds} rounds of about {seconds} s of processor time, with the slowest and the fastest round
beside it. All candidates of a table run in every round, one after the other; the ratio is the
median of the rounds' ratios to the table's first line: below 1 is slower than the first line.

{machine}; {date}.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=None)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    options = parser.parse_args()
    pages = [
        HEAD.format(
            rounds=options.rounds,
            seconds=options.seconds,
            machine=machine(),
            date=f"{datetime.now(UTC):%Y-%m-%d}",
        )
    ]
    for group in groups():
        pages.append(table(group, compare(group.runs, options.rounds, options.seconds)))
        print(pages[-1], flush=True)
    if options.output is not None:
        options.output.write_text("\n".join(pages), encoding="utf-8")
    return 0


def table(group: Group, rates: dict[str, Rate]) -> str:
    lines = [f"## {group.title}", "", group.what[0].upper() + group.what[1:] + "."]
    if group.target:
        lines += ["", f"Target: {group.target}."]
    lines += ["", "| | median | slowest | fastest | ratio |", "|---|---|---|---|---|"]
    for name, rate in rates.items():
        cells = (f"{round_off(r * group.each):,}" for r in (rate.per_second, rate.low, rate.high))
        lines.append(f"| {name} | {' | '.join(cells)} | {rate.ratio:.2f} |")
    if group.note:
        lines += ["", *wrap(group.note, 100)]
    return "\n".join(lines) + "\n"


def round_off(rate: float) -> int:
    """Three digits: no more is known."""
    return int(float(f"{rate:.3g}"))


def machine() -> str:
    """What kind of machine, and nothing that names it."""
    model = platform.machine()
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = next(x.split(":", 1)[1].strip() for x in text.splitlines() if "model name" in x)
    except (OSError, StopIteration):
        pass
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{model}, {os.cpu_count()} cores of which one is used, {platform.system()}, {python}"


if __name__ == "__main__":
    sys.exit(main())
