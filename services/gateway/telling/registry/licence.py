"""What is told of licences to practise."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.licence import (
    LicenceCorrected,
    LicenceRenewed,
    LicenceTold,
    LicenceWithdrawn,
)

tells(LicenceTold, Words("A licence of {health_worker_id} was told."))
tells(LicenceRenewed, Words("A licence of {health_worker_id} was renewed."))
tells(LicenceWithdrawn, Words("A licence of {health_worker_id} was withdrawn."))
tells(LicenceCorrected, Words("What was told of a licence of {health_worker_id} was corrected."))
