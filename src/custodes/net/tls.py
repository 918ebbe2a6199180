"""Mutual TLS with pinned identities: TLS 1.3, both sides named, and no way to turn it off.

A certificate must chain to the trust anchor *and* its key must be one that was enrolled. The CA
alone lets nobody in: whoever could mint a certificate could otherwise tap.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from custodes.base.errors import ConfigurationError, RefusedError
from custodes.model.party import Party, Role


@dataclass(frozen=True, slots=True)
class Material:
    """Paths of one function's own certificate and key, and of the trust anchors (all PEM)."""

    certificate: Path
    key: Path
    trust: Path


def fingerprint(certificate_der: bytes) -> str:
    """SHA-256 of the SubjectPublicKeyInfo, lower-case hex: survives a renewal with the same key."""
    certificate = x509.load_der_x509_certificate(certificate_der)
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(spki).hexdigest()


class Directory:
    """The enrolled parties, by key."""

    def __init__(self, parties: Iterable[Party]) -> None:
        self._parties: dict[str, Party] = {}
        for party in parties:
            if party.fingerprint in self._parties:
                raise ConfigurationError(
                    f"{party.name} and {self._parties[party.fingerprint].name} share one key",
                    remedy="every party has a key of its own",
                )
            self._parties[party.fingerprint] = party

    def identify(self, certificate_der: bytes | None, admitted: Iterable[Role]) -> Party:
        """The party behind a peer's certificate, or RefusedError where it has no business here."""
        if not certificate_der:
            raise RefusedError("the peer showed no certificate")
        party = self._parties.get(fingerprint(certificate_der))
        if party is None:
            raise RefusedError("the peer's key is not enrolled")
        if party.role not in set(admitted):
            raise RefusedError(f"{party.name} is enrolled as {party.role}, not admitted here")
        return party


def _context(purpose: int, material: Material) -> ssl.SSLContext:
    context = ssl.SSLContext(purpose)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_cert_chain(material.certificate, material.key)
        context.load_verify_locations(material.trust)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"certificate, key or trust anchor cannot be loaded: {error}",
            remedy=f"check {material.certificate.parent}",
        ) from error
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def server_context(material: Material) -> ssl.SSLContext:
    """TLS 1.3 server that demands a client certificate."""
    return _context(ssl.PROTOCOL_TLS_SERVER, material)


def client_context(material: Material) -> ssl.SSLContext:
    """TLS 1.3 client. The peer is known by its pinned key, which binds tighter than a host name."""
    context = _context(ssl.PROTOCOL_TLS_CLIENT, material)
    context.check_hostname = False
    return context
