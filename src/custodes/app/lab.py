"""A lab: every function, key and enrolment for one machine, made from nothing and marked LAB.

```
<lab>/pki/                 the lab's CA (its key stays here, no function is handed it)
<lab>/functions/<name>/    config.toml, registry.toml, ca.pem, one folder per identity with its key
<lab>/officers/<name>/     client.toml, registry.toml, ca.pem, cert.pem, key.pem
<lab>/monitor/             monitor.toml (who tells metrics where), else as an officer's
<lab>/evidence/<agency>/   what the lab receivers write
<lab>/log/<name>.jsonl     what each function says
```
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import tomli_w

from custodes.app.config import (
    AdmfConfig,
    FunctionConfig,
    Identity,
    LemfConfig,
    MdfConfig,
    MediationSide,
    PoiConfig,
    X1GateConfig,
    dump,
    dump_registry,
    load_registry,
)
from custodes.app.pki import LabCA
from custodes.base.errors import ConfigurationError
from custodes.model.address import Address
from custodes.model.party import Party, Role
from custodes.model.registry import Agency, Element, ElementKind, Registry
from custodes.net.ports import LOOPBACK, free_ports

AGENCIES = ("agency-a", "agency-b")
OFFICERS = ("officer-1", "officer-2")
ADMINISTRATOR = "administrator"
MONITOR = "monitor"
COUNTRY = "XX"  # ISO 3166-1 user-assigned: no country's
OPERATOR = "CUSTODES-LAB"
_POIS = (ElementKind.AMF, ElementKind.SMF, ElementKind.UPF)
_MDFS = (ElementKind.MDF2, ElementKind.MDF3)


def lemf_name(agency: str) -> str:
    return f"lemf-{agency}"


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab's folder, and where things are in it."""

    folder: Path

    @property
    def functions(self) -> tuple[str, ...]:
        """In the order in which they are started: receivers before senders."""
        return (*(lemf_name(a) for a in AGENCIES), "mdf", "x1gate", "poi", "admf")

    def function(self, name: str) -> Path:
        return self.folder / "functions" / name

    def officer(self, name: str) -> Path:
        return self.folder / "officers" / name

    @property
    def monitor(self) -> Path:
        return self.folder / MONITOR

    def evidence(self, agency: str = "") -> Path:
        return self.folder / "evidence" / agency

    def log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.jsonl"

    @classmethod
    def open(cls, folder: Path) -> Lab:
        if not (folder / "pki" / "ca.pem").is_file():
            raise ConfigurationError(
                f"{folder} is not a lab", remedy=f"make one: custodes init {folder}"
            )
        return cls(folder)

    @classmethod
    def create(cls, folder: Path, now: datetime) -> Lab:
        if folder.exists() and any(folder.iterdir()):
            raise ConfigurationError(f"{folder} is not empty", remedy="name a new folder")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lab = cls(folder)
        _Maker(lab, now).make()
        return lab

    def registry(self) -> Registry:
        return load_registry(self.function("admf"))

    def reenrol(self, registry: Registry, holders: Iterable[str] | None = None) -> None:
        """Hand a changed registry to functions (all of them, or those named) and to officers."""
        for name in holders if holders is not None else self.functions:
            dump_registry(self.function(name), registry)
        if holders is None:
            for name in (*OFFICERS, ADMINISTRATOR):
                dump_registry(self.officer(name), registry)
            dump_registry(self.monitor, registry)


class _Maker:
    def __init__(self, lab: Lab, now: datetime) -> None:
        self._lab = lab
        self._now = now
        self._ca = LabCA.create(lab.folder / "pki", now)
        self._ports = iter(free_ports(24))
        self._parties: list[Party] = []
        self._elements: tuple[Element, ...] = ()

    def make(self) -> None:
        configs = {
            name: config.model_copy(update={"metrics": self._address()})
            for name, config in self._configs().items()
        }
        registry = Registry(tuple(self._parties), self._elements, self._agencies)
        for name, config in configs.items():
            folder = self._lab.function(name)
            dump(folder, config)
            dump_registry(folder, registry)
            shutil.copy(self._ca.trust, folder / "ca.pem")
        for name in (*OFFICERS, ADMINISTRATOR):
            folder = self._lab.officer(name)
            dump_registry(folder, registry)
            shutil.copy(self._ca.trust, folder / "ca.pem")
            client = {"admf": str(self._admf), "name": name}
            (folder / "client.toml").write_text(tomli_w.dumps(client))
        self._monitor(configs, registry)
        (self._lab.folder / "log").mkdir()
        for agency in AGENCIES:
            self._lab.evidence(agency).mkdir(parents=True)

    def _monitor(self, configs: Mapping[str, FunctionConfig], registry: Registry) -> None:
        """Where each function tells its metrics, and under whose key."""
        folder = self._lab.monitor
        dump_registry(folder, registry)
        shutil.copy(self._ca.trust, folder / "ca.pem")
        told = {
            name: {"address": str(config.metrics), "party": config.shown.name}
            for name, config in configs.items()
        }
        (folder / "monitor.toml").write_text(tomli_w.dumps(told))

    def _address(self) -> Address:
        return Address(LOOPBACK, next(self._ports))

    def _identity(self, function: str, name: str, role: Role, listen: Address | None) -> Identity:
        folder = self._lab.function(function) / name
        _, party = self._ca.issue(folder, name, role, self._now)
        self._parties.append(party)
        return Identity(
            name=name,
            certificate=Path(name) / "cert.pem",
            key=Path(name) / "key.pem",
            listen=listen,
        )

    def _party(self, name: str) -> Party:
        return next(p for p in self._parties if p.name == name)

    def _configs(self) -> dict[str, FunctionConfig]:
        self._admf, gate = self._address(), self._address()
        configs: dict[str, FunctionConfig] = {}
        configs["admf"] = AdmfConfig(
            identity=self._identity("admf", "admf", Role.ADMF, self._admf), gate=gate
        )
        configs["x1gate"] = X1GateConfig(
            identity=self._identity("x1gate", "x1gate", Role.X1GATE, gate), admf=self._admf
        )
        configs["poi"] = self._poi(gate)
        configs["mdf"] = self._mdf(gate)
        agencies = []
        for name in AGENCIES:
            address = self._address()
            lemf = lemf_name(name)
            configs[lemf] = LemfConfig(
                identity=self._identity(lemf, lemf, Role.LEMF, address),
                agency=name,
                evidence=self._lab.evidence(name).absolute(),
            )
            authority = f"authority-{name.removeprefix('agency-')}"
            agencies.append(
                Agency(name, authority, COUNTRY, self._party(lemf), hi2=address, hi3=address)
            )
        self._agencies = tuple(agencies)
        for name in OFFICERS:
            self._person(name, Role.OFFICER)
        self._person(ADMINISTRATOR, Role.ADMINISTRATOR)
        _, monitor = self._ca.issue(self._lab.monitor, MONITOR, Role.MONITOR, self._now)
        self._parties.append(monitor)
        return configs

    def _poi(self, gate: Address) -> PoiConfig:
        amf, smf, upf = (self._poi_side(kind) for kind in _POIS)
        return PoiConfig(gate=gate, amf=amf, smf=smf, upf=upf)

    def _poi_side(self, kind: ElementKind) -> Identity:
        name, address = kind.lower(), self._address()
        identity = self._identity("poi", name, Role.ELEMENT, address)
        self._elements += (Element(self._party(name), kind, address, ours=True),)
        return identity

    def _mdf(self, gate: Address) -> MdfConfig:
        mdf2, mdf3 = (self._mdf_side(kind) for kind in _MDFS)
        return MdfConfig(gate=gate, country=COUNTRY, operator=OPERATOR, mdf2=mdf2, mdf3=mdf3)

    def _mdf_side(self, kind: ElementKind) -> MediationSide:
        name, x1, intake = kind.lower(), self._address(), self._address()
        identity = self._identity("mdf", name, Role.MDF, x1)
        self._elements += (Element(self._party(name), kind, x1, intake, ours=True),)
        return MediationSide(identity=identity, intake=intake)

    def _person(self, name: str, role: Role) -> None:
        _, party = self._ca.issue(self._lab.officer(name), name, role, self._now, person=name)
        self._parties.append(party)
