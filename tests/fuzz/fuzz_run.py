"""Runs the fuzzers for long: ``make fuzz SECONDS=600``, or one target by name.

With atheris where it is installed (coverage leads it), else by plain mutation. What breaks a
target is written to ``corpus/<target>/`` as hex: fix the reader and keep the file.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import fuzz_bounds
from fuzz_mutation import LONGEST

CORPUS = Path(__file__).resolve().parent / "corpus"

MEMORY_EVERY = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--engine", choices=("atheris", "mutation"), default=None)
    parser.add_argument("targets", nargs="*")
    options = parser.parse_args()
    engine = options.engine or ("atheris" if _has_atheris() else "mutation")
    if engine == "atheris" and len(options.targets) != 1:
        # atheris ends its process, so each target has its own.
        return max(_in_a_process(name, options.seconds) for name in _names(options.targets))
    if engine == "atheris":
        _atheris(options.targets[0], options.seconds)
    return max(_mutation(n, options.seconds, options.seed) for n in _names(options.targets))


def _names(wanted: list[str]) -> list[str]:
    from fuzz_targets import TARGETS

    return wanted or list(TARGETS)


def _has_atheris() -> bool:
    try:
        import atheris  # noqa: F401
    except ImportError:
        return False
    return True


def _in_a_process(name: str, seconds: int) -> int:
    command = [sys.executable, __file__, "--engine=atheris", f"--seconds={seconds}", name]
    return subprocess.run(command, check=False).returncode


def _atheris(name: str, seconds: int) -> None:
    import atheris

    # Nothing of custodes may be imported before: what is not instrumented leads nowhere.
    with atheris.instrument_imports(include=["custodes"]):
        from fuzz_corpus import seeds
        from fuzz_targets import TARGETS
    run = TARGETS[name].run

    def one(octets: bytes) -> None:
        _judge(name, lambda o: fuzz_bounds.check_seconds(run, o), octets)

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
