"""Destroying the keys of who is erased."""

from services.sessions.aggregates.keys import SessionsKeys
from services.sessions.commands.handlers import handlers
from shared.contracts.sessions.keys import SessionsDestroyKeys, SessionsKeysDestroyed
from shared.deciding.forgetting import destroy_keys
from shared.deciding.work import Work


@handlers.decides(SessionsDestroyKeys)
async def destroy(command: SessionsDestroyKeys, work: Work[SessionsDestroyKeys]) -> SessionsKeys:
    """Destroy them; what was sealed with them is read by nobody any more."""
    return await destroy_keys(SessionsKeys, command.health_worker_id, SessionsKeysDestroyed, work)
