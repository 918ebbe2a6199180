"""The tables are whole, and the page in the documentation is made from them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from custodes.session.transitions import Machine

ROOT = Path(__file__).resolve().parents[3]


def _tool() -> Any:
    path = ROOT / "tools" / "make_session_diagrams.py"
    spec = importlib.util.spec_from_file_location("make_session_diagrams", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()


def test_the_page_is_what_the_tables_make() -> None:
    assert TOOL.PAGE.read_text(encoding="utf-8") == TOOL.page()


@pytest.mark.parametrize("machine", TOOL.MACHINES, ids=lambda m: m.title)
def test_a_pair_stands_in_one_row_and_every_state_is_reached(machine: Machine) -> None:
    pairs = [(row.state, given) for row in machine.rows for given in row.inputs]
    assert len(pairs) == len(set(pairs))
    assert {row.to for row in machine.rows} | {machine.start} == set(machine.states)
    assert (ROOT / "src" / "custodes" / machine.module).is_file()


@pytest.mark.parametrize("machine", TOOL.MACHINES, ids=lambda m: m.title)
def test_cells_hold_every_row(machine: Machine) -> None:
    cells = machine.cells()
    assert set(cells) == {(row.state, given) for row in machine.rows for given in row.inputs}
    assert all(given in row.inputs and state is row.state for (state, given), row in cells.items())


# The states in which an input can come up, where not in all: no answer without a question.
ONLY = {
    "the answer to the open question": {"question open"},
    "the same, the window stays full": {"question open"},
    "the question is TIME3 old": {"question open"},
    "TIME1 idle, or product waits for confirm_after": {"connected"},
    "optionRequest unanswered": {"options asked"},
}
ABSENT = {
    ("administered", "no X1 request for TIME_P3"),  # TIME_P2 comes first
    ("administered", "the same, deactivation not configured"),
    ("silence reported", "no X1 request for TIME_P2"),  # was
    ("everything deactivated", "no X1 request for TIME_P2"),
    ("everything deactivated", "no X1 request for TIME_P3"),
    ("everything deactivated", "the same, deactivation not configured"),
}


def test_no_pair_is_left_open_but_those_that_cannot_come_up() -> None:
    missing = {
        (str(state), str(given))
        for machine in TOOL.MACHINES
        for state in machine.states
        for given in machine.inputs
        if (state, given) not in machine.cells()
    }
    assert {pair for pair in missing if pair[1] not in ONLY} == ABSENT
    cells = [cell for machine in TOOL.MACHINES for cell in machine.cells()]
    for given, states in ONLY.items():
        assert {state for state, name in cells if name == given} == states
