"""Runs one function in this process, from its own folder and nothing else."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from custodes.app.config import load

Run = Callable[[Path], int]


def run_function(folder: Path) -> int:
    """Blocks until the function ends; returns its exit status.

    A function's module is imported only when it runs, so that a process holds nothing of the
    others' code or dependencies.
    """
    function = load(folder).function
    # Identities and product live in memory: no core dump ever writes them to a disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    run: Run = import_module(f"custodes.app.{function}").run
    return run(folder)
