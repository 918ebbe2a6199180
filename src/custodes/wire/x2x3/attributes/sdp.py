"""The session description of a call's media. TS 103 221-2 clause 5.3.23."""

from __future__ import annotations

from typing import ClassVar

from custodes.wire.x2x3.attributes.text import TextAttribute


class SDPSessionDescription(TextAttribute):
    """SDP (RFC 8866). It stays out of ``repr``: it names people and addresses."""

    __slots__ = ()
    TYPE: ClassVar[int] = 22
    NAME: ClassVar[str] = "SDP Session Description"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.23, of the media"
