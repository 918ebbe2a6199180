"""The power is cut at any moment: what was acknowledged is there, whole, and nothing by half.

The real SQLite on a disk that keeps no more than it must (faults/disk). ``CUSTODES_POWER_CUTS``
says how many moments are tried; each with two of the states that a disk may be left in.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from outbox_power_model import Model, goes_on, observed
from sqlalchemy.exc import SQLAlchemyError

from custodes.base.errors import CustodesError
from faults.disk.disk_log import Kind, said
from faults.disk.disk_power import cuts, moments, rebuild
from faults.disk.disk_recorder import Recording, build_recorder, in_memory, record

CUTS = int(os.environ.get("CUSTODES_POWER_CUTS", "160"))
SEED = int(os.environ.get("CUSTODES_POWER_SEED", "4"))
LIVES = 4
_STATES = 2
_STEPS = 60
_CHILD = Path(__file__).with_name("outbox_power_child.py")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_recorder(tmp_path_factory.mktemp("recorder"))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with in_memory(tmp_path) as found:
        yield found


@dataclass
class Tried:
    """``whole``: states that were what was acknowledged; ``more``: and what was under way too."""

    whole: int = 0
    more: int = 0
    unusable: int = 0
    other: int = 0
    begun_anew: int = 0  # the log, after what was in it was written back

    @property
    def wrong(self) -> int:
        return self.unusable + self.other


def _may_be(model: Model, recording: Recording, moment: int) -> list[Model]:
    """All that was done by then; and that with what was under way, or a part that stands alone."""
    done, under_way = deepcopy(model), None
    for line in said(recording.operations[:moment]):
        what, *values = json.loads(line)
        if what == "done":
            done.done(*values)
        under_way = values if what == "try" else None
    return [done, *(done.tried(*under_way) if under_way else ())]


def _judge(folder: Path, models: list[Model], tried: Tried) -> Model | None:
    """The model that the folder is; None where the real code cannot open it, or it is another."""
    try:
        found = observed(folder)
    except (CustodesError, AssertionError, SQLAlchemyError):
        tried.unusable += 1
        return None
    for number, model in enumerate(models):
        if model.expected() == found:
            tried.whole, tried.more = tried.whole + (not number), tried.more + bool(number)
            goes_on(folder, model)
            return model
    tried.other += 1
    return None


def _life(
    library: Path, folder: Path, model: Model, chance: random.Random, tried: Tried, **how: Any
) -> tuple[Path, Model]:
    """One process from its start in ``folder``, cut off at many moments. Returns one of what was
    left, and what it holds: the next life's start."""
    arguments = [str(chance.randrange(1 << 30)), str(_STEPS), how.get("pragma", "")]
    recording = record(library, folder, _CHILD, arguments)
    tried.begun_anew += sum(
        one.kind is Kind.WRITE and one.path.endswith("-wal") and not one.offset
        for one in recording.operations
    )
    last = model, folder
    chosen = moments(recording.operations, how["cuts"], chance)
    obeys = how.get("obeys", True)
    for moment, disk in cuts(recording.start, recording.operations, chosen, obeys=obeys):
        models = _may_be(model, recording, moment)
        for _ in range(_STATES):
            left, after = disk.after(chance), folder.with_name("after")
            rebuild(after, left)
            found = _judge(after, models, tried)
            shutil.rmtree(after)
            if found is not None:
                last = found, folder.with_name(f"{folder.name}+")
                kept = left
    if last[1] != folder:
        rebuild(last[1], kept)
    return last[1], last[0]


def _lives(library: Path, folder: Path, lives: int, **how: Any) -> Tried:
    chance, tried = random.Random(SEED), Tried()
    model, at = Model(), folder / "state"
    at.mkdir()
    for _ in range(lives):
        at, model = _life(library, at, model, chance, tried, **how)
    print(
        f"{lives} lives, {lives * how['cuts']} cuts, {_STATES} states each (seed {SEED}): {tried}"
    )
    return tried


def test_what_was_acknowledged_survives_and_nothing_by_half(library: Path, folder: Path) -> None:
    tried = _lives(library, folder, LIVES, cuts=CUTS // LIVES)
    assert tried.wrong == 0
    assert tried.whole + tried.more == CUTS // LIVES * LIVES * _STATES
    assert tried.more > 0, "it was never cut in the middle of something"
    assert tried.begun_anew > 2 * LIVES, "too little was written back"


@pytest.mark.parametrize("pragma", ["synchronous=NORMAL", "synchronous=OFF"])
def test_control_without_syncs_this_test_sees_the_loss(
    library: Path, folder: Path, pragma: str
) -> None:
    assert _lives(library, folder, 1, cuts=30, pragma=pragma).wrong > 0


def test_control_a_disk_that_lies_about_syncs_is_seen(library: Path, folder: Path) -> None:
    assert _lives(library, folder, 1, cuts=30, obeys=False).wrong > 0
