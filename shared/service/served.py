"""What a decider's routes ask, while it runs."""

from dataclasses import dataclass

from shared.access.directory import Directory
from shared.access.tokens import Verifier
from shared.evidence.proving import ServiceLog
from shared.ledger.postgres import PostgresLedger
from shared.privacy.postgres_keys import PostgresKeyStore
from shared.service.parts import Deciding
from shared.transparency.published import PublishedLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Everything that was started, for the routes to ask."""

    verifier: Verifier
    internal_token: str
    keys: PostgresKeyStore
    ledger: PostgresLedger
    log: PublishedLog
    evidence: ServiceLog
    directory: Directory
    deciding: Deciding
