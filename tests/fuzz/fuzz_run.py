"""Runs the fuzzers for long: ``make fuzz SECONDS=600``, or one target by name.

With atheris where it is installed (coverage leads it), else by plain mutation. What breaks a
target is written to ``corpus/<target>/`` as hex: fix the reader and keep the file.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import fuzz_bounds
import fuzz_report
from fuzz_mutation import LONGEST

CORPUS = Path(__file__).resolve().parent / "corpus"

# Tracing memory is slow: done for one input in so many.
MEMORY_EVERY = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--jobs", type=int, default=1, help="targets at the same time")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--engine", choices=("atheris", "mutation"), default=None)
    parser.add_argument("--report", type=Path, default=None, help="a Markdown page for the figures")
    parser.add_argument("targets", nargs="*")
    options = parser.parse_args()
    engine = options.engine or ("atheris" if _has_atheris() else "mutation")
    if options.engine and len(options.targets) == 1:
        if engine == "atheris":
            _atheris(options.targets[0], options.seconds)
        return _mutation(options.targets[0], options.seconds, options.seed)
    # Each target has its own process: atheris ends it, and it instruments what it imports.
    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = pool.map(lambda n: _in_a_process(n, engine, options), _names(options.targets))
        rows = []
        for row in outcomes:
            print(row.line(), flush=True)
            rows.append(row)
    if options.report:
        fuzz_report.write(options.report, rows)
    return 1 if any(row.faults for row in rows) else 0


def _names(wanted: list[str]) -> list[str]:
    from fuzz_targets import TARGETS

    return wanted or list(TARGETS)


def _has_atheris() -> bool:
    try:
        import atheris  # noqa: F401
    except ImportError:
        return False
    return True


def _in_a_process(name: str, engine: str, options: argparse.Namespace) -> fuzz_report.Row:
    command = [sys.executable, __file__, f"--engine={engine}", f"--seconds={options.seconds}"]
    if options.seed is not None:
        command.append(f"--seed={options.seed}")
    ran = subprocess.run([*command, name], check=False, capture_output=True, text=True)
    output = ran.stdout + ran.stderr
    if ran.returncode:
        print(output, file=sys.stderr, flush=True)
    return fuzz_report.read(name, engine, options.seconds, output, ran.returncode)


def _atheris(name: str, seconds: int) -> None:
    import atheris

    # Nothing of custodes may be imported before: what is not instrumented leads nowhere.
    with atheris.instrument_imports(include=["custodes"]):
        from fuzz_corpus import seeds
        from fuzz_targets import TARGETS
    run = TARGETS[name].run

    count = 0

    def one(octets: bytes) -> None:
        nonlocal count
        count += 1
        check = fuzz_bounds.check_seconds if count % MEMORY_EVERY else fuzz_bounds.check_memory
        _judge(name, lambda o: check(run, o), octets)

    mutator, corpus = TARGETS[name].mutator, seeds(name)

    def change(octets: bytes, longest: int, seed: int) -> bytes:
        random = Random(seed)
        if random.randrange(2):
            return bytes(atheris.Mutate(octets, longest))
        return mutator(octets, corpus, random)[:longest]

    with TemporaryDirectory() as folder:
        for octets in corpus:
            Path(folder, sha256(octets).hexdigest()).write_bytes(octets)
        # One input may take 20 s and 2 GB before libFuzzer itself gives up on it.
        limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=20"]
        atheris.Setup(
            [name, *limits, "-rss_limit_mb=2048", "-print_final_stats=1", folder],
            one,
            custom_mutator=change,
        )
        atheris.Fuzz()


def _mutation(name: str, seconds: int, seed: int | None) -> int:
    from fuzz_corpus import seeds
    from fuzz_targets import TARGETS

    run, mutator = TARGETS[name].run, TARGETS[name].mutator
    seed = seed if seed is not None else time.time_ns() & 0xFFFF_FFFF
    random, corpus = Random(seed), seeds(name)
    end, count = time.monotonic() + seconds, 0
    for octets in corpus:
        _judge(name, lambda o: fuzz_bounds.check_seconds(run, o), octets)
    while time.monotonic() < end:
        octets = mutator(random.choice(corpus), corpus, random)
        check = fuzz_bounds.check_seconds if count % MEMORY_EVERY else fuzz_bounds.check_memory
        _judge(name, lambda o, c=check: c(run, o), octets)
        count += 1
    print(f"{name}: {count} inputs in {seconds} s, seed {seed}: no fault")
    return 0


def _judge(name: str, run: object, octets: bytes) -> None:
    try:
        run(octets)  # type: ignore[operator]
    except Exception:
        folder = CORPUS / name
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"found-{sha256(octets).hexdigest()[:12]}.hex"
        file.write_text(octets.hex() + "\n")
        print(f"{name}: a fault, kept in tests/fuzz/corpus/{name}/{file.name}", file=sys.stderr)
        raise


if __name__ == "__main__":
    sys.exit(main())
