"""Generic objects (TS 103 221-1, GenericObject): destination sets and hash contexts as values.

An object of any other type (traffic policies among them: their schema is not of this set) is kept
as a ForeignObject and written unchanged.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from custodes.base.ids import DID
from custodes.wire.x1 import common, names
from custodes.wire.x1.extension import Extension
from custodes.wire.x1.fields import (
    Abstract,
    Sequence,
    listing,
    many,
    one,
    optional,
    sequence,
)
from custodes.wire.x1.foreign import ForeignObject
from custodes.wire.x1.simple import WhiteSpace, enumeration, pattern


class DestinationSetType(StrEnum):
    REDUNDANT = "Redundant"
    DUPLICATE = "Duplicate"


class HashAlgorithm(StrEnum):
    SHA_256 = "sha-256"
    SHA_512 = "sha-512"
    SHA3_512 = "sha3-512"


OBJECT_TYPE = pattern(
    "GenericObjectType",
    r"Q\{[^{}]*\}[^\n\r]+",
    expected="a qualified name as Q{namespace}name",
    space=WhiteSpace.PRESERVE,
)
SALT = common.longer_octets("Salt", 8)


@sequence
class GenericObject(Sequence):
    """The abstract base: what every object has."""

    objectId: UUID = one(common.UUID_TEXT, namespace=names.X1)


@sequence
class AssociatedDID(Sequence):
    """``preference``: the lower is preferred, where the set is redundant."""

    NAMESPACE: ClassVar[str] = names.DESTINATION_SET
    dId: DID = one(common.D_ID)
    preference: int = one(common.INTEGER)


@sequence
class DestinationSetDetails(GenericObject):
    """A destination set; its objectId is what a listOfDIDs names as dSId."""

    NAMESPACE: ClassVar[str] = names.DESTINATION_SET
    friendlyName: str | None = optional(common.STRING)
    listOfAssociatedDIDs: tuple[AssociatedDID, ...] = listing("AssociatedDID", AssociatedDID)
    destinationSetDetailsExtension: tuple[Extension, ...] = many(Extension)
    destinationSetType: DestinationSetType = one(
        enumeration("DestinationSetType", DestinationSetType)
    )


@sequence
class HashContext(GenericObject):
    """How the hashedIdentifiers that name it were made."""

    NAMESPACE: ClassVar[str] = names.HASHED_ID
    hashAlgorithm: HashAlgorithm = one(enumeration("HashAlgorithm", HashAlgorithm))
    salt: bytes = one(SALT)


AnyObject = DestinationSetDetails | HashContext | ForeignObject
ANY_OBJECT = Abstract(
    "GenericObject",
    GenericObject,
    {
        f"{{{names.DESTINATION_SET}}}DestinationSetDetails": DestinationSetDetails,
        f"{{{names.HASHED_ID}}}HashContext": HashContext,
    },
)


@sequence
class GenericObjectStatus(Sequence):
    """Empty in this version of the schema."""


@sequence
class GenericObjectResponseDetails(Sequence):
    object: AnyObject = one(ANY_OBJECT)
    status: GenericObjectStatus | None = optional(GenericObjectStatus)
