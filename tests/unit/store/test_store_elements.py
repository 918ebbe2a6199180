"""Reports and states of elements."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from custodes.store.admf import AdmfStore

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_states_are_the_latest(tmp_path: Path) -> None:
    store = AdmfStore(tmp_path / "x.sqlite")
    store.elements.set_state("amf", NOW, "reachable", "")
    store.elements.set_state("amf", NOW, "unreachable", "refused")
    (state,) = store.elements.states()
    assert (state.neIdentifier, state.state, state.detail) == ("amf", "unreachable", "refused")


def test_reports_by_element_and_by_xid(tmp_path: Path) -> None:
    store = AdmfStore(tmp_path / "x.sqlite")
    store.elements.add_report("amf", NOW, "ReportNEIssue", "Warning", detail="blind")
    store.elements.add_report("upf", NOW, "ReportTaskIssue", "TerminatingFault", xid="x", code=3000)
    assert [r.neIdentifier for r in store.elements.reports()] == ["upf", "amf"]
    assert [r.detail for r in store.elements.reports(ne_identifier="amf")] == ["blind"]
    assert [r.code for r in store.elements.reports(xid="x")] == [3000]
