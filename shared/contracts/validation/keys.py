"""The keys of people in this service: destroyed once a person's data is to be erased."""

from shared.contracts.base import Command, HealthWorkerId, asked, happened
from shared.contracts.forgetting import KeysDestroyed


@happened("validation.keys.destroyed")
class ValidationKeysDestroyed(KeysDestroyed, kw_only=True):
    """This service destroyed the keys of a person, and of every record about them alone."""


@asked("validation", "Keys", by="policy")
class ValidationDestroyKeys(Command, kw_only=True):
    """Destroy the keys of a person whose data is erased; the house asks for it itself."""

    health_worker_id: HealthWorkerId
