"""Destroying the keys of who is erased."""

from services.validation.aggregates.keys import ValidationKeys
from services.validation.commands.handlers import handlers
from shared.contracts.validation.keys import ValidationDestroyKeys, ValidationKeysDestroyed
from shared.deciding.forgetting import destroy_keys
from shared.deciding.work import Work


@handlers.decides(ValidationDestroyKeys)
async def destroy(
    command: ValidationDestroyKeys, work: Work[ValidationDestroyKeys]
) -> ValidationKeys:
    """Destroy them; what was sealed with them is read by nobody any more."""
    return await destroy_keys(
        ValidationKeys, command.health_worker_id, ValidationKeysDestroyed, work
    )
