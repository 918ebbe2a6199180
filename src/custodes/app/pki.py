"""The lab's own certification authority. Every certificate it makes says LAB.

Production brings its own certificates; nothing here is used there.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from custodes.model.party import Party, Role
from custodes.net.tls import Material, fingerprint

LAB = "LAB"
_LIFETIME = timedelta(days=30)
_SKEW = timedelta(minutes=5)


def is_lab(certificate_pem: bytes) -> bool:
    """Whether a certificate carries the mark of a lab."""
    certificate = x509.load_pem_x509_certificate(certificate_pem)
    organisations = certificate.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return any(o.value == LAB for o in organisations)


def _write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, LAB),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


@dataclass(frozen=True, slots=True)
class LabCA:
    """A certification authority in a folder: ``ca.pem`` for everybody, ``ca.key`` for the lab."""

    folder: Path

    @property
    def trust(self) -> Path:
        return self.folder / "ca.pem"

    @classmethod
    def create(cls, folder: Path, now: datetime) -> LabCA:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Custodes LAB CA")
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _SKEW)
            .not_valid_after(now + _LIFETIME)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        _write_private(
            folder / "ca.key",
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        )
        (folder / "ca.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        return cls(folder)

    def issue(
        self, folder: Path, name: str, role: Role, now: datetime, *, person: str = ""
    ) -> tuple[Material, Party]:
        """Make ``cert.pem`` and ``key.pem`` in ``folder``; returns them and the party to enrol."""
        ca_key = load_pem_private_key((self.folder / "ca.key").read_bytes(), password=None)
        if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
            raise TypeError("the lab CA's key is an EC key")
        ca = x509.load_pem_x509_certificate(self.trust.read_bytes())
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [
            x509.DNSName("localhost"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
            x509.UniformResourceIdentifier(f"urn:custodes:{LAB}:{role}:{name}"),
        ]
        # TS 103 221-1 clause 8.2.4: the identifier of a message is bound to the certificate.
        if role in (Role.ADMF, Role.X1GATE):
            names.append(_binding("ADMF", name))
        if role in (Role.ELEMENT, Role.MDF):
            names.append(_binding("NE", name))
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(ca.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _SKEW)
            .not_valid_after(now + _LIFETIME)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage(
                    [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
                ),
                critical=False,
            )
            .sign(ca_key, hashes.SHA256())
        )
        _write_private(
            folder / "key.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        material = Material(folder / "cert.pem", folder / "key.pem", self.trust)
        der = certificate.public_bytes(Encoding.DER)
        return material, Party(name, role, fingerprint(der), person)


def _binding(kind: str, identifier: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(f"urn:etsi:li:103221-1:cert-binding:{kind}:{identifier}")
