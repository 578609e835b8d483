"""Destroying the keys of who is erased."""

from services.registry.aggregates.keys import RegistryKeys
from services.registry.commands.handlers import handlers
from shared.contracts.registry.keys import RegistryDestroyKeys, RegistryKeysDestroyed
from shared.deciding.forgetting import destroy_keys
from shared.deciding.work import Work


@handlers.decides(RegistryDestroyKeys)
async def destroy(command: RegistryDestroyKeys, work: Work[RegistryDestroyKeys]) -> RegistryKeys:
    """Destroy them; what was sealed with them is read by nobody any more."""
    return await destroy_keys(RegistryKeys, command.health_worker_id, RegistryKeysDestroyed, work)
