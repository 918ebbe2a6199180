"""Streams never cross: an identifier of one kind cannot stand in for one of another.

The type checker refuses it in the source (each snippet below must fail, at its marked line and
nowhere else), and what is constructed at run time refuses values of a wrong type.
"""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest
from mypy import api

from custodes.base.errors import CustodesError
from custodes.base.ids import CIN, DID, LIID, XID

ROOT = Path(__file__).parents[2]

# Each line that ends in "# refused" must be an error, and no other line may be.
SNIPPETS = """
from datetime import datetime
from uuid import UUID

from custodes.base.ids import CIN, DID, LIID, XID
from custodes.functions.admf.specs import MediationSpec, TaskSpec
from custodes.model.intent import Intent
from custodes.model.period import Deadlines, Period
from custodes.session.x1.element import ElementSession
from custodes.wire.handover.psheader import PSHeader


def same(xid: XID, did: DID, liid: LIID, cin: CIN) -> None:
    a: XID = xid
    b: XID = did  # refused
    c: DID = xid  # refused
    d: LIID = cin  # refused
    e: CIN = liid  # refused
    f: XID = UUID(int=1)  # refused
    g: LIID = "LI-1"  # refused
    h: CIN = 1  # refused
    i: str = liid  # refused
    j: UUID = xid  # refused


def made(text: str, number: int, value: UUID) -> None:
    XID(value)
    XID(text)  # refused
    DID(XID(value))  # refused
    LIID(text)
    LIID(value)  # refused
    CIN(number)
    CIN(text)  # refused


def compared(xid: XID, did: DID, liid: LIID) -> None:
    xid == did  # refused
    xid < did  # refused
    liid == "LI-1"  # refused
    did in {xid}  # refused
    {xid: 1}[did]  # refused


def used(
    session: ElementSession, intent: Intent, spec: TaskSpec, entry: MediationSpec,
    deadlines: Deadlines, period: Period, xid: XID, did: DID, liid: LIID,
) -> None:
    session.deactivate(xid)
    session.deactivate(did)  # refused
    session.tasks[xid]
    session.tasks[did]  # refused
    session.destinations[xid]  # refused
    intent.delivery(did)
    intent.delivery(xid)  # refused
    deadlines.bound(liid, period)
    deadlines.bound(xid, period)  # refused
    spec.dids == (did,)
    spec.dids == (xid,)  # refused
    entry.liid == liid
    entry.liid == xid  # refused


def written(header: PSHeader, xid: XID) -> None:
    liid: LIID = header.liid
    cin: CIN | None = header.cin
    header.liid == header.cin  # refused
    wrong: XID = header.liid  # refused
"""
REFUSED = "  # refused"


def test_the_type_checker_refuses_every_mixture(tmp_path: Path) -> None:
    snippets = tmp_path / "snippets.py"
    snippets.write_text(SNIPPETS)
    out, err, _ = api.run(
        [
            "--config-file",
            str(ROOT / "pyproject.toml"),
            "--cache-dir",
            str(ROOT / ".mypy_cache"),
            "--strict-equality",
            "--no-error-summary",
            str(snippets),
        ]
    )
    found = {int(n) for n in re.findall(r"snippets\.py:(\d+): error", out)}
    lines = SNIPPETS.splitlines()
    expected = {n for n, line in enumerate(lines, start=1) if line.endswith(REFUSED)}
    assert len(expected) > 20
    assert found == expected, (sorted(found ^ expected), out, err)
    assert "error" not in re.sub(r".*snippets\.py.*", "", out), out


VALUE = UUID(int=1)


@pytest.mark.parametrize(
    ("made", "value"),
    [
        (XID, str(VALUE)),
        (XID, DID(VALUE)),
        (XID, None),
        (DID, str(VALUE)),
        (DID, XID(VALUE)),
        (LIID, 1),
        (LIID, None),
        (LIID, b"LI-1"),
        (LIID, XID(VALUE)),
        (LIID, LIID("LI-1")),
        (CIN, "1"),
        (CIN, 1.0),
        (CIN, True),
        (CIN, None),
        (CIN, CIN(1)),
    ],
)
def test_nothing_else_can_be_made_into_an_identifier(made: type, value: object) -> None:
    with pytest.raises(CustodesError):
        made(value)


def test_two_kinds_with_one_value_are_never_equal() -> None:
    assert XID(VALUE) != DID(VALUE)
    assert LIID("1") != CIN(1)
    assert len({XID(VALUE), DID(VALUE), VALUE, str(VALUE)}) == 4
