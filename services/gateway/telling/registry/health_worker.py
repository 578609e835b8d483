"""What is told of people."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.health_worker import (
    AliasGivenUp,
    AliasTaken,
    DuplicateDismissed,
    DuplicateSuspected,
    HealthWorkerCadreChanged,
    HealthWorkerCadresTold,
    HealthWorkerDetailsUpdated,
    HealthWorkerIdentifiersCorrected,
    HealthWorkerMergedInto,
    HealthWorkerMergeReversed,
    HealthWorkerPostingsTold,
    HealthWorkerRegistered,
    HealthWorkerRenamed,
    HealthWorkerTransferred,
)

tells(
    HealthWorkerRegistered,
    Words("{health_worker_id} was registered at {org_unit_id}, since {since}: {cadre}."),
)
tells(
    HealthWorkerTransferred,
    Words(
        "{health_worker_id} was transferred from {from_org_unit_id} to {org_unit_id}, "
        "since {since}."
    ),
)
tells(
    HealthWorkerCadreChanged,
    Words("{health_worker_id} is of another cadre, since {since}: {cadre}."),
)
tells(
    HealthWorkerDetailsUpdated,
    Words("Details of {health_worker_id} were corrected.", when={"corrected": True}),
    Words("Details of {health_worker_id} were updated."),
)
tells(
    HealthWorkerIdentifiersCorrected,
    Words("The numbers that others know {health_worker_id} by were corrected."),
)
tells(HealthWorkerPostingsTold, Words("The postings of {health_worker_id} were told anew."))
tells(HealthWorkerCadresTold, Words("The cadres of {health_worker_id} were told anew."))
tells(
    HealthWorkerRenamed,
    Words("The name of {health_worker_id} was corrected.", when={"corrected": True}),
    Words("{health_worker_id} took another name."),
)
tells(
    DuplicateSuspected,
    Words("{health_worker_id} and {other_id} may be one person, a score of {score}."),
    Words("{health_worker_id} and {other_id} may be one person."),
)
tells(
    DuplicateDismissed,
    Words("{health_worker_id} and {other_id} are two people: the suspicion was dismissed."),
)
tells(
    HealthWorkerMergedInto,
    Words(
        "The record of {health_worker_id} was merged into that of {into_id}, which "
        "stands for both from then on."
    ),
)
tells(
    HealthWorkerMergeReversed,
    Words(
        "The merge of the record of {health_worker_id} into that of {from_id} was "
        "reversed: each stands for itself again."
    ),
)
tells(AliasTaken, Words("The record of {health_worker_id} stands for that of {alias_id} too."))
tells(
    AliasGivenUp, Words("The record of {health_worker_id} stands for that of {alias_id} no more.")
)
