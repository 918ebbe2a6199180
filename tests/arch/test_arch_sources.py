"""Rules of the source tree that a reader relies on."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src" / "custodes"
FILES = sorted(SOURCE.rglob("*.py"))


def tracked() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=False
    )
    if listing.returncode:
        pytest.skip("not a git checkout")
    names = [n for n in listing.stdout.decode().split("\0") if n]
    return [p for n in names if (p := REPOSITORY / n).is_file()]


def test_no_file_is_long() -> None:
    long = {str(f): n for f in FILES if (n := len(f.read_text().splitlines())) > 800}
    assert not long, "split it: one file, one idea"


def test_the_median_file_is_short() -> None:
    lengths = sorted(n for f in FILES if (n := len(f.read_text().splitlines())))
    assert lengths[len(lengths) // 2] < 150


def test_init_files_hold_no_logic() -> None:
    allowed = (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign)
    for file in SOURCE.rglob("__init__.py"):
        for node in ast.parse(file.read_text()).body:
            assert isinstance(node, allowed), f"{file}: {ast.unparse(node)[:60]}"


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(f.relative_to(SOURCE))
        for f in FILES
        if f.read_text().strip() and not ast.get_docstring(ast.parse(f.read_text()))
    ]
    assert not silent


def test_no_marks_of_unfinished_work() -> None:
    mark = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b|NotImplemented" r"Error")
    found = [str(f.relative_to(SOURCE)) for f in FILES if mark.search(f.read_text())]
    assert not found


def test_no_path_of_a_machine_is_tracked() -> None:
    path = re.compile(rb"(?<![\w.])/(work|root|home)/")
    skipped = {"uv.lock"}
    found = [
        str(f.relative_to(REPOSITORY))
        for f in tracked()
        if f.name not in skipped and path.search(f.read_bytes())
    ]
    assert not found


def test_nothing_foreign_is_tracked() -> None:
    """Published schemas, ASN.1 and captures stay beside the project."""
    shared = REPOSITORY.parent / "shared"
    names = {f.name for f in shared.rglob("*") if f.suffix in {".xsd", ".asn", ".pcap", ".xml"}}
    found = [str(f) for f in tracked() if f.name in names]
    assert not found
