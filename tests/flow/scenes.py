"""Runs the demo's scene in a lab of its own, with whoever a test puts between the functions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from custodes.app.config import dump, load
from custodes.app.demo import Demo, DemoResult, scene
from custodes.app.lab import Lab
from custodes.app.verdict import Verdict

Prepare = Callable[[Lab, ExitStack], None]

TARGET = "imsi-2089300007487"
CAPTURE = "samples/5gc/free5gc.pcap"


@dataclass(frozen=True)
class Run:
    lab: Lab
    result: DemoResult
    verdict: Verdict
    liids: dict[str, str]

    def order_folder(self, agency: str, reference: str) -> Path:
        return self.lab.evidence(agency) / self.liids[reference]


def settled(lab: Lab) -> Lab:
    """The lab, with a mediation function that refuses from its start what no task holds.

    By default it waits a while: after a restart the administration must task it anew.
    """
    folder = lab.function("mdf")
    config = load(folder)
    dump(folder, config.model_copy(update={"settle_seconds": 0.0}))
    return lab


def nobody(_lab: Lab, _stack: ExitStack) -> None:
    """No one stands between the functions."""


def run_scene(folder: Path, capture: bytes, target: str, prepare: Prepare = nobody) -> Run:
    lab = Lab.create(folder / "lab", datetime.now(UTC))
    with ExitStack() as stack:
        prepare(lab, stack)
        demo = stack.enter_context(Demo(lab, scene(target), lambda _: None))
        result, verdict = demo.run([capture])
    return Run(lab, result, verdict, {v.reference: v.liid for v in verdict.orders})


def counts(run: Run) -> tuple[dict[str, int], int, int, int]:
    """(xIRI by event, xCC, lost, misdelivered)."""
    result = run.result
    return result.xiri, result.xcc, result.lost, result.misdelivered
