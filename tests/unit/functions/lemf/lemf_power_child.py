"""A receiver whose disk is recorded: it takes PDUs in from a file, and says what it may answer.

``FOLDER PDUS FROM SEED [deaf]``: an evidence folder is made in FOLDER; PDUS holds PS-PDUs, each
after its length in four octets, that are sent from number FROM on. "synced N" is said where a
keep-alive after N PDUs would be answered. ``deaf``: its journal syncs nothing.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from custodes.functions.lemf.evidence import Evidence
from custodes.functions.lemf.files import FolderFiles, GrowingDiskFile
from custodes.session.handover.events import PDUReceived
from custodes.wire.handover.pdu import decode

EVIDENCE = "made/evidence"
SALT = bytes(range(16))


def opened(folder: Path) -> Evidence:
    return Evidence(FolderFiles(folder / EVIDENCE), {"agency": "agency-a"}, SALT)


def receive(evidence: Evidence, octets: bytes, number: int) -> None:
    evidence.receive(PDUReceived(decode(octets), octets), 1_900_000_000_000_000_000 + number, "mdf")


def read_pdus(path: Path) -> list[bytes]:
    octets, at, found = path.read_bytes(), 0, []
    while at < len(octets):
        end = at + 4 + int.from_bytes(octets[at : at + 4], "big")
        found.append(octets[at + 4 : end])
        at = end
    return found


def main(folder: Path, pdus: list[bytes], begin: int, seed: int) -> None:
    chance = random.Random(seed)
    evidence = opened(folder)
    evidence.recover()
    print("recovered", flush=True)
    for number, octets in enumerate(pdus[begin:], begin):
        receive(evidence, octets, number)
        print("received", number + 1, flush=True)
        if chance.random() < 0.25:
            evidence.sync(evidence.generation)
            print("synced", number + 1, flush=True)
        if chance.random() < 0.04:
            evidence.settle()
            print("synced", number + 1, flush=True)
        if chance.random() < 0.01:  # as after a disk that was full for a while
            evidence.recover()
            print("synced", number + 1, flush=True)


if __name__ == "__main__":
    if "deaf" in sys.argv:
        GrowingDiskFile.sync = lambda self: None  # type: ignore[method-assign]
    main(Path(sys.argv[1]), read_pdus(Path(sys.argv[2])), int(sys.argv[3]), int(sys.argv[4]))
