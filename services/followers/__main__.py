"""Follow the services whose databases are given: `python -m services.followers`."""

from services.registry.app import service as registry
from services.sessions.app import service as sessions
from services.validation.app import service as validation
from shared.service.followers import follow

follow((registry, sessions, validation))
