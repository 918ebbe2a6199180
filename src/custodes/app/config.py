"""The one typed configuration tree, parsed once at start. Every function has a folder of its own:

``config.toml`` (this file's models), ``registry.toml`` (what was enrolled), its certificates and
keys, and its state. Paths are relative to that folder. Unknown keys are errors.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import tomli_w
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from custodes.base.errors import ConfigurationError
from custodes.model.address import Address
from custodes.model.party import Party, Role
from custodes.model.registry import (
    NEWEST_X1,
    Agency,
    Element,
    ElementKind,
    Registry,
    X1Leniency,
    X2X3Quirk,
)
from custodes.net.tls import Material
from custodes.session.x1 import versions


def _address(value: object) -> Address:
    if isinstance(value, Address):
        return value
    host, _, port = str(value).rpartition(":")
    return Address(host.strip("[]"), int(port))


AddressText = Annotated[Address, BeforeValidator(_address), PlainSerializer(str)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Identity(_Model):
    """One certificate and its key, and where the function that holds it listens."""

    name: str
    certificate: Path
    key: Path
    listen: AddressText | None = None

    def material(self, folder: Path) -> Material:
        return Material(folder / self.certificate, folder / self.key, folder / "ca.pem")


class _Function(_Model):
    """``metrics``: where counters are told, to monitors and administrators; nowhere if absent.

    ``shown`` is the identity under whose key they are told.
    """

    metrics: AddressText | None = None


class AdmfConfig(_Function):
    """The administration: officers' API and reports from the gate on ``identity.listen``."""

    function: Literal["admf"] = "admf"
    identity: Identity
    gate: AddressText
    database: Path = Path("admf.sqlite")

    @property
    def shown(self) -> Identity:
        return self.identity


class X1GateConfig(_Function):
    """The x1 gate: X1 from the admf and reports from elements on ``identity.listen``."""

    function: Literal["x1gate"] = "x1gate"
    identity: Identity
    admf: AddressText

    @property
    def shown(self) -> Identity:
        return self.identity


class PoiConfig(_Function):
    """The probe: three NE identities, each with an X1 side on its ``listen``; capture on stdin."""

    function: Literal["poi"] = "poi"
    amf: Identity
    smf: Identity
    upf: Identity
    gate: AddressText
    # Which of them deactivate everything after two hours without an X1 request (ADR 0011).
    deactivate_when_silent: list[Literal["amf", "smf", "upf"]] = []

    @property
    def shown(self) -> Identity:
        return self.amf


class MediationSide(_Model):
    """An MDF2 or MDF3: X1 on ``identity.listen``, X2 or X3 on ``intake``."""

    identity: Identity
    intake: AddressText


class MdfConfig(_Function):
    """The mediation function: MDF2 and MDF3 are identities of their own in one process."""

    function: Literal["mdf"] = "mdf"
    mdf2: MediationSide
    mdf3: MediationSide
    gate: AddressText
    country: str
    operator: str
    state: Path = Path("mdf.sqlite")
    # Wraps the keys under which product is sealed; made at the first start.
    sealing_key: Path = Path("sealing.key")
    # So long after its first X1 request a restarted function may still be tasked anew.
    settle_seconds: float = 30.0
    # Product is destroyed so long after its receiver has confirmed it.
    keep_seconds: float = 60.0
    # What a side may owe all its destinations together; each has an equal share.
    owed_octets: int = 2 * 1024 * 1024 * 1024
    # Which of them deactivate everything after two hours without an X1 request (ADR 0011).
    deactivate_when_silent: list[Literal["mdf2", "mdf3"]] = []
    # Ask each agency's receiver for pDUAcknowledgement before any product.
    ask_options: bool = False

    @property
    def shown(self) -> Identity:
        return self.mdf2.identity


class LemfConfig(_Function):
    """The lab receiver of one agency."""

    function: Literal["lemf"] = "lemf"
    identity: Identity
    agency: str
    evidence: Path

    @property
    def shown(self) -> Identity:
        return self.identity


FunctionConfig = AdmfConfig | X1GateConfig | PoiConfig | MdfConfig | LemfConfig

_BY_FUNCTION: dict[str, type[_Model]] = {
    "admf": AdmfConfig,
    "x1gate": X1GateConfig,
    "poi": PoiConfig,
    "mdf": MdfConfig,
    "lemf": LemfConfig,
}


class _Party(_Model):
    name: str
    role: Role
    fingerprint: str
    person: str = ""


def _x1_version(value: str) -> str:
    if not versions.supported(value):
        raise ValueError(versions.SUPPORTED)
    return value


_X2X3_VERSIONS = {"0.5": (0, 5), "0.6": (0, 6)}


class _Element(_Model):
    """What an element is, and its habits, each explicit and none by default."""

    name: str
    kind: ElementKind
    x1: AddressText
    intake: AddressText | None = None
    ours: bool = False
    x1Version: Annotated[str, AfterValidator(_x1_version)] = NEWEST_X1
    leniencies: list[X1Leniency] = []
    x2x3Version: Literal["0.5", "0.6"] = "0.6"
    x2x3Quirks: list[X2X3Quirk] = []

    @model_validator(mode="after")
    def _read_by_somebody(self) -> _Element:
        if self.x2x3Quirks and self.kind.mediates:
            raise ValueError(f"{self.name} sends no product: x2x3Quirks are for a POI")
        return self

    @classmethod
    def of(cls, element: Element) -> _Element:
        return cls(
            name=element.neIdentifier,
            kind=element.kind,
            x1=element.x1,
            intake=element.intake,
            ours=element.ours,
            x1Version=element.x1Version,
            leniencies=sorted(element.leniencies),
            x2x3Version=".".join(map(str, element.x2x3Version)),  # type: ignore[arg-type]
            x2x3Quirks=sorted(element.x2x3Quirks),
        )

    def enrolled(self, party: Party) -> Element:
        return Element(
            party,
            self.kind,
            self.x1,
            self.intake,
            self.ours,
            self.x1Version,
            frozenset(self.leniencies),
            _X2X3_VERSIONS[self.x2x3Version],
            frozenset(self.x2x3Quirks),
        )


class _Agency(_Model):
    name: str
    authority: str
    country: str
    lemf: str
    hi2: AddressText
    hi3: AddressText


class _Registry(_Model):
    parties: list[_Party]
    elements: list[_Element]
    agencies: list[_Agency]


_M = TypeVar("_M", bound=_Model)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:  # not TOML, or not even UTF-8
        raise ConfigurationError(f"{path} is not TOML: {error}") from error


def _parse(path: Path, model: type[_M]) -> _M:
    content = _read(path)
    try:
        return model.model_validate(content)
    except (ValidationError, ConfigurationError) as error:
        raise ConfigurationError(f"{path} is not a valid configuration: {error}") from error


def load(folder: Path) -> FunctionConfig:
    """The configuration of the function in ``folder``."""
    path = folder / "config.toml"
    name = str(_read(path).get("function"))
    if name not in _BY_FUNCTION:
        raise ConfigurationError(
            f"{path} names no function", remedy=f"function is one of {', '.join(_BY_FUNCTION)}"
        )
    return _parse(path, _BY_FUNCTION[name])  # type: ignore[return-value]


def load_registry(folder: Path) -> Registry:
    """What was enrolled, as the function in ``folder`` was given it.

    ConfigurationError where a name or a key is enrolled twice: one of the two would be ignored.
    """
    path = folder / "registry.toml"
    raw = _parse(path, _Registry)
    _once(path, "party", (p.name for p in raw.parties))
    _once(path, "key", (p.fingerprint for p in raw.parties))
    _once(path, "element", (e.name for e in raw.elements))
    _once(path, "agency", (a.name for a in raw.agencies))
    parties = {p.name: Party(p.name, p.role, p.fingerprint, p.person) for p in raw.parties}

    def party(name: str) -> Party:
        if name not in parties:
            raise ConfigurationError(f"{path} enrols no party {name}")
        return parties[name]

    return Registry(
        parties=tuple(parties.values()),
        elements=tuple(e.enrolled(party(e.name)) for e in raw.elements),
        agencies=tuple(
            Agency(a.name, a.authority, a.country, party(a.lemf), a.hi2, a.hi3)
            for a in raw.agencies
        ),
    )


def _once(path: Path, what: str, names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ConfigurationError(f"{path} enrols the {what} {twice[0]} twice")


def dump(folder: Path, config: FunctionConfig) -> None:
    _write(folder / "config.toml", config.model_dump(mode="json", exclude_none=True))


def dump_registry(folder: Path, registry: Registry) -> None:
    raw = _Registry(
        parties=[
            _Party(name=p.name, role=p.role, fingerprint=p.fingerprint, person=p.person)
            for p in registry.parties
        ],
        elements=[_Element.of(e) for e in registry.elements],
        agencies=[
            _Agency(
                name=a.name,
                authority=a.authority,
                country=a.country,
                lemf=a.lemf.name,
                hi2=a.hi2,
                hi3=a.hi3,
            )
            for a in registry.agencies
        ],
    )
    _write(folder / "registry.toml", raw.model_dump(mode="json", exclude_none=True))


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
