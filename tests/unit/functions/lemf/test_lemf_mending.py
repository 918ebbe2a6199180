"""Readable files become what they should be, from any state, and nothing else is touched."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodes.functions.lemf.files import FolderFiles
from custodes.functions.lemf.mending import Mending
from custodes.functions.lemf.placement import Addition, Folder, Step

HEADER = b"HEAD"
LINES = [b"%d-line\n" % number for number in range(50)]
STEPS: list[Step] = [
    Folder("A-1"),
    Folder("EMPTY"),
    *(Addition("A-1/iri.jsonl", line) for line in LINES),
    *(Addition("A-1/content.pcap", line, HEADER) for line in LINES),
    Addition("unannounced/B/iri.jsonl", b"stray\n"),
]
SHOULD = {
    "A-1/iri.jsonl": b"".join(LINES),
    "A-1/content.pcap": HEADER + b"".join(LINES),
    "unannounced/B/iri.jsonl": b"stray\n",
}


def mend(root: Path) -> tuple[int, int, int]:
    mending = Mending(FolderFiles(root))
    mending.take(STEPS)
    mended = mending.finish()
    return mended.octets, mended.cut, mended.removed


def state(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_from_nothing_and_then_nothing_to_do(tmp_path: Path) -> None:
    assert mend(tmp_path) == (sum(map(len, SHOULD.values())), 0, 0)
    assert state(tmp_path) == SHOULD
    assert list((tmp_path / "EMPTY").iterdir()) == []
    assert mend(tmp_path) == (0, 0, 0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 400), st.binary(max_size=40))
def test_from_any_beginning_and_any_rest(length: int, rest: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, octets in SHOULD.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(octets[:length] + rest)
        mend(root)
        assert state(root) == SHOULD


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    mend(tmp_path)
    path = tmp_path / "A-1/iri.jsonl"
    path.write_bytes(path.read_bytes()[:-3] + b"torn")
    assert mend(tmp_path) == (3, 4, 0)


def test_what_the_journal_does_not_know_goes_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "GONE").mkdir()
    (tmp_path / "GONE/iri.jsonl").write_bytes(b"x")
    (tmp_path / "undecodable.jsonl").write_bytes(b"x")
    (tmp_path / "NOTES").mkdir()
    (tmp_path / "NOTES/notes.txt").write_bytes(b"a person's")
    for name in ("receiver.json", "manifest.json", "received.journal"):
        (tmp_path / name).write_bytes(b"x")
    assert mend(tmp_path)[2] == 2
    left = set(state(tmp_path)) - set(SHOULD)
    assert left == {"NOTES/notes.txt", "receiver.json", "manifest.json", "received.journal"}
    assert not (tmp_path / "GONE").exists()


def test_many_octets_are_not_all_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custodes.functions.lemf.mending._PART", 16)
    monkeypatch.setattr("custodes.functions.lemf.mending._ALL", 24)
    mend(tmp_path)
    assert state(tmp_path) == SHOULD
    assert mend(tmp_path) == (0, 0, 0)
