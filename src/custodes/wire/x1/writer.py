"""From values to XML, by the tables of ``fields``. What the schema refuses is not sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from custodes.wire.x1 import names
from custodes.wire.x1.errors import X1EncodeError
from custodes.wire.x1.fields import Abstract, Choice, Item, Sequence, SimpleContent, items
from custodes.wire.x1.foreign import ForeignElement, ForeignObject, check, check_object
from custodes.wire.x1.simple import Refusal, Simple

# XML 1.0 Char, negated.
_FORBIDDEN = re.compile("[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ALWAYS = (names.X1, names.COMMON, names.HASHED_ID)


def declarations() -> str:
    """The namespaces declared on every message's root."""
    return "".join(f' xmlns:{names.PREFIXES[uri]}="{uri}"' for uri in _ALWAYS) + (
        f' xmlns:xsi="{names.XSI}"'
    )


def element(tag: str, content: str, attributes: str = "") -> str:
    """``tag`` is prefixed already; ``content`` is XML already."""
    if not content:
        return f"<{tag}{attributes}/>"
    return f"<{tag}{attributes}>{content}</{tag}>"


def body(value: Any, path: str) -> str:
    """The children of a sequence's or a choice's element."""
    if isinstance(value, Choice):
        return _choice(value, path)
    kind = type(value)
    parts = [
        _item(name, kind.NAMESPACE, item, getattr(value, name), path) for name, item in items(kind)
    ]
    return "".join(parts)


def write(of: Any, tag: str, value: Any, path: str, attributes: str = "") -> str:
    """One element of type ``of``."""
    if isinstance(of, Simple):
        return element(tag, _simple(of, value, path), attributes)
    if isinstance(of, Abstract):
        return _abstract(of, tag, value, path)
    if type(value) is not of:
        raise X1EncodeError(f"{path} is not a value of {of.__name__}")
    if isinstance(value, SimpleContent):
        return _content(value, tag, path, attributes)
    return element(tag, body(value, path), attributes)


def _content(value: SimpleContent, tag: str, path: str, attributes: str) -> str:
    for name, of in value.ATTRIBUTES.items():
        stated = getattr(value, name)
        if stated is not None:
            text = _simple(of, stated, f"{path}/@{name}").replace('"', "&quot;")
            attributes += f' {name}="{text}"'
    return element(tag, _simple(value.OF, value.value, path), attributes)


def _abstract(of: Abstract, tag: str, value: Any, path: str) -> str:
    if isinstance(value, ForeignObject):
        return check_object(value, tag.rpartition(":")[2])
    kind = type(value)
    if of.known.get(f"{{{getattr(kind, 'NAMESPACE', '')}}}{kind.__name__}") is not kind:
        raise X1EncodeError(f"{path} is not a value of {of.name}")
    prefix = names.PREFIXES[kind.NAMESPACE]
    declared = "" if kind.NAMESPACE in _ALWAYS else f' xmlns:{prefix}="{kind.NAMESPACE}"'
    stated = f'{declared} xsi:type="{prefix}:{kind.__name__}"'
    return element(tag, body(value, path), stated)


def _simple(of: Simple, value: Any, path: str) -> str:
    try:
        text = of.write(value)
    except Refusal as refusal:
        raise X1EncodeError(f"{path} {refusal}") from None
    if _FORBIDDEN.search(text):
        raise X1EncodeError(f"{path} has a character that XML cannot carry")
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\r", "&#13;")


def _choice(value: Choice, path: str) -> str:
    item = type(value).ARMS.get(value.name)
    if item is None:
        raise X1EncodeError(f"{path} has an arm that the schema does not know")
    return _item(value.name, value.NAMESPACE, item, value.value, path)


def _item(name: str, namespace: str, item: Item, value: Any, path: str) -> str:
    if item.foreign:
        return "".join(_foreign(part, path) for part in _tuple(value, path))
    here = f"{path}/{name}"
    if item.maximum == 1:
        if value is None:
            if item.minimum:
                raise X1EncodeError(f"{here} is missing")
            return ""
        values: Iterable[Any] = (value,)
    else:
        values = _tuple(value, here)
        if len(_tuple(value, here)) < item.minimum:
            raise X1EncodeError(f"{here} has fewer than {item.minimum}")
    namespace = item.namespace or namespace
    tag = f"{names.PREFIXES[namespace]}:{name}"
    return "".join(_one(item, tag, namespace, part, here) for part in values)


def _one(item: Item, tag: str, namespace: str, value: Any, path: str) -> str:
    if item.within is None:
        return write(item.of, tag, value, path)
    inner = Item(item.of, item.within_minimum, None)
    return element(tag, _item(item.within, namespace, inner, value, path))


def _foreign(value: Any, path: str) -> str:
    if isinstance(value, ForeignElement):
        return check(value)
    tag: str | None = getattr(type(value), "TAG", None)
    if not isinstance(value, Choice | Sequence | SimpleContent) or tag is None:
        raise X1EncodeError(f"{path} has a value that is no foreign element")
    prefix = names.PREFIXES[value.NAMESPACE]
    declared = f' xmlns:{prefix}="{value.NAMESPACE}"'
    return write(type(value), f"{prefix}:{tag}", value, f"{path}/{tag}", declared)


def _tuple(value: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(value, tuple):
        raise X1EncodeError(f"{path} is not a tuple")
    return value
