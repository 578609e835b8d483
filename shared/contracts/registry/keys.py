"""The keys of people in this service: destroyed once a person's data is to be erased."""

from shared.contracts.base import Command, HealthWorkerId, asked, happened
from shared.contracts.forgetting import KeysDestroyed


@happened("registry.keys.destroyed")
class RegistryKeysDestroyed(KeysDestroyed, kw_only=True):
    """This service destroyed the keys of a person, and of every record about them alone."""


@asked("registry", "Keys", by="policy")
class RegistryDestroyKeys(Command, kw_only=True):
    """Destroy the keys of a person whose data is erased; the house asks for it itself."""

    health_worker_id: HealthWorkerId
