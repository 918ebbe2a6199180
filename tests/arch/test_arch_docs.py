"""The documentation names only what exists: paths, links, modules, commands and their options."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from custodes.cli.main import app

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src" / "custodes"
PAGES = [REPOSITORY / "ARCHITECTURE.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
READ_BY_USERS = [*PAGES, REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"]

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*\.(?:py|md|toml|xsd|json)")
_BARE = re.compile(r"(?P<test>test_\w+)|(?P<vector>\w+_(?:in)?valid)")
_FOLDER = re.compile(r"[\w.-]+(?:/[\w.-]+)*/")
_MODULE = re.compile(r"custodes(?:\.\w+)+")
_COMMAND = re.compile(r"(?:^|[\s/|(])custodes ((?:\\\n|[^\n`#])*)")
_OPTION = re.compile(r"--[a-z][a-z-]*")
# Made when functions run: the repository does not hold them.
_MADE = {
    "config.toml",
    "registry.toml",
    "client.toml",
    "monitor.toml",
    "identity.toml",
    "manifest.json",
    "receiver.json",
    "lab/",
    "custodes-demo/",
}


def prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text())


def code(page: Path) -> list[str]:
    """Fenced blocks, and what stands between single backticks."""
    return [*_FENCE.findall(page.read_text()), *_CODE.findall(prose(page))]


def named_paths(page: Path) -> Iterator[str]:
    for span in _CODE.findall(prose(page)):
        bare = _BARE.fullmatch(span)
        if bare:
            yield f"{span}.py" if bare["test"] else f"{span}.json"
        elif (_FILE.fullmatch(span) or _FOLDER.fullmatch(span)) and span not in _MADE:
            yield span


def exists(name: str) -> bool:
    """Below the repository or the package; a bare file name, below tests or vectors."""
    if "/" not in name:
        beside = [REPOSITORY / name, REPOSITORY / "vectors" / name]
        return any(p.is_file() for p in beside) or any((REPOSITORY / "tests").rglob(name))
    return (REPOSITORY / name).exists() or (SOURCE / name).exists()


def resolves(dotted: str) -> bool:
    """Whether a dotted name is a module, or an attribute of one."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:]:
            if not hasattr(found, name):
                return False
            found = getattr(found, name)
        return True
    return False


def fault_of_command(text: str) -> str | None:
    """What is wrong with the words after ``custodes``, or None."""
    command: Any = typer.main.get_command(app)
    words = text.replace("\\\n", " ").split()
    # A group has commands; by shape and not by class, for typer brings its own click.
    while words and (commands := getattr(command, "commands", None)) and words[0].isalpha():
        if words[0] not in commands:
            return f"no command {words[0]}"
        command = commands[words.pop(0)]
    known = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
    unknown = [o for o in _OPTION.findall(" ".join(words)) if o not in known]
    return f"no option {', '.join(unknown)}" if unknown else None


def commands(page: Path) -> list[str]:
    return [found for text in code(page) for found in _COMMAND.findall(text)]


def by_name(page: Path) -> str:
    return page.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_path_exists(page: Path) -> None:
    missing = [name for name in named_paths(page) if not exists(name)]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_module_exists(page: Path) -> None:
    missing = [m for text in code(page) for m in _MODULE.findall(text) if not resolves(m)]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_lines_fit_a_screen(page: Path) -> None:
    long, fenced = [], False  # what a tool printed stands as it was printed
    for number, line in enumerate(page.read_text().splitlines(), 1):
        fenced ^= line.startswith("```")
        if len(line) >= 120 and not fenced:
            long.append(number)
    assert not long


@pytest.mark.parametrize("page", READ_BY_USERS, ids=by_name)
def test_every_relative_link_resolves(page: Path) -> None:
    links = [link.partition("#")[0] for link in _LINK.findall(prose(page)) if "://" not in link]
    assert not [link for link in links if link and not (page.parent / link).exists()]


@pytest.mark.parametrize("page", READ_BY_USERS, ids=by_name)
def test_every_command_and_option_is_one(page: Path) -> None:
    faults = [f"custodes {c.strip()}: {f}" for c in commands(page) if (f := fault_of_command(c))]
    assert not faults


def test_the_table_of_clauses_is_found() -> None:
    """What is checked is really seen: an empty search would pass everything."""
    names = set(named_paths(REPOSITORY / "ARCHITECTURE.md"))
    assert {"wire/x1/header.py", "test_mdf_numbering.py", "x2x3_valid.json"} <= names
    assert len(commands(REPOSITORY / "docs" / "operations.md")) > 10


@pytest.mark.parametrize(
    "wrong", ["fly", "order fly DOC-1", "order show DOC-1 --fast", "init --to x"]
)
def test_what_is_no_command_is_found(wrong: str) -> None:
    assert fault_of_command(wrong) is not None


def test_what_does_not_exist_is_found() -> None:
    assert not exists("wire/x1/nothing.py")
    assert not exists("test_nothing.py")
    assert not resolves("custodes.wire.x1.nothing")
    assert not resolves("custodes.model.grant.Nothing")
    assert resolves("custodes.model.grant.Officers")
