"""Nobody's identity lies about: not in files, arguments, environments, metrics, logs, the outbox.

The demo's scene in real processes, with one agency away while the probe reads and the mediation
function killed while its outbox and its write-ahead log hold product. Identities may stand in two
places only, and the search finds them there: what agencies received, and the administration's book
of orders, in the column of the subject.
"""

from __future__ import annotations

import asyncio
import base64
import os
import random
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from custodes.app import demo_capture
from custodes.app.client import Client
from custodes.app.demo import Demo, DemoOrder
from custodes.app.demo_nas import Phone
from custodes.app.lab import AGENCIES, OFFICERS, Lab, lemf_name
from custodes.app.metrics.scrape import scrape
from flow.leak_forms import Found, Search, forms
from flow.leak_provoked import Provoker

# Of the test network 001-01 and 999-70, with digits that nothing else happens to have.
TARGET, OTHER, ABSENT = "001017394628150", "001015820473916", "999703571964208"
PHONES = (
    Phone(TARGET, "0010178326491507", 0xD3A75C19, "203.0.113.157"),
    Phone(OTHER, "0010176590281437", 0xE1968B37, "203.0.113.158"),
)
IDENTITIES = {
    "target": TARGET,
    "other": OTHER,
    "absent": ABSENT,
    **{f"IMEISV {number}": phone.imeisv for number, phone in enumerate(PHONES, 1)},
}
# The demo's own words for what is no number of a person but of their device's stay.
TEXTS = {
    **{f"address {number}": phone.address.encode() for number, phone in enumerate(PHONES, 1)},
    **{f"TMSI {number}": str(phone.tmsi).encode() for number, phone in enumerate(PHONES, 1)},
    **{f"TMSI {number} hex": b"%x" % phone.tmsi for number, phone in enumerate(PHONES, 1)},
}
ORDERS = (
    DemoOrder("order-1", AGENCIES[0], f"imsi-{TARGET}", content=True, location=True),
    DemoOrder("order-2", AGENCIES[1], f"imsi-{TARGET}", content=False, location=False),
    DemoOrder("order-3", AGENCIES[1], f"imsi-{ABSENT}", content=True, location=True),
)
AWAY = lemf_name(AGENCIES[0])
_WAIT = 60.0
# The administration's database holds orders in the clear until it seals them.
_BOOK = "functions/admf/admf.sqlite"
BOOK = frozenset({_BOOK, f"{_BOOK}-wal"})
EVIDENCE = "evidence/"  # the agencies': what they received

search = Search(IDENTITIES)


def find(octets: bytes) -> set[Found]:
    texts = {Found(name, "text") for name, needle in TEXTS.items() if needle in octets.lower()}
    return search(octets) | texts


@dataclass
class Seen:
    """What a search saw, and where it found something: a place that no report may quote from."""

    places: int = 0
    octets: int = 0
    found: dict[str, set[Found]] = field(default_factory=dict)

    def look(self, place: str, octets: bytes) -> None:
        self.places += 1
        self.octets += len(octets)
        if found := find(place.encode()) | find(octets):
            self.found.setdefault(place, set()).update(found)


@dataclass
class Run:
    lab: Lab
    temporary: Path
    searches: dict[str, Seen] = field(default_factory=dict)
    waiting: int = 0  # rows in the outbox, when the mediation function was killed
    log_octets: int = 0  # in its write-ahead log, then
    cores: set[str] = field(default_factory=set)
    provoked: dict[str, str] = field(default_factory=dict)


def allowed(name: str) -> bool:
    return name in BOOK or name.startswith(EVIDENCE)


def look_at_files(run: Run, seen: Seen) -> None:
    """Every file of the lab that may hold no identity; every file in the temporary folder."""
    for path in run.lab.folder.rglob("*"):
        name = path.relative_to(run.lab.folder).as_posix()
        if path.is_file() and not allowed(name):
            seen.look(name, path.read_bytes())
    for path in run.temporary.rglob("*"):
        seen.look(f"temporary {path.name}", path.read_bytes() if path.is_file() else b"")


def look_at_processes(run: Run, demo: Demo, seen: Seen) -> None:
    """Arguments, environment, names of threads, and every file that is open, named or not."""
    for name, process in demo.supervisor.processes.items():
        if not process.alive:
            continue
        folder = Path("/proc") / str(process.pid)
        for what in ("cmdline", "environ", "comm"):
            seen.look(f"{what} of {name}", (folder / what).read_bytes())
        for thread in (folder / "task").glob("*/comm"):
            seen.look(f"thread of {name}", thread.read_bytes())
        limits = (folder / "limits").read_text().splitlines()
        run.cores |= {" ".join(one.split()) for one in limits if one.startswith("Max core")}
        for open_file in (folder / "fd").iterdir():
            try:
                target, mode = str(open_file.readlink()), open_file.stat().st_mode
            except FileNotFoundError:  # closed meanwhile
                continue
            named = target.removeprefix(f"{run.lab.folder}/")
            if stat.S_ISREG(mode) and not allowed(named):
                seen.look(f"open in {name}: {named}", open_file.read_bytes())


def look_at_metrics(run: Run, demo: Demo, seen: Seen) -> None:
    for name, process in demo.supervisor.processes.items():
        if process.alive:
            told = asyncio.run(scrape(run.lab.monitor, name))
            assert told, f"{name} tells nothing"
            seen.look(f"metrics of {name}", repr(told).encode())


def look(run: Run, demo: Demo, when: str) -> None:
    seen = run.searches[when] = Seen()
    look_at_files(run, seen)
    look_at_processes(run, demo, seen)
    look_at_metrics(run, demo, seen)


def rows(lab: Lab) -> int:
    """How many PDUs the outbox holds, as another reader of the file sees it."""
    path = lab.function("mdf") / "mdf.sqlite"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM outbox_row").fetchone()[0])


def until_it_rests(lab: Lab) -> int:
    """The rows of the outbox once no more of them come."""
    deadline, before, since = time.monotonic() + _WAIT, 0, time.monotonic()
    while time.monotonic() < deadline:
        now = rows(lab)
        if now != before:
            before, since = now, time.monotonic()
        if now and time.monotonic() - since > 1.0:
            return now
        time.sleep(0.05)
    raise AssertionError("nothing came into the outbox")


def order_xid(lab: Lab) -> str:
    return str(Client(lab.officer(OFFICERS[0])).order("order-1").intent.xid)


def fed(run: Run, demo: Demo, capture: bytes) -> Iterator[bytes]:
    """The capture in two halves; between them what this test is about happens."""
    supervisor = demo.supervisor
    half = len(capture) * 2 // 3
    yield capture[:half]
    supervisor.processes["poi"].stdin.flush()
    until_it_rests(run.lab)
    look(run, demo, "while the agency is away")
    run.waiting = rows(run.lab)
    provoker = Provoker(run.lab, TARGET, order_xid(run.lab))
    provoker.everything()
    run.provoked = provoker.told
    look(run, demo, "after what was provoked")
    supervisor.processes["mdf"].kill()
    log = run.lab.function("mdf") / "mdf.sqlite-wal"
    run.log_octets = log.stat().st_size
    look(run, demo, "after the mediation function was killed")
    supervisor.start("mdf").wait_for("mdf.ready", _WAIT)
    yield capture[half:]
    supervisor.start(AWAY).wait_for("lemf.ready", _WAIT)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("leaks")
    temporary = folder / "tmp"
    temporary.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr(demo_capture, "PHONES", PHONES)
        capture = demo_capture.make_demo_capture().capture
        made = Run(Lab.create(folder / "lab", datetime.now(UTC)), temporary)
        with Demo(made.lab, ORDERS, lambda _: None) as demo:
            demo.start()
            demo.place_orders()
            assert demo.supervisor.processes[AWAY].stop() == 0
            demo.read_capture(fed(made, demo, capture))
            look(made, demo, "when the agency is back")
            demo.end_orders()
        after = made.searches["afterwards"] = Seen()
        look_at_files(made, after)
    return made


WHEN = (
    "while the agency is away",
    "after what was provoked",
    "after the mediation function was killed",
    "when the agency is back",
    "afterwards",
)


@pytest.mark.parametrize("when", WHEN)
def test_no_identity_is_found(run: Run, when: str) -> None:
    seen = run.searches[when]
    print(f"{when}: {seen.places} places, {seen.octets} octets")
    assert seen.found == {}
    assert seen.places > (60 if when == "afterwards" else 90)


def test_there_was_something_to_find(run: Run) -> None:
    """Product was in the outbox and in its log; logs have lines; alarms were raised."""
    assert run.waiting > 5
    assert run.log_octets > 10_000
    assert all(run.lab.log(name).stat().st_size > 100 for name in run.lab.functions)


def test_what_was_provoked_was_answered(run: Run) -> None:
    print(run.provoked)
    assert len(run.provoked) > 20


def test_no_core_dump_is_left_or_allowed(run: Run) -> None:
    assert run.cores == {"Max core file size 0 0 bytes"}
    assert [path.name for path in run.lab.folder.rglob("core*")] == []
    assert [path.name for path in Path.cwd().glob("core*") if path.is_file()] == []


def test_nothing_is_left_in_the_temporary_folder(run: Run) -> None:
    assert list(run.temporary.rglob("*")) == []


@pytest.mark.parametrize(
    ("agency", "ordered"), [(AGENCIES[0], {"target"}), (AGENCIES[1], {"target", "absent"})]
)
def test_evidence_holds_whom_that_agency_ordered(run: Run, agency: str, ordered: set[str]) -> None:
    """So the search does find what is there: in what the agencies received."""
    files = [path for path in run.lab.evidence(agency).rglob("*") if path.is_file()]
    found = set().union(*(search(path.read_bytes()) for path in files))
    assert Found("target", "digits, plain") in found
    assert {one.name for one in found} - {"IMEISV 1"} == ordered


def test_the_administration_holds_subjects_in_one_column_only(run: Run) -> None:
    """Reports over X1, alarms, states of elements, events of orders: none of them names anybody."""
    path = run.lab.function("admf") / "admf.sqlite"
    held: dict[tuple[str, str], set[Found]] = {}
    counts: dict[str, int] = {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            query = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - as it was read
            names = [column[0] for column in query.description]
            for row in query:
                counts[table] = counts.get(table, 0) + 1
                for name, value in zip(names, row, strict=True):
                    octets = value if isinstance(value, bytes) else str(value).encode()
                    if found := find(octets):
                        held.setdefault((table, name), set()).update(found)
    assert set(held) == {("orders", "subject")}
    assert {one.name for one in held["orders", "subject"]} == {"target", "absent"}
    assert counts["reports"] > 0
    assert counts["events"] > 0


def test_control_every_form_is_found_where_it_is_planted(tmp_path: Path) -> None:
    chance, file, seen = random.Random(6), tmp_path / "planted", Seen()
    planted = dict(forms(TARGET))
    for form, needle in planted.items():
        file.write_bytes(chance.randbytes(3000) + needle + chance.randbytes(3000))
        seen.look(form, file.read_bytes())
    assert set(seen.found) == set(planted)
    assert {one.name for found in seen.found.values() for one in found} == {"target"}
    assert len(planted) > 300


@pytest.mark.parametrize(
    "text",
    [
        TARGET.encode(),
        f'{{"supi": "imsi-{TARGET}"}}'.encode(),
        quote(f"imsi-{TARGET}@example.org").encode(),
        "".join(f"%{ord(digit):X}" for digit in TARGET).encode(),
        TARGET.encode("utf-16"),
        TARGET.encode().hex().upper().encode(),
        b"\x00\x10\x71\x93\x64\x82\x51\xf0",
        b"\x09\x10\x10\x37\x49\x26\x18\x05",  # TS 24.008: the first digit beside the type
        b"00107193648251f0",
        base64.b64encode(b"\x01\x02\x00\x10\x71\x93\x64\x82\x51\xf0\x03"),
        base64.encodebytes(bytes(40) + f"imsi-{TARGET}".encode() + bytes(40)),
        int(TARGET).to_bytes(8, "big"),
    ],
)
def test_control_as_others_would_write_it(text: bytes) -> None:
    assert {one.name for one in search(os.urandom(100) + text + os.urandom(100))} == {"target"}


def test_control_a_neighbour_is_nobody() -> None:
    near = str(int(TARGET) + 1_000_000).zfill(15).encode()
    others = [near, near.hex().encode(), TARGET[:9].encode(), OTHER[:12].encode()]
    assert search(b" ".join(others)) == set()
