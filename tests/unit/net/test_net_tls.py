"""Pinned identities: a key, a name, one role."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from custodes.app.pki import LabCA
from custodes.base.errors import ConfigurationError, RefusedError
from custodes.model.party import Party, Role
from custodes.net.tls import Directory, Material, client_context, fingerprint, server_context


def der(material: Material) -> bytes:
    certificate = x509.load_pem_x509_certificate(material.certificate.read_bytes())
    return certificate.public_bytes(Encoding.DER)


@pytest.fixture
def issued(ca: LabCA, tmp_path: Path) -> tuple[Material, Party]:
    return ca.issue(tmp_path / "mdf", "mdf-1", Role.MDF, datetime.now(UTC))


def test_the_party_behind_a_certificate(issued: tuple[Material, Party]) -> None:
    material, party = issued
    assert Directory([party]).identify(der(material), [Role.ELEMENT, Role.MDF]) == party


def test_no_certificate_no_party(issued: tuple[Material, Party]) -> None:
    for nothing in (None, b""):
        with pytest.raises(RefusedError, match="no certificate"):
            Directory([issued[1]]).identify(nothing, Role)


def test_a_key_that_is_not_enrolled_is_refused(issued: tuple[Material, Party]) -> None:
    with pytest.raises(RefusedError, match="not enrolled"):
        Directory([]).identify(der(issued[0]), Role)


def test_a_role_that_is_not_admitted_is_refused(issued: tuple[Material, Party]) -> None:
    material, party = issued
    with pytest.raises(RefusedError, match="not admitted"):
        Directory([party]).identify(der(material), [Role.LEMF])
    with pytest.raises(RefusedError, match="not admitted"):
        Directory([party]).identify(der(material), [])


def test_two_parties_cannot_share_a_key(issued: tuple[Material, Party]) -> None:
    party = issued[1]
    twin = Party("mdf-2", Role.MDF, party.fingerprint)
    with pytest.raises(ConfigurationError, match="share one key"):
        Directory([party, twin])


def test_the_fingerprint_is_of_the_key_and_survives_a_renewal(
    issued: tuple[Material, Party],
) -> None:
    material, party = issued
    key = load_pem_private_key(material.key.read_bytes(), None)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "renewed")])
    renewed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())  # type: ignore[arg-type]
        .serial_number(1)
        .not_valid_before(datetime(2030, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2031, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())  # type: ignore[arg-type]
    )
    assert fingerprint(renewed.public_bytes(Encoding.DER)) == party.fingerprint


@pytest.mark.parametrize("make", [server_context, client_context])
def test_a_context_is_tls_1_3_and_demands_a_certificate(
    make: type[ssl.SSLContext], issued: tuple[Material, Party]
) -> None:
    context = make(issued[0])  # type: ignore[arg-type]
    assert context.minimum_version is ssl.TLSVersion.TLSv1_3
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_material_that_cannot_be_loaded_is_the_operators_mistake(
    issued: tuple[Material, Party], tmp_path: Path
) -> None:
    material = issued[0]
    for broken in (
        Material(tmp_path / "none.pem", material.key, material.trust),
        Material(material.certificate, material.certificate, material.trust),
        Material(material.certificate, material.key, material.key),
    ):
        with pytest.raises(ConfigurationError, match="cannot be loaded"):
            server_context(broken)
