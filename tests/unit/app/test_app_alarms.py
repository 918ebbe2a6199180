"""The table of alarms against the code that raises them and the page that tells people of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from custodes.app import lemf
from custodes.app.alarms import ALARMS, AlarmKind, admf_kind
from custodes.functions.mdf.refusal import Reason

REPOSITORY = Path(__file__).resolve().parents[3]
SOURCE = REPOSITORY / "src" / "custodes"
PAGE = REPOSITORY / "docs" / "operations.md"


def kinds(function: str) -> set[str]:
    return {alarm.kind for alarm in ALARMS if alarm.function == function}


def calls(folder: str, *names: str) -> Iterator[ast.Call]:
    """Calls of functions and methods of these names, in the order of the files."""
    for path in sorted((SOURCE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in names:
                    yield node


def texts(node: ast.expr) -> str:
    """The constant parts of a string."""
    parts = (n.value for n in ast.walk(node) if isinstance(n, ast.Constant))
    return "…".join(p for p in parts if isinstance(p, str))


def row(alarm: AlarmKind) -> str:
    return (
        f"| {alarm.function} | `{alarm.kind}` | {alarm.severity} | {alarm.meaning} "
        f"| {alarm.remedy} |"
    )


def test_every_kind_of_the_mediation_function_is_in_the_table_and_no_other() -> None:
    literal = {
        call.args[0].value
        for call in calls("functions/mdf", "alarm", "_alarm")
        if isinstance(call.args[0], ast.Constant)
    }
    # Left out as ordered: counted, and nothing to alarm about.
    refused = {str(reason) for reason in Reason} - {str(Reason.LOCATION_WITHHELD)}
    assert literal | refused == kinds("mdf")


def test_every_alarm_of_the_administration_has_a_kind() -> None:
    said = [texts(c.args[2]) for c in calls("functions/admf", "Alarm") if len(c.args) == 3]
    assert len(said) >= 6
    found = [admf_kind(what) for what in said]
    assert "" not in found
    assert set(found) == kinds("admf")


def test_what_a_receiver_warns_of_is_in_the_table() -> None:
    told = {event.removeprefix("lemf.") for event in lemf._WARNINGS | lemf._ERRORS}
    assert told == kinds("lemf")


@pytest.mark.parametrize(
    ("function", "path"), [("poi", "app/poi.py"), ("report", "app/reports.py")]
)
def test_what_these_modules_warn_of_is_in_the_table(function: str, path: str) -> None:
    said = {
        texts(call.args[0]).removeprefix(f"{function}.")
        for call in ast.walk(ast.parse((SOURCE / path).read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("warning", "error")
    }
    assert said == kinds(function)


def test_a_kind_is_there_once_and_says_what_to_do() -> None:
    names = [(alarm.function, alarm.kind) for alarm in ALARMS]
    assert len(names) == len(set(names))
    assert all(alarm.meaning and alarm.remedy for alarm in ALARMS)


def test_the_page_has_this_table() -> None:
    lines = PAGE.read_text().splitlines()
    start = lines.index("| function | kind | severity | means | do |") + 2
    table = lines[start : start + len(ALARMS) + 1]
    assert [line for line in table if line] == [row(alarm) for alarm in ALARMS]


def test_an_unknown_sentence_has_no_kind() -> None:
    assert admf_kind("something new") == ""
