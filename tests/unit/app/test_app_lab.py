"""A lab: one key per function, handed to it alone, and marked LAB."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from custodes.app.config import load, load_registry
from custodes.app.lab import AGENCIES, Lab
from custodes.app.pki import is_lab
from custodes.base.errors import ConfigurationError
from custodes.model.party import Role
from custodes.net.tls import fingerprint


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab.create(tmp_path_factory.mktemp("labs") / "lab", datetime.now(UTC))


def test_every_key_is_in_one_folder_only_and_private(lab: Lab) -> None:
    keys = list(lab.folder.rglob("key.pem"))
    contents = [k.read_bytes() for k in keys]
    assert len(set(contents)) == len(contents) == 13
    assert all(k.stat().st_mode & 0o077 == 0 for k in keys)
    assert not list(lab.function("mdf").rglob("ca.key"))


def test_every_certificate_says_lab(lab: Lab) -> None:
    certificates = list(lab.folder.rglob("cert.pem"))
    assert certificates
    assert all(is_lab(c.read_bytes()) for c in certificates)


def test_every_certificate_is_enrolled_under_its_role(lab: Lab) -> None:
    parties = {p.fingerprint: p for p in lab.registry().parties}
    for path in lab.folder.rglob("cert.pem"):
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        der = certificate.public_bytes(Encoding.DER)
        assert path.parent.name == parties[fingerprint(der)].name


def test_functions_read_what_was_written(lab: Lab) -> None:
    for name in lab.functions:
        config = load(lab.function(name))
        assert config.function == ("lemf" if name.startswith("lemf") else name)
        assert load_registry(lab.function(name)) == lab.registry()


def test_two_agencies_and_two_officers_of_two_people(lab: Lab) -> None:
    registry = lab.registry()
    officers = [p for p in registry.parties if p.role is Role.OFFICER]
    assert len({p.person for p in officers}) == 2
    assert tuple(a.name for a in registry.agencies) == AGENCIES
    assert len({a.hi2 for a in registry.agencies}) == 2


def test_a_folder_in_use_is_left_alone(lab: Lab) -> None:
    with pytest.raises(ConfigurationError, match="not empty"):
        Lab.create(lab.folder, datetime.now(UTC))


def test_a_folder_that_is_no_lab_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not a lab"):
        Lab.open(tmp_path)


def test_unknown_configuration_keys_are_refused(lab: Lab, tmp_path: Path) -> None:
    text = (lab.function("x1gate") / "config.toml").read_text()
    (tmp_path / "config.toml").write_text("skip_tls = true\n" + text)
    with pytest.raises(ConfigurationError, match="skip_tls"):
        load(tmp_path)
