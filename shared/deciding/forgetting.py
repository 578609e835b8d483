"""Destroying a person's keys in one service: what every service does once they are erased.

The keys go before it is recorded that they went: whoever is killed in between does it again, which
changes nothing, and then records it.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from shared.contracts.forgetting import KeysDestroyed
from shared.deciding.work import Work
from shared.domain import derived_id
from shared.domain.errors import Refusal
from shared.domain.keys import Keys

Kind = TypeVar("Kind", bound="Keys")


class KeysDestroyedAlready(Refusal):
    """A key is destroyed once."""

    code = "KEYS_DESTROYED_ALREADY"
    template = "Their keys are destroyed here."
    remedy_template = "Nothing is left to do."


async def destroy_keys(
    kind: type[Kind], person: UUID, told: Callable[..., KeysDestroyed], work: Work[Any]
) -> Kind:
    """Destroy the keys of a person, and of every record about them alone: of their partition.

    Raises:
        KeysDestroyedAlready: it was done, and no record of theirs has come since.
    """
    await work.allow(at=None)
    id = derived_id("keys", type(work.command).service, person)
    subjects = tuple(dict.fromkeys((person, *await work.records_of(person))))
    keys = await work.find(kind, id)
    if keys is not None:
        raise KeysDestroyedAlready("healthWorkerId")
    keys = kind.begin(id, told(health_worker_id=person, subjects=subjects))
    work.add(keys)
    work.destroy(subjects)
    return keys
