"""Is this subject the one a task names? (TS 103 221-1 target identifiers, TS 33.128 6.2.2.1)."""

from __future__ import annotations

from custodes.functions.poi.signalling.values import PeiKind
from custodes.functions.poi.subject import Subject
from custodes.wire.x1.target import TargetIdentifier


def identifiers(subject: Subject) -> tuple[TargetIdentifier, ...]:
    """All identities of a subject that X1 has names for.

    What matched is reported as matched target identifier, the rest as other ones.
    """
    found = [TargetIdentifier("supiimsi", subject.imsi)]
    if subject.pei is not None:
        name = "peiImeisv" if subject.pei.kind is PeiKind.IMEISV else "peiImei"
        found.append(TargetIdentifier(name, subject.pei.digits))
    if subject.gpsi is not None:
        found.append(TargetIdentifier("gpsiMsisdn", subject.gpsi))
    return tuple(found)


def matches(target: TargetIdentifier, subject: Subject) -> bool:
    """Exact match of one identifier; a kind of identifier that is not held never matches.

    A peiImei (14 digits) also matches an IMEISV that begins with it (TS 23.003, 6.2).
    """
    name, value, pei = target.name, target.value, subject.pei
    if name == "supiimsi":
        return bool(value == subject.imsi)
    if name == "gpsiMsisdn":
        return subject.gpsi is not None and bool(value == subject.gpsi)
    if pei is None:
        return False
    if name == "peiImeisv":
        return pei.kind is PeiKind.IMEISV and bool(value == pei.digits)
    return name == "peiImei" and len(value) == 14 and bool(value == pei.digits[:14])
