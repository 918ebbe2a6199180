"""The table of metrics: names as Prometheus wants them, labels that name nobody, and the page."""

from __future__ import annotations

import re
from pathlib import Path

from custodes.app.metrics.table import METRICS, Metric

PAGE = Path(__file__).resolve().parents[4] / "docs" / "operations.md"
_LABELS = {
    "agency",
    "element",
    "event",
    "function",
    "kind",
    "mdf",
    "ne",
    "operation",
    "outcome",
    "reason",
    "state",
    "version",
    "what",
}


def row(metric: Metric) -> str:
    return f"| `{metric.name}` | {' '.join(metric.labels)} | {metric.help} |"


def test_names_are_prometheus_names_and_stand_once() -> None:
    names = [metric.name for metric in METRICS]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"custodes_[a-z0-9_]+", name) for name in names)


def test_only_counters_end_in_total() -> None:
    assert {m.name for m in METRICS if m.counts} == {
        m.name for m in METRICS if m.name.endswith("_total")
    }


def test_no_label_is_there_for_an_identifier() -> None:
    assert {label for metric in METRICS for label in metric.labels} == _LABELS


def test_the_page_has_this_table() -> None:
    lines = PAGE.read_text().splitlines()
    start = lines.index("| metric | labels | tells |") + 2
    table = lines[start : start + len(METRICS) + 1]
    assert [line for line in table if line] == [row(metric) for metric in METRICS]
