"""How far carrying out one order has come, element by element. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from custodes.functions.admf.converge import carries
from custodes.functions.admf.desired import Desired
from custodes.functions.admf.digests import digest_of
from custodes.functions.admf.linger import in_step
from custodes.functions.admf.share import kept, members, only
from custodes.functions.admf.specs import (
    HeldElement,
    HeldTask,
    Provisioning,
    TaskSpec,
    WantedElement,
    WantedTask,
)
from custodes.model.intent import Intent, Product


@dataclass(frozen=True, slots=True)
class ElementProgress:
    """``wanted``: the element should act for the order now. ``confirmed``: it says that it does.

    ``held`` is None where it is not known what the element holds.
    """

    neIdentifier: str
    product: Product
    wanted: bool
    confirmed: bool
    held: bool | None


def progress(
    intent: Intent, desired: Desired, held: Mapping[str, HeldElement]
) -> tuple[ElementProgress, ...]:
    """One line per element of the intent, in the intent's order."""
    return tuple(
        _element(intent, e.neIdentifier, e.product, desired, held) for e in intent.elements
    )


def active(lines: tuple[ElementProgress, ...]) -> bool:
    """Whether every element of the order should act for it and confirmed that it does."""
    return bool(lines) and all(line.wanted and line.confirmed for line in lines)


def cleared(lines: tuple[ElementProgress, ...]) -> bool:
    """Whether no element acts for the order any more, confirmed by all of them."""
    return all(line.held is False for line in lines)


def _element(
    intent: Intent,
    name: str,
    product: Product,
    desired: Desired,
    held: Mapping[str, HeldElement],
) -> ElementProgress:
    element = desired.elements.get(name, WantedElement(mediates=False))
    want = element.tasks.get(intent.xid)
    covers = want is not None and any(g.intent == intent for g in want.grants)
    if name not in held:
        return ElementProgress(name, product, covers, confirmed=False, held=None)
    task = held[name].tasks.get(intent.xid)
    digest = digest_of(intent)
    alone = only(want, {digest}) if want is not None else None
    if element.mediates:
        acts = task is not None and _mediates(intent, task)
        done = alone is not None and carries(alone, task)
    else:
        acts = task is not None and _acts(digest, want, task)
        done = (
            want is not None
            and alone is not None
            and digest in members(want, task)
            and _covers(alone.spec, task)
        )
    return ElementProgress(name, product, covers, confirmed=covers and done, held=acts)


def _acts(digest: str, want: WantedTask | None, task: HeldTask) -> bool:
    """Whether a POI acts for an order; where it is not known for whom, whatever is too much does.

    One task is one product for one subject, so that what is kept for others tells nothing.
    """
    if want is not None and digest in members(want, task):
        return True
    if task.covered_by:
        return digest in task.covered_by
    return not in_step(kept(want, task), task)


def _covers(alone: TaskSpec, task: HeldTask | None) -> bool:
    """Whether a POI says that it does everything of one order."""
    return (
        task is not None
        and task.spec is not None
        and task.provisioning is Provisioning.COMPLETE
        and task.spec.subject == alone.subject
        and task.spec.product is alone.product
        and set(alone.dids) <= set(task.spec.dids)
        and set(alone.headerReporting) <= set(task.spec.headerReporting)
    )


def _mediates(intent: Intent, task: HeldTask) -> bool:
    return task.spec is None or any(m.liid == intent.liid for m in task.spec.mediation)
