"""The configuration: what is written is what is read, and what is not understood is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

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
    load,
    load_registry,
)
from custodes.base.errors import ConfigurationError
from custodes.model.address import Address
from custodes.model.party import Party, Role
from custodes.model.registry import (
    Agency,
    Element,
    ElementKind,
    Registry,
    X1Leniency,
    X2X3Quirk,
)

A = Address("192.0.2.1", 4000)
V6 = Address("2001:db8::1", 4001)


def identity(name: str, listen: Address | None = A) -> Identity:
    return Identity(
        name=name, certificate=Path(name) / "cert.pem", key=Path(name) / "key.pem", listen=listen
    )


CONFIGS: list[FunctionConfig] = [
    AdmfConfig(identity=identity("admf"), gate=V6),
    X1GateConfig(identity=identity("x1gate", None), admf=A),
    PoiConfig(amf=identity("amf"), smf=identity("smf"), upf=identity("upf", V6), gate=A),
    MdfConfig(
        mdf2=MediationSide(identity=identity("mdf2"), intake=A),
        mdf3=MediationSide(identity=identity("mdf3"), intake=V6),
        gate=A,
        country="XX",
        operator="Überprüfung",
    ),
    LemfConfig(identity=identity("lemf-a"), agency="agency-a", evidence=Path("evidence")),
]

LEMF = Party("lemf-a", Role.LEMF, "0b" * 32)
MDF2 = Party("mdf2", Role.MDF, "0c" * 32)
REGISTRY = Registry(
    parties=(LEMF, MDF2, Party("officer-1", Role.OFFICER, "0d" * 32, "first person")),
    elements=(Element(MDF2, ElementKind.MDF2, A, V6, ours=True),),
    agencies=(Agency("agency-a", "authority-a", "XX", LEMF, A, V6),),
)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda c: c.function)
def test_what_is_written_is_read(tmp_path: Path, config: FunctionConfig) -> None:
    dump(tmp_path / "function", config)
    assert load(tmp_path / "function") == config


def test_a_folder_that_is_made_is_the_owners_alone(tmp_path: Path) -> None:
    dump(tmp_path / "function", CONFIGS[0])
    assert (tmp_path / "function").stat().st_mode & 0o077 == 0


def test_paths_are_relative_to_the_functions_folder(tmp_path: Path) -> None:
    material = identity("amf").material(tmp_path)
    assert material.certificate == tmp_path / "amf" / "cert.pem"
    assert (material.key, material.trust) == (tmp_path / "amf" / "key.pem", tmp_path / "ca.pem")


GOOD = """
function = "x1gate"
admf = "192.0.2.1:4000"
[identity]
name = "x1gate"
certificate = "cert.pem"
key = "key.pem"
"""


def test_the_text_of_the_refusals_below_is_good_but_for_one_thing(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(GOOD)
    assert isinstance(load(tmp_path), X1GateConfig)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"x1gate"\nadmf', '"gate"\nadmf'),
        ('function = "x1gate"', ""),
        ('function = "x1gate"', 'function = "x1gate"\nskip_tls = true'),
        ('key = "key.pem"', 'key = "key.pem"\nverify = false'),
        ('key = "key.pem"', ""),
        ("192.0.2.1:4000", "192.0.2.1"),
        ("192.0.2.1:4000", "192.0.2.1:no"),
        ("192.0.2.1:4000", "192.0.2.1:0"),
        ("192.0.2.1:4000", "192.0.2.1:65536"),
        ("192.0.2.1:4000", "gate.example:4000"),
        ("192.0.2.1:4000", "2001:DB8::1:4000"),
        ("admf = ", "admf "),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    (tmp_path / "config.toml").write_text(GOOD.replace(old, new))
    with pytest.raises(ConfigurationError, match=r"config\.toml"):
        load(tmp_path)


@pytest.mark.parametrize("octets", [None, b"\xff\xfe\x00", b"\x00"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, octets: bytes | None) -> None:
    if octets is not None:
        (tmp_path / "config.toml").write_bytes(octets)
        (tmp_path / "registry.toml").write_bytes(octets)
    for read in (load, load_registry):
        with pytest.raises(ConfigurationError):
            read(tmp_path)


def test_a_registry_is_read_as_it_was_written(tmp_path: Path) -> None:
    dump_registry(tmp_path, REGISTRY)
    assert load_registry(tmp_path) == REGISTRY


@pytest.mark.parametrize(
    "registry",
    [
        replace(REGISTRY, parties=(*REGISTRY.parties, replace(LEMF, fingerprint="0e" * 32))),
        replace(REGISTRY, parties=(*REGISTRY.parties, replace(LEMF, name="lemf-b"))),
        replace(REGISTRY, elements=REGISTRY.elements * 2),
        replace(REGISTRY, agencies=REGISTRY.agencies * 2),
    ],
    ids=["party", "key", "element", "agency"],
)
def test_nobody_is_enrolled_twice(tmp_path: Path, registry: Registry) -> None:
    """Of two that share a name or a key one would be ignored: the weaker one, perhaps."""
    dump_registry(tmp_path, registry)
    with pytest.raises(ConfigurationError, match="twice"):
        load_registry(tmp_path)


@pytest.mark.parametrize("missing", [LEMF, MDF2])
def test_an_agency_and_an_element_are_enrolled_parties(tmp_path: Path, missing: Party) -> None:
    parties = tuple(p for p in REGISTRY.parties if p != missing)
    dump_registry(tmp_path, replace(REGISTRY, parties=parties))
    with pytest.raises(ConfigurationError, match=missing.name):
        load_registry(tmp_path)


AMF = Party("amf", Role.ELEMENT, "0a" * 32)
HABITS = Element(
    AMF,
    ElementKind.AMF,
    A,
    x1Version="v1.6.1",
    leniencies=frozenset(X1Leniency),
    x2x3Version=(0, 5),
    x2x3Quirks=frozenset(X2X3Quirk),
)


def enrolled(folder: Path, **fields: str) -> Element:
    """An element enrolled with these lines of TOML."""
    lines = {"name": '"amf"', "kind": '"AMF"', "x1": '"192.0.2.1:4000"', **fields}
    party = f'name = "amf"\nrole = "{AMF.role}"\nfingerprint = "{AMF.fingerprint}"\n'
    element = "".join(f"{name} = {value}\n" for name, value in lines.items())
    text = f"agencies = []\n[[parties]]\n{party}[[elements]]\n{element}"
    (folder / "registry.toml").write_text(text)
    (found,) = load_registry(folder).elements
    return found


def test_an_elements_habits_are_read_as_they_were_written(tmp_path: Path) -> None:
    registry = replace(REGISTRY, parties=(*REGISTRY.parties, AMF), elements=(HABITS,))
    dump_registry(tmp_path, registry)
    assert load_registry(tmp_path).elements == (HABITS,)


def test_an_element_has_no_habits_unless_they_are_enrolled(tmp_path: Path) -> None:
    assert enrolled(tmp_path) == Element(
        AMF,
        ElementKind.AMF,
        A,
        x1Version="v1.22.1",
        leniencies=frozenset(),
        x2x3Version=(0, 6),
        x2x3Quirks=frozenset(),
    )


@pytest.mark.parametrize("version", ["v1.6.1", "v1.7.1", "v1.10.1", "v1.22.1"])
def test_versions_of_x1_that_can_be_enrolled(tmp_path: Path, version: str) -> None:
    assert enrolled(tmp_path, x1Version=f'"{version}"').x1Version == version


def test_each_habit_stands_alone(tmp_path: Path) -> None:
    one = enrolled(tmp_path, leniencies='["untypedResponses"]', x2x3Version='"0.5"')
    assert one.leniencies == {X1Leniency.UNTYPED_RESPONSES}
    assert (one.x2x3Version, one.x2x3Quirks) == ((0, 5), frozenset())
    assert enrolled(tmp_path, x2x3Quirks='["swappedVersion"]').x2x3Quirks == set(X2X3Quirk)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("x1Version", f'"{v}"')
            for v in ("v1.5.1", "v1.6.0", "v1.22.2", "v1.23.1", "v2.6.1", "1.6.1", "v1.6", "")
        ),
        ("x1Version", "1.6"),
        ("leniencies", '["anything"]'),
        ("leniencies", '["millisecondTimes", "swappedVersion"]'),
        ("leniencies", '"millisecondTimes"'),
        ("leniencies", '["MILLISECONDTIMES"]'),
        ("leniencies", '["foreignErrorCode"]'),
        ("x2x3Version", '"0.7"'),
        ("x2x3Version", '"5.0"'),
        ("x2x3Version", "0.5"),
        ("x2x3Quirks", '["untypedResponses"]'),
        ("x2x3Quirks", "true"),
    ],
)
def test_a_habit_that_is_not_known_is_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"registry\.toml.*[\s\S]*{name}"):
        enrolled(tmp_path, **{name: value})


@pytest.mark.parametrize("kind", ["MDF2", "MDF3"])
def test_a_quirk_that_nobody_would_read_by_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ConfigurationError, match="for a POI"):
        enrolled(tmp_path, kind=f'"{kind}"', x2x3Quirks='["swappedVersion"]')
    assert enrolled(tmp_path, kind=f'"{kind}"', x2x3Version='"0.5"').x2x3Version == (0, 5)
