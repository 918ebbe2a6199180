"""pycrate as a judge: the whole published set of modules, compiled when the tests run."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

_COMPILE = """
import sys
from pathlib import Path
from pycrate_asn1c.asnproc import PycrateGenerator, compile_text, generate_modules
compile_text([p.read_text(encoding="utf-8") for p in sorted(Path(sys.argv[1]).glob("*.asn"))])
generate_modules(PycrateGenerator, sys.argv[2])
"""


@cache
def compiled(modules: Path) -> ModuleType:
    """The modules as pycrate's Python; compiled in a process of its own, loaded in this one."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "published.py"
        command = [sys.executable, "-c", _COMPILE, str(modules), str(target)]
        subprocess.run(command, check=True, capture_output=True)
        loader = importlib.machinery.SourceFileLoader("published_asn1", str(target))
        spec = importlib.util.spec_from_loader("published_asn1", loader)
        assert spec is not None
        module = importlib.util.module_from_spec(spec)
        loader.exec_module(module)
        return module


class Oracle:
    """Decodes and encodes with pycrate; values in the shape of custodes.wire.ber."""

    def __init__(self, modules: Path) -> None:
        self._module = compiled(modules)

    def kind(self, module: str, name: str) -> Any:
        """pycrate's own object for a type; it holds one value at a time."""
        return getattr(getattr(self._module, module.replace("-", "_")), name.replace("-", "_"))

    def decode(self, module: str, name: str, octets: bytes) -> Any:
        kind = self.kind(module, name)
        kind.from_ber(octets)
        return plain(kind.get_val())

    def again(self, module: str, name: str, octets: bytes) -> bytes:
        """What pycrate writes for what it read."""
        kind = self.kind(module, name)
        kind.from_ber(octets)
        kind.set_val(kind.get_val())
        return bytes(kind.to_ber())

    def types(self, module: str) -> set[str]:
        return set(getattr(self._module, module)._type_)


def plain(value: Any) -> Any:
    """pycrate's value with times as text."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, tuple):
        if len(value) == 8 and all(part is None or isinstance(part, str) for part in value):
            head, fraction, zone = value[:6], value[6], value[7]
            return "".join(filter(None, head)) + (f".{fraction}" if fraction else "") + (zone or "")
        return tuple(plain(inner) for inner in value)
    return value


def null_as_zero(value: Any) -> Any:
    """Our value as pycrate has it: its NULL is 0."""
    if isinstance(value, dict):
        return {name: null_as_zero(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(null_as_zero(inner) for inner in value)
    return 0 if value is None else value


def known(value: Any) -> Any:
    """Our value without what no published type describes; pycrate steps over it."""
    if isinstance(value, dict):
        return {name: known(inner) for name, inner in value.items() if name != "_unknown"}
    if isinstance(value, list | tuple):
        return type(value)(known(inner) for inner in value)
    return value
