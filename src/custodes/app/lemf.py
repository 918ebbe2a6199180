"""Wires the lab receiver of one agency."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from custodes.app import log
from custodes.app.clock import SystemClock
from custodes.app.config import LemfConfig, load, load_registry
from custodes.app.metrics import lemf as metrics
from custodes.app.metrics.endpoint import Endpoint
from custodes.app.pki import is_lab
from custodes.base.errors import ConfigurationError, CustodesError
from custodes.functions.lemf.evidence import ABOUT, Evidence
from custodes.functions.lemf.files import FolderFiles
from custodes.functions.lemf.frames import SALT_OCTETS
from custodes.functions.lemf.service import Service
from custodes.model.party import Role
from custodes.net.stream import serve
from custodes.net.tls import Directory

_WARNINGS = frozenset(
    {
        "lemf.gap",
        "lemf.journal_cut",
        "lemf.mended",
        "lemf.operator_message",
        "lemf.refused",
        "lemf.undecodable",
        "lemf.unexpected",
    }
)
_ERRORS = frozenset({"lemf.failed", "lemf.connection_failed", "lemf.unwritable"})
_POLL = 0.2


def run(folder: Path) -> int:
    """Receive until SIGTERM or SIGINT; 1 where evidence is damaged or could not be written at the
    end."""
    log.configure("lemf")
    config = load(folder)
    if not isinstance(config, LemfConfig):
        raise ConfigurationError(f"{folder} does not hold a receiver's configuration")
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return _receive(folder, config, stopping)


def _receive(folder: Path, config: LemfConfig, stopping: threading.Event) -> int:
    identity, registry = config.identity, load_registry(folder)
    agency = registry.agency(config.agency)
    if agency.lemf.name != identity.name:
        raise ConfigurationError(f"{identity.name} is not the receiver of {agency.name}")
    if identity.listen is None:
        raise ConfigurationError(f"{identity.name} has no address to listen on")
    who = {"agency": agency.name, "name": identity.name, "country": agency.country}
    if is_lab((folder / identity.certificate).read_bytes()):
        who["pki"] = "LAB"
    files = FolderFiles(folder / config.evidence)
    evidence = Evidence(files, who, os.urandom(SALT_OCTETS))
    service = Service(evidence, SystemClock(), _say)
    try:
        service.start()
    except CustodesError as error:
        _say("lemf.failed", {"why": str(error)})
        return 1
    server = serve(
        identity.listen.host,
        identity.listen.port,
        identity.material(folder),
        Directory(registry.parties),
        [Role.MDF],
        service.serve,
        service.refused,
    )
    reader, words = metrics.LemfReader(agency.name, evidence.counters), metrics.words(registry)
    endpoint = Endpoint(folder, config, registry, reader, words)
    with endpoint.serving_in_thread():
        structlog.get_logger().info("lemf.ready", agency=agency.name, about=ABOUT)
        while not stopping.wait(_POLL) and not service.failed.is_set():
            pass
    server.close()
    try:
        service.close()
    except CustodesError as error:
        _say("lemf.failed", {"why": error.what})
        service.failed.set()
    structlog.get_logger().info("lemf.stopped")
    return 1 if service.failed.is_set() else 0


def _say(event: str, values: Mapping[str, Any]) -> None:
    logger = structlog.get_logger()
    if event in _ERRORS:
        logger.error(event, **values)
    elif event in _WARNINGS:
        logger.warning(event, **values)
    else:
        logger.info(event, **values)
